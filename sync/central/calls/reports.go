package calls

import (
	"net/http"
	"regexp"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// Reports of kiosks: technical problems that visitors picked from lists, and
// counts of what happened in an hour. Neither holds anything of a visitor. A small
// count could point to one all the same, so of counts only that is shown to anybody
// which may be published (package counts).

// mostCount is what nobody can do more often in an hour at one kiosk.
const mostCount = 1_000_000

var (
	screens    = regexp.MustCompile(`^[a-z-]{1,32}$`)
	usageNames = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
)

func (c *Calls) postProblem(w http.ResponseWriter, r *http.Request) error {
	in, err := c.incoming(r, seal.ForReport)
	if err != nil {
		return err
	}
	var p api.ProblemReport
	if err := c.unseal(in.envelope, seal.ForReport, &p); err != nil {
		return err
	}
	now := c.Now()
	hour, ok := hourOf(p.Hour, now, store.ProblemLife)
	if !ok || !fromLists(p) {
		return errBadEnvelope
	}
	added, err := c.Store.AddProblem(r.Context(), c.report(r, in, now), store.Problem{
		Kind: string(p.Kind), Screen: p.Screen, Kiosk: kioskName(r), Hour: hour,
	})
	if err != nil {
		return err
	}
	if added {
		c.Log.Info("a visitor reports a problem", "event", "report.problem", "kind", string(p.Kind), "screen", p.Screen, "kiosk", kioskName(r))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (c *Calls) postUsage(w http.ResponseWriter, r *http.Request) error {
	in, err := c.incoming(r, seal.ForUsage)
	if err != nil {
		return err
	}
	var b api.UsageBatch
	if err := c.unseal(in.envelope, seal.ForUsage, &b); err != nil {
		return err
	}
	now := c.Now()
	hour, ok := hourOf(b.Hour, now, store.UsageLife)
	if !ok || !usable(b) {
		return errBadEnvelope
	}
	if err := c.Store.AddUsage(r.Context(), c.report(r, in, now), kioskName(r), hour, b.Counts); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// report is what the store needs of a report, whatever is in it.
func (c *Calls) report(r *http.Request, in handedIn, now time.Time) store.Report {
	return store.Report{Key: in.key, BodyHash: in.sum, Made: now, Use: c.reports(r, in)}
}

// fromLists reports whether there is nothing in a report but what can be picked.
func fromLists(p api.ProblemReport) bool {
	return p.Kind.Valid() && screens.MatchString(p.Screen)
}

// usable reports whether a batch counts what happened.
func usable(b api.UsageBatch) bool {
	if b.Counts == nil || len(b.Counts) > api.UsageNames {
		return false
	}
	for name, n := range b.Counts {
		if n < 1 || n > mostCount || !usageNames.MatchString(name) {
			return false
		}
	}
	return true
}

// hourOf is the hour that a report counts for; false when t is not the begin of one
// or is longer ago than life. An hour that has not come is the present one: the
// kiosk's clock is ahead, however far, and what it hands in is not lost for that.
func hourOf(t, now time.Time, life time.Duration) (hour time.Time, ok bool) {
	ok = t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0 && t.After(now.Add(-life))
	if t.After(now) {
		t = now.Truncate(time.Hour)
	}
	return t, ok
}
