package visit_test

import (
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/visit"
)

func TestEveryFaultOfAPrinterHasOneRowAndARule(t *testing.T) {
	rules := map[visit.Retry]bool{visit.Waits: true, visit.Repeats: true, visit.Asks: true, visit.Looks: true}
	codes, reasons := map[string]bool{}, map[string]string{}
	for _, row := range visit.PrinterFaults {
		if codes[row.Code] {
			t.Errorf("%s has two rows", row.Code)
		}
		codes[row.Code] = true
		if !rules[row.Retry] {
			t.Errorf("%s has no rule", row.Code)
		}
		for reason := range strings.FieldsSeq(row.Reasons) {
			if other := reasons[reason]; other != "" {
				t.Errorf("%s means %s and %s", reason, other, row.Code)
			}
			reasons[reason] = row.Code
		}
	}
	if row, ok := visit.PrinterFaultOf(visit.FaultAway); ok {
		t.Errorf("central being away is no fault of a printer: %+v", row)
	}
}

// A page that may have come out is not announced as lost, and one that is not
// waited for is not left at the printer: the two columns must not contradict.
func TestAFaultInDoubtClosesNoGateAndOneThatWaitsDoes(t *testing.T) {
	for _, row := range visit.PrinterFaults {
		if row.Retry == visit.Looks && row.Gate || row.Retry == visit.Waits && !row.Gate {
			t.Errorf("%+v", row)
		}
	}
}

// While nothing can be printed no print begins, from any state with a record or a
// number, and everything else goes on.
func TestABlindPrinterIsSentNothing(t *testing.T) {
	r := aRecord()
	for _, s := range []visit.State{visit.Ready, visit.PrintFailed, visit.PrintUnknown, visit.Sent, visit.Corrected} {
		v := visit.New(house())
		v.State, v.Lang, v.Key, v.Receipt, v.Tracking, v.Record = s, "en", "k", "7KQ2M4V0", "60SAJR3A", &r
		ask := visit.Action(visit.Print{})
		if s == visit.Sent || s == visit.Corrected {
			ask = visit.Slip{}
		}
		blind, _ := visit.Step(v, visit.Event{Do: visit.PrinterBlind{Blind: true, Fault: visit.Fault{Code: visit.FaultPaper}}}, noon)
		next, effects := visit.Step(blind, visit.Event{Visit: v.Number, Do: ask}, noon)
		if next.State != s || len(effects) > 0 || next.Why.Code != visit.FaultPaper {
			t.Errorf("%s: %s, %v, why %q", s, next.State, effects, next.Why.Code)
		}
		sees, _ := visit.Step(next, visit.Event{Do: visit.PrinterBlind{}}, noon)
		after, effects := visit.Step(sees, visit.Event{Visit: v.Number, Do: ask}, noon.Add(time.Second))
		if after.Waiting == nil || len(effects) != 1 || after.Why != (visit.Fault{}) {
			t.Errorf("%s, with paper again: %s, %v", s, after.State, effects)
		}
	}
}
