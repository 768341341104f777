package desk

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/visit"
)

var evening = time.Date(2026, time.November, 30, 18, 0, 0, 0, time.UTC)

func TestTheClockOfVisitsGoesOnInASleepAndNeverBack(t *testing.T) {
	wall := evening
	c := clock{wall: func() time.Time { return wall }}
	for _, step := range []struct {
		what         string
		moves, since time.Duration // of the wall, and of the visit all in all
	}{
		{"at first", 0, 0},
		{"a second", time.Second, time.Second},
		{"the machine sleeps, or the clock is put forward", time.Hour, time.Hour + time.Second},
		{"the clock is put back", -3 * time.Hour, time.Hour + time.Second},
		{"a second later", time.Second, time.Hour + 2*time.Second},
		{"the clock is slewed", -time.Millisecond, time.Hour + 2*time.Second - time.Millisecond},
	} {
		wall = wall.Add(step.moves)
		if got := c.now().Sub(evening); got != step.since {
			t.Errorf("%s: %s have passed, want %s", step.what, got, step.since)
		}
	}
	if c.rest(); !c.now().Equal(wall) {
		t.Errorf("between visits it is %s, want %s", c.now(), wall)
	}
}

// Whatever the wall clock does, a visit stays open for two minutes, not longer, and
// the next visitor has the wall's date.
func TestAClockThatIsPutBackKeepsNoVisitOpen(t *testing.T) {
	var off, shownAt atomic.Int64
	runWith(t, func(w *world) {
		w.desk.Now = func() time.Time { return time.Now().Add(time.Duration(off.Load())).Round(0) }
		show := w.desk.Show
		w.desk.Show = func(v visit.Visit, now time.Time) { show(v, now); shownAt.Store(now.UnixNano()) }
	}, func(t *testing.T, w *world) {
		w.do(visit.Begin{Lang: "en"})
		time.Sleep(30 * time.Second)
		off.Store(int64(-24 * time.Hour))
		time.Sleep(visit.IdleLimit - 31*time.Second)
		synctest.Wait()
		if v := w.seen(); v.State != visit.Choosing || !v.IdleWarning {
			t.Errorf("a second before its time: %s, asked whether somebody is there: %v", v.State, v.IdleWarning)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if v := w.seen(); v.State != visit.Welcome {
			t.Errorf("after its time: %s", v.State)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if off := time.Since(time.Unix(0, shownAt.Load())) - 24*time.Hour; off.Abs() > 2*time.Second {
			t.Errorf("between visits the clock of visits is %s from the wall's", off)
		}
	})
}

// The first event after a sleep finds the visit over: the touch that wakes the
// machine opens nothing.
func TestATouchAfterASleepFindsTheVisitOver(t *testing.T) {
	var off atomic.Int64
	runWith(t, func(w *world) {
		w.desk.Now = func() time.Time { return time.Now().Add(time.Duration(off.Load())).Round(0) }
	}, func(t *testing.T, w *world) {
		w.do(visit.Begin{Lang: "en"})
		off.Store(int64(8 * time.Hour))
		w.do(visit.Touch{})
		if v := w.seen(); v.State != visit.Welcome {
			t.Errorf("after eight hours of sleep a touch finds %s", v.State)
		}
	})
}
