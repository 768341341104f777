package main

import (
	"testing"
	"time"

	"vaxkiosk/app/visit"
)

func TestMemoryIsGivenBackOnceAfterEachVisit(t *testing.T) {
	r := rest{hangUp: func() {}}
	start := time.Now()
	for _, x := range []struct {
		number uint64
		after  time.Duration
		rested bool
	}{
		{1, 0, false},
		{1, restAfter - time.Second, false},
		{1, restAfter, true},
		{1, restAfter + time.Second, false},
		{2, restAfter + 2*time.Second, false},
		{2, 2*restAfter + time.Second, false},
		{2, 2*restAfter + 2*time.Second, true},
		{2, 3 * restAfter, false},
	} {
		if got := r.seen(visit.Visit{Number: x.number}, start.Add(x.after)); got != x.rested {
			t.Errorf("visit %d after %v: rested %v", x.number, x.after, got)
		}
	}
}
