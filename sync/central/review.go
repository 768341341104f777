package central

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
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
func (c *Central) Reviews() ([]Review, error) {
	return c.Store.Reviews(context.Background(), c.Now())
}

// Review opens the case of a receipt for somebody, which is noted.
func (c *Central) Review(receipt string, by Looker) (Case, error) {
	ctx := context.Background()
	r, err := c.Store.LookAtReview(ctx, receipt, by, c.Now())
	if err != nil {
		return Case{}, err
	}
	open := Case{Review: r}
	e, err := seal.Decode(r.Envelope)
	if err != nil {
		return open, err
	}
	plain, err := c.Sealing.Open(e, seal.ForRequest, r.ID)
	if err != nil {
		return open, err
	}
	// It was checked when it was worked on, and the rules may have changed since.
	if json.Unmarshal(plain, &open.Asked) != nil {
		return open, fmt.Errorf("the request %s is not readable: it was written by another version", receipt)
	}
	open.Asked.PIN = "" // no business of anybody's
	for _, number := range r.Candidates {
		p, ok, err := c.Store.Contact(ctx, number)
		if err != nil {
			return open, err
		}
		if ok {
			open.MayBe = append(open.MayBe, p)
		}
	}
	return open, nil
}

// ReleaseReview has a case decided again for the person whom somebody has chosen,
// which is noted.
func (c *Central) ReleaseReview(receipt string, person int, by Looker) error {
	return c.Store.ReleaseReview(context.Background(), receipt, person, by, c.Now())
}

// CloseReview ends a case, erases what it says and notes by whom.
func (c *Central) CloseReview(receipt string, by Looker) error {
	return c.Store.CloseReview(context.Background(), receipt, by, c.Now())
}

// chosen is the decision on a job. What staff has chosen stands as long as the
// registry still has that person among those who may be meant; nobody else is
// released instead.
func chosen(j store.Job, d match.Decision) match.Decision {
	switch {
	case j.Chosen == 0:
	case d.Person == j.Chosen || slices.Contains(d.MayBe, j.Chosen):
		return match.Decision{Verdict: match.Release, Person: j.Chosen, Reasons: []match.Reason{match.ChosenByStaff}}
	case d.Verdict == match.Release:
		return match.Decision{Verdict: match.None, Reasons: []match.Reason{match.ChosenByStaff, match.NobodyComparing}}
	}
	return d
}
