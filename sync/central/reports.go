package central

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// Reports of kiosks: technical problems that visitors picked from lists, and
// counts of what happened in an hour. Neither holds anything of a visitor; small
// counts, which could point to one, are refused.

// How long reports are kept. Counts last until the same month has come again.
const (
	ProblemLife = 180 * 24 * time.Hour
	UsageLife   = 400 * 24 * time.Hour
)

// Limits of a usage batch.
const (
	leastCount = 5
	mostCount  = 1_000_000
	mostNames  = 64
)

// hourAhead is how far an hour may lie ahead: more than record.ClockSlack, since
// reports are handed in also by a kiosk whose clock is wrong.
const hourAhead = time.Hour

var (
	screens    = regexp.MustCompile(`^[a-z-]{1,32}$`)
	usageNames = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
)

func (c *Central) postProblem(w http.ResponseWriter, r *http.Request) error {
	in, err := c.incoming(r, seal.ForReport)
	if err != nil {
		return err
	}
	var p api.ProblemReport
	if err := c.unseal(in.envelope, seal.ForReport, &p); err != nil {
		return err
	}
	now := c.o.Now()
	if !fromLists(p, now) {
		return errBadEnvelope
	}
	added, err := c.store.AddProblem(r.Context(), in.key, in.sum, store.Problem{
		Kind: string(p.Kind), Screen: p.Screen, Kiosk: kioskName(r), Hour: p.Hour,
	}, now)
	if err != nil {
		return err
	}
	if added {
		c.o.Log.Info("a visitor reports a problem", "kind", string(p.Kind), "screen", p.Screen, "kiosk", kioskName(r))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (c *Central) postUsage(w http.ResponseWriter, r *http.Request) error {
	in, err := c.incoming(r, seal.ForUsage)
	if err != nil {
		return err
	}
	var b api.UsageBatch
	if err := c.unseal(in.envelope, seal.ForUsage, &b); err != nil {
		return err
	}
	now := c.o.Now()
	if !usable(b, now) {
		return errBadEnvelope
	}
	if err := c.store.AddUsage(r.Context(), in.key, in.sum, kioskName(r), b.Hour, b.Counts, now); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// fromLists tells whether there is nothing in a report but what can be picked.
func fromLists(p api.ProblemReport, now time.Time) bool {
	return p.Kind.Valid() && screens.MatchString(p.Screen) && isHour(p.Hour, now, ProblemLife)
}

func usable(b api.UsageBatch, now time.Time) bool {
	if b.Counts == nil || len(b.Counts) > mostNames || !isHour(b.Hour, now, UsageLife) {
		return false
	}
	for name, n := range b.Counts {
		if n < leastCount || n > mostCount || !usageNames.MatchString(name) {
			return false
		}
	}
	return true
}

// isHour tells whether t is the begin of an hour that is not over for longer
// than life and, by the clock of a kiosk, has come.
func isHour(t, now time.Time, life time.Duration) bool {
	return t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0 &&
		t.After(now.Add(-life)) && t.Before(now.Add(hourAhead))
}

// kioskName is the name that a kiosk was enrolled under.
func kioskName(r *http.Request) string { return r.TLS.PeerCertificates[0].Subject.CommonName }

// Problem is a technical problem that a visitor reported.
type Problem = store.Problem

// Usage is how often something happened in one hour, at all kiosks together.
type Usage = store.Usage

// Problems lists the problems that visitors reported, oldest first.
func (c *Central) Problems() ([]Problem, error) { return c.store.Problems(context.Background()) }

// Usage returns what was counted since a time, by hour and name.
func (c *Central) Usage(from time.Time) ([]Usage, error) {
	return c.store.UsageSince(context.Background(), from)
}
