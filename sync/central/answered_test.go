package central_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// Whether the time until "answered" tells what was found (promise P5): by the work, by
// what a kiosk hears, and with a gateway that is slow or fails.

// kinds of requests by what comes of them.
func (w *town) askedFor(kind string) request.Request {
	r := asks(w.people[0])
	switch kind {
	case ofMany:
		r = asks(w.people[1])
	case nobody:
		r.Family = "Known-Nowhere"
	case forReview:
		r.Given = "Zuzanna"
	}
	return r
}

// manyContacts gives the second of the people ten contacts and three names more. The first
// contact is that of the first one: requests of one contact wait for each other.
func (w *town) manyContacts() {
	w.t.Helper()
	p := &w.people[1]
	p.Phone, p.Email = w.people[0].Phone, w.people[0].Email
	for n := range 5 {
		p.More = append(p.More, registry.Contact{Phone: fmt.Sprintf("+1617555018%d", n)}, registry.Contact{Email: fmt.Sprintf("many%d@example.org", n)})
	}
	p.Also = []request.Name{{Given: p.Given, Family: "Before"}, {Given: "Before", Family: p.Family}, {Family: "Earlier"}}
	if err := w.ImportPeople(w.t.Context(), []registry.Person{*p}); err != nil {
		w.t.Fatal(err)
	}
}

const (
	released  = "a record"
	ofMany    = "a record of somebody with many contacts and names"
	nobody    = "nobody"
	forReview = "a case for review"
)

var found = []string{released, ofMany, nobody, forReview}

// shuffled is each of found so often, in random order.
func shuffled(times int) (all []string) {
	for range times {
		all = append(all, found...)
	}
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// tells names the kinds that differ from nobody by more than a limit, three times in a row with more
// and more of them measured.
func tells(t testing.TB, limit float64, measure func(rounds int) map[string][]time.Duration) {
	t.Helper()
	for turn := 1; ; turn++ {
		took, far := measure(rounds*turn), false
		for _, kind := range found {
			a := takesLonger(took[kind], took[nobody])
			t.Logf("%s takes longer than %s in %.0f of 100 pairs (medians %v and %v)", kind, nobody, 100*a, median(took[kind]), median(took[nobody]))
			far = far || a-0.5 > limit || 0.5-a > limit
		}
		if !far {
			return
		}
		if turn == again {
			t.Error("time tells what was found")
			return
		}
	}
}

// The work itself: whatever is found, the same hash and the same texts.
func TestTheWorkDoesNotTellWhatWasFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := idle(t, &notice.Phone{})
	w.manyContacts()
	w.Keeper.Unlimited = true
	n := 0
	tells(t, apart, func(rounds int) map[string][]time.Duration {
		took := map[string][]time.Duration{}
		for _, kind := range shuffled(rounds) {
			n++
			j := w.jobOf(keyNumber(n), w.askedFor(kind))
			start := time.Now()
			if err := w.finish(t.Context(), j); err != nil {
				t.Fatal(err)
			}
			took[kind] = append(took[kind], time.Since(start))
		}
		return took
	})
}

// heardApart is the limit of what a kiosk hears: 0.55 of all pairs.
const heardApart = 0.05

// What a kiosk hears over TLS, in steps of the grid, to which all is rounded that the machine does
// besides.
func TestWhenAKioskHearsOfAnAnswerDoesNotTellWhatWasFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	w.manyContacts()
	w.stop()
	w.unlimited = true
	w.start(nil)
	k := w.kiosk("one")
	const together = 2
	tells(t, heardApart, func(rounds int) map[string][]time.Duration {
		took := map[string][]time.Duration{}
		var mu sync.Mutex
		for range rounds / together {
			var heard sync.WaitGroup
			for _, kind := range shuffled(together) {
				start := time.Now()
				key := k.post(w.askedFor(kind))
				heard.Go(func() {
					for into[api.RequestStatus](t, k.call("GET", "/v1/requests/"+key, nil, "Prefer", "wait=25"), http.StatusOK).State != api.RequestStatusStateAnswered {
					}
					d := time.Since(start) + time.Millisecond // arrivals are kept in whole milliseconds
					mu.Lock()
					defer mu.Unlock()
					if d < store.AnswerStep {
						t.Errorf("heard after %v", d)
					}
					took[kind] = append(took[kind], d.Truncate(store.AnswerStep))
				})
			}
			heard.Wait()
		}
		return took
	})
}

// gateway takes its time by the town's clock, or fails, or refuses for good, which takes no time.
type gateway struct {
	w     *town
	slow  time.Duration
	down  bool
	final bool
}

func (g *gateway) Send(context.Context, notice.Message) error {
	if g.final && !g.down {
		return &notice.Fault{What: "the relay refused the recipient", Code: 550, Final: true}
	}
	g.w.pass(g.slow)
	if g.down {
		return errors.New("gateway is away")
	}
	return nil
}

// With a clock that stands but for what the gateway takes: when a kiosk hears of an answer is the
// same whatever was found, whatever a limit holds back, and whoever is refused for good, now or
// before.
func TestASlowOrFailingGatewayDoesNotTellWhatWasFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	for _, slow := range []time.Duration{0, store.AnswerStep - time.Millisecond, 3*store.AnswerStep + time.Millisecond} {
		g := &gateway{slow: slow}
		w := idle(t, g)
		g.w, w.frozen = w, time.Now().Truncate(time.Second)
		held := func(what string) func(request.Request) {
			return func(r request.Request) { w.fill(access.PerContact, what+" "+notice.ContactKey(given(r)), 0) }
		}
		final := func(request.Request) { g.final = true }
		stopped := func(r request.Request) { must(t, w.Ledger().OptOut(t.Context(), given(r), true)) }
		kinds := []struct {
			name, kind string
			before     func(request.Request)
		}{
			{released, released, nil},
			{nobody, nobody, nil},
			{forReview, forReview, nil},
			{"nobody, held back", nobody, held("false")},
			{"a record, held back", released, held("true")},
			{"nobody, refused for good", nobody, final},
			{"a record, refused for good", released, final},
			{"nobody, refused before", nobody, stopped},
			{"a record, refused before", released, stopped},
		}
		heard := func() (all []time.Duration) {
			for _, c := range kinds {
				w.db().ForgetTries()
				r := w.askedFor(c.kind)
				g.final = false
				must(t, w.Ledger().OptOut(t.Context(), given(r), false))
				if c.before != nil {
					c.before(r)
				}
				n := w.db().Count("requests")
				j := w.jobOf(keyNumber(n), r)
				err := w.finish(t.Context(), j)
				if (err != nil) != g.down {
					t.Errorf("%s, down %v: %v", c.name, g.down, err)
				}
				all = append(all, w.db().Request(j.ID).Shown)
				w.pass(time.Second)
			}
			return all
		}
		for _, g.down = range []bool{false, true} {
			want := max(1, (slow+store.AnswerStep-1)/store.AnswerStep) * store.AnswerStep
			if g.down {
				want = 0
			}
			for i, d := range heard() {
				if d != want {
					t.Errorf("a gateway that takes %v, down %v: %s is heard of after %v, want %v", slow, g.down, kinds[i].name, d, want)
				}
			}
		}
	}
}

func TestACatalogueIsParsedOnce(t *testing.T) {
	notice.Text("en", notice.Found, notice.Details{})
	if n := testing.AllocsPerRun(10, func() { notice.Text("en", notice.Found, notice.Details{}) }); n > 100 {
		t.Errorf("%.0f allocations for one text", n)
	}
}
