// Package courier carries requests from the outbox to central.
//
// Run lasts as long as the kiosk. It sends what waits, the oldest first and up to
// Together at a time, after a failure one; a body stays in the outbox until
// central has taken it. Wake tells it that something was saved. Accepted waits
// until one request is taken.
//
// Rules. When central cannot be reached, everything waits: first Shortest, then
// twice as long each time up to Longest, less up to half of it by chance, so
// that the kiosks of a region do not come back all at once. A new request cuts
// such a wait short, a Retry-After of central never. A request that central
// fails on is postponed on its own as well, so that it does not hold up the
// others. A request that central refuses for good is set aside, never sent
// again. Trouble is said once, and its end once.
//
// A crash between central's answer and the note of it sends a request again with
// the same key and bytes; central answers the same and keeps one (promise P3).
package courier

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/outbox"
)

// Limits of the courier.
const (
	Shortest   = time.Second     // first wait after a failure
	Longest    = 5 * time.Minute // longest wait
	Together   = 8               // requests on the way at a time
	purgeEvery = time.Hour
)

// ErrRefused tells that central can never take the request.
var ErrRefused = errors.New("central refused the request for good")

// Box is where requests wait; outbox.Box is one. Every change is durable when
// the call returns.
type Box interface {
	// Next returns at most n waiting requests, those due first, due or not.
	Next(ctx context.Context, n int) ([]outbox.Item, error)
	// Sent ends the wait: central has the request under id. May be repeated.
	Sent(ctx context.Context, key, id string, expires time.Time) error
	// Postpone makes a waiting request due later.
	Postpone(ctx context.Context, key string, until time.Time, reason string) error
	// Refuse ends the wait: central can never take the request.
	Refuse(ctx context.Context, key, code string) error
	// ID returns how far a request is, outbox.ErrUnknown for one never saved.
	ID(ctx context.Context, key string) (id string, s outbox.State, err error)
	// PurgeExpired removes what is over; never what waits.
	PurgeExpired(ctx context.Context, now time.Time) error
}

// Central takes requests; client.Client is one.
type Central interface {
	// PostRequest is idempotent: same key and bytes, same answer. Errors are
	// those of package client. It is called by several goroutines at once.
	PostRequest(ctx context.Context, key string, envelope []byte) (api.Ticket, error)
}

// Courier carries requests. Make one with New.
type Courier struct {
	box     Box
	central Central
	log     *slog.Logger
	trouble func(error)
	wake    chan struct{}

	mu      sync.Mutex
	changed chan struct{} // closed and replaced when a request is sent or refused
}

// New makes a courier. Trouble, when not nil, is called with the error when an
// outage begins and with nil when it ends, from the goroutine of Run.
func New(box Box, central Central, log *slog.Logger, trouble func(error)) *Courier {
	if trouble == nil {
		trouble = func(error) {}
	}
	return &Courier{
		box: box, central: central, log: log, trouble: trouble,
		wake: make(chan struct{}, 1), changed: make(chan struct{}),
	}
}

// Wake tells that a request was saved. It never blocks.
func (c *Courier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Accepted waits until central has taken the request and returns central's id
// for it, ErrRefused, or the error of ctx.
func (c *Courier) Accepted(ctx context.Context, key string) (id string, err error) {
	for {
		c.mu.Lock()
		changed := c.changed
		c.mu.Unlock()
		id, state, err := c.box.ID(ctx, key)
		switch {
		case err != nil:
			return "", err
		case state == outbox.Sent:
			return id, nil
		case state == outbox.Refused:
			return "", ErrRefused
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}
