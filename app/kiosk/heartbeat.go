package kiosk

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/disk"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
	"vaxkiosk/sync/version"
)

// How the kiosk does, told to central once a minute and to who asks on this machine
// (gauges.go). Nothing of a visit is in it: it knows that the screen is in service, and not
// whether somebody stands before it, so that nobody reads from it when people came.

const (
	beatEvery = time.Minute
	beatFirst = 5 * time.Second // until the printer has been asked, as a rule
	beatApart = 10 * time.Second
	beatLimit = 20 * time.Second

	// A while after each visit the window lets go of idle connections, whose buffers hold pieces
	// of the record (app/window). One that a heartbeat uses at that moment would stay.
	beatAside = 20 * time.Second
)

// vitals is how a kiosk does.
type vitals struct {
	box      *outbox.Box
	settings *Bootstrap
	asked    func() bool // the printer was
	data     string      // folder of the outbox

	mu      sync.Mutex
	number  uint64
	ended   time.Time // when the visit before did
	out     bool      // of service
	idle    bool      // nobody is there: for this kiosk alone to know
	left    time.Time // when the last one was there, or the kiosk started
	known   string
	printer api.HeartbeatPrinter
	ahead   *time.Duration // how far the clock is; nil: central has not said
	heard   time.Time      // when central took the last one
}

// shows takes from a snapshot what is the kiosk's own.
func (v *vitals) shows(now visit.Visit) {
	state := client.PrinterState("")
	if now.PrinterDown != nil {
		state = client.PrinterState(now.PrinterDown.Code)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.number != 0 && v.number != now.Number {
		v.ended = time.Now()
	}
	v.number = now.Number
	before := v.idle
	v.out, v.printer, v.idle = now.OutOfOrder != nil, state, now.Touched.IsZero()
	if !before || !v.idle {
		v.left = time.Now()
	}
}

// taken notes that central has taken a heartbeat, and what came of an order with it.
func (v *vitals) taken(ahead *time.Duration, at time.Time, answer *api.OrderAnswer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ahead, v.heard = ahead, at
	if answer != nil {
		v.known = answer.Id
	}
}

// knows reports whether central knows what came of an order, the last one.
func (v *vitals) knows(order string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.known == order
}

// aside is how long a heartbeat stays out of the way of a visit that has ended.
func (v *vitals) aside() time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	return max(0, beatAside-time.Since(v.ended))
}

// rests reports whether nobody is there.
func (v *vitals) rests() bool { return v.restsFor(0) }

// restsFor reports whether nobody is there, and nobody has been for a time.
func (v *vitals) restsFor(since time.Duration) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.idle && time.Since(v.left) >= since
}

// last is what came of the last heartbeat.
func (v *vitals) last() (ahead *time.Duration, heard time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.ahead, v.heard
}

// beat is how the kiosk does at a time.
func (v *vitals) beat(ctx context.Context, now time.Time) (api.Heartbeat, error) {
	h := api.Heartbeat{Version: version.Number, Screen: api.InService}
	var oldest time.Time
	for _, p := range []seal.Purpose{seal.ForRequest, seal.ForAmend, seal.ForReport, seal.ForUsage} {
		c, err := v.box.Counts(ctx, p)
		if err != nil {
			return h, err
		}
		h.Waiting += c.Waiting
		h.Refused += c.Refused
		if !c.Oldest.IsZero() && (oldest.IsZero() || c.Oldest.Before(oldest)) {
			oldest = c.Oldest
		}
	}
	if !oldest.IsZero() {
		h.Oldest = seconds(now.Sub(oldest))
	}
	if at := v.settings.freshAt(); !at.IsZero() {
		age := seconds(now.Sub(at))
		h.Settings = &age
	}
	if bytes, known := disk.Free(v.data); known {
		mib := int(min(bytes>>20, 1<<30))
		h.DiskFree = &mib
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.out {
		h.Screen = api.OutOfService
	}
	if v.asked() && v.printer != "" {
		state := v.printer
		h.Printer = &state
	}
	return h, nil
}

// seconds is a duration in whole seconds; a clock that was put back makes none of it.
func seconds(d time.Duration) int { return int(max(0, d) / time.Second) }

// heartbeat tells central, and does what central's operator asks (orders.go).
type heartbeat struct {
	of    *vitals
	tell  func(ctx context.Context, h api.Heartbeat) (client.Heard, error)
	asked func(ctx context.Context, jws string) *api.OrderAnswer // nil: not now, or not at all
	after func(context.Context, api.OrderAnswer)                 // central knows what came of it
	look  func()                                                 // has the settings asked for at once
	log   *slog.Logger

	refused bool // and said so
	out     bool // central let this kiosk in no more the last time
}

// apart is a pause of at least so long. Kiosks that start at the same moment, after a power
// cut, do not all call at the same moment.
func apart(least time.Duration) time.Duration { return least + rand.N(beatApart) }

// follow tells central after a first pause, and then until ctx ends, after one more each time.
func (b *heartbeat) follow(ctx context.Context, pause time.Duration, next func() time.Duration) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(b.of.aside()):
		}
		for _, jws := range b.once(ctx, nil) {
			answer := b.asked(ctx, jws)
			if answer == nil {
				continue
			}
			if b.once(ctx, answer); b.of.knows(answer.Id) {
				b.after(ctx, *answer)
			}
		}
		pause = next()
	}
}

// once tells central how the kiosk does now, and what came of an order, and returns what is
// asked. That central is away, or lets this kiosk in no more, others say, who are asked to look
// at once: they call four times an hour, and a kiosk that is stolen must not invite anybody
// until then. Only that it does not take this is said here, once.
func (b *heartbeat) once(ctx context.Context, answer *api.OrderAnswer) (orders []string) {
	call, cancel := context.WithTimeout(ctx, beatLimit)
	defer cancel()
	now := time.Now()
	h, err := b.of.beat(call, now)
	if err != nil {
		return nil // the courier says what is wrong with the outbox
	}
	if answer != nil {
		h.Answers = &[]api.OrderAnswer{*answer}
	}
	heard, err := b.tell(call, h)
	if out := errors.Is(err, client.ErrCertificate); (out || err == nil) && out != b.out {
		b.out = out
		b.look()
	}
	switch {
	case err == nil:
		b.refused = false
		b.of.taken(heard.Ahead, now, answer)
	case errors.Is(err, client.ErrUnfit) && !b.refused:
		b.refused = true
		b.log.Warn("central does not take what this kiosk says of itself; it may be older", "event", "heartbeat.refused", "cause", err)
	}
	return heard.Orders
}
