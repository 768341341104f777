package printer

import (
	"context"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/visit"
)

// ipp is an IPP Everywhere printer (PWG 5100.14, RFC 8010 and 8011).
type ipp struct {
	wire
	limits
	requests atomic.Uint32
}

// limits are how patient the kiosk is.
type limits struct {
	poll   time.Duration // between two looks at the job
	answer time.Duration // for an answer to a message without a document
	cancel time.Duration // for a cancelled job to be gone
}

func newIPP(u *url.URL, pin []byte) *ipp {
	return &ipp{wire: newWire(u, pin), limits: limits{poll: 400 * time.Millisecond, answer: 5 * time.Second, cancel: 10 * time.Second}}
}

// Printer states (RFC 8011, 5.4.11).
const printerStopped = 5

const pdfFormat = "application/pdf"

// about is what a printer says about itself.
type about struct {
	stopped bool
	reasons []string
	accepts bool // jobs
	formats []string
	splits  bool // takes Create-Job and Send-Document
	up      int  // seconds since it was switched on, 0 when it does not say
}

func (p *ipp) message(op goipp.Op, job int) *goipp.Message {
	return p.request(op, p.requests.Add(1), job)
}

// quick is a call without a document, within the answer limit.
func (p *ipp) quick(ctx context.Context, m *goipp.Message) (*goipp.Message, error) {
	ctx, stop := context.WithTimeout(ctx, p.answer)
	defer stop()
	return p.call(ctx, m, nil)
}

func (p *ipp) about(ctx context.Context) (about, error) {
	m := p.message(goipp.OpGetPrinterAttributes, 0)
	ask(m, "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "document-format-supported", "operations-supported", "printer-up-time")
	answer, err := p.quick(ctx, m)
	if err != nil {
		return about{}, err
	}
	state, _ := number(answer.Printer, "printer-state")
	up, _ := number(answer.Printer, "printer-up-time")
	operations := numbers(answer.Printer, "operations-supported")
	return about{
		stopped: state == printerStopped,
		reasons: texts(answer.Printer, "printer-state-reasons"),
		accepts: isTrue(answer.Printer, "printer-is-accepting-jobs"),
		formats: texts(answer.Printer, "document-format-supported"),
		splits: slices.Contains(operations, int(goipp.OpCreateJob)) &&
			slices.Contains(operations, int(goipp.OpSendDocument)),
		up: up,
	}, nil
}

// refusal is why a printer takes no job at all.
func (a about) refusal() *desk.Fault {
	switch {
	case !slices.Contains(a.formats, pdfFormat):
		return &desk.Fault{Code: visit.FaultFormat, Detail: formatHint}
	case !a.accepts:
		return &desk.Fault{Code: visit.FaultClosed, Detail: "not accepting jobs"}
	}
	return nil
}

// Ready implements desk.Printer.
func (p *ipp) Ready(ctx context.Context) *desk.Fault {
	a, err := p.about(ctx)
	if err != nil {
		fault := trouble(err)
		return &fault
	}
	if fault := a.refusal(); fault != nil {
		return fault
	}
	return faultOf(a.reasons, a.stopped, false)
}
