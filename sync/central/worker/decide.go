package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/store"
)

// tooMany is why a request was not looked into: there are too many about its subject.
const tooMany match.Reason = "too-many-requests"

// decide finds out whose record a request opens, notes it in the answer, and returns
// what that counts as. Requests about one subject are counted under the person
// found: only who knows the contact on file can use that up, and nobody else can
// keep a neighbour from their record. Too many look like a request that matches
// nobody, and that counts under the request's own id, where it always fits, so that
// both are as much work.
func (c *Worker) decide(ctx context.Context, j store.Job, r request.Request, a *store.Answer, now time.Time) (counted []access.Use, err error) {
	decision, candidates, err := match.Find(ctx, c.Store, r, request.DateOf(now))
	if err != nil {
		return nil, err
	}
	if a.Decision = chosen(j, decision); a.Decision.Verdict == match.Release {
		found := c.Keeper.Use(access.PerSubject, fmt.Sprint("found ", a.Decision.Person))
		fits, err := c.fits(ctx, found, now)
		if err != nil {
			return nil, err
		}
		if fits {
			i := slices.IndexFunc(candidates, func(p match.Candidate) bool { return p.Number == a.Decision.Person })
			a.Found = candidates[i]
			return []access.Use{found}, nil
		}
		a.Decision = match.Decision{Verdict: match.None, Reasons: []match.Reason{tooMany}}
	}
	nobody := c.Keeper.Use(access.PerSubject, "nobody "+a.ID)
	if _, err = c.fits(ctx, nobody, now); err != nil {
		return nil, err
	}
	return []access.Use{nobody}, nil
}

// fits counts a use and reports whether the limit allows it.
func (c *Worker) fits(ctx context.Context, u access.Use, now time.Time) (bool, error) {
	err := c.Store.Take(ctx, now, u)
	var e *store.LimitError
	if errors.As(err, &e) {
		return false, nil
	}
	return err == nil, err
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
