package printer

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/fault"
)

// ipp is an IPP Everywhere printer (PWG 5100.14, RFC 8010 and 8011).
type ipp struct {
	wire
	limits
	log       *slog.Logger
	paper     []string // names of the paper that pages are made for
	hold      bool     // pages of somebody are to be held until a number is typed
	served    bool     // the address itself is that of a print server
	uncounted bool     // its counters say nothing
	counts    bool     // its counters have said something; belongs to the one job there is
	left      left
	requests  atomic.Uint32
	speaks    atomic.Uint32 // the version of IPP that the printer takes
}

// limits are how patient the kiosk is.
type limits struct {
	poll   time.Duration // between two looks at the job
	answer time.Duration // for an answer to a message without a document
	cancel time.Duration // for a cancelled job to be gone
}

func newIPP(u *url.URL, pin []byte, o Options) *ipp {
	return &ipp{
		wire: newWire(u, pin, o.Kiosk), paper: sizes[o.Paper], hold: o.Hold, uncounted: o.Uncounted, log: o.Log,
		served: strings.HasPrefix(u.Path, "/printers/") || strings.HasPrefix(u.Path, "/classes/"),
		limits: limits{poll: 400 * time.Millisecond, answer: 5 * time.Second, cancel: 10 * time.Second},
	}
}

func (p *ipp) message(op goipp.Op, job int) *goipp.Message {
	return p.request(op, p.requests.Add(1), job)
}

// oldest is the version of IPP for printers that do not know 2.0.
var oldest = goipp.MakeVersion(1, 1)

// call sends a message and, when there is one, a document. A printer that takes no IPP 2.0
// is spoken to in 1.1 from then on. As it is asked about itself before every job, a document
// is never sent for a second time for that.
func (p *ipp) call(ctx context.Context, m *goipp.Message, document []byte) (*goipp.Message, error) {
	if v := p.speaks.Load(); v != 0 {
		m.Version = goipp.Version(v)
	}
	answer, err := p.post(ctx, m, document)
	if document != nil || !refusesVersion(m, err) {
		return answer, err
	}
	if m.Version == oldest {
		m.Version = goipp.DefaultVersion // it has learnt, or is another printer
	} else {
		m.Version = oldest
	}
	other, errOther := p.post(ctx, m, nil)
	switch {
	case refusesVersion(m, errOther):
		return answer, err
	case errOther == nil, isRefusal(errOther):
		p.speaks.Store(uint32(m.Version))
	}
	return other, errOther
}

// refusesVersion reports whether a printer does not take a message for its version of IPP. Some
// call what they do not know a bad request.
func refusesVersion(m *goipp.Message, err error) bool {
	var refused *statusError
	return errors.As(err, &refused) && (refused.status == goipp.StatusErrorVersionNotSupported ||
		refused.status == goipp.StatusErrorBadRequest && goipp.Op(m.Code) == goipp.OpGetPrinterAttributes)
}

// quick is a call without a document, within the answer limit.
func (p *ipp) quick(ctx context.Context, m *goipp.Message) (*goipp.Message, error) {
	ctx, stop := context.WithTimeout(ctx, p.answer)
	defer stop()
	return p.call(ctx, m, nil)
}

// Ready implements desk.Printer.
func (p *ipp) Ready(ctx context.Context) *fault.Fault {
	a, err := p.about(ctx)
	if err != nil {
		wrong := trouble(err)
		return &wrong
	}
	left, now := p.clear(ctx, a), a.fault(p.paper, p.hold)
	if left != nil && now != nil {
		left.Detail += ", and " + string(now.Code) + ": " + now.Detail
	}
	return first(left, now)
}
