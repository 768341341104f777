package desk

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// Whether a print can be started follows the table of the printer's faults.
func TestTheGateIsWhatTheTableSays(t *testing.T) {
	for _, row := range fault.PrinterFaults {
		run(t, func(t *testing.T, w *world) {
			w.setReady(&fault.Fault{Code: row.Code, Detail: "as the printer says it"})
			time.Sleep(readyEvery + time.Second)
			synctest.Wait()
			if why := w.seen().PrinterDown; (why != nil) != row.Gate || why != nil && why.Code != row.Code {
				t.Errorf("%s: closed for %v, want %t", row.Code, why, row.Gate)
			}
			if told := strings.Contains(w.log.String(), "fault="+string(row.Code)+` detail="as the printer says it"`); told != row.Gate {
				t.Errorf("%s: told in the log: %t", row.Code, told)
			}
			w.setReady(nil)
			time.Sleep(downEvery + time.Second)
			synctest.Wait()
			if why := w.seen().PrinterDown; why != nil {
				t.Errorf("%s: still closed for %v", row.Code, why)
			}
		})
	}
}

func TestTheGateSaysTheTroubleOfNow(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		for _, code := range []fault.Code{fault.Paper, fault.Cover, fault.Offline} {
			w.setReady(&fault.Fault{Code: code})
			time.Sleep(readyEvery + time.Second)
			synctest.Wait()
			if why := w.seen().PrinterDown; why == nil || why.Code != code {
				t.Errorf("says %v, want %q", why, code)
			}
		}
	})
}

// Right after a print that failed for want of paper no other can be started.
func TestTheGateClosesAtOnceAfterAPrint(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.toReady()
		w.print = func(context.Context, func(Progress)) Result {
			w.setReady(&fault.Fault{Code: fault.Paper})
			return Result{Outcome: fault.Failed, Fault: fault.Fault{Code: fault.Paper}}
		}
		w.do(visit.Print{})
		w.want(t, visit.PrintFailed)
		w.print = func(context.Context, func(Progress)) Result { t.Error("printed"); return Result{Outcome: fault.Failed} }
		w.do(visit.Print{})
		w.want(t, visit.PrintFailed)
	})
}
