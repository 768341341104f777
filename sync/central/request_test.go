package central_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

func TestTheSameRequestTwiceIsOneRequest(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	key := rand.Text()
	body := w.sealed(seal.ForRequest, key, asks(w.people[0]).Encode())
	first := k.call("POST", "/v1/requests", body, "Idempotency-Key", key)
	k.await(key)
	w.pass(time.Minute)
	again := k.call("POST", "/v1/requests", body, "Idempotency-Key", key)
	if first.status != http.StatusAccepted || again.status != http.StatusAccepted || !bytes.Equal(first.body, again.body) {
		t.Errorf("%d %s, then %d %s", first.status, first.body, again.status, again.body)
	}
	other := w.sealed(seal.ForRequest, key, asks(w.people[1]).Encode())
	if res := k.call("POST", "/v1/requests", other, "Idempotency-Key", key); res.problem(t).Code() != api.ProblemKeyReused {
		t.Errorf("another body: %d", res.status)
	}
	if n := len(w.phone.Messages()); n != 1 {
		t.Errorf("%d notices", n)
	}
}

func TestWhatIsNotTheContractIsRefused(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	key := rand.Text()
	good := w.sealed(seal.ForRequest, key, []byte("{}"))
	changed := func(change func(*seal.Envelope)) []byte {
		var e seal.Envelope
		if err := json.Unmarshal(good, &e); err != nil {
			t.Fatal(err)
		}
		change(&e)
		return e.Encode()
	}
	for _, c := range []struct {
		name, path, key string
		body            []byte
		status          int
		code            string
	}{
		{"no key", "/v1/requests", "", good, 400, api.ProblemBadRequest},
		{"short key", "/v1/requests", "abc", good, 400, api.ProblemBadRequest},
		{"no JSON", "/v1/requests", key, []byte("hello"), 400, api.ProblemBadRequest},
		{"unknown field", "/v1/requests", key, append([]byte(`{"more":1,`), good[1:]...), 400, api.ProblemUnknownField},
		{"two values", "/v1/requests", key, append(bytes.Clone(good), '1'), 400, api.ProblemBadRequest},
		{"too large", "/v1/requests", key, bytes.Repeat([]byte(" "), seal.MaxSize+1), 413, api.ProblemTooLarge},
		{"too large for a request", "/v1/requests", key, bytes.Repeat([]byte(" "), seal.MaxRequest+1), 413, api.ProblemTooLarge},
		{"what is no request", "/v1/requests", key, good, 422, api.ProblemBadEnvelope},
		{"another key", "/v1/requests", rand.Text(), good, 422, api.ProblemBadEnvelope},
		{"another version", "/v1/requests", key, changed(func(e *seal.Envelope) { e.Version = 2 }), 503, api.ProblemCannotOpen},
		{"another sealing key", "/v1/requests", key, changed(func(e *seal.Envelope) { e.KeyID = "x" }), 422, api.ProblemBadEnvelope},
		{"another purpose", "/v1/requests", key, changed(func(e *seal.Envelope) { e.Purpose = seal.ForUnlock }), 422, api.ProblemBadEnvelope},
		{"a proof for another request", "/v1/requests/" + key + "/unlock", "", w.sealed(seal.ForUnlock, rand.Text(), proofOf("1", "2")), 422, api.ProblemBadEnvelope},
		{"a proof of wrong form", "/v1/requests/" + key + "/unlock", "", w.sealed(seal.ForUnlock, key, proofOf("12345", "2")), 422, api.ProblemBadEnvelope},
		{"a request as a proof", "/v1/requests/" + key + "/unlock", "", good, 422, api.ProblemBadEnvelope},
		{"unlock of nothing", "/v1/requests/" + key + "/unlock", "", w.sealed(seal.ForUnlock, key, proofOf("7294", "123456")), 404, api.ProblemUnknown},
		{"a wrong receipt", "/v1/pickups", "", w.sealed(seal.ForPickup, "0000-0001", proofOf("7294", "123456")), 422, api.ProblemBadEnvelope},
		{"no such call", "/v1/people", "", nil, 404, api.ProblemUnknown},
	} {
		res := k.call("POST", c.path, c.body, "Idempotency-Key", c.key)
		if p := res.problem(t); res.status != c.status || p.Code() != c.code {
			t.Errorf("%s: %d %s, want %d %s", c.name, res.status, p.Code(), c.status, c.code)
		}
	}
	if res := k.call("GET", "/v1/requests/"+key, nil); res.status != http.StatusNotFound {
		t.Errorf("something was kept: status %d", res.status)
	}
}

// gate is a gateway that is closed at first and says when somebody knocks.
type gate struct {
	notice.Sender
	knocked chan struct{}
	open    chan struct{}
}

func newGate(s notice.Sender) *gate {
	return &gate{Sender: s, knocked: make(chan struct{}, 100), open: make(chan struct{})}
}

func (g *gate) Send(ctx context.Context, m notice.Message) error {
	g.knocked <- struct{}{}
	select {
	case <-g.open:
		return g.Sender.Send(ctx, m)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestAStopInTheMiddleLosesNothingAndKeepsRequestsSealed(t *testing.T) {
	phone := &notice.Phone{}
	closed := newGate(phone)
	w := newTown(t, closed)
	k := w.kiosk("one")
	var keys []string
	for _, p := range w.people[:3] {
		keys = append(keys, k.post(asks(p)))
	}
	<-closed.knocked // the first is in the middle of its work
	res := k.call("GET", "/v1/requests/"+keys[0], nil)
	if s := into[api.RequestStatus](t, res, http.StatusOK).State; s != api.RequestStatusStateProcessing {
		t.Errorf("state %s", s)
	}
	w.stop()
	for name, b := range filesIn(t, w.dir) {
		if strings.HasPrefix(name, "central.db") && bytes.Contains(b, []byte(`"relation"`)) {
			t.Errorf("an opened request is in %s", name)
		}
	}
	w.phone = phone
	w.start(phone)
	k = w.kiosk("one")
	for i, key := range keys {
		k.await(key)
		p := w.people[i]
		if res := k.unlock(key, testPIN, w.codeFor(asks(p).Phone+asks(p).Email)); res.status != http.StatusOK {
			t.Errorf("resident %d: status %d", p.Number, res.status)
		}
	}
}

// moody refuses the first messages.
type moody struct {
	notice.Sender
	mu      sync.Mutex
	refuses int
}

func (m *moody) Send(ctx context.Context, msg notice.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuses > 0 {
		m.refuses--
		return errors.New("gateway is busy")
	}
	return m.Sender.Send(ctx, msg)
}

func TestANoticeThatCannotBeHandedOverIsTriedAgain(t *testing.T) {
	phone := &notice.Phone{}
	w := newTown(t, &moody{Sender: phone, refuses: 2})
	w.phone = phone
	k := w.kiosk("one")
	key, code := k.ready(w.people[0])
	if res := k.unlock(key, testPIN, code); res.status != http.StatusOK {
		t.Errorf("status %d", res.status)
	}
	log := w.log.String()
	if strings.Count(log, "cannot be worked on") != 1 || strings.Count(log, "worked on again") != 1 {
		t.Errorf("the trouble is not said once and ended once:\n%s", log)
	}
}

func TestALongPollEndsWithTheNextState(t *testing.T) {
	phone := &notice.Phone{}
	closed := newGate(phone)
	w := newTown(t, closed)
	k := w.kiosk("one")
	key := k.post(asks(w.people[0]))
	<-closed.knocked
	answered := make(chan reply)
	go func() { answered <- k.call("GET", "/v1/requests/"+key, nil, "Prefer", "respond-async, wait=25") }()
	if s := into[api.RequestStatus](t, k.call("GET", "/v1/requests/"+key, nil), http.StatusOK).State; s != api.RequestStatusStateProcessing {
		t.Errorf("without waiting: %s", s)
	}
	start := time.Now()
	if s := into[api.RequestStatus](t, k.call("GET", "/v1/requests/"+key, nil, "Prefer", "wait=1"), http.StatusOK).State; s != api.RequestStatusStateProcessing || time.Since(start) < time.Second {
		t.Errorf("waiting for nothing: %s after %v", s, time.Since(start))
	}
	close(closed.open)
	if s := into[api.RequestStatus](t, <-answered, http.StatusOK).State; s != api.RequestStatusStateAnswered {
		t.Errorf("waited for %s", s)
	}
	if res := k.call("GET", "/v1/requests/no-such-request-at-all", nil, "Prefer", "wait=25"); res.status != http.StatusNotFound {
		t.Errorf("unknown request: status %d", res.status)
	}
}

func TestNoticesGoWhereTheRuleSays(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	last := func(r request.Request) notice.Message {
		k.await(k.post(r))
		all := w.phone.Messages()
		return all[len(all)-1]
	}
	adult, child := w.people[0], w.people[3]
	r := asks(adult)
	if m := last(r); m.To != adult.Phone || sixDigits.FindString(m.Text) == "" {
		t.Error("the code did not go to the contact on file")
	}
	r.Lang = "es"
	if m := last(r); !strings.Contains(m.Text, "vacunas") {
		t.Error("the notice is not in the language asked for")
	}
	r.Contact, r.Phone, r.Email = request.ByEmail, "", "stranger@example.org"
	if m := last(r); m.To != r.Email || sixDigits.FindString(m.Text) != "" {
		t.Error("a contact that is not on file got a code, or no notice")
	}
	guardian := last(asks(child))
	if guardian.To != child.Phone || !strings.Contains(guardian.Text, "guardian") {
		t.Error("a child's code did not go to the guardian contact on file")
	}
	for _, p := range w.people {
		for _, m := range w.phone.Messages() {
			if strings.Contains(m.Text, p.Given) || strings.Contains(m.Text, p.Family) {
				t.Errorf("a notice names resident %d", p.Number)
			}
		}
	}
}

func TestAChildWhoCameOfAgeOnTheWayIsStillRead(t *testing.T) {
	w := newTown(t, nil)
	r := asks(w.people[0])
	r.Relation, r.Asker = request.Child, request.Name{Given: "Ana", Family: "Asker"}
	r.Birth = request.DateOf(w.now().AddDate(-18, 0, -3)) // 18 for three days
	key := rand.Text()
	e := w.sealed(seal.ForRequest, key, r.Encode())
	if _, err := w.opener().Job(store.Job{ID: key, Envelope: e}, w.now()); err != nil {
		t.Error(err)
	}
	if _, err := w.opener().Job(store.Job{ID: key, Envelope: e}, w.now().AddDate(0, 2, 0)); err == nil {
		t.Error("a request of a child of 18 is read after two months")
	}
}

func TestReadyTellsOfABrokenDatabase(t *testing.T) {
	w := newTown(t, nil)
	anybody := w.visitor(filepath.Join(w.dir, "ca.pem"))
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	res := anybody.call("GET", "/readyz", nil)
	if res.status != http.StatusServiceUnavailable || res.problem(t).Code() != api.ProblemBusy || res.header.Get("Retry-After") == "" {
		t.Errorf("status %d", res.status)
	}
	if res := anybody.call("GET", "/healthz", nil); res.status != http.StatusOK {
		t.Errorf("the process lives: status %d", res.status)
	}
}
