package calls

import (
	"context"
	"net/http"
	"sync"
	"time"

	"vaxkiosk/assets"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/codes"
)

// Ready means that what comes is kept and what is kept can be answered. Whether the
// database can be written to shows only when it is: a full disk and somebody else's lock
// let everything be read. So a small write decides, at most every few seconds, whoever
// asks and however often.
//
// Whoever spreads calls over several instances asks with ?calls, whether this one takes them:
// what is wrong with all of them, such as requests that are held, must not leave kiosks with none.

// probeEvery is how old an answer of the probe may be.
const probeEvery = 3 * time.Second

// probe is the last small write. The zero probe has none.
type probe struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

// ask tells how the last write ended, after one more when that is long ago.
func (p *probe) ask(ctx context.Context, now time.Time, write func(context.Context, time.Time) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if age := now.Sub(p.at); age < 0 || age >= probeEvery {
		p.at, p.err = now, write(context.WithoutCancel(ctx), now)
	}
	return p.err
}

// Readiness is whether the service is ready, and if not why, for those who look after it: who
// calls from outside is told the status alone.
type Readiness struct {
	Ready bool   `json:"ready"`
	Why   string `json:"why,omitempty"` // the first thing that is wrong; nothing of a visitor
	Codes Codes  `json:"codes"`
}

// Codes is how old the code tables are; nothing about them keeps a service from being ready.
type Codes struct {
	Newest  string `json:"newest"`  // date of the newest change in them
	BuiltIn bool   `json:"builtIn"` // they are the program's own
	Old     bool   `json:"old"`     // the newest change is more than 18 months ago
	Broken  bool   `json:"broken"`  // a table of the data folder cannot be used; the program's own is in force
}

// Ready looks whether what comes is kept and what is kept can be answered.
func (c *Calls) Ready(ctx context.Context) Readiness {
	now := c.Now()
	why := c.unready(ctx, now)
	tables := assets.InForce()
	return Readiness{
		Ready: why == "", Why: why,
		Codes: Codes{tables.Newest().Format(time.DateOnly), tables == assets.BuiltIn(), codes.Old(tables, now), c.State.BadCodes.Load()},
	}
}

// away is why calls are not to come to this instance, "" when they are.
func (c *Calls) away(ctx context.Context, now time.Time) string {
	if c.State.Leaving.Load() {
		return "this instance stops: ask another one"
	}
	if c.probe.ask(ctx, now, c.Store.Ready) != nil {
		return "the database cannot be written to"
	}
	return ""
}

// unready is why the service is not ready, "" when it is.
func (c *Calls) unready(ctx context.Context, now time.Time) string {
	if why := c.away(ctx, now); why != "" {
		return why
	}
	if c.State.Damaged.Load() {
		return "the database is damaged: see the log"
	}
	if c.State.Rests.Load() {
		return "requests are taken, and nothing is sent until vaxcentral resume"
	}
	if held, err := c.Store.Held(ctx, now); err != nil || held > 0 {
		return "requests are taken, and some of them cannot be read: see the log"
	}
	if c.State.Troubled.Load() {
		return "requests are taken, and cannot be worked on at present: see the log"
	}
	return ""
}

func (c *Calls) getReady(w http.ResponseWriter, r *http.Request) error {
	look := c.unready
	if r.URL.Query().Has("calls") { // who spreads them over instances need not know more
		look = c.away
	}
	if look(r.Context(), c.Now()) != "" {
		return problem(http.StatusServiceUnavailable, api.ProblemBusy, "the service is not ready")
	}
	return answer(w, http.StatusOK, api.Ready{State: api.ReadyStateReady})
}
