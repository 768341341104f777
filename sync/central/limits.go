package central

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
)

// What the limits of package access count, and what happens at each. Who shows too many
// wrong proofs, asks for too many unknown numbers or hands in far too much is told to
// wait; all else is answered as ever.

// proofs is what a proof counts as until it is found right: one of its kiosk, and
// one of all.
func (c *Central) proofs(r *http.Request) []access.Use {
	return []access.Use{c.Keeper.Use(access.KioskProofs, kioskOf(r)), c.Keeper.Use(access.AllProofs, "")}
}

// reports is what a correction, report or batch of counts counts as.
func (c *Central) reports(r *http.Request, in handedIn) access.Use {
	return c.Keeper.Use(access.KioskReports, string(in.envelope.Purpose)+" "+kioskOf(r))
}

// busy is the problem of a limit.
func busy(e *store.LimitError) *refusal {
	p := problem(http.StatusTooManyRequests, api.ProblemBusy, "too many wrong proofs or unknown numbers at this kiosk")
	switch e.Name {
	case access.AllProofs.Name:
		p = problem(http.StatusServiceUnavailable, api.ProblemBusy, "too many wrong proofs everywhere")
	case access.StaffReleases.Name, access.StaffReleasesDay.Name, access.KioskReleases.Name:
		p = problem(http.StatusTooManyRequests, api.ProblemStaffLimit, "too many records on a photo ID by this staff member or at this kiosk")
	case access.StaffTries.Name:
		return problem(http.StatusLocked, api.ProblemStaffLocked, staffLocked)
	case access.KioskReports.Name, access.KioskRequests.Name, access.KioskWaiting.Name:
		p = problem(http.StatusTooManyRequests, api.ProblemTooMany, "too many of these from this kiosk: keep it and hand it in again")
	}
	p.again = e.Wait
	return p
}

// alarm says once that a limit is reached: again only after a window without.
func (c *Central) alarm(r *http.Request, err error) {
	var e *store.LimitError
	switch {
	case !errors.As(err, &e):
	case e.Name == access.AllProofs.Name:
		if c.State.Alarms.New(e.Limit, "", c.Now()) {
			c.Log.Error("wrong PINs and codes come from everywhere: unlocking is slowed down for all; find the kiosks in this log", "event", "limit.everywhere", "limit", e.Name)
		}
	case e.Name == access.CheckLooks.Name: // one print is looked at again and again
	case !c.State.Alarms.New(e.Limit, kioskOf(r), c.Now()):
	case e.Name == access.AddressChecks.Name:
		c.Log.Warn("many wrong birth dates or unknown codes come to the check page from one address: it has to wait", "event", "limit.check-address", "limit", e.Name)
	case e.Name == access.AllChecks.Name:
		c.Log.Warn("many wrong birth dates or unknown codes come to the check page: all that open nothing have to wait", "event", "limit.check-page", "limit", e.Name)
	case e.Name == access.StaffTries.Name:
		c.Log.Error("wrong PINs for one staff id come from several kiosks: it is locked everywhere; see vaxcentral staff list",
			"event", "staff.locked-everywhere", "kiosk", kioskName(r))
	case e.Name == access.StaffReleases.Name, e.Name == access.StaffReleasesDay.Name, e.Name == access.KioskReleases.Name:
		c.Log.Error("more records are opened on photo IDs than one can look at: see vaxcentral release list, and remove the staff account if in doubt",
			"event", "limit.releases", "limit", e.Name, "kiosk", kioskName(r))
	case e.Name == access.KioskRequests.Name, e.Name == access.KioskWaiting.Name:
		c.Log.Error("a kiosk hands in more requests than anybody types; it has to keep them: find out why, or whether somebody else has its key",
			"event", "limit.requests", "limit", e.Name, "kiosk", kioskName(r))
	case e.Name == access.KioskReports.Name:
		c.Log.Warn("a kiosk hands in too many corrections, reports or counts; it has to keep them", "event", "limit.reports", "limit", e.Name, "kiosk", kioskName(r))
	default:
		c.Log.Warn("somebody tries many PINs, codes or numbers at a kiosk; it has to wait", "event", "limit.kiosk", "limit", e.Name, "kiosk", kioskName(r))
	}
}

// tooMany is why a request was not looked into: there are too many about its subject.
const tooMany match.Reason = "too-many-requests"

// decide finds out whose record a request opens, notes it in the answer, and returns
// what that counts as. Requests about one subject are counted under the person
// found: only who knows the contact on file can use that up, and nobody else can
// keep a neighbour from their record. Too many look like a request that matches
// nobody, and that counts under the request's own id, where it always fits, so that
// both are as much work.
func (c *Central) decide(ctx context.Context, j store.Job, r request.Request, a *store.Answer, now time.Time) (counted []access.Use, err error) {
	decision, candidates, err := match.Find(ctx, c.Store, r)
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
			a.Found = candidates[i].Identity
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

// fits counts a use and tells whether the limit allows it.
func (c *Central) fits(ctx context.Context, u access.Use, now time.Time) (bool, error) {
	err := c.Store.Take(ctx, now, u)
	var e *store.LimitError
	if errors.As(err, &e) {
		return false, nil
	}
	return err == nil, err
}

// heldBack notes a notice that was not sent: its contact has had enough of them.
const heldBack notice.Kind = "held-back"

// send hands one message over; false when it is held back. Codes count apart from
// what anybody can have sent to a number: who asks in invented names must not keep
// its owner's codes back.
func (c *Central) send(ctx context.Context, k notice.Kind, m notice.Message) (sent bool, err error) {
	to := c.Keeper.Use(access.PerContact, fmt.Sprint(k == notice.Found, " ", contactKey(m.To)))
	if fits, err := c.fits(ctx, to, c.Now()); err != nil || !fits {
		return false, err
	}
	limited, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	start := c.Now()
	err = c.o.Sender.Send(limited, m)
	end := c.Now()
	c.paces.note(channel(m), end, end.Sub(start), err)
	if err != nil {
		return false, errors.Join(fmt.Errorf("hand over a notice: %w", err), c.Store.Return(context.WithoutCancel(ctx), to))
	}
	return true, nil
}

// contactKey is a contact in the form in which all its spellings are one, also
// those that a mailbox can have without end (me+1@example.org).
func contactKey(to string) string {
	if box, host, ok := strings.Cut(strings.ToLower(to), "@"); ok {
		box, _, _ = strings.Cut(box, "+")
		return box + "@" + host
	}
	return cmp.Or(request.PhoneKey(to), to)
}
