package desk

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// deaf is a central that takes no print outcome the first times.
type deaf struct {
	*world
	err  error
	left int
	jobs []string
}

func (d *deaf) Printed(_ context.Context, _, job string, _ Result, _ int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.jobs = append(d.jobs, job)
	if d.left--; d.left >= 0 {
		return fmt.Errorf("%w: for a while", d.err)
	}
	return nil
}

func TestAPrintOutcomeIsOfferedUntilCentralHasItOrCanNeverTakeIt(t *testing.T) {
	for _, c := range []struct {
		err    error
		offers int
	}{{fault.Away, 4}, {fault.Expired, 1}} {
		run(t, func(t *testing.T, w *world) {
			d := &deaf{world: w, err: c.err, left: 3}
			w.desk.Central = d
			w.toReady()
			w.do(visit.Print{})
			w.want(t, visit.Done)
			time.Sleep(2 * auditFor)
			synctest.Wait()
			d.mu.Lock()
			defer d.mu.Unlock()
			if len(d.jobs) != c.offers {
				t.Fatalf("%v: offered %d times, want %d", c.err, len(d.jobs), c.offers)
			}
			for _, job := range d.jobs {
				if job != d.jobs[0] {
					t.Error("offered as another print")
				}
			}
		})
	}
}

func TestPagesComeInTheLanguageAndTypeThatTheVisitorReads(t *testing.T) {
	for size, want := range []bool{false, false, true, true} { // 100, 125, 150 and 175 %
		run(t, func(t *testing.T, w *world) {
			w.toReady()
			for range size {
				w.do(visit.Resize{By: 1})
			}
			w.do(visit.Print{})
			w.want(t, visit.Done)
			if got := (Page{Lang: "en", Receipt: request.ReceiptFor("0123456789abcdef"), Large: want}); w.how != got {
				t.Errorf("size %d: drawn as %+v, want %+v", size, w.how, got)
			}
		})
	}
}
