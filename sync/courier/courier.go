// Package courier carries what waits in the outbox to central: requests,
// corrections, problem reports and counts of usage.
//
// Run lasts as long as the kiosk. It sends what waits, in the outbox's order and up to
// Together at a time, one alone after a failure; a body stays in the outbox until central
// has taken it. Wake tells it that something was saved. Accepted waits until one request
// is taken.
//
// Rules. When central cannot be reached, everything waits: first Shortest, then twice as
// long each time up to Longest, less up to half of it by chance, so that the kiosks of a
// region do not come back all at once. What is saved meanwhile cuts such a wait short, but
// never a Retry-After of central. An item that central fails on, or of whose kind it has
// too many, is postponed on its own as well, so that it does not hold up the others. An
// item that central refuses permanently is set aside, never sent again. Trouble is said
// once, and its end once. A report or count with a trouble of its own is no trouble of the
// kiosk: no visitor waits for it.
//
// A crash between central's answer and the note of it sends an item again with
// the same key and bytes; central answers the same and keeps one (promise P3).
package courier

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
)

// Limits of the courier.
const (
	Shortest   = time.Second     // first wait after a failure
	Longest    = 5 * time.Minute // longest wait
	Together   = 8               // items on the way at a time
	purgeEvery = time.Hour
)

// ErrRefused tells that central can never take what was saved.
var ErrRefused = errors.New("central refused the request permanently")

// Box is where items wait; outbox.Box is one. Every change is durable when
// the call returns.
type Box interface {
	// Next returns at most n that wait: those that are due, then those due soonest.
	Next(ctx context.Context, n int) ([]outbox.Item, error)
	// Sent ends the wait: central has the item under id until expires, both
	// empty when nobody asks for it later. May be repeated until the purge.
	Sent(ctx context.Context, key, id string, expires time.Time) error
	// Postpone makes a waiting item due later.
	Postpone(ctx context.Context, key string, until time.Time, reason string) error
	// Refuse ends the wait: central can never take the item.
	Refuse(ctx context.Context, key, code string) error
	// ID returns how far an item is, outbox.ErrUnknown for one never saved.
	ID(ctx context.Context, key string) (id string, s outbox.State, err error)
	// PurgeExpired removes what is over; never what waits.
	PurgeExpired(ctx context.Context, now time.Time) error
}

// Central takes what waits; client.Client is one.
type Central interface {
	// Post is idempotent: same key and bytes, same answer. Errors are those of
	// package client. It is called by several goroutines at once.
	Post(ctx context.Context, p seal.Purpose, key string, envelope []byte) (client.Taken, error)
}

// Courier carries what waits. Make one with New.
type Courier struct {
	box     Box
	central Central
	log     *slog.Logger
	trouble func(error)
	wake    chan struct{}

	mu      sync.Mutex
	changed chan struct{} // closed and replaced when an item is sent or refused
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

// Wake tells that something was saved. It never blocks.
func (c *Courier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Accepted waits until central has taken a request or a correction and returns
// central's id for it, ErrRefused, or the error of ctx.
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
