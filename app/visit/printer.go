package visit

// What can be wrong with a printer: the one table that the printer, the desk and
// the visit go by. A row says with which words the visitor and staff are told,
// whether a print can be started at all, and what becomes of a page. In no row
// does the kiosk send a page that a printer may have taken a second time by
// itself: only the visitor prints again.

// The fault codes of a printer.
const (
	FaultKey         = "printer-key"         // another key than the pinned one answers
	FaultAccess      = "printer-access"      // it wants a name and a password, or refuses this kiosk
	FaultEncryption  = "printer-encryption"  // it wants to be spoken to over TLS
	FaultTLS         = "printer-tls"         // its TLS is too old, or it has none
	FaultPrinterCert = "printer-certificate" // its certificate cannot be read
	FaultPath        = "printer-path"        // it is not at this path of the address
	FaultNotIPP      = "printer-not-ipp"     // what answers does not speak IPP
	FaultVersion     = "printer-version"     // it takes none of our versions of IPP
	FaultFormat      = "no-pdf"              // it does not take PDF
	FaultNoHold      = "no-hold"             // it cannot hold a page until a number is typed, and is set up to
	FaultJam         = "jam"                 // paper is stuck
	FaultCover       = "cover"               // a cover is open
	FaultMedia       = "media"               // paper of another size is in it
	FaultPaper       = "paper"               // it needs paper
	FaultToner       = "toner"               // toner or ink is out
	FaultOffline     = "offline"             // it cannot be reached
	FaultPrinter     = "printer"             // it has stopped, or refuses for reasons of its own
	FaultFrozen      = "frozen"              // it can be reached and does not answer
	FaultClosed      = "not-accepting"       // it takes no jobs
	FaultPrinterBusy = "printer-busy"        // it has too much to do
	FaultPrintSlow   = "print-slow"          // it was not done in time
	FaultNotTyped    = "not-typed"           // the number was not typed at the printer in time
	FaultCancelled   = "cancelled"           // the visitor or staff cancelled at the printer
	FaultRestarted   = "restarted"           // it was switched off and on while it had the page
	FaultNoAnswer    = "no-answer"           // it did not say how the job ended
	FaultUnclear     = "unclear"             // it called the job complete and did not count its pages, or named an error
	FaultLeftBehind  = "left-behind"         // it may still hold a page of somebody who has left
)

// Retry is what becomes of a page when a printer is in trouble.
type Retry string

// The rules.
const (
	// Waits: the page stays at the printer and comes out once this is over. When the
	// time for printing is over first, the job is cancelled.
	Waits Retry = "waits"
	// Repeats: the printer took nothing, so it is asked again until the time is over.
	Repeats Retry = "repeats"
	// Asks: nothing is left at the printer, and the visitor may print again.
	Asks Retry = "asks"
	// Looks: nobody knows. The visitor looks into the tray, and may print again.
	Looks Retry = "looks"
)

// PrinterFault is one row of the table. The visitor's words are those of
// "fault.<code>", those for staff of "fault.<code>-staff".
type PrinterFault struct {
	Code  string
	Gate  bool // nothing can be printed: no print is started until the printer can
	Retry Retry
	// Reasons are the printer's own words for it (printer-state-reasons, RFC 8011,
	// 5.4.12, and PWG 5100.9), without their severity.
	Reasons string
}

// PrinterFaults is the table, in the order in which faults are shown when several
// hold.
var PrinterFaults = []PrinterFault{
	{FaultKey, true, Asks, ""},
	{FaultAccess, true, Asks, ""},
	{FaultEncryption, true, Waits, ""},
	{FaultTLS, true, Waits, ""},
	{FaultPrinterCert, true, Waits, ""},
	{FaultPath, true, Waits, ""}, // some answer so while they start
	{FaultNotIPP, true, Waits, ""},
	{FaultVersion, true, Waits, ""},
	{FaultFormat, true, Asks, ""},
	{FaultNoHold, true, Asks, ""},
	{FaultLeftBehind, true, Asks, ""}, // before what is mended: the page would come out then
	{FaultJam, true, Waits, "media-jam"},
	{FaultCover, true, Waits, "cover-open door-open interlock-open"},
	{FaultMedia, true, Waits, "input-media-size-change input-media-type-change input-media-form-parts-change " +
		"input-manual-input-request"},
	{FaultPaper, true, Waits, "media-empty media-needed input-tray-missing"},
	{FaultToner, true, Waits, "toner-empty marker-supply-empty marker-waste-full developer-empty opc-life-over " +
		"marker-supply-missing toner-missing"},
	{FaultOffline, true, Waits, "offline shutdown timed-out connecting-to-device"},
	{FaultPrinter, true, Waits, "paused moving-to-paused fuser-over-temp fuser-under-temp output-area-full " +
		"output-tray-missing spool-area-full other hold-new-jobs stopped-partly"},
	{FaultFrozen, true, Waits, ""},
	{FaultClosed, true, Asks, ""},
	{FaultPrinterBusy, false, Repeats, ""},
	{FaultPrintSlow, false, Asks, ""},
	{FaultNotTyped, false, Asks, ""},
	{FaultCancelled, false, Asks, ""},
	{FaultRestarted, false, Looks, ""},
	{FaultNoAnswer, false, Looks, ""},
	{FaultUnclear, false, Looks, ""},
}

// PrinterFaultOf is the row of a code; ok is false for a fault of something else.
func PrinterFaultOf(code string) (row PrinterFault, ok bool) {
	for _, row := range PrinterFaults {
		if row.Code == code {
			return row, true
		}
	}
	return PrinterFault{}, false
}
