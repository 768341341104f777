package visit_test

import (
	"testing"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// The number that frees the pages at the printer is the visitor's while they print, and
// nobody's afterwards.
func TestTheNumberForThePrinterGoesWithThePrint(t *testing.T) {
	r := aRecord()
	v := visit.New(house())
	v.State, v.Lang, v.Touched, v.Unlock.Record = visit.Ready, "en", noon, &r
	v, _ = visit.Step(v, visit.Event{Visit: v.Number, Do: visit.Print{}}, noon)
	shown := func(number string) visit.Visit {
		next, _ := visit.Step(v, visit.Event{Visit: v.Number, Call: v.Calls, Do: visit.PrintProgress{Release: number}}, noon)
		return next
	}
	v = shown("4821")
	if v.State != visit.Printing || v.Print.Release != "4821" {
		t.Fatalf("%s, number %q", v.State, v.Print.Release)
	}
	if typed := shown(""); typed.Print.Release != "" {
		t.Errorf("it stays when it has been typed: %q", typed.Print.Release)
	}
	for _, end := range []visit.Action{visit.Ended{Outcome: fault.Printed}, visit.Ended{Outcome: fault.HandedOn}, visit.Ended{Outcome: fault.Failed}, visit.Ended{Outcome: fault.Unknown}, visit.Leave{}} {
		next, _ := visit.Step(v, visit.Event{Visit: v.Number, Call: v.Calls, Do: end}, noon)
		if next.State == visit.Printing || next.Print.Release != "" {
			t.Errorf("after %T: %s, number %q", end, next.State, next.Print.Release)
		}
	}
	late, _ := visit.Step(v, visit.Event{Do: visit.Tick{}}, noon.Add(visit.PrintLimit))
	if late.State == visit.Printing || late.Print.Release != "" {
		t.Errorf("when its time is over: %s, number %q", late.State, late.Print.Release)
	}
}

// While nothing can be printed no print begins, from any state with a record or a
// number, and everything else goes on.
func TestAPrinterThatIsDownIsSentNothing(t *testing.T) {
	r := aRecord()
	for _, s := range []visit.State{visit.Ready, visit.PrintFailed, visit.PrintUnknown, visit.Sent, visit.Amended} {
		v := visit.New(house())
		v.State, v.Lang, v.Touched, v.Unlock.Key, v.Unlock.Receipt, v.Track.Number, v.Unlock.Record = s, "en", noon, "k", "7KQ2M4V0", "60SAJR3A", &r
		ask := visit.Action(visit.Print{})
		if s == visit.Sent || s == visit.Amended {
			ask = visit.Slip{}
		}
		down, _ := visit.Step(v, visit.Event{Do: visit.PrinterDown{Fault: fault.Fault{Code: fault.Paper}}}, noon)
		next, effects := visit.Step(down, visit.Event{Visit: v.Number, Do: ask}, noon)
		if next.State != s || len(effects) > 0 || next.PrinterDown.Code != fault.Paper {
			t.Errorf("%s: %s, %v, why %v", s, next.State, effects, next.PrinterDown)
		}
		up, _ := visit.Step(next, visit.Event{Do: visit.PrinterUp{}}, noon)
		after, effects := visit.Step(up, visit.Event{Visit: v.Number, Do: ask}, noon.Add(time.Second))
		if after.Waiting == nil || len(effects) != 1 || after.PrinterDown != nil {
			t.Errorf("%s, with paper again: %s, %v", s, after.State, effects)
		}
	}
}
