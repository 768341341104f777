package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"vaxkiosk/sync/central/counts"
)

// What no database shows by itself, so that only the store's own tests reach it: a bound
// that is too large to be filled, and a moment between two statements.

func TestCountersOfIDsAreBounded(t *testing.T) {
	s, _ := open(t)
	rememberedIDs = 3
	defer func() { rememberedIDs = 100_000 }()
	locked := func(id string, at time.Time) bool {
		_, _, err := s.TakeStaffTry(t.Context(), StaffTry{[]byte(id), "k"}, at)
		if err != nil && !errors.Is(err, ErrStaffLocked) {
			t.Fatal(err)
		}
		return err != nil
	}
	for n := range 20 {
		locked(fmt.Sprint(n), now.Add(time.Duration(n)*time.Second))
		locked("the same", now.Add(time.Duration(n)*time.Second))
	}
	var kept int
	if err := s.db.QueryRow(`SELECT count(*) FROM staff_tries`).Scan(&kept); err != nil || kept != 3 {
		t.Errorf("%d counters, %v", kept, err)
	}
	if !locked("the same", now.Add(20*time.Second)) {
		t.Error("a counter in use was forgotten")
	}
}

// Both instances have seen that a day is to be published, and one was faster.
func TestAnInstanceThatIsLatePublishesNothingTwice(t *testing.T) {
	s, _ := open(t)
	day := time.Date(2026, 11, 9, 9, 0, 0, 0, time.Local)
	if err := s.AddUsage(t.Context(), Report{Key: "key", BodyHash: []byte{1}, Made: day}, "one", day, map[string]int{"visit": 6}); err != nil {
		t.Fatal(err)
	}
	published := func() []counts.Published {
		all, err := s.Published(t.Context(), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if err := s.Publish(t.Context(), day.AddDate(0, 0, 11), nil); err != nil {
		t.Fatal(err)
	}
	before := published()
	if err := s.publish(t.Context(), "2026-11-09", nil); err != nil {
		t.Errorf("once more: %v", err)
	}
	if after := published(); len(before) == 0 || !slices.Equal(after, before) {
		t.Errorf("published are %v, after %v", after, before)
	}
}
