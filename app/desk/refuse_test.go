package desk

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/visit"
)

// What central hands out and the kiosk refuses (promise P7): it is neither shown nor
// printed, the log has no value of it, and central is told why.

// refused wants what was handed out refused for a reason that central is told.
func (w *world) refused(t *testing.T, code fault.Code) {
	t.Helper()
	w.want(t, visit.Unlocking)
	if v := w.seen(); v.Unlock.Record != nil || v.Unlock.Token != "" || v.Fault == nil || v.Fault.Code != code {
		t.Errorf("record kept: %t, pass kept: %t, fault %v, want %s", v.Unlock.Record != nil, v.Unlock.Token != "", v.Fault, code)
	}
	if fmt.Sprint(w.audits, w.whys) != "[failed] ["+string(code)+"]" {
		t.Errorf("audits %v %v", w.audits, w.whys)
	}
	for _, secret := range []string{"Quentin", "Woodford", "Linh", "Nguy", "19", "pass"} {
		for line := range strings.Lines(w.log.String()) {
			if _, said, _ := strings.Cut(line, " "); strings.Contains(said, secret) { // behind the time
				t.Errorf("the log holds %q: %s", secret, said)
			}
		}
	}
	if !strings.Contains(w.log.String(), "level=ERROR") {
		t.Error("the log does not say it")
	}
}

func TestWhatFailsACheckIsNotShownAndCentralIsToldWhy(t *testing.T) {
	for _, code := range []fault.Code{fault.Record, fault.Revoked, fault.Clock} {
		run(t, func(t *testing.T, w *world) {
			w.record = func() (record.Record, error) { return record.Record{}, fmt.Errorf("card 1: %w", code) }
			w.toReady()
			w.refused(t, code)
		})
	}
}

func TestARecordThatDidNotComeIsNoRefusal(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.record = func() (record.Record, error) { return record.Record{}, fault.Away }
		w.toReady()
		w.want(t, visit.Unlocking)
		if len(w.audits) != 0 {
			t.Errorf("audits %v %v", w.audits, w.whys)
		}
	})
}

func TestARecordOfAnotherPersonIsNotShown(t *testing.T) {
	for _, other := range []record.Record{
		{Given: "Linh", Family: "Nguyễn", Birth: "1970-02-27"}, {Given: "Quentin", Family: "Woodford", Birth: "1970-02-28"},
	} {
		run(t, func(t *testing.T, w *world) {
			w.record = func() (record.Record, error) { return other, nil }
			w.toReady()
			w.refused(t, fault.OtherPerson)
		})
	}
}

// A record may be open for minutes before it is printed, and again later.
func TestARecordThatIsRevokedBeforeAPrintIsNotPrintedAndNotShownAnyLonger(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.print = func(context.Context, func(Progress)) Result { t.Error("printed"); return Result{} }
		w.toReady()
		w.stillValid = fmt.Errorf("%w: card 1", fault.Revoked)
		w.do(visit.Print{})
		w.refused(t, fault.Revoked)
	})
	run(t, func(t *testing.T, w *world) {
		w.print = func(context.Context, func(Progress)) Result { return Result{Outcome: fault.HandedOn} }
		w.toReady()
		w.do(visit.Print{})
		w.stillValid = fault.Revoked
		w.do(visit.Print{}) // again
		w.want(t, visit.Unlocking)
		if w.seen().Unlock.Record != nil || fmt.Sprint(w.audits, w.whys) != "[sent failed] [ revoked]" {
			t.Errorf("record kept: %t, audits %v %v", w.seen().Unlock.Record != nil, w.audits, w.whys)
		}
	})
}

// A name that a library cannot shape or draw ends the page, not the kiosk.
func TestAPanicWhileAPageIsDrawnIsAPageThatFailedItsCheck(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.render = func() (Document, error) { panic("cannot shape Nguyễn") }
		w.print = func(context.Context, func(Progress)) Result { t.Error("printed"); return Result{} }
		w.toReady()
		w.do(visit.Print{})
		w.want(t, visit.PrintFailed)
		if w.seen().Fault.Code != fault.Page || fmt.Sprint(w.audits, w.whys) != "[failed] [page]" {
			t.Errorf("fault %v, audits %v %v", w.seen().Fault, w.audits, w.whys)
		}
		if !strings.Contains(w.log.String(), errBroke.Error()) || strings.Contains(w.log.String(), "Nguy") {
			t.Errorf("the log:\n%s", w.log.String())
		}
		w.render = func() (Document, error) { return Document{Pages: 1}, nil }
		w.print = func(context.Context, func(Progress)) Result { return Result{Outcome: fault.Printed} }
		w.do(visit.Print{})
		w.want(t, visit.Done)
	})
}

// Whoever comes next cannot keep a record by printing it again and again.
func TestPrintingAgainDoesNotMakeTheMinuteLonger(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.print = func(context.Context, func(Progress)) Result { return Result{Outcome: fault.HandedOn} }
		w.toReady()
		w.do(visit.Print{})
		for range 3 {
			time.Sleep(visit.HandedLimit/4 + time.Second)
			w.do(visit.Print{})
			w.want(t, visit.Done)
		}
		if w.seen().Unlock.Record == nil || w.seen().Print.Copies != 4 {
			t.Errorf("record kept: %t, copies %d", w.seen().Unlock.Record != nil, w.seen().Print.Copies)
		}
		time.Sleep(visit.HandedLimit / 4)
		synctest.Wait()
		if v := w.seen(); v.State != visit.Done || v.Unlock.Record != nil || v.Unlock.Token != "" || v.Unlock.Receipt != "" {
			t.Errorf("%s, record kept: %t", v.State, v.Unlock.Record != nil)
		}
		w.do(visit.Print{})
		time.Sleep(visit.DoneLimit)
		synctest.Wait()
		w.want(t, visit.Welcome)
		if len(w.audits) != 4 {
			t.Errorf("printed %d times", len(w.audits))
		}
	})
}
