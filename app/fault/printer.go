package fault

// What can be wrong with a printer: the one table that the printer, the desk and
// the visit go by. A row says whether a print can be started at all, and what becomes
// of a page. In no row does the kiosk send a page that a printer may have taken a
// second time by itself: only the visitor prints again.

// The fault codes of a printer.
const (
	PrinterKey         Code = "printer-key"         // another key than the pinned one answers
	PrinterAccess      Code = "printer-access"      // it wants a name and a password, or refuses this kiosk
	PrinterEncryption  Code = "printer-encryption"  // it wants to be spoken to over TLS
	PrinterTLS         Code = "printer-tls"         // its TLS is too old, or it has none
	PrinterCertificate Code = "printer-certificate" // its certificate cannot be read
	PrinterPath        Code = "printer-path"        // it is not at this path of the address
	PrinterNotIPP      Code = "printer-not-ipp"     // what answers does not speak IPP
	PrinterVersion     Code = "printer-version"     // it takes none of our versions of IPP
	NoPDF              Code = "no-pdf"              // it does not take PDF
	NoHold             Code = "no-hold"             // it cannot hold a page until a number is typed, and is set up to
	Jam                Code = "jam"                 // paper is stuck
	Cover              Code = "cover"               // a cover is open
	Media              Code = "media"               // paper of another size is in it
	Paper              Code = "paper"               // it needs paper
	Toner              Code = "toner"               // toner or ink is out
	Offline            Code = "offline"             // it cannot be reached
	PrinterStopped     Code = "printer"             // it has stopped, or refuses for reasons of its own
	Frozen             Code = "frozen"              // it can be reached and does not answer
	NotAccepting       Code = "not-accepting"       // it takes no jobs
	PrinterBusy        Code = "printer-busy"        // it has too much to do
	PrintSlow          Code = "print-slow"          // it was not done in time
	NotTyped           Code = "not-typed"           // the number was not typed at the printer in time
	Cancelled          Code = "cancelled"           // the visitor or staff cancelled at the printer
	Restarted          Code = "restarted"           // it was switched off and on while it had the page
	NoAnswer           Code = "no-answer"           // it did not say how the job ended
	Unclear            Code = "unclear"             // it called the job complete and did not count its pages, or named an error
	LeftBehind         Code = "left-behind"         // it may still hold a page of somebody who has left
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

// PrinterFault is one row of the table.
type PrinterFault struct {
	Code  Code
	Gate  bool // nothing can be printed: no print is started until the printer can
	Retry Retry
}

// PrinterFaults is the table, in the order in which faults are shown when several
// hold.
var PrinterFaults = []PrinterFault{
	{PrinterKey, true, Asks},
	{PrinterAccess, true, Asks},
	{PrinterEncryption, true, Waits},
	{PrinterTLS, true, Waits},
	{PrinterCertificate, true, Waits},
	{PrinterPath, true, Waits}, // some answer so while they start
	{PrinterNotIPP, true, Waits},
	{PrinterVersion, true, Waits},
	{NoPDF, true, Asks},
	{NoHold, true, Asks},
	{LeftBehind, true, Asks}, // before what is mended: the page would come out then
	{Jam, true, Waits},
	{Cover, true, Waits},
	{Media, true, Waits},
	{Paper, true, Waits},
	{Toner, true, Waits},
	{Offline, true, Waits},
	{PrinterStopped, true, Waits},
	{Frozen, true, Waits},
	{NotAccepting, true, Asks},
	{PrinterBusy, false, Repeats},
	{PrintSlow, false, Asks},
	{NotTyped, false, Asks},
	{Cancelled, false, Asks},
	{Restarted, false, Looks},
	{NoAnswer, false, Looks},
	{Unclear, false, Looks},
}

// PrinterFaultOf is the row of a code; ok is false for a fault of something else.
func PrinterFaultOf(code Code) (row PrinterFault, ok bool) {
	for _, row := range PrinterFaults {
		if row.Code == code {
			return row, true
		}
	}
	return PrinterFault{}, false
}
