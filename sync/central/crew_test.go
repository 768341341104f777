package central_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// turnstile is a gateway that notes what goes where, in order, and lets nothing through before
// it is told to.
type turnstile struct {
	mu   sync.Mutex
	to   []string
	at   chan string // whom a notice is for that has come so far
	pass chan struct{}
}

func newTurnstile() *turnstile {
	return &turnstile{at: make(chan string, 1000), pass: make(chan struct{}, 1000)}
}

func (c *turnstile) Send(ctx context.Context, m notice.Message) error {
	c.at <- m.To
	select {
	case <-c.pass:
	case <-ctx.Done():
		return ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.to = append(c.to, m.To)
	return nil
}

// several is a town with so many workers, stopped until work is called.
func several(t *testing.T, n int, sender notice.Sender) *town {
	w := idle(t, sender)
	w.Worker.Workers = n
	return w
}

func (w *town) works() {
	w.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); w.Worker.Run(ctx) }()
	w.t.Cleanup(func() { stop(); <-ended })
}

// keep keeps a request that nobody works on yet.
func (w *town) keep(key string, r request.Request) {
	w.t.Helper()
	now := w.now()
	_, err := w.Store.AddRequest(w.t.Context(), store.Request{
		ID: key, Receipt: request.ReceiptFor(key), BodyHash: []byte(key), Made: now, Expires: now.Add(request.Life), Envelope: w.sealed(seal.ForRequest, key, r.Encode()),
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// apart is a request with a contact that nobody else has.
func (w *town) apart(i int) request.Request {
	r := asks(w.people[i])
	r.Contact, r.Phone, r.Email = request.ByPhone, fmt.Sprintf("+16175550%03d", 100+i), ""
	return r
}

func TestWorkersWorkSideBySide(t *testing.T) {
	g := newTurnstile()
	w := several(t, 3, g)
	for i := range 3 {
		w.keep(keyNumber(i), w.apart(i))
	}
	w.works()
	var at []string
	for range 3 { // none has been let through
		at = append(at, <-g.at)
	}
	slices.Sort(at)
	if len(slices.Compact(at)) != 3 {
		t.Errorf("notices to %d contacts", len(slices.Compact(at)))
	}
	for range 3 {
		g.pass <- struct{}{}
	}
}

// Of one contact, the second is not begun before the first has ended, however many
// workers are free, and others do not wait for it.
func TestOrderHoldsForEachContact(t *testing.T) {
	g := newTurnstile()
	w := several(t, 4, g)
	one, other := w.apart(0), w.apart(1)
	both := one // shares the phone of the first
	both.Email, both.Contact = "mine@example.org", request.ByPhone
	alone := both
	alone.Phone, alone.Email, alone.Contact = "", "MINE+tag@example.org", request.ByEmail // shares that mailbox
	for i, r := range []request.Request{one, both, alone, other} {
		w.keep(keyNumber(i), r)
	}
	w.works()
	first, second := <-g.at, <-g.at
	if first > second {
		first, second = second, first
	}
	if !(first == given(one) && second == given(other)) {
		t.Fatal("others go before those whose contact is worked for, or the other one waits")
	}
	for range 10 {
		g.pass <- struct{}{}
	}
	k := &kiosk{w: w}
	for i := range 4 {
		k.await(keyNumber(i))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.to = slices.DeleteFunc(g.to, func(to string) bool { return to == given(other) })
	if want := []string{given(one), given(one), given(alone)}; !slices.Equal(g.to, want) {
		t.Errorf("%d notices, or in another order", len(g.to))
	}
}

// The limits hold however many work at once.
func TestWorkersTogetherKeepTheLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := several(t, 4, &notice.Phone{})
	p := w.withBoth()
	const many = 12
	for i := range many { // by two contacts, so two at a time
		r := asks(p)
		if i%2 == 0 {
			r.Contact, r.Phone, r.Email = request.ByEmail, "", p.Email
		}
		w.keep(keyNumber(i), r)
	}
	w.works()
	k := &kiosk{w: w}
	for i := range many {
		k.await(keyNumber(i))
	}
	if n := w.db().Opening(); n != 5 || access.PerSubject.Most != 5 {
		t.Errorf("%d requests open the record", n)
	}
}

// Nothing is lost that waits for another one when the service stops.
func TestAStopWhileOneWaitsForAnotherLosesNothing(t *testing.T) {
	g := newTurnstile()
	w := several(t, 2, g)
	for i := range 3 {
		w.keep(keyNumber(i), asks(w.people[0]))
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); w.Worker.Run(ctx) }()
	<-g.at
	stop()
	<-ended
	for range 10 {
		g.pass <- struct{}{}
	}
	w.works()
	k := &kiosk{w: w}
	for i := range 3 {
		k.await(keyNumber(i))
	}
}

// However it ends, a task is not left among those in work.
func TestATaskThatFailsIsNotLeftInWork(t *testing.T) {
	w := several(t, 1, sending(func(context.Context, notice.Message) error { return errors.New("away") }))
	w.keep(keyNumber(1), asks(w.people[0]))
	for range 3 {
		if worked, err := w.Worker.Next(t.Context(), w.now()); !worked || err == nil {
			t.Fatalf("worked %v, %v", worked, err) // what is in work is not taken again
		}
		w.pass(time.Minute)
	}
}

// BenchmarkAnswer is how many requests a second are answered, beside what one slow hash
// costs: each needs one, on a core of its own.
func BenchmarkAnswer(b *testing.B) {
	for _, workers := range slices.Compact([]int{1, runtime.GOMAXPROCS(0)}) {
		b.Run(fmt.Sprint("workers=", workers), func(b *testing.B) { benchAnswers(b, workers) })
	}
}

func benchAnswers(b *testing.B, workers int) {
	w := newTown(b, nil)
	w.stop()
	c, err := central.Open(w.t.Context(), central.Options{Dir: w.dir, Sender: w.phone, Unlimited: true, Workers: workers})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	w.Central, w.Rooms = c, c.Rooms()
	start := time.Now()
	const hashes = 20
	for range hashes {
		w.Keeper.NewLock("request", testPIN, "123456")
	}
	hash := time.Since(start) / hashes
	for i := range b.N {
		w.keep(keyNumber(i), w.apart(i%len(w.people)))
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	b.ResetTimer()
	go func() { defer close(ended); w.Worker.Run(ctx) }()
	for {
		ring := w.State.Changed.Next()
		if _, waits, err := w.Store.NextDue(ctx, time.Now()); err != nil {
			b.Fatal(err)
		} else if !waits {
			break
		}
		<-ring
	}
	b.StopTimer()
	stop()
	<-ended
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
	b.ReportMetric(float64(hash.Microseconds())/1000, "ms/hash")
}
