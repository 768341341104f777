package printer

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/visit"
)

// What is wrong with the printer, as a row of visit.PrinterFaults: by the reasons
// it gives, by how it refuses, or by how it cannot be reached.

// faultsOf finds the rows that hold, in their order. A reason ends in its severity: a
// report never stops a page; a warning may (ippeveprinter calls an empty tray one), so
// it counts when warnings do: while a page is waited for. A printer that has stopped
// has stopped for all it says, and for a reason unheard of too.
func faultsOf(reasons []string, stopped, warnings bool) (all []desk.Fault) {
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
	for _, row := range visit.PrinterFaults {
		for reason := range strings.FieldsSeq(row.Reasons) {
			if holds[reason] {
				all = append(all, desk.Fault{Code: row.Code, Detail: reason})
			}
		}
	}
	if stopped && len(all) == 0 {
		all = append(all, desk.Fault{Code: visit.FaultPrinter, Detail: "stopped"})
	}
	return all
}

// faultOf is the first row that holds.
func faultOf(reasons []string, stopped, warnings bool) *desk.Fault {
	if all := faultsOf(reasons, stopped, warnings); len(all) > 0 {
		return &all[0]
	}
	return nil
}

// first is the fault that is shown when several hold: that of the first row.
func first(faults ...*desk.Fault) (shown *desk.Fault) {
	rank := func(f *desk.Fault) int {
		return slices.IndexFunc(visit.PrinterFaults, func(row visit.PrinterFault) bool { return row.Code == f.Code })
	}
	for _, f := range faults {
		if f != nil && (shown == nil || rank(f) < rank(shown)) {
			shown = f
		}
	}
	return shown
}

// retry is the rule for a fault.
func retry(f desk.Fault) visit.Retry {
	row, _ := visit.PrinterFaultOf(f.Code)
	return row.Retry
}

// formatHint is for IT, who chose the printer.
const formatHint = "it does not take PDF: use an IPP Everywhere printer with application/pdf, or switch PDF on in its settings"

// trouble is an error of a call as a fault.
func trouble(err error) desk.Fault {
	var (
		refused *statusError
		page    *httpError
		key     *keyError
		dial    *net.OpError
		lookup  *net.DNSError
		code    = visit.FaultPrinter
	)
	detail := err.Error()
	switch {
	case errors.As(err, &refused):
		code, detail = refused.fault()
	case errors.As(err, &page):
		code = page.fault()
	case errors.As(err, &key):
		code = visit.FaultKey
	case errors.As(err, &lookup), errors.As(err, &dial) && dial.Op == "dial":
		code = visit.FaultOffline
	case errors.Is(err, context.DeadlineExceeded):
		code, detail = visit.FaultFrozen, "it does not answer in time"
	}
	return desk.Fault{Code: code, Detail: detail}
}

// fault is the row for a refusal, and the detail.
func (e *statusError) fault() (code, detail string) {
	switch e.status {
	// the standard says 0x040a, some printers say 0x040b
	case goipp.StatusErrorDocumentFormatNotSupported, goipp.StatusErrorAttributesOrValues:
		return visit.FaultFormat, e.Error() + ": " + formatHint
	case goipp.StatusErrorForbidden, goipp.StatusErrorNotAuthenticated, goipp.StatusErrorNotAuthorized:
		return visit.FaultAccess, e.Error()
	case goipp.StatusErrorNotAcceptingJobs:
		return visit.FaultClosed, e.Error()
	case goipp.StatusErrorBusy, goipp.StatusErrorServiceUnavailable, goipp.StatusErrorTooManyJobs:
		return visit.FaultPrinterBusy, e.Error()
	}
	return visit.FaultPrinter, e.Error()
}

func (e *httpError) fault() string {
	switch e.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return visit.FaultAccess
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return visit.FaultPrinterBusy
	}
	return visit.FaultPrinter
}
