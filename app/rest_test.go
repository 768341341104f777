package main

import (
	"testing"
	"testing/synctest"
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
		{3, 3*restAfter + time.Second, false},
		{3, -time.Hour, false}, // the clock is put back
		{3, restAfter - time.Hour - time.Second, false},
		{3, restAfter - time.Hour, true},
	} {
		if got := r.seen(visit.Visit{Number: x.number}, start.Add(x.after)); got != x.rested {
			t.Errorf("visit %d after %v: rested %v", x.number, x.after, got)
		}
	}
}

func TestConnectionsGoAfterAVisitBeforeMemoryIsWrittenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, gone := time.Now(), time.Duration(0)
		r := rest{hangUp: func() { gone = time.Since(start) }}
		r.seen(visit.Visit{Number: 2}, start)
		time.Sleep(restAfter)
		synctest.Wait()
		if gone == 0 || gone > restAfter-15*time.Second {
			t.Errorf("connections go %v after a visit, memory after %v", gone, restAfter)
		}
	})
}
