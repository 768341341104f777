package courier

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
)

// run is what the loop knows between two turns.
type run struct {
	failures int       // in a row
	hold     time.Time // central's own pause
	purged   time.Time
	said     trouble // what was said; the zero one when there is none
}

// Run carries what waits until ctx ends.
func (c *Courier) Run(ctx context.Context) {
	var r run
	for ctx.Err() == nil {
		c.rest(ctx, c.turn(ctx, &r))
	}
}

func (c *Courier) rest(ctx context.Context, wait time.Duration) {
	if wait <= 0 {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-c.wake:
	case <-timer.C:
	}
}

// turn carries a few items, or finds that there is nothing to do now, and
// returns how long to rest.
func (c *Courier) turn(ctx context.Context, r *run) time.Duration {
	now := time.Now()
	if wait := r.hold.Sub(now); wait > 0 {
		return wait
	}
	if now.Sub(r.purged) >= purgeEvery {
		r.purged = now
		if err := c.box.PurgeExpired(ctx, now); err != nil {
			return c.failed(ctx, r, here(err))
		}
	}
	together := Together
	if r.failures > 0 {
		together = 1
	}
	items, err := c.box.Next(ctx, together)
	if err != nil {
		return c.failed(ctx, r, here(err))
	}
	if len(items) == 0 {
		c.worked(r)
		return purgeEvery
	}
	items, wait := due(items, now)
	if len(items) == 0 {
		return wait
	}
	if err := c.carry(ctx, r, items); err != nil {
		return c.failed(ctx, r, err)
	}
	return 0
}

// due keeps what is due, or tells how long nothing is. Due later than any
// postponing can make it means that the clock was set back: then it is due now.
func due(items []outbox.Item, now time.Time) ([]outbox.Item, time.Duration) {
	for i, it := range items {
		if wait := it.Due.Sub(now); wait > 0 && wait <= Longest {
			return items[:i], wait
		}
	}
	return items, 0
}

// outcome is how one sending ended.
type outcome struct {
	item  outbox.Item
	taken client.Taken
	err   error
}

// carry sends items side by side and notes what became of each as soon as it
// is known. The error is the first of those that still wait.
func (c *Courier) carry(ctx context.Context, r *run, items []outbox.Item) (first error) {
	outcomes := make(chan outcome, len(items))
	for _, it := range items {
		go func() {
			taken, err := c.central.Post(ctx, it.Purpose, it.Key, it.Envelope)
			outcomes <- outcome{it, taken, err}
		}()
	}
	for range items {
		o := <-outcomes
		err := o.err
		if err == nil {
			err = c.settled(here(c.box.Sent(ctx, o.item.Key, o.taken.ID, o.taken.Expires)))
		} else {
			err = c.turnedDown(ctx, r, o.item, err)
		}
		switch {
		case err == nil:
			c.worked(r)
		case errors.Is(err, errAside): // tells nothing of central
		case first == nil:
			first = err
		}
	}
	return first
}

// alone reports whether a trouble is this item's only, and says nothing of central: an
// older one does not know the call, it takes no more of these now, or it has failed
// on the item again and again.
func alone(item outbox.Item, p *client.Problem) bool {
	return p.Code == api.ProblemUnknown || apart[p.Code] || item.Tries >= sayAfter
}

// apart are the codes of what central keeps away for a while, with a pause that is for
// such items only: it has too many of them, or cannot open them as it is.
var apart = map[string]bool{api.ProblemTooMany: true, api.ProblemCannotOpen: true}

// errAside is an item that was postponed for a trouble of its own.
var errAside = errors.New("put aside")

// turnedDown notes what became of an item that central did not take. Nil means
// that it no longer waits.
func (c *Courier) turnedDown(ctx context.Context, r *run, item outbox.Item, err error) error {
	var p *client.Problem
	if !errors.As(err, &p) {
		return err
	}
	if final[p.Code] {
		c.refused(ctx, item, p)
		return c.settled(here(c.box.Refuse(ctx, item.Key, p.Code)))
	}
	if !apart[p.Code] {
		r.hold = later(r.hold, time.Now().Add(min(p.RetryAfter, Longest)))
	}
	if everybodys(p) {
		return err
	}
	if item.Tries == 0 {
		c.log.Warn("central fails on a "+names[item.Purpose]+"; it waits and the others go on", "event", "sending.put-aside", "problem", p)
	}
	until := time.Now().Add(min(max(p.RetryAfter, backOff(item.Tries)), Longest)) // later would look like a clock that was set back
	if postponed := here(c.box.Postpone(ctx, item.Key, until, p.Code)); postponed != nil || awaited(item.Purpose) && !alone(item, p) {
		return errors.Join(err, postponed)
	}
	return errAside
}

// refused says what central can never take: an error when a visitor waits for it.
func (c *Courier) refused(ctx context.Context, item outbox.Item, p *client.Problem) {
	level := slog.LevelInfo
	if awaited(item.Purpose) {
		level = slog.LevelError
	}
	c.log.Log(ctx, level, "central refuses a "+names[item.Purpose]+" permanently; it is kept for support", "event", "sending.refused", "code", p.Code)
}

// awaited tells what a visitor waits for from reports and counts.
func awaited(p seal.Purpose) bool { return p == seal.ForRequest || p == seal.ForAmend }

// names is what the log calls an item.
var names = map[seal.Purpose]string{
	seal.ForRequest: "request", seal.ForAmend: "correction", seal.ForReport: "problem report", seal.ForUsage: "count of usage",
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// settled wakes those who wait for an item, once its end is on the disk.
func (c *Courier) settled(err error) error {
	if err == nil {
		c.mu.Lock()
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
	}
	return err
}

// final are the codes of what central can never take.
var final = map[string]bool{
	api.ProblemKeyReused: true, api.ProblemBadEnvelope: true, api.ProblemBadRequest: true,
	api.ProblemTooLarge: true, api.ProblemExpired: true, api.ProblemUnknownField: true, api.ProblemWrongType: true,
}

// everybodys tells a trouble with central from a trouble with one item.
func everybodys(p *client.Problem) bool {
	return p.Code == api.ProblemBusy || errors.Is(p, client.ErrCertificate) || p.Code == "" && p.Status >= 500
}

// sayAfter failures in a row it is an outage, even when each looked like the
// trouble of one item.
const sayAfter = 3

// failed counts a failure, says it once, and waits longer each time.
func (c *Courier) failed(ctx context.Context, r *run, err error) time.Duration {
	if ctx.Err() != nil {
		return 0 // the kiosk stops, nothing failed
	}
	r.failures++
	var p *client.Problem
	own := errors.As(err, &p) && !everybodys(p)
	if t := troubleOf(err); t != r.said && (!own || r.failures >= sayAfter) {
		r.said = t
		c.log.Log(ctx, t.level, t.text, "event", t.event, "cause", err)
		c.trouble(err)
	}
	return backOff(r.failures - 1)
}

func (c *Courier) worked(r *run) {
	if r.said != (trouble{}) {
		c.log.Info("what is saved goes out again", "event", "sending.resumed")
		c.trouble(nil)
	}
	r.failures, r.said = 0, trouble{}
}

// backOff is the wait after n earlier failures.
func backOff(n int) time.Duration {
	wait := min(Shortest<<min(n, 30), Longest)
	return wait - rand.N(wait/2)
}
