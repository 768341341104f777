package calls

import (
	"context"
	"errors"
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

var errHeld = errors.New("requests are held")

func (c *Calls) getReady(w http.ResponseWriter, r *http.Request) error {
	now := c.Now()
	if c.State.Leaving.Load() {
		return problem(http.StatusServiceUnavailable, api.ProblemBusy, "this instance stops: ask another one")
	}
	if c.probe.ask(r.Context(), now, c.Store.Ready) != nil {
		return problem(http.StatusServiceUnavailable, api.ProblemBusy, "the database cannot be written to")
	}
	if r.URL.Query().Has("calls") { // who spreads them over instances need not know more
		return answer(w, http.StatusOK, c.ready(now))
	}
	if c.State.Damaged.Load() {
		return problem(http.StatusServiceUnavailable, api.ProblemBusy, "the database is damaged: see the log")
	}
	if c.State.Rests.Load() {
		return problem(http.StatusServiceUnavailable, api.ProblemBusy, "requests are taken, and nothing is sent until vaxcentral resume")
	}
	held, err := c.Store.Held(r.Context(), now)
	if err == nil && held > 0 {
		err = errHeld
	}
	if err != nil || c.State.Troubled.Load() {
		return problem(http.StatusServiceUnavailable, api.ProblemBusy, "requests are taken, and cannot be answered at present")
	}
	return answer(w, http.StatusOK, c.ready(now))
}

// ready is the answer when all is well, with how old the code tables are.
func (c *Calls) ready(now time.Time) api.Ready {
	tables := assets.InForce()
	r := api.Ready{State: api.ReadyStateReady}
	r.Codes.Newest = tables.Newest().Format(time.DateOnly)
	r.Codes.BuiltIn = tables == assets.BuiltIn()
	r.Codes.Old = codes.Old(tables, now)
	r.Codes.Broken = c.State.BadCodes.Load()
	return r
}
