package courier

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
)

// run is what the loop knows between two requests.
type run struct {
	failures int       // in a row
	hold     time.Time // central's own pause
	purged   time.Time
	said     bool // the trouble was said
}

// pause is when to look again.
type pause struct {
	wait time.Duration
	firm bool // a new request does not cut it short
}

// Run carries requests until ctx ends.
func (c *Courier) Run(ctx context.Context) {
	var r run
	for ctx.Err() == nil {
		c.rest(ctx, c.turn(ctx, &r))
	}
}

func (c *Courier) rest(ctx context.Context, p pause) {
	if p.wait <= 0 {
		return
	}
	wake := c.wake
	if p.firm {
		wake = nil
	}
	timer := time.NewTimer(p.wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}

// turn carries one request, or finds that there is nothing to do now.
func (c *Courier) turn(ctx context.Context, r *run) pause {
	now := time.Now()
	if wait := r.hold.Sub(now); wait > 0 {
		return pause{wait, true}
	}
	if now.Sub(r.purged) >= purgeEvery {
		r.purged = now
		if err := c.box.PurgeExpired(ctx, now); err != nil {
			return c.failed(ctx, r, err)
		}
	}
	item, ok, err := c.box.Next(ctx)
	if err != nil {
		return c.failed(ctx, r, err)
	}
	if !ok {
		c.worked(r)
		return pause{wait: purgeEvery}
	}
	// Due later than any postponing can make it: the clock was set back. Then it is due now.
	if wait := item.Due.Sub(now); wait > 0 && wait <= Longest {
		return pause{wait: wait}
	}
	if err := c.carry(ctx, r, item); err != nil {
		return c.failed(ctx, r, err)
	}
	c.worked(r)
	return pause{}
}

// carry sends one request and notes what became of it. Nil means it no longer waits.
func (c *Courier) carry(ctx context.Context, r *run, item outbox.Item) error {
	ticket, err := c.central.PostRequest(ctx, item.Key, item.Envelope)
	if err == nil {
		return c.settled(c.box.Sent(ctx, item.Key, ticket.Id, ticket.ExpiresAt))
	}
	var p *client.Problem
	if !errors.As(err, &p) {
		return err
	}
	if final[p.Code] {
		c.log.Error("central refuses a request for good; it is kept for support", "code", p.Code)
		return c.settled(c.box.Refuse(ctx, item.Key, p.Code))
	}
	r.hold = time.Now().Add(min(p.RetryAfter, Longest))
	if everybodys(p) {
		return err
	}
	if item.Tries == 0 {
		c.log.Warn("central fails on a request; it waits and the others go on", "problem", p)
	}
	until := time.Now().Add(max(p.RetryAfter, backOff(item.Tries)))
	return errors.Join(err, c.box.Postpone(ctx, item.Key, until, p.Code))
}

// settled wakes those who wait for a request, once its end is on the disk.
func (c *Courier) settled(err error) error {
	if err == nil {
		c.mu.Lock()
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
	}
	return err
}

// final are the codes of a request that central can never take.
var final = map[string]bool{
	api.ProblemKeyReused: true, api.ProblemBadEnvelope: true, api.ProblemBadRequest: true,
	api.ProblemTooLarge: true, api.ProblemExpired: true,
}

// everybodys tells a trouble with central from a trouble with one request.
func everybodys(p *client.Problem) bool {
	return p.Code == api.ProblemBusy || p.Code == api.ProblemCertificate || p.Code == "" && p.Status >= 500
}

// sayAfter failures in a row it is an outage, even when each looked like the
// trouble of one request.
const sayAfter = 3

// failed counts a failure, says it once, and waits longer each time.
func (c *Courier) failed(ctx context.Context, r *run, err error) pause {
	if ctx.Err() != nil {
		return pause{} // the kiosk stops, nothing failed
	}
	r.failures++
	var p *client.Problem
	own := errors.As(err, &p) && !everybodys(p)
	if !r.said && (!own || r.failures >= sayAfter) {
		r.said = true
		c.log.Warn("requests wait on this kiosk", "cause", err)
		c.trouble(err)
	}
	return pause{wait: backOff(r.failures - 1)}
}

func (c *Courier) worked(r *run) {
	if r.said {
		c.log.Info("no request waits for that any more")
		c.trouble(nil)
	}
	r.failures, r.said = 0, false
}

// backOff is the wait after n earlier failures.
func backOff(n int) time.Duration {
	wait := min(Shortest<<min(n, 30), Longest)
	return wait - rand.N(wait/2)
}
