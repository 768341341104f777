package operator

import (
	"context"

	"vaxkiosk/sync/central/ledger"
	"vaxkiosk/sync/central/store"
)

// Notices that did not go out, and people who want none.

// What is told of them: no contact, and nothing of what they say.
type (
	Letter = store.Letter
	Waits  = store.Waits
)

// Letters lists the notices that did not go out, the oldest first, and of each channel what is
// tried until it does.
func (o *Operator) Letters(ctx context.Context) (all []Letter, waiting []Waits, err error) {
	if all, err = o.f.Store.Letters(ctx, o.now()); err != nil {
		return nil, nil, err
	}
	waiting, err = o.f.Store.NoticesWaiting(ctx, o.now())
	return all, waiting, err
}

// RetryNotices has those of a receipt sent again, or all when it is "", with a new code, and
// tells how many that are and of how many nothing is left to send.
func (o *Operator) RetryNotices(ctx context.Context, receipt string) (again, lost int, err error) {
	again, lost, err = o.f.Store.RetryNotices(ctx, receipt, o.now())
	if again > 0 {
		o.state.Work.Ring()
	}
	return again, lost, err
}

// StopNotices has nothing sent to a contact, or what is for it again.
func (o *Operator) StopNotices(ctx context.Context, contact string, stop bool) error {
	l := ledger.Ledger{Store: o.f.Store, Keeper: o.f.Keeper, Now: o.now}
	return l.OptOut(ctx, contact, stop)
}
