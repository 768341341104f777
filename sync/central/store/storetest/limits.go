package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
)

var fourAnHour = access.Limit{Name: "test", Most: 4, Window: time.Hour}

func usedBy(who string) access.Use { return access.Use{Limit: fourAnHour, Key: []byte(who)} }

// waits is how long a use has to wait, 0 when it was counted.
func waits(t *testing.T, s *subject, at time.Time, uses ...access.Use) time.Duration {
	t.Helper()
	err := s.Take(t.Context(), at, uses...)
	var limit *store.LimitError
	if err != nil && !errors.As(err, &limit) {
		t.Fatal(err)
	}
	if err == nil {
		return 0
	}
	return limit.Wait
}

func (on suite) TestALimitHoldsForAllInstancesHoweverManyAskAtOnce(t *testing.T) {
	s := on.open(t)
	other := s.another(t)
	var mu sync.Mutex
	counted := 0
	var wg sync.WaitGroup
	for i := range 10 * fourAnHour.Most {
		wg.Go(func() {
			err := []*subject{s, other}[i%2].Take(t.Context(), now, usedBy("a"))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				counted++
			}
		})
	}
	wg.Wait()
	if counted != fourAnHour.Most {
		t.Errorf("%d uses of %d", counted, fourAnHour.Most)
	}
	if wait := waits(t, s, now, usedBy("b")); wait != 0 {
		t.Errorf("somebody else waits %v", wait)
	}
}

func (on suite) TestABucketRunsEmptyEvenly(t *testing.T) {
	s := on.open(t)
	for range fourAnHour.Most {
		waits(t, s, now, usedBy("a"))
	}
	for at, want := range map[time.Duration]time.Duration{0: 15 * time.Minute, 14 * time.Minute: time.Minute} {
		if got := waits(t, s, now.Add(at), usedBy("a")); got != want {
			t.Errorf("after %v: waits %v, want %v", at, got, want)
		}
	}
	if got := waits(t, s, now.Add(15*time.Minute), usedBy("a")); got != 0 {
		t.Errorf("after a quarter: waits %v", got)
	}
	if got := waits(t, s, now.Add(15*time.Minute), usedBy("a")); got != 15*time.Minute {
		t.Errorf("after a quarter, the second: waits %v", got)
	}
}

func (on suite) TestSeveralUsesCountTogetherOrNotAtAll(t *testing.T) {
	s := on.open(t)
	for range fourAnHour.Most {
		waits(t, s, now, usedBy("full"))
	}
	for range 2 * fourAnHour.Most {
		if waits(t, s, now, usedBy("a"), usedBy("full")) == 0 {
			t.Fatal("a full bucket took a use")
		}
	}
	if wait := waits(t, s, now, usedBy("a")); wait != 0 {
		t.Errorf("what was refused has counted: waits %v", wait)
	}
}

func (on suite) TestWhatCameToNothingIsTakenBack(t *testing.T) {
	s := on.open(t)
	for range 3 * fourAnHour.Most {
		if waits(t, s, now, usedBy("a")) != 0 {
			t.Fatal("it counts")
		}
		if err := s.Return(t.Context(), usedBy("a"), access.Use{}); err != nil {
			t.Fatal(err)
		}
	}
}

func (on suite) TestAClockThatWasSetBackLocksNobodyOut(t *testing.T) {
	s := on.open(t)
	for range fourAnHour.Most {
		waits(t, s, now.AddDate(1, 0, 0), usedBy("a"))
	}
	if wait := waits(t, s, now, usedBy("a")); wait != 0 {
		t.Errorf("waits %v", wait)
	}
	for range fourAnHour.Most - 1 {
		waits(t, s, now, usedBy("a"))
	}
	if wait := waits(t, s, now.Add(-time.Minute), usedBy("a")); wait != 16*time.Minute { // another instance's clock
		t.Errorf("a full bucket, a minute before: waits %v", wait)
	}
	for i := range 2 * fourAnHour.Most {
		turnAt(t, s, fmt.Sprint("tomorrow ", i), now.AddDate(0, 0, 1))
	}
	if wait := turnAt(t, s, "today", now); wait != 0 {
		t.Errorf("a request waits %v for its turn", wait)
	}
	if err := s.MendDues(t.Context(), now, time.Minute); err != nil {
		t.Fatal(err)
	}
	for i := range 2*fourAnHour.Most + 1 {
		id, ok := take(t, s, now)
		if !ok {
			t.Fatalf("%d requests are due, and the others wait for the clock", i)
		}
		if err := s.PutAnswer(t.Context(), store.Answer{ID: id}, now); err != nil {
			t.Fatal(err)
		}
	}
}

// turnAt keeps a request of one kiosk and tells how long it waits for its turn.
func turnAt(t *testing.T, s *subject, id string, at time.Time) time.Duration {
	t.Helper()
	_, err := s.AddRequest(t.Context(), store.Request{
		ID: id, BodyHash: []byte("hash"), Envelope: []byte("sealed"), Made: at, Expires: at.AddDate(0, 0, 7), Work: usedBy("kiosk"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.db.Request(id).Wait
}

// However far its turns are off, a kiosk that hands in without end is not taken
// for a clock that was set back.
func (on suite) TestTurnsGetLaterWithoutEnd(t *testing.T) {
	s := on.open(t)
	for i := range 10 * fourAnHour.Most {
		want := max(0, time.Duration(i+1-fourAnHour.Most)*fourAnHour.Each())
		if wait := turnAt(t, s, fmt.Sprint(i), now); wait != want {
			t.Fatalf("request %d waits %v, want %v", i+1, wait, want)
		}
	}
	if err := s.MendDues(t.Context(), now, time.Minute); err != nil {
		t.Fatal(err)
	}
	for i := range fourAnHour.Most + 1 {
		if id, ok := take(t, s, now); ok != (i < fourAnHour.Most) {
			t.Errorf("request %s before its turn, or none in its turn", id)
		} else if err := s.PutAnswer(t.Context(), store.Answer{ID: id}, now); err != nil {
			t.Fatal(err)
		}
	}
}

func (on suite) TestWhatWasPutOffByAClockAheadComesToday(t *testing.T) {
	s := on.open(t)
	for _, id := range []string{"asked", "waits"} {
		add(t, s, id)
	}
	answered, _ := take(t, s, now)
	if err := s.PutAnswer(t.Context(), store.Answer{ID: answered}, now); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddResend(t.Context(), answered, false, now); err != nil {
		t.Fatal(err)
	}
	waits, _ := take(t, s, now)
	off := func(by time.Duration) (due int) {
		err := errors.Join(s.PutOff(t.Context(), waits, now.Add(by)), s.PutOffResend(t.Context(), store.Resend{ID: answered, N: 1}, now.Add(by)),
			s.MendDues(t.Context(), now, time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := take(t, s, now); ok {
			due++
		}
		if _, ok, err := s.NextResend(t.Context(), now); err != nil {
			t.Fatal(err)
		} else if ok {
			due++
		}
		return due
	}
	if n := off(time.Minute); n != 0 {
		t.Errorf("%d of two come before their time", n)
	}
	if n := off(24 * time.Hour); n != 2 {
		t.Errorf("%d of two come", n)
	}
}

func (on suite) TestWithoutADatabaseNothingIsAllowed(t *testing.T) {
	s := on.open(t)
	s.Close()
	if s.Take(t.Context(), now, usedBy("a")) == nil {
		t.Error("allowed without a count")
	}
}

func (on suite) TestAProofIsRefusedBeforeATryIsTaken(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	for range fourAnHour.Most {
		waits(t, s, now, usedBy("kiosk"))
	}
	var limit *store.LimitError
	for range 2 * store.MaxTries {
		if _, err := s.TakeTry(t.Context(), "a", now, usedBy("kiosk")); !errors.As(err, &limit) {
			t.Fatalf("got %v", err)
		}
		if _, err := s.TakeTryByReceipt(t.Context(), "R-a", now, time.Hour, access.Use{}, usedBy("kiosk")); !errors.As(err, &limit) {
			t.Fatalf("by receipt: %v", err)
		}
		if _, _, err := s.TakeStaffTry(t.Context(), store.StaffTry{IDHash: []byte("nurse"), Kiosk: "k"}, now, usedBy("kiosk")); !errors.As(err, &limit) {
			t.Fatalf("staff: %v", err)
		}
	}
	if try, err := s.TakeTry(t.Context(), "a", now); err != nil || try.Left != store.MaxTries-1 {
		t.Errorf("%d left, %v", try.Left, err)
	}
	if _, _, err := s.TakeStaffTry(t.Context(), store.StaffTry{IDHash: []byte("nurse"), Kiosk: "k"}, now); err != nil {
		t.Errorf("staff: %v", err)
	}
}

func (on suite) TestARequestThatGetsNoTryCountsForNoLimit(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	for range store.MaxTries {
		if _, err := s.TakeTry(t.Context(), "a", now); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 * fourAnHour.Most {
		if _, err := s.TakeTry(t.Context(), "a", now, usedBy("kiosk")); !errors.Is(err, store.ErrOver) {
			t.Fatalf("got %v", err)
		}
	}
	if wait := waits(t, s, now, usedBy("kiosk")); wait != 0 {
		t.Errorf("waits %v", wait)
	}
}

func (on suite) TestAfterManyUnknownReceiptsNothingIsToldOfAKnownOne(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	for i := range fourAnHour.Most {
		if _, err := s.TakeTryByReceipt(t.Context(), "R-none", now, time.Hour, usedBy("kiosk")); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if _, err := s.TakeTryByReceipt(t.Context(), "R-a", now, time.Hour, usedBy("other")); err != nil {
			t.Fatalf("a known one counts: %v", err)
		}
	}
	var limit *store.LimitError
	for _, receipt := range []string{"R-a", "R-none"} {
		if _, err := s.TakeTryByReceipt(t.Context(), receipt, now, time.Hour, usedBy("kiosk")); !errors.As(err, &limit) {
			t.Errorf("%s: %v", receipt, err)
		}
	}
	if _, err := s.TakeTryByReceipt(t.Context(), "R-a", now, time.Hour, usedBy("other")); err != nil {
		t.Errorf("at another kiosk: %v", err)
	}
}

func (on suite) TestEmptyBucketsAreForgotten(t *testing.T) {
	s := on.open(t)
	waits(t, s, now, usedBy("a"))
	left := func(at time.Time) int {
		if err := s.Purge(t.Context(), at, time.Hour); err != nil {
			t.Fatal(err)
		}
		return s.db.Count("limits")
	}
	if n := left(now.Add(14 * time.Minute)); n != 1 {
		t.Errorf("%d before its time", n)
	}
	if n := left(now.Add(16 * time.Minute)); n != 0 {
		t.Errorf("%d after its time", n)
	}
}
