package calls

import (
	"errors"
	"net/http"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
)

// What the limits of package access count, and what happens at each. Who shows too many
// wrong proofs, asks for too many unknown numbers or hands in far too much is told to
// wait; all else is answered as ever.

// reached are the limits that a call may reach.
var reached = []access.Limit{
	access.KioskRequests, access.KioskWaiting, access.KioskReports, access.KioskProofs, access.KioskNumbers, access.AllProofs, access.StaffReleases, access.StaffReleasesDay,
	access.KioskReleases, access.StaffTries, access.CheckLooks, access.AddressChecks, access.AllChecks, access.AddressCodes, access.InvitationTries, access.KioskRenewals,
}

// proofs is what a proof counts as until it is found right: one of its kiosk, and
// one of all.
func (c *Calls) proofs(r *http.Request) []access.Use {
	return []access.Use{c.Keeper.Use(access.KioskProofs, kioskOf(r)), c.Keeper.Use(access.AllProofs, "")}
}

// reports is what an amendment, report or batch of counts counts as.
func (c *Calls) reports(r *http.Request, in handedIn) access.Use {
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
	if e.Name == access.AddressCodes.Name {
		p.Title = "too many wrong codes from this address"
	}
	p.again = e.Wait
	return p
}

// alarm says once that a limit is reached: again only after a window without.
func (c *Calls) alarm(r *http.Request, err error) {
	var e *store.LimitError
	if !errors.As(err, &e) {
		return
	}
	c.State.Counts.Limit(e.Name)
	switch {
	case e.Name == access.AllProofs.Name:
		if c.State.Alarms.New(e.Limit, "", c.Now()) {
			c.Log.Error("wrong PINs and codes come from everywhere: unlocking is slowed down for all; find the kiosks in this log", "event", "limit.everywhere", "limit", e.Name)
		}
	case e.Name == access.KioskRenewals.Name: // the kiosk says so itself
	case e.Name == access.CheckLooks.Name: // one print is looked at again and again
	case !c.State.Alarms.New(e.Limit, kioskOf(r), c.Now()):
	case e.Name == access.AddressChecks.Name:
		c.Log.Warn("many wrong birth dates or unknown codes come to the check page from one address: it has to wait", "event", "limit.check-address", "limit", e.Name)
	case e.Name == access.AddressCodes.Name:
		c.Log.Warn("many wrong codes of invitations come from one address: it has to wait", "event", "limit.enrol-address", "limit", e.Name)
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
