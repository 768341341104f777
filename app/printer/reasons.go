package printer

import (
	"cmp"
	"context"
	"errors"
	"net"
	"slices"
	"strings"

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
	code, detail := codeOfTrouble(err), err.Error()
	var (
		refused *statusError
		key     *keyError
	)
	switch {
	case errors.As(err, &refused):
		code, detail = refused.fault()
	case errors.As(err, &key):
		code, detail = visit.FaultKey, key.Error()
	case code == visit.FaultFrozen:
		detail = "it does not answer in time"
	}
	return desk.Fault{Code: code, Detail: detail}
}

// codeOfTrouble is the row for an error that is no answer of the printer itself.
func codeOfTrouble(err error) string {
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
		return visit.FaultNotIPP
	case errors.Is(err, context.DeadlineExceeded):
		return visit.FaultFrozen
	case errors.As(err, &secret) && secret.unreadable():
		return visit.FaultPrinterCert
	case errors.As(err, &secret):
		return visit.FaultTLS
	case errors.As(err, &lookup), errors.As(err, &dial) && dial.Op == "dial":
		return visit.FaultOffline
	}
	return cmp.Or(garbled(err), visit.FaultPrinter)
}
