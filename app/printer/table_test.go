package printer

import (
	"testing"

	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
)

func TestEveryFaultOfAPrinterHasWordsForTheVisitorAndForStaff(t *testing.T) {
	if len(visit.PrinterFaults) < 12 {
		t.Fatalf("only %d faults", len(visit.PrinterFaults))
	}
	for _, l := range assets.Languages {
		words := assets.Words(l.Tag)
		for _, row := range visit.PrinterFaults {
			visitor, staff := words["fault."+row.Code].Shown, words["fault."+row.Code+"-staff"].Shown
			if visitor == "" || staff == "" || visitor == staff {
				t.Errorf("%s, %s: visitor %q, staff %q", l.Tag, row.Code, visitor, staff)
			}
		}
	}
}
