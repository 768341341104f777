package printer

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
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

// Visits and screens go by faults; what printers call them is a detail that is passed on.
func TestWhatPrintersCallTheirFaultsIsKnownHereOnly(t *testing.T) {
	for _, pattern := range []string{"../fault/*.go", "../visit/*.go", "../desk/*.go", "../../ui/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, path := range files {
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, reasons := range reasonsOf {
				for _, reason := range reasons {
					if strings.Contains(reason, "-") && !strings.HasSuffix(path, "_test.go") && strings.Contains(string(source), strconv.Quote(reason)) {
						t.Errorf("%s knows %s, which is a printer's word", path, reason)
					}
				}
			}
		}
	}
}
