package printer

import (
	"context"
	"slices"
	"strings"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/fault"
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

// wish is a value that a job asks for where the printer announces it, because the
// printer's own default may be another.
type wish struct {
	name  string
	tag   goipp.Tag
	value goipp.Value
}

// supported is the attribute in which a printer announces what it takes.
func (w wish) supported() string { return w.name + "-supported" }

// oneSide is asked for so that no page hides behind another.
var oneSide = wish{"sides", goipp.TagKeyword, goipp.String("one-sided")}

// wishes are those of every job, its paper aside: what is drawn comes out once, a page on
// one side of a sheet, upright, as large as it was drawn and in black, which is all that
// pages need. Fitted or two on a sheet, codes would be too small for a scanner.
var wishes = []wish{
	oneSide,
	{"print-color-mode", goipp.TagKeyword, goipp.String("monochrome")},
	{"print-scaling", goipp.TagKeyword, goipp.String("none")},
	{"copies", goipp.TagInteger, goipp.Integer(1)},
	{"number-up", goipp.TagInteger, goipp.Integer(1)},
	{"orientation-requested", goipp.TagEnum, goipp.Integer(3)}, // portrait
}

// sizes are the names of paper by those in the configuration: first that of PWG 5101.1,
// then those of IPP 1.1 (RFC 2911, appendix C) and of printers that have names of their own.
var sizes = map[string][]string{
	"letter": {"na_letter_8.5x11in", "na-letter", "na-letter-white", "letter", "us-letter"},
	"a4":     {"iso_a4_210x297mm", "iso-a4", "iso-a4-white", "a4"},
}

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
	ready   []string         // paper that is in it
	takes   goipp.Attributes // what it announces of wishes
	passwords
}

func (p *ipp) about(ctx context.Context) (about, error) {
	m := p.message(goipp.OpGetPrinterAttributes, 0)
	names := []string{
		"printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "printer-up-time", "operations-supported",
		"document-format-supported", "media-supported", "media-ready",
		"job-password-supported", "job-password-encryption-supported", "job-password-length-supported", "job-password-repertoire-configured",
	}
	for _, w := range wishes {
		names = append(names, w.supported())
	}
	ask(m, names...)
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
		up:    up,
		media: texts(answer.Printer, "media-supported"),
		ready: texts(answer.Printer, "media-ready"),
		takes: answer.Printer,

		passwords: passwordsOf(answer.Printer),
	}, nil
}

// refusal is why a printer cannot take a job on this paper, or cannot hold it though it
// must. An empty tray may be missing from what the printer lists as ready: then the paper
// is out, and no other size is to blame.
func (a about) refusal(paper []string, hold bool) *fault.Fault {
	switch {
	case !slices.Contains(a.formats, pdfFormat):
		return &fault.Fault{Code: fault.NoPDF, Detail: formatHint}
	case hold && a.noHold() != nil:
		return a.noHold()
	case !a.accepts:
		return &fault.Fault{Code: fault.NotAccepting, Detail: "not accepting jobs"}
	case len(a.media) > 0 && among(a.media, paper) == "":
		return &fault.Fault{Code: fault.Media, Detail: "it knows no " + paper[0]}
	case len(a.ready) > 0 && among(a.ready, paper) == "" && !a.outOfPaper():
		return &fault.Fault{Code: fault.Media, Detail: "wanted " + paper[0] + ", in it " + strings.Join(a.ready, " ")}
	}
	return nil
}

// among is what a printer calls a size that has these names, empty if it has none.
func among(media, names []string) string {
	for _, m := range media {
		if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, m) }) {
			return m
		}
	}
	return ""
}

// outOfPaper reports whether a tray is empty, whatever else holds.
func (a about) outOfPaper() bool {
	return slices.ContainsFunc(faultsOf(a.reasons, a.stopped, true), func(f fault.Fault) bool { return f.Code == fault.Paper })
}

// fault is why nothing can be printed, of all that the printer says about itself.
func (a about) fault(paper []string, hold bool) *fault.Fault {
	return first(a.refusal(paper, hold), faultOf(a.reasons, a.stopped, false))
}

// wish asks for those of the wishes that the printer announces. The paper is asked for by
// the name that the printer has for it.
func (a about) wish(m *goipp.Message, paper []string) {
	if name := among(a.media, paper); name != "" {
		m.Job.Add(goipp.MakeAttr("media", goipp.TagKeyword, goipp.String(name)))
	}
	for _, w := range wishes {
		if a.offers(w) {
			m.Job.Add(goipp.MakeAttr(w.name, w.tag, w.value))
		}
	}
}

// offers reports whether the printer announces what is wished, by itself or within a range.
func (a about) offers(w wish) bool {
	for _, v := range find(a.takes, w.supported()) {
		within, is := v.V.(goipp.Range)
		n, counts := w.value.(goipp.Integer)
		if v.V == w.value || is && counts && within.Within(int(n)) {
			return true
		}
	}
	return false
}
