package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
)

// New codes for people whom none has reached. The call only counts and keeps the
// wish, so that it looks the same for every request (promise P5); the worker
// sends the code, and only then the one before is void.

// grant works on a wish.
func (c *Worker) grant(ctx context.Context, r store.Resend, now time.Time) error {
	if err := unbroken(func() error { return c.resend(ctx, r, now) }); err != nil && ctx.Err() == nil {
		return fmt.Errorf("send a new code: %w", errors.Join(err, c.Store.PutOffResend(ctx, r, now.Add(pause(r.Failures, err)))))
	}
	return nil
}

// resend sends a new code to a contact on file. A request that matched nobody
// costs the same hash and counter and sends nothing: its contact has been erased. So
// it is when no contact is on file any more; the code before stays, as it does when the new one
// does not go out.
func (c *Worker) resend(ctx context.Context, r store.Resend, now time.Time) error {
	code, err := access.NewCode()
	if err != nil {
		return err
	}
	lock := access.Lock{Code: c.Keeper.CodeHash(r.ID, code)}
	p, _, err := c.Store.Contact(ctx, r.Person)
	if err != nil {
		return err
	}
	var sent store.Notice
	if to := c.again(reachable(p, r.Relation, request.DateOf(now)), r); to != (reached{}) {
		m := notice.Message{To: to.to, At: now, Ref: c.ref(r.ID, fmt.Sprint(onceMore, " ", r.N))}
		details := notice.Details{Relation: r.Relation, Receipt: request.ReceiptFor(r.ID), Help: c.HelpPhone, Code: code}
		m.Subject, m.Text = notice.Text(r.Lang, notice.Found, details)
		if sent, _, err = c.handOver(ctx, r.ID, outgoing{notice.Found, m, c.Keeper.ContactMark(r.ID, to.key)}); err != nil {
			return err
		}
	} else if _, err := c.fits(ctx, c.Keeper.Use(access.PerContact, "nobody "+r.ID), now); err != nil {
		return err
	}
	return insist(ctx, func(ctx context.Context) error {
		return c.Store.EndResend(ctx, r, lock, now.Add(access.CodeLife), sent, now)
	})
}

// again is the contact on file that a new code goes to: the one before, or another one
// when that is asked for and there is one, rather of the other kind. All of them may be
// others by now: then it is one of the same kind.
func (c *Worker) again(all []reached, r store.Resend) reached {
	if len(all) == 0 {
		return reached{}
	}
	before := slices.IndexFunc(all, func(x reached) bool { return c.Keeper.ContactMark(r.ID, x.key) == r.Mark })
	if before < 0 {
		before = max(0, slices.IndexFunc(all, func(x reached) bool { return string(x.kind) == r.Channel }))
	}
	if !r.Other {
		return all[before]
	}
	other := slices.IndexFunc(all, func(x reached) bool { return x.kind != all[before].kind })
	if other < 0 {
		other = (before + 1) % len(all)
	}
	return all[other]
}
