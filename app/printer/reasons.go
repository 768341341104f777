package printer

import (
	"strings"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/visit"
)

// What a printer's state reasons (RFC 8011, 5.4.12, and PWG 5100.9) mean at the
// kiosk, in the order they are shown when several hold. Reasons not listed are
// no fault of their own; a stopped printer is one whatever it says.
var reasonFaults = []struct{ code, reasons string }{
	{visit.FaultJam, "media-jam cover-open door-open interlock-open"},
	{visit.FaultPaper, "media-empty media-needed input-tray-missing input-media-size-change"},
	{visit.FaultToner, "toner-empty marker-supply-empty marker-waste-full developer-empty opc-life-over " +
		"marker-supply-missing toner-missing"},
	{visit.FaultPrinter, "paused moving-to-paused shutdown offline connecting-to-device timed-out fuser-over-temp " +
		"fuser-under-temp output-area-full output-tray-missing spool-area-full other hold-new-jobs stopped-partly"},
}

// faultOf finds the first fault that holds. A reason ends in its severity: a
// report never stops a page; a warning may (ippeveprinter calls an empty tray
// one), so it counts when warnings do: while a page is waited for.
func faultOf(reasons []string, stopped, warnings bool) *desk.Fault {
	holds := map[string]bool{}
	for _, reason := range reasons {
		if name, ok := strings.CutSuffix(reason, "-warning"); ok {
			holds[name] = holds[name] || stopped || warnings
		} else if !strings.HasSuffix(reason, "-report") {
			holds[strings.TrimSuffix(reason, "-error")] = true
		}
	}
	for _, f := range reasonFaults {
		for reason := range strings.FieldsSeq(f.reasons) {
			if holds[reason] {
				return &desk.Fault{Code: f.code, Detail: reason}
			}
		}
	}
	if stopped {
		return &desk.Fault{Code: visit.FaultPrinter, Detail: "stopped"}
	}
	return nil
}
