package central_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
)

// The attack drill: somebody who has several kiosks guesses at one request from
// many connections at once, at two instances of central over one database, by its
// id and by its receipt. However it goes, at most five proofs are compared.

// instance serves the town's database once more, with connections and counters of
// its own, as a second machine would.
func (w *town) instance() (c *central.Central, url string) {
	w.t.Helper()
	c, err := central.Open(w.t.Context(), central.Options{Dir: w.dir, Sender: w.phone, Now: w.now})
	if err != nil {
		w.t.Fatal(err)
	}
	cert, err := c.Rooms().CA.Server([]string{"localhost", "127.0.0.1"}, w.now())
	if err != nil {
		w.t.Fatal(err)
	}
	l, srv := listener(w.t), c.Server(cert)
	served := make(chan error, 1)
	go func() { served <- srv.ServeTLS(l, "", "") }()
	w.t.Cleanup(func() {
		if err := errors.Join(c.ShutDown(srv), c.Close()); err != nil || !errors.Is(<-served, http.ErrServerClosed) {
			w.t.Errorf("the second instance: %v", err)
		}
	})
	return c, "https://" + l.Addr().String()
}

// attackers is n connections, each of its own, of several kiosks to both instances,
// and how many proofs these have compared since: what is answered does not tell that.
func (w *town) attackers(n int) (all []*kiosk, compared func() int) {
	w.t.Helper()
	second, url := w.instance()
	urls := []string{w.url, url}
	both := func() int { return w.Keeper.Compared() + second.Rooms().Keeper.Compared() }
	before := both()
	for i := range n {
		k := w.kiosk(fmt.Sprint("kiosk-", i%4))
		k.url = urls[i%2]
		all = append(all, k)
	}
	return all, func() int { return both() - before }
}

// answers is what came back, by problem code; "" is a token.
type answers struct {
	mu   sync.Mutex
	by   map[string]int
	left map[int]int // how often so many tries were said to be left
}

func (a *answers) add(t *testing.T, r reply) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.status == http.StatusOK {
		a.by[""]++
		return
	}
	p := r.problem(t)
	a.by[p.Code()]++
	if p.AttemptsLeft != nil {
		a.left[*p.AttemptsLeft]++
	}
}

// attack has every kiosk make its call at the same moment.
func attack(t *testing.T, kiosks []*kiosk, call func(i int, k *kiosk) reply) *answers {
	got := &answers{by: map[string]int{}, left: map[int]int{}}
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, k := range kiosks {
		k.call("GET", "/healthz", nil) // connected
		wg.Go(func() {
			<-start
			got.add(t, call(i, k))
		})
	}
	close(start)
	wg.Wait()
	return got
}

func TestHoweverManyGuessAtMostFiveAreCompared(t *testing.T) {
	w := newTown(t, nil)
	key, right := w.kiosk("honest").ready(w.people[0])
	kiosks, compared := w.attackers(48)
	guess := func(i int, k *kiosk) reply {
		if i%3 == 0 {
			return k.pickup(request.ReceiptFor(key), testPIN, wrong(right))
		}
		return k.unlock(key, testPIN, wrong(right))
	}
	got := attack(t, kiosks, guess)
	if got.by[api.ProblemRefused] != store.MaxTries || got.by[api.ProblemOver] != len(kiosks)-store.MaxTries {
		t.Errorf("answers %v", got.by)
	}
	for left := range store.MaxTries {
		if got.left[left] != 1 {
			t.Errorf("%d were told that %d tries are left", got.left[left], left)
		}
	}
	for i, k := range kiosks[:4] {
		code(t, fmt.Sprint("the right proof afterwards, ", i), k.unlock(key, testPIN, right), http.StatusLocked, api.ProblemOver)
	}
	if n := compared(); n != store.MaxTries {
		t.Errorf("%d proofs compared", n)
	}
}

// Right proofs give their try back, and that is no way to more wrong ones.
func TestRightProofsAmongTheGuessesBuyNoMoreOfThem(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	key, right := w.kiosk("honest").ready(w.people[0])
	kiosks, compared := w.attackers(40)
	got := attack(t, kiosks, func(i int, k *kiosk) reply {
		if i%4 < 2 {
			return k.unlock(key, testPIN, right)
		}
		return k.unlock(key, testPIN, wrong(right))
	})
	if n := got.by[api.ProblemRefused]; n > store.MaxTries || n+got.by[""]+got.by[api.ProblemOver] != 40 || n+got.by[""] != compared() {
		t.Errorf("answers %v, %d proofs compared", got.by, compared())
	}
}

func TestAnUnknownReceiptHasFiveTriesToo(t *testing.T) {
	w := newTown(t, nil)
	kiosks, compared := w.attackers(24)
	receipt := request.ReceiptFor(rand.Text())
	got := attack(t, kiosks, func(_ int, k *kiosk) reply { return k.pickup(receipt, testPIN, "123456") })
	if got.by[api.ProblemRefused] != store.MaxTries || got.by[api.ProblemOver] != len(kiosks)-store.MaxTries || compared() != store.MaxTries {
		t.Errorf("answers %v, %d proofs compared", got.by, compared())
	}
}

// Whoever guesses at many requests from one kiosk is stopped by the kiosk's limit,
// from many kiosks by the one of all, also when it is reached at two instances.
func TestGuessingAtManyRequestsStopsAtTheLimitsOfKioskAndOfAll(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	kiosks, compared := w.attackers(32)
	honest := w.kiosk("honest")
	var keys []string
	for _, p := range w.people[:8] {
		key, _ := honest.ready(p)
		keys = append(keys, key)
	}
	guess := func(i int, k *kiosk) reply { return k.unlock(keys[i%8], "8305", "000000") }
	one := make([]*kiosk, 32) // the same certificate each time
	for i := range one {
		one[i] = &kiosk{w: w, http: kiosks[0].http, url: kiosks[i].url}
	}
	w.fill(access.KioskProofs, kiosks[0].id(), 7)
	if got := attack(t, one, guess); got.by[api.ProblemRefused] != 7 || got.by[api.ProblemBusy] != 25 {
		t.Errorf("one kiosk: %v", got.by)
	}
	w.db().ForgetTries()
	w.fill(access.AllProofs, "", 9)
	if got := attack(t, kiosks, guess); got.by[api.ProblemRefused] != 9 || got.by[api.ProblemBusy] != 23 {
		t.Errorf("all kiosks: %v", got.by)
	}
	if n := compared(); n != 7+9 {
		t.Errorf("%d proofs compared", n)
	}
}
