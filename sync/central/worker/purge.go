package worker

import (
	"context"
	"errors"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/retention"
	"vaxkiosk/sync/central/store"
)

// What the worker does once an hour: it erases what is too old, replaces the key of
// cards that is, publishes the counts of days that are over, takes newer code tables, and
// makes up for a clock that was ahead.
//
// What has been erased is gone permanently, so a clock that is far ahead must not erase
// it. A day or more that has passed since the last time by the clock, but not in
// this process, is in doubt: then nothing is erased and no key replaced until the
// process has seen a day pass. A service that was really off for so long only
// erases a day later.
//
// Of several instances one at a time does so, whichever comes first; each takes its own code
// tables and the keys that others have changed.
//
// When it fails, requests are worked on all the same, and it comes again in an hour.

const PurgeEvery = time.Hour

type housework struct {
	*Worker
	tried    time.Time
	done     time.Time // or when the worker began; times of this process differ by what has passed, whatever the clock does
	troubled bool
}

// do does it, and logs the begin and the end of trouble.
func (h *housework) do(ctx context.Context, now time.Time) {
	h.tried = now
	err := unbroken(func() error {
		if h.Tables != nil {
			h.Tables()
		}
		if !h.Several {
			return h.attempt(ctx, now)
		}
		return errors.Join(h.takeKeys(ctx), h.alone(ctx, now))
	})
	switch {
	case ctx.Err() != nil:
	case err != nil && !h.troubled:
		h.troubled = true
		h.Log.Error("what is too old cannot be erased, keys not be looked after, or counts not be published", "event", "housework.failed", "why", err.Error())
	case err == nil && h.troubled:
		h.troubled = false
		h.Log.Info("what is too old is erased again, keys are looked after and counts published", "event", "housework.resumed")
	}
}

// alone does it, unless another instance is at it.
func (h *housework) alone(ctx context.Context, now time.Time) error {
	release, err := h.Store.Alone(ctx, "housework")
	if errors.Is(err, store.ErrLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(h.attempt(ctx, now), release())
}

// attempt does it, unless the clock is in doubt.
func (h *housework) attempt(ctx context.Context, now time.Time) error {
	last, before, err := h.Store.LastPurge(ctx)
	if err != nil {
		return err
	}
	if before && now.Sub(last) > store.Doubtful && now.Sub(h.done) < store.Doubtful {
		h.Log.Error("the clock is far ahead of when this service was here last: check it; if it is right, what is too old is erased a day from the start", "event", "clock.doubtful",
			"clock", now.UTC().Format(time.RFC3339), "last", last.UTC().Format(time.RFC3339))
		return nil
	}
	if err = h.Purge(ctx, now); err == nil {
		h.done = now
	}
	return err
}

// Purge erases what is too old, replaces keys whose time is over, publishes counts, and
// makes up for a clock that was ahead.
func (c *Worker) Purge(ctx context.Context, now time.Time) error {
	c.tryHeld(ctx)
	c.warnOfTheDying(ctx, now)
	lapsed, err := c.Store.PurgeAmendments(ctx, now, c.Keep.Of(retention.OfRequests))
	if lapsed > 0 {
		c.Log.Warn("corrections were erased that nobody closed", "event", "corrections.lapsed", "count", lapsed)
	}
	return errors.Join(err, c.Store.Purge(ctx, now, c.Keep.Of(retention.OfRequests)), c.Store.PurgeReports(ctx, now, c.Keep.Of(retention.OfProblems), c.Keep.Of(retention.OfCounts)),
		c.forgetAudit(ctx, now), c.lackReceipts(ctx, now),
		c.Store.MendDues(ctx, now, lastDue),
		c.Store.PurgeChecks(ctx, now), c.Store.PurgeInvitations(ctx, now), c.TurnKeys(ctx, now), c.publish(ctx, now))
}

// lackReceipts tells staff of text messages that nobody has confirmed.
func (c *Worker) lackReceipts(ctx context.Context, now time.Time) error {
	if !c.Receipts {
		return nil
	}
	return c.Store.LackReceipts(ctx, string(request.ByPhone), now)
}

// forgetAudit erases what of the audit is too old, and of the lists beside it.
func (c *Worker) forgetAudit(ctx context.Context, now time.Time) error {
	before := now.Add(-c.Keep.Of(retention.OfAudit))
	heads := folder.Heads{Store: c.Store, Key: c.Audit, Dir: c.AuditDir}
	any, err := heads.Erase(ctx, before, now)
	if !any {
		return err // the lists are no older, and looking through them takes long
	}
	return errors.Join(err, c.Store.PurgeLists(ctx, before))
}

// dying is how long before its end the log tells that a request is not answered.
const dying = 24 * time.Hour

// warnOfTheDying says how many requests have died unanswered since the last hour, and how
// many will.
func (c *Worker) warnOfTheDying(ctx context.Context, now time.Time) {
	dead, err := c.Store.Unanswered(ctx, now)
	if err != nil {
		return // Purge fails as well and says so
	}
	if dead > 0 {
		c.Log.Error("requests have come to their end unanswered", "event", "requests.died", "count", dead)
	}
	if soon, err := c.Store.Unanswered(ctx, now.Add(dying)); err == nil && soon > dead {
		c.Log.Error("requests come to their end within a day and are not answered: find out from this log why", "event", "requests.dying", "count", soon-dead)
	}
}

// publish publishes the counts of days and months that are over.
func (c *Worker) publish(ctx context.Context, now time.Time) error {
	var spoken []string
	for _, l := range assets.Languages {
		spoken = append(spoken, l.Tag)
	}
	return c.Store.Publish(ctx, now, spoken)
}
