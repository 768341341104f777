package printer

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
)

// ipp is an IPP Everywhere printer (PWG 5100.14, RFC 8010 and 8011).
type ipp struct {
	wire
	limits
	log      *slog.Logger
	paper    []string // names of the paper that pages are made for
	hold     bool     // pages of somebody are to be held until a number is typed
	served   bool     // the address itself is that of a print server
	left     left
	requests atomic.Uint32
}

// limits are how patient the kiosk is.
type limits struct {
	poll   time.Duration // between two looks at the job
	answer time.Duration // for an answer to a message without a document
	cancel time.Duration // for a cancelled job to be gone
}

func newIPP(u *url.URL, pin []byte, o Options) *ipp {
	return &ipp{
		wire: newWire(u, pin, o.Kiosk), paper: sizes[o.Paper], hold: o.Hold, log: o.Log,
		served: strings.HasPrefix(u.Path, "/printers/") || strings.HasPrefix(u.Path, "/classes/"),
		limits: limits{poll: 400 * time.Millisecond, answer: 5 * time.Second, cancel: 10 * time.Second},
	}
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

// Ready implements desk.Printer.
func (p *ipp) Ready(ctx context.Context) *desk.Fault {
	a, err := p.about(ctx)
	if err != nil {
		fault := trouble(err)
		return &fault
	}
	left, now := p.clear(ctx, a), a.fault(p.paper, p.hold)
	if left != nil && now != nil {
		left.Detail += ", and " + now.Code + ": " + now.Detail
	}
	return first(left, now)
}
