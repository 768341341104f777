package operator

import (
	"context"
	"encoding/json"
	"fmt"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// Cases for review. Whoever asked has been told "not found", as everybody is whose
// record is not released at once, and the request waits for staff of central. Staff
// who have found out who is meant choose one of those who may be: then the worker
// decides again, the code goes to the contact that was given and is on file, and the
// receipt collects the record. Until then, and at the kiosk ever after, nothing
// tells a case for review from a request that nobody fits.

// Review is what may be told of a case for review without opening it.
type Review = store.Review

// Case is an opened case for review: what was asked for, and those who may be meant,
// as the registry has them now.
type Case struct {
	Review
	Asked request.Request
	MayBe []registry.Person // without doses
}

// Reviews lists the cases that wait for staff, oldest first.
func (o *Operator) Reviews(ctx context.Context) ([]Review, error) {
	return o.f.Store.Reviews(ctx, o.now())
}

// OpenReview opens the case of a receipt for somebody, which is noted.
func (o *Operator) OpenReview(ctx context.Context, receipt string, by Looker) (Case, error) {
	r, err := o.f.Store.LookAtReview(ctx, receipt, by, o.now())
	if err != nil {
		return Case{}, err
	}
	open := Case{Review: r}
	e, err := seal.Decode(r.Envelope)
	if err != nil {
		return open, err
	}
	plain, err := o.f.Sealing.Open(e, seal.ForRequest, r.ID)
	if err != nil {
		return open, err
	}
	// It was checked when it was worked on, and the rules may have changed since.
	if json.Unmarshal(plain, &open.Asked) != nil {
		return open, fmt.Errorf("the request %s is not readable: it was written by another version", receipt)
	}
	open.Asked.PIN = "" // no business of anybody's
	for _, number := range r.Candidates {
		p, ok, err := o.f.Store.Contact(ctx, number)
		if err != nil {
			return open, err
		}
		if ok {
			open.MayBe = append(open.MayBe, p)
		}
	}
	return open, nil
}

// ReleaseReview asks for a case to be decided again, for the person whom somebody has
// chosen, which is noted.
func (o *Operator) ReleaseReview(ctx context.Context, receipt string, person int, by Looker) error {
	return o.f.Store.ReleaseReview(ctx, receipt, person, by, o.now())
}

// CloseReview ends a case, erases what it says and notes by whom.
func (o *Operator) CloseReview(ctx context.Context, receipt string, by Looker) error {
	return o.f.Store.CloseReview(ctx, receipt, by, o.now())
}
