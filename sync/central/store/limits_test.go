package store

import (
	"errors"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
)

var fourAnHour = access.Limit{Name: "test", Most: 4, Window: time.Hour}

func usedBy(who string) access.Use { return access.Use{Limit: fourAnHour, Key: []byte(who)} }

// waits is how long a use has to wait, 0 when it was counted.
func waits(t *testing.T, s *Store, at time.Time, uses ...access.Use) time.Duration {
	t.Helper()
	err := s.Take(t.Context(), at, uses...)
	var limit *LimitError
	if err != nil && !errors.As(err, &limit) {
		t.Fatal(err)
	}
	if err == nil {
		return 0
	}
	return limit.Wait
}

func TestALimitHoldsForAllInstancesHoweverManyAskAtOnce(t *testing.T) {
	s, path := open(t)
	other, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var mu sync.Mutex
	counted := 0
	var wg sync.WaitGroup
	for i := range 10 * fourAnHour.Most {
		wg.Go(func() {
			err := []*Store{s, other}[i%2].Take(t.Context(), now, usedBy("a"))
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

func TestABucketRunsEmptyEvenly(t *testing.T) {
	s, _ := open(t)
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

func TestSeveralUsesCountTogetherOrNotAtAll(t *testing.T) {
	s, _ := open(t)
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

func TestWhatCameToNothingIsTakenBack(t *testing.T) {
	s, _ := open(t)
	for range 3 * fourAnHour.Most {
		if waits(t, s, now, usedBy("a")) != 0 {
			t.Fatal("it counts")
		}
		if err := s.Return(t.Context(), usedBy("a"), access.Use{}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAClockThatWasSetBackLocksNobodyOut(t *testing.T) {
	s, _ := open(t)
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
}

func TestWithoutADatabaseNothingIsAllowed(t *testing.T) {
	s, _ := open(t)
	s.Close()
	if s.Take(t.Context(), now, usedBy("a")) == nil {
		t.Error("allowed without a count")
	}
}

func TestAProofIsRefusedBeforeATryIsTaken(t *testing.T) {
	s, _ := open(t)
	add(t, s, "a")
	for range fourAnHour.Most {
		waits(t, s, now, usedBy("kiosk"))
	}
	var limit *LimitError
	for range 2 * MaxTries {
		if _, err := s.TakeTry(t.Context(), "a", now, usedBy("kiosk")); !errors.As(err, &limit) {
			t.Fatalf("got %v", err)
		}
		if _, err := s.TakeTryByReceipt(t.Context(), "R-a", now, time.Hour, access.Use{}, usedBy("kiosk")); !errors.As(err, &limit) {
			t.Fatalf("by receipt: %v", err)
		}
		if _, err := s.TakeStaffTry(t.Context(), []byte("nurse"), now, usedBy("kiosk")); !errors.As(err, &limit) {
			t.Fatalf("staff: %v", err)
		}
	}
	if try, err := s.TakeTry(t.Context(), "a", now); err != nil || try.Left != MaxTries-1 {
		t.Errorf("%d left, %v", try.Left, err)
	}
	if _, err := s.TakeStaffTry(t.Context(), []byte("nurse"), now); err != nil {
		t.Errorf("staff: %v", err)
	}
}

func TestARequestThatGetsNoTryCountsForNoLimit(t *testing.T) {
	s, _ := open(t)
	add(t, s, "a")
	for range MaxTries {
		if _, err := s.TakeTry(t.Context(), "a", now); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 * fourAnHour.Most {
		if _, err := s.TakeTry(t.Context(), "a", now, usedBy("kiosk")); !errors.Is(err, ErrOver) {
			t.Fatalf("got %v", err)
		}
	}
	if wait := waits(t, s, now, usedBy("kiosk")); wait != 0 {
		t.Errorf("waits %v", wait)
	}
}

func TestAfterManyUnknownReceiptsNothingIsToldOfAKnownOne(t *testing.T) {
	s, _ := open(t)
	add(t, s, "a")
	for i := range fourAnHour.Most {
		if _, err := s.TakeTryByReceipt(t.Context(), "R-none", now, time.Hour, usedBy("kiosk")); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if _, err := s.TakeTryByReceipt(t.Context(), "R-a", now, time.Hour, usedBy("other")); err != nil {
			t.Fatalf("a known one counts: %v", err)
		}
	}
	var limit *LimitError
	for _, receipt := range []string{"R-a", "R-none"} {
		if _, err := s.TakeTryByReceipt(t.Context(), receipt, now, time.Hour, usedBy("kiosk")); !errors.As(err, &limit) {
			t.Errorf("%s: %v", receipt, err)
		}
	}
	if _, err := s.TakeTryByReceipt(t.Context(), "R-a", now, time.Hour, usedBy("other")); err != nil {
		t.Errorf("at another kiosk: %v", err)
	}
}

func TestEmptyBucketsAreForgotten(t *testing.T) {
	s, _ := open(t)
	waits(t, s, now, usedBy("a"))
	left := func(at time.Time) (n int) {
		if err := errors.Join(s.Purge(t.Context(), at, time.Hour), s.db.QueryRow("SELECT count(*) FROM limits").Scan(&n)); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := left(now.Add(14 * time.Minute)); n != 1 {
		t.Errorf("%d before its time", n)
	}
	if n := left(now.Add(16 * time.Minute)); n != 0 {
		t.Errorf("%d after its time", n)
	}
}
