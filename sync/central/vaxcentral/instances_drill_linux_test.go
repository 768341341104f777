package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/seal"
)

// The drill of several instances: whatever is killed, cut or started again, no request that was told to be saved is
// lost, no notice goes out twice but by one that died, or whose database did, between
// handing it over and noting that, and nobody has more than five tries.
//
//	make drill-instances KILLS=200 RESTARTS=10 CUTS=20 SEED=1

var (
	kills    = flag.Int("kills", 8, "how often the drill kills one of three instances")
	restarts = flag.Int("restarts", 1, "how often it lets the database crash and start again")
	cuts     = flag.Int("cuts", 2, "how often it cuts all connections to the database")
	seed     = flag.Uint64("seed", 1, "what its chances come of")
)

// How long after a notice went out something may be why it went out again: what it takes to keep
// the answer, with much to spare on a machine that is busy; and when the database went away in that
// time, for how long the instance tries, which may be killed meanwhile.
const (
	explains = 3 * time.Second
	insists  = 20 * time.Second
)

// ask is a request that was told to be saved.
type ask struct{ key, receipt string }

// drilled is what has happened.
type drilled struct {
	*cluster
	ctx context.Context

	mu   sync.Mutex
	told []ask
	hits []time.Time // the database crashed, or its connections were cut

	answers          chan struct{} // one for each answer
	answered, errors atomic.Int64
	refused, most    atomic.Int64 // wrong proofs that were compared, and at most of one request
	guessed          []string     // requests of which somebody guesses, who is one kiosk
}

func TestTheDrillOfSeveralInstances(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	ctx, stop := context.WithCancel(t.Context())
	d := &drilled{cluster: newSeveral(t, 3, 4), ctx: ctx, answers: make(chan struct{}, 100_000)}
	var visitors sync.WaitGroup
	for k := range d.kiosks {
		l := d.line(k)
		visitors.Go(func() { d.visit(l, k == 0) })
	}
	began := time.Now()
	d.havoc(mathrand.New(mathrand.NewPCG(*seed, 0))) //nolint:gosec // chances
	stop()
	visitors.Wait()
	d.ctx = t.Context()
	d.allAnswered()
	for _, s := range d.instances {
		d.stops(s)
	}
	d.count(time.Since(began))
}

// havoc does what the drill is for: each time, after a few answers and a moment.
func (d *drilled) havoc(chance *mathrand.Rand) {
	all := slices.Concat(slices.Repeat([]string{"kill"}, *kills), slices.Repeat([]string{"restart"}, *restarts), slices.Repeat([]string{"cut"}, *cuts))
	chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for n, what := range all {
		for range 1 + chance.IntN(6) {
			select {
			case <-d.answers:
			case <-time.After(2 * time.Minute):
				d.Fatalf("nothing is answered any more, after %d of %d", n, len(all))
			}
		}
		<-time.After(time.Duration(chance.IntN(200)) * time.Millisecond) // not in step with the answers
		switch what {
		case "kill":
			s := d.instances[chance.IntN(len(d.instances))]
			s.kills()
			d.starts(s)
		case "restart":
			d.hit()
			storetest.CrashServer(d.T)
			d.hit()
		case "cut":
			d.hit()
			d.db.DB.Cut()
		}
		if (n+1)%20 == 0 {
			d.Logf("so far: %d of %d; %d requests answered", n+1, len(all), d.answered.Load())
		}
	}
}

func (d *drilled) hit() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hits = append(d.hits, time.Now())
}

// visit hands in one request after the other until the drill ends.
func (d *drilled) visit(l *line, guesses bool) {
	for n := 0; d.ctx.Err() == nil; n++ {
		key, _, plain := nobody()
		e, err := seal.Seal(l.to, seal.ForRequest, key, plain)
		if err != nil {
			d.Error(err)
			return
		}
		ticket, err := l.PostRequest(d.ctx, key, e.Encode())
		for err != nil && d.ctx.Err() == nil { // as the courier does
			d.errors.Add(1)
			ticket, err = l.PostRequest(d.ctx, key, e.Encode())
		}
		if err != nil {
			return
		}
		d.mu.Lock()
		d.told = append(d.told, ask{ticket.Id, request.ReceiptFor(ticket.Id)})
		d.mu.Unlock()
		if guesses && n%10 == 0 {
			d.guess(l, ticket.Id)
		}
		if d.await(l, ticket.Id) {
			d.answered.Add(1)
			d.answers <- struct{}{}
		}
	}
}

// await waits for an answer, however often that is interrupted.
func (d *drilled) await(l *line, id string) bool {
	for d.ctx.Err() == nil {
		switch state, err := l.Status(d.ctx, id, 5*time.Second); {
		case err != nil:
			d.errors.Add(1)
		case state == api.RequestStatusStateAnswered:
			return true
		}
	}
	return false
}

// guess shows a dozen wrong proofs at once.
func (d *drilled) guess(l *line, id string) {
	var compared atomic.Int64
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			proof, err := json.Marshal(api.Proof{Pin: "8305", Code: "000000"})
			e, no := seal.Seal(l.to, seal.ForUnlock, id, proof)
			if errors.Join(err, no) != nil {
				d.Error(err, no)
				return
			}
			var p *client.Problem
			if _, err := l.Unlock(d.ctx, id, e); errors.As(err, &p) && p.Code == api.ProblemRefused {
				compared.Add(1)
			}
		})
	}
	all.Wait()
	d.refused.Add(compared.Load())
	d.most.Store(max(d.most.Load(), compared.Load()))
	d.guessed = append(d.guessed, id)
}

// allAnswered waits until everything that was told is answered.
func (d *drilled) allAnswered() {
	ctx, cancel := context.WithTimeout(d.ctx, 3*time.Minute)
	defer cancel()
	d.ctx = ctx
	l := d.line(1)
	for _, a := range d.told {
		if !d.await(l, a.key) {
			d.Errorf("a request that was told to be saved is %s", d.db.DB.Request(a.key).State)
		}
	}
}

// went is one notice, as it was handed over.
type went struct {
	by *served
	at time.Time
}

// notices are those of all requests, by receipt, in order.
func (d *drilled) notices() map[string][]went {
	all := map[string][]went{}
	for _, s := range d.instances {
		files, err := filepath.Glob(filepath.Join(s.notices, "*.json"))
		if err != nil {
			d.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			info, no := os.Stat(f)
			if errors.Join(err, no) != nil {
				d.Fatal(err, no)
			}
			for _, a := range d.told {
				if strings.Contains(string(b), a.receipt) {
					all[a.receipt] = append(all[a.receipt], went{s, info.ModTime()})
				}
			}
		}
	}
	for _, n := range all {
		slices.SortFunc(n, func(a, b went) int { return a.at.Compare(b.at) })
	}
	return all
}

// count prints the figures, and fails for those that have to be 0.
func (d *drilled) count(took time.Duration) {
	lost, afterDeath, afterCut, unexplained := 0, 0, 0, 0
	for _, id := range d.guessed { // not before: the database may be away
		d.most.Store(max(d.most.Load(), int64(d.db.DB.Request(id).Tries)))
	}
	all := d.notices()
	for _, a := range d.told {
		n := all[a.receipt]
		if len(n) == 0 {
			lost++
		}
		for i := 0; i+1 < len(n); i++ {
			within := func(limit time.Duration) func(time.Time) bool {
				return func(t time.Time) bool {
					return !t.Before(n[i].at.Add(-time.Second)) && t.Before(n[i].at.Add(limit))
				}
			}
			away := slices.ContainsFunc(d.hits, within(explains))
			switch {
			case slices.ContainsFunc(n[i].by.killed, within(explains)), away && slices.ContainsFunc(n[i].by.killed, within(insists)):
				afterDeath++
			case away:
				afterCut++
			default:
				unexplained++
			}
		}
	}
	d.Logf("figures: seed %d, %d kills, %d crashes of the database, %d times all connections cut, in %v", *seed, *kills, *restarts, *cuts, took.Round(time.Second))
	d.Logf("figures: %d requests told, %d lost; %d calls failed and were repeated", len(d.told), lost, d.errors.Load())
	d.Logf("figures: notices twice: %d by an instance that was killed between handing over and noting, %d as the database went away there, %d else", afterDeath, afterCut, unexplained)
	d.Logf("figures: %d wrong proofs compared, at most %d of one request", d.refused.Load(), d.most.Load())
	if lost > 0 || unexplained > 0 || d.most.Load() > store.MaxTries {
		d.Error("one of these has to be 0, or at most five")
	}
}

// Whoever calls while one instance after the other is started again hears no error.
func TestARollingRestartRefusesNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newSeveral(t, 2, 2)
	ctx, stop := context.WithCancel(t.Context())
	var calls atomic.Int64
	var kiosks sync.WaitGroup
	for k := range w.kiosks {
		l := w.line(k)
		kiosks.Go(func() {
			for ctx.Err() == nil {
				if err := w.visits(l); err != nil {
					t.Errorf("after %d visits: %v", calls.Load(), err)
					return
				}
				calls.Add(1)
			}
		})
	}
	for _, s := range w.instances {
		for before := calls.Load(); calls.Load() < before+3 && !t.Failed(); {
			<-time.After(20 * time.Millisecond)
		}
		w.stops(s)
		w.starts(s)
	}
	stop()
	kiosks.Wait()
	t.Logf("figures: %d visits while two instances were started again one after the other, none refused", calls.Load())
}

// visits makes all of a visit that is saved and answered; it is not cut short.
func (w *cluster) visits(l *line) error {
	ctx := w.Context()
	key := rand.Text()
	_, _, plain := nobody()
	e, err := seal.Seal(l.to, seal.ForRequest, key, plain)
	if err != nil {
		return err
	}
	if _, err := l.PostRequest(ctx, key, e.Encode()); err != nil {
		return fmt.Errorf("hand in: %w", err)
	}
	for state := api.RequestStatusStateReceived; state != api.RequestStatusStateAnswered; {
		if state, err = l.Status(ctx, key, 25*time.Second); err != nil {
			return fmt.Errorf("wait: %w", err)
		}
	}
	_, _, err = l.Bootstrap(ctx, "")
	return err
}
