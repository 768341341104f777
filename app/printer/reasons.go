package printer

import (
	"cmp"
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"vaxkiosk/app/fault"
)

// What is wrong with the printer, as a row of fault.PrinterFaults: by the reasons
// it gives, by how it refuses, or by how it cannot be reached.

// reasonsOf are a printer's own words for a fault (printer-state-reasons, RFC 8011,
// 5.4.12, and PWG 5100.9), without their severity.
var reasonsOf = map[fault.Code][]string{
	fault.Jam:   {"media-jam"},
	fault.Cover: {"cover-open", "door-open", "interlock-open"},
	fault.Media: {
		"input-media-size-change", "input-media-type-change", "input-media-form-parts-change", "input-manual-input-request",
	},
	fault.Paper: {"media-empty", "media-needed", "input-tray-missing"},
	fault.Toner: {
		"toner-empty", "marker-supply-empty", "marker-waste-full", "developer-empty", "opc-life-over", "marker-supply-missing", "toner-missing",
	},
	fault.Offline: {"offline", "shutdown", "timed-out", "connecting-to-device"},
	fault.PrinterStopped: {
		"paused", "moving-to-paused", "fuser-over-temp", "fuser-under-temp", "output-area-full", "output-tray-missing", "spool-area-full",
		"other", "hold-new-jobs", "stopped-partly",
	},
}

// faultsOf finds the rows that hold, in their order. A reason ends in its severity: a
// report never stops a page; a warning may (ippeveprinter calls an empty tray one), so
// it counts when warnings do: while a page is waited for. A printer that has stopped
// has stopped for all it says, and for a reason unheard of too.
func faultsOf(reasons []string, stopped, warnings bool) (all []fault.Fault) {
	holds := map[string]bool{}
	for _, reason := range reasons {
		if name, is := strings.CutSuffix(reason, "-report"); is {
			holds[name] = holds[name] || stopped
		} else if name, is := strings.CutSuffix(reason, "-warning"); is {
			holds[name] = holds[name] || stopped || warnings
		} else {
			holds[strings.TrimSuffix(reason, "-error")] = true
		}
	}
	for _, row := range fault.PrinterFaults {
		for _, reason := range reasonsOf[row.Code] {
			if holds[reason] {
				all = append(all, fault.Fault{Code: row.Code, Detail: reason})
			}
		}
	}
	if stopped && len(all) == 0 {
		all = append(all, fault.Fault{Code: fault.PrinterStopped, Detail: "stopped"})
	}
	return all
}

// faultOf is the first row that holds.
func faultOf(reasons []string, stopped, warnings bool) *fault.Fault {
	if all := faultsOf(reasons, stopped, warnings); len(all) > 0 {
		return &all[0]
	}
	return nil
}

// first is the fault that is shown when several hold: that of the first row.
func first(faults ...*fault.Fault) (shown *fault.Fault) {
	rank := func(f *fault.Fault) int {
		return slices.IndexFunc(fault.PrinterFaults, func(row fault.PrinterFault) bool { return row.Code == f.Code })
	}
	for _, f := range faults {
		if f != nil && (shown == nil || rank(f) < rank(shown)) {
			shown = f
		}
	}
	return shown
}

// retry is the rule for a fault.
func retry(f fault.Fault) fault.Retry {
	row, _ := fault.PrinterFaultOf(f.Code)
	return row.Retry
}

// formatHint is for IT, who chose the printer.
const formatHint = "it does not take PDF: use an IPP Everywhere printer with application/pdf, or switch PDF on in its settings"

// trouble is an error of a call as a fault.
func trouble(err error) fault.Fault {
	code, detail := codeOfTrouble(err), err.Error()
	var (
		refused *statusError
		key     *keyError
	)
	switch {
	case errors.As(err, &refused):
		code, detail = refused.fault()
	case errors.As(err, &key):
		code, detail = fault.PrinterKey, key.Error()
	case code == fault.Frozen:
		detail = "it does not answer in time"
	}
	return fault.Fault{Code: code, Detail: detail}
}

// codeOfTrouble is the row for an error that is no answer of the printer itself.
func codeOfTrouble(err error) fault.Code {
	var (
		page   *httpError
		alien  *alienError
		secret *tlsError
		dial   *net.OpError
		lookup *net.DNSError
	)
	switch {
	case errors.As(err, &page):
		return page.fault()
	case errors.As(err, &alien):
		return fault.PrinterNotIPP
	case errors.Is(err, context.DeadlineExceeded):
		return fault.Frozen
	case errors.As(err, &secret) && secret.unreadable():
		return fault.PrinterCertificate
	case errors.As(err, &secret):
		return fault.PrinterTLS
	case errors.As(err, &lookup), errors.As(err, &dial) && dial.Op == "dial":
		return fault.Offline
	}
	return cmp.Or(garbled(err), fault.PrinterStopped)
}
