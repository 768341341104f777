package window

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
		{1, RestAfter - time.Second, false},
		{1, RestAfter, true},
		{1, RestAfter + time.Second, false},
		{2, RestAfter + 2*time.Second, false},
		{2, 2*RestAfter + time.Second, false},
		{2, 2*RestAfter + 2*time.Second, true},
		{2, 3 * RestAfter, false},
		{3, 3*RestAfter + time.Second, false},
		{3, -time.Hour, false}, // the clock is put back
		{3, RestAfter - time.Hour - time.Second, false},
		{3, RestAfter - time.Hour, true},
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
		time.Sleep(RestAfter)
		synctest.Wait()
		if gone == 0 || gone > RestAfter-15*time.Second {
			t.Errorf("connections go %v after a visit, memory after %v", gone, RestAfter)
		}
	})
}
