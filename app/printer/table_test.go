package printer

import (
	"testing"

	"vaxkiosk/app/fault"
)

func TestAReasonOfAPrinterMeansOneFaultAndThatIsAPrinters(t *testing.T) {
	means := map[string]fault.Code{}
	for code, reasons := range reasonsOf {
		if row, known := fault.PrinterFaultOf(code); !known || !row.Gate {
			t.Errorf("%s has reasons, and no row, or one that closes no gate", code)
		}
		for _, reason := range reasons {
			if other := means[reason]; other != "" {
				t.Errorf("%s means %s and %s", reason, other, code)
			}
			means[reason] = code
			if wrong := faultOf([]string{reason + "-error"}, false, false); wrong == nil || *wrong != (fault.Fault{Code: code, Detail: reason}) {
				t.Errorf("%s: %+v, want %s", reason, wrong, code)
			}
		}
	}
	if len(means) < 30 {
		t.Errorf("only %d reasons", len(means))
	}
}
