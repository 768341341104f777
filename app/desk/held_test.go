package desk

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// A record is of somebody, so a printer may hold it until a number is typed there: the
// visit shows that number, and no log does.
func TestTheNumberThatFreesARecordIsShownAndNotLogged(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		typed := make(chan struct{})
		w.print = func(_ context.Context, told func(Progress)) Result {
			told(Progress{Release: "4821"})
			<-typed
			told(Progress{Page: 1})
			return Result{Outcome: fault.Printed}
		}
		w.toReady()
		w.do(visit.Print{})
		if v := w.seen(); v.State != visit.Printing || v.Print.Release != "4821" {
			t.Errorf("%s, number %q", v.State, v.Print.Release)
		}
		close(typed)
		synctest.Wait()
		w.want(t, visit.Done)
		if v := w.seen(); v.Print.Release != "" || strings.Contains(w.log.String(), "4821") {
			t.Errorf("number %q; logged:\n%s", v.Print.Release, w.log.String())
		}
	})
}

func TestOnlyARecordIsHeldAtThePrinter(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.toReady()
		w.do(visit.Print{})
		w.want(t, visit.Done)
		w.do(visit.Leave{})
		w.toUpkeep()
		w.do(visit.TestPrint{})
		w.mu.Lock()
		defer w.mu.Unlock()
		if !slices.Equal(w.personal, []bool{true, false}) {
			t.Errorf("of somebody: %v, want the record and not the test page", w.personal)
		}
	})
}
