package client

import (
	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
)

// outcomes are the endings of a print in the contract's words. What a print server took
// is not known to be printed.
var outcomes = map[fault.Outcome]api.PrintReportOutcome{
	fault.Printed: api.Printed, fault.HandedOn: api.Unknown, fault.Failed: api.Failed, fault.Unknown: api.Unknown,
}

// reasons are the faults that the contract has a name for.
var reasons = map[fault.Code]api.PrintReportReason{
	fault.Record:      api.PrintReportReasonRecordCheck,
	fault.Clock:       api.PrintReportReasonClock,
	fault.OtherPerson: api.PrintReportReasonOtherPerson,
	fault.Revoked:     api.PrintReportReasonRevoked,
	fault.Page:        api.PrintReportReasonPageCheck,

	fault.PrinterKey:         api.PrintReportReasonPrinterKey,
	fault.PrinterAccess:      api.PrintReportReasonPrinterAccess,
	fault.PrinterEncryption:  api.PrintReportReasonPrinterEncryption,
	fault.PrinterTLS:         api.PrintReportReasonPrinterTls,
	fault.PrinterCertificate: api.PrintReportReasonPrinterCertificate,
	fault.PrinterPath:        api.PrintReportReasonPrinterPath,
	fault.PrinterNotIPP:      api.PrintReportReasonPrinterNotIpp,
	fault.PrinterVersion:     api.PrintReportReasonPrinterVersion,
	fault.NoPDF:              api.PrintReportReasonNoPdf,
	fault.NoHold:             api.PrintReportReasonNoHold,
	fault.Jam:                api.PrintReportReasonJam,
	fault.Cover:              api.PrintReportReasonCover,
	fault.Media:              api.PrintReportReasonMedia,
	fault.Paper:              api.PrintReportReasonPaper,
	fault.Toner:              api.PrintReportReasonToner,
	fault.Offline:            api.PrintReportReasonOffline,
	fault.PrinterStopped:     api.PrintReportReasonPrinter,
	fault.Frozen:             api.PrintReportReasonFrozen,
	fault.NotAccepting:       api.PrintReportReasonNotAccepting,
	fault.LeftBehind:         api.PrintReportReasonLeftBehind,
	fault.PrinterBusy:        api.PrintReportReasonPrinterBusy,
	fault.PrintSlow:          api.PrintReportReasonPrintSlow,
	fault.NotTyped:           api.PrintReportReasonNotTyped,
	fault.Cancelled:          api.PrintReportReasonCancelled,
	fault.Restarted:          api.PrintReportReasonRestarted,
	fault.NoAnswer:           api.PrintReportReasonNoAnswer,
	fault.Unclear:            api.PrintReportReasonUnclear,
}

// Report is how a print ended, for PostPrint. A fault that the contract does not name
// goes without its name.
func Report(how fault.Outcome, why fault.Code, pages int) api.PrintReport {
	r := api.PrintReport{Outcome: outcomes[how], Pages: pages}
	reason := reasons[why]
	if how == fault.HandedOn {
		reason = api.PrintReportReasonHandedOn
	}
	if reason != "" {
		r.Reason = &reason
	}
	return r
}
