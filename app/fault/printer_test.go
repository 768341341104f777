package fault

import "testing"

func TestEveryFaultOfAPrinterHasOneRowAndARule(t *testing.T) {
	rules, codes := map[Retry]bool{Waits: true, Repeats: true, Asks: true, Looks: true}, map[Code]bool{}
	for _, row := range PrinterFaults {
		if codes[row.Code] {
			t.Errorf("%s has two rows", row.Code)
		}
		codes[row.Code] = true
		if !rules[row.Retry] {
			t.Errorf("%s has no rule", row.Code)
		}
	}
	if row, ok := PrinterFaultOf(Away); ok {
		t.Errorf("central being away is no fault of a printer: %+v", row)
	}
}

// A page that may have come out is not announced as lost, and one that is not
// waited for is not left at the printer: the two columns must not contradict.
func TestAFaultInDoubtClosesNoGateAndOneThatWaitsDoes(t *testing.T) {
	for _, row := range PrinterFaults {
		if row.Retry == Looks && row.Gate || row.Retry == Waits && !row.Gate {
			t.Errorf("%+v", row)
		}
	}
}
