package printer

import (
	"context"
	"slices"
	"strings"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/visit"
)

// What a printer can do, and whether it is one. An address that can list printers
// (CUPS-Get-Printers), or that is below /printers/ or /classes/, is the queue of a
// print server: it hides how a job ends, so it is never believed that it printed.
//
// A printer is asked before every job, and a job asks for nothing
// that the printer has not announced.

// Printer states (RFC 8011, 5.4.11).
const (
	printerProcessing = 4
	printerStopped    = 5
)

const pdfFormat = "application/pdf"

// The wishes of every job: one side, so that no page hides behind another, and
// black on white, which is all that pages need.
const (
	oneSided   = "one-sided"
	monochrome = "monochrome"
)

// sizes are the sizes of paper (PWG 5101.1) by their names in the configuration.
var sizes = map[string]string{"letter": "na_letter_8.5x11in", "a4": "iso_a4_210x297mm"}

// about is what a printer says about itself. Where a list is empty it did not say.
type about struct {
	queue   bool // of a print server, not the printer itself
	stopped bool
	working bool
	reasons []string
	accepts bool // jobs
	formats []string
	splits  bool // takes Create-Job and Send-Document
	up      int  // seconds since it was switched on, 0 when it does not say
	media   []string
	ready   []string // paper that is in it
	sides   []string
	colors  []string
	passwords
}

func (p *ipp) about(ctx context.Context) (about, error) {
	m := p.message(goipp.OpGetPrinterAttributes, 0)
	ask(m, "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "printer-up-time", "operations-supported",
		"document-format-supported", "media-supported", "media-ready", "sides-supported", "print-color-mode-supported",
		"job-password-supported", "job-password-encryption-supported", "job-password-length-supported", "job-password-repertoire-configured")
	answer, err := p.quick(ctx, m)
	if err != nil {
		return about{}, err
	}
	state, _ := number(answer.Printer, "printer-state")
	up, _ := number(answer.Printer, "printer-up-time")
	operations := numbers(answer.Printer, "operations-supported")
	return about{
		queue:   p.served || slices.Contains(operations, int(goipp.OpCupsGetPrinters)),
		working: state == printerProcessing,
		stopped: state == printerStopped,
		reasons: texts(answer.Printer, "printer-state-reasons"),
		accepts: isTrue(answer.Printer, "printer-is-accepting-jobs"),
		formats: texts(answer.Printer, "document-format-supported"),
		splits: slices.Contains(operations, int(goipp.OpCreateJob)) &&
			slices.Contains(operations, int(goipp.OpSendDocument)),
		up:     up,
		media:  texts(answer.Printer, "media-supported"),
		ready:  texts(answer.Printer, "media-ready"),
		sides:  texts(answer.Printer, "sides-supported"),
		colors: texts(answer.Printer, "print-color-mode-supported"),

		passwords: passwordsOf(answer.Printer),
	}, nil
}

// refusal is why a printer cannot take a job on this paper, and hold it if it is to. A tray that is empty may
// be missing among what is ready: then there is no paper, not another size.
func (a about) refusal(media string, hold bool) *desk.Fault {
	switch {
	case !slices.Contains(a.formats, pdfFormat):
		return &desk.Fault{Code: visit.FaultFormat, Detail: formatHint}
	case hold && a.noHold() != nil:
		return a.noHold()
	case !a.accepts:
		return &desk.Fault{Code: visit.FaultClosed, Detail: "not accepting jobs"}
	case len(a.media) > 0 && !slices.Contains(a.media, media):
		return &desk.Fault{Code: visit.FaultMedia, Detail: "it knows no " + media}
	case len(a.ready) > 0 && !slices.Contains(a.ready, media) && !a.outOfPaper():
		return &desk.Fault{Code: visit.FaultMedia, Detail: "wanted " + media + ", in it " + strings.Join(a.ready, " ")}
	}
	return nil
}

// outOfPaper tells that a tray is empty, whatever else holds.
func (a about) outOfPaper() bool {
	return slices.ContainsFunc(faultsOf(a.reasons, a.stopped, true), func(f desk.Fault) bool { return f.Code == visit.FaultPaper })
}

// fault is why nothing can be printed, of all that the printer says about itself.
func (a about) fault(media string, hold bool) *desk.Fault {
	return first(a.refusal(media, hold), faultOf(a.reasons, a.stopped, false))
}

// wish asks for what the printer can do of what every page needs.
func (a about) wish(m *goipp.Message, media string) {
	for _, w := range []struct {
		name, value string
		announced   []string
	}{{"media", media, a.media}, {"sides", oneSided, a.sides}, {"print-color-mode", monochrome, a.colors}} {
		if slices.Contains(w.announced, w.value) {
			m.Job.Add(goipp.MakeAttr(w.name, goipp.TagKeyword, goipp.String(w.value)))
		}
	}
}
