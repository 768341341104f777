package desk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/usage"
	"vaxkiosk/app/visit"
)

// toUpkeep signs staff in to look after the kiosk.
func (w *world) toUpkeep() {
	w.do(visit.Begin{Lang: "en"}, visit.CallStaff{}, visit.TypeStaffID{Text: "nurse"}, visit.TypeStaffPIN{Digits: "482913"}, visit.Next{})
}

func TestHowATestPageEndsIsToldAndGoesToTheLogOnly(t *testing.T) {
	ends := func(o fault.Outcome, code fault.Code) func(context.Context, func(Progress)) Result {
		return func(context.Context, func(Progress)) Result { return Result{o, fault.Fault{Code: code}} }
	}
	for name, tt := range map[string]struct {
		print   func(context.Context, func(Progress)) Result
		drawing error
		want    fault.Outcome
		fault   fault.Code
		log     string
	}{
		"printed":   {ends(fault.Printed, ""), nil, fault.Printed, "", "outcome=printed"},
		"sent":      {ends(fault.HandedOn, ""), nil, fault.HandedOn, "", "outcome=sent"},
		"jam":       {ends(fault.Failed, fault.Jam), nil, fault.Failed, fault.Jam, "outcome=failed"},
		"no answer": {ends(fault.Unknown, fault.NoAnswer), nil, fault.Unknown, fault.NoAnswer, "outcome=unknown"},
		"not drawn": {func(context.Context, func(Progress)) Result { panic("printed") }, errors.New("a code is missing"), fault.Failed, fault.Page, "was not printed"},
		"out of time": {func(ctx context.Context, told func(Progress)) Result {
			told(Progress{Fault: &fault.Fault{Code: fault.Paper}})
			<-ctx.Done() // the job is cancelled before the visit gives it up
			return Result{fault.Failed, fault.Fault{Code: fault.Paper}}
		}, nil, fault.Failed, fault.Paper, "outcome=failed"},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				w.print, w.slipErr = tt.print, tt.drawing
				w.toUpkeep()
				w.want(t, visit.Upkeep)
				w.do(visit.TestPrint{})
				if w.seen().State == visit.TestPrinting {
					time.Sleep(visit.PrintLimit - time.Second)
					synctest.Wait()
				}
				w.want(t, visit.Upkeep)
				v := w.seen()
				if v.Print.Test != tt.want || (v.Fault != nil) != (tt.fault != "") || v.Fault != nil && v.Fault.Code != tt.fault {
					t.Errorf("outcome %q, fault %v", v.Print.Test, v.Fault)
				}
				if log := w.log.String(); !strings.Contains(log, `what="test page"`) || !strings.Contains(log, tt.log) || strings.Contains(log, "nurse") {
					t.Errorf("logged:\n%s", log)
				}
				if len(w.slips) != 1 || w.slips[0] != "test page en" || len(w.audits) != 0 {
					t.Errorf("drawn %q, audits %v", w.slips, w.audits)
				}
			})
		})
	}
}

func TestATestPageOfStaffWhoLeaveIsCancelledBeforeAnybodyPrints(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		gone := false
		w.print = func(ctx context.Context, _ func(Progress)) Result {
			<-ctx.Done()
			time.Sleep(5 * time.Second) // until the printer says that the job is gone
			gone = true
			return Result{fault.Failed, fault.Fault{Code: fault.Cancelled}}
		}
		w.toUpkeep()
		w.do(visit.TestPrint{})
		w.want(t, visit.TestPrinting)
		w.do(visit.Leave{})
		w.want(t, visit.Welcome)
		w.toReady()
		w.print = func(context.Context, func(Progress)) Result {
			if !gone {
				t.Error("the record came before the test page was gone")
			}
			return Result{Outcome: fault.Printed}
		}
		w.do(visit.Print{})
		time.Sleep(6 * time.Second)
		synctest.Wait()
		w.want(t, visit.Done)
		if v := w.seen(); v.Print.Test != "" || v.Fault != nil {
			t.Errorf("the visitor hears of the test page: %q, %v", v.Print.Test, v.Fault)
		}
	})
}

func TestATestPageIsCountedAsStaffAndNotAsARecord(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		for range 5 {
			w.toUpkeep()
			w.do(visit.TestPrint{}, visit.Leave{})
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(w.kept()) != 1 {
			t.Fatalf("kept %v", w.kept())
		}
		counts := w.kept()[0].Counts
		if counts[usage.Staff] != 5 || len(counts) != 3 || counts[usage.Visit] != 5 || counts[usage.Language("en")] != 5 {
			t.Errorf("counted %v", counts)
		}
	})
}

// Asked for from afar, it waits for the document before, and tells no visit anything.
func TestATestPageFromAfarWaitsForTheDocumentBefore(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.toReady()
		w.print = func(context.Context, func(Progress)) Result {
			time.Sleep(10 * time.Second)
			return Result{Outcome: fault.Printed}
		}
		w.do(visit.Print{})
		if how := w.desk.PrintTestPage(t.Context(), "en"); how.Outcome != fault.Printed {
			t.Errorf("%+v", how)
		}
		w.want(t, visit.Done)
		if v := w.seen(); v.Print.Test != "" || v.Fault != nil {
			t.Errorf("the visitor hears of it: %q, %v", v.Print.Test, v.Fault)
		}
		w.slipErr = errors.New("a code is missing")
		if how := w.desk.PrintTestPage(t.Context(), "en"); how.Outcome != fault.Failed || how.Fault.Code != fault.Page {
			t.Errorf("%+v", how)
		}
		w.desk.takePrinter(t.Context())
		defer w.desk.leavePrinter()
		if how := w.desk.PrintTestPage(t.Context(), "en"); how.Outcome != fault.Failed || how.Fault.Code != fault.PrintSlow {
			t.Errorf("while the printer is never free: %+v", how)
		}
	})
}
