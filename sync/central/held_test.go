package central_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
	"vaxkiosk/sync/seal"
)

// What cannot be read while central is in a wrong state is answered when it is in order.

// unreadable keeps what nobody can read, as a request that was taken, and waits until it
// is held.
func (w *town) unreadable(key string) {
	w.t.Helper()
	now := w.now()
	_, err := w.Store.AddRequest(w.t.Context(), store.Request{
		ID: key, Receipt: request.ReceiptFor(key), BodyHash: []byte(key), Made: now, Expires: now.Add(request.Life),
		Envelope: w.sealed(seal.ForRequest, key, []byte("not a request")),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.State.Work.Ring()
	w.awaitHeld(key)
}

func (w *town) awaitHeld(key string) {
	w.t.Helper()
	for began := false; !began; runtime.Gosched() { // which tries once more what is held
		var err error
		if _, began, err = w.Store.LastPurge(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
	for {
		ring := w.State.Changed.Next()
		if w.db().Request(key).Held != "" {
			return
		}
		<-ring
	}
}

// readyz is what /readyz answers.
func (k *kiosk) readyz() int { return k.call("GET", "/readyz", nil).status }

// collects wants that a request is answered with a code that opens the record.
func (k *kiosk) collects(key string, r request.Request) {
	k.w.t.Helper()
	k.await(key)
	if res := k.unlock(key, r.PIN, k.w.codeFor(r.Phone+r.Email)); res.status != http.StatusOK {
		k.w.t.Errorf("the told request is not answered: status %d", res.status)
	}
}

// another puts another sealing key into the town's folder, one that it knows as if it was from
// before a rotation, and returns how to put the right one back.
func (w *town) another() (back func()) {
	w.t.Helper()
	path := filepath.Join(w.dir, "sealing.key")
	right, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	put := func(b []byte) {
		if err := os.Remove(path); err != nil {
			w.t.Fatal(err)
		}
		if err := keyfile.Write(path, b); err != nil {
			w.t.Fatal(err)
		}
	}
	key, wrong, err := seal.NewPrivateKey()
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := folder.OpenRegistry(w.t.Context(), w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	sum := sha256.Sum256(key.Public().Bytes)
	if err := errors.Join(s.AddKey(w.t.Context(), "sealing", base64.RawURLEncoding.EncodeToString(sum[:]), w.now()), s.Close()); err != nil {
		w.t.Fatal(err)
	}
	put(wrong)
	return func() { put(right) }
}

// Under another sealing key nothing is consumed: neither what waits nor what comes, and
// nothing that cannot be taken is refused permanently.
func TestNothingIsConsumedUnderAnotherSealingKey(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	broken := newGate(&notice.Phone{}) // closed for ever
	w.start(broken)
	k := w.kiosk("one")
	first, second := asks(w.people[0]), asks(w.people[1])
	waits := k.post(first)
	<-broken.knocked
	sealing := w.Sealing.Public()
	w.stop()
	back := w.another()
	w.start(nil)
	k = w.kiosk("one")
	w.awaitHeld(waits)
	sealed := func(p seal.Purpose, key string, plain []byte) []byte {
		e, err := seal.Seal(sealing, p, key, plain)
		if err != nil {
			t.Fatal(err)
		}
		return e.Encode()
	}
	comes, amend := rand.Text(), rand.Text()
	into[api.Ticket](t, k.call("POST", "/v1/requests", sealed(seal.ForRequest, comes, second.Encode()), "Idempotency-Key", comes), http.StatusAccepted)
	correction := sealed(seal.ForAmend, amend, w.corrects(w.people[0], "", nil).Encode())
	code(t, "a correction", k.call("POST", "/v1/amendments", correction, "Idempotency-Key", amend), http.StatusServiceUnavailable, api.ProblemCannotOpen)
	if k.readyz() != http.StatusServiceUnavailable {
		t.Error("it is ready, and cannot answer what waits")
	}
	k.await(k.post(asks(w.people[2]))) // sealed to the key that is there
	if n := strings.Count(w.log.String(), "event=requests.held"); n != 1 || !strings.Contains(w.log.String(), "restore sealing.key") {
		t.Errorf("said %d times", n)
	}
	w.stop()
	back()
	w.start(nil)
	k = w.kiosk("one")
	k.collects(waits, first)
	k.collects(comes, second)
	if k.readyz() != http.StatusOK {
		t.Error("not ready when all is answered")
	}
	into[api.AmendmentTicket](t, k.call("POST", "/v1/amendments", correction, "Idempotency-Key", amend), http.StatusAccepted)
}

// An old central and a new kiosk: the request stays until a program that reads it comes.
// What is new here is the version of today, and old is a program from before it.
func TestAnOldCentralKeepsWhatANewKioskSends(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	w.reads = -1
	w.start(nil)
	k := w.kiosk("one")
	r := asks(w.people[0])
	key := k.post(r)
	if s := w.state(key); s != store.Received {
		t.Errorf("it is %s", s)
	}
	for k.readyz() != http.StatusServiceUnavailable { // the housework of the start may try it once more
		runtime.Gosched()
	}
	if !strings.Contains(w.log.String(), "v=-1") {
		t.Errorf("nobody is told that the versions differ:\n%s", w.log.String())
	}
	w.stop()
	w.reads = 0
	w.start(nil)
	k = w.kiosk("one")
	k.collects(key, r)
}

// An envelope of a newer version may have any form, whatever it is for.
func TestAnEnvelopeOfANewerVersionStaysInTheKiosk(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	for path := range map[string]bool{"/v1/requests": true, "/v1/amendments": true, "/v1/problem-reports": true, "/v1/usage-batches": true} {
		res := k.call("POST", path, []byte(`{"v":2,"anything":["of","it"]}`), "Idempotency-Key", rand.Text())
		code(t, path, res, http.StatusServiceUnavailable, api.ProblemCannotOpen)
		if res.header.Get("Retry-After") == "" || !strings.Contains(res.problem(t).Title, "v=1") {
			t.Errorf("%s: neither when to come again nor why: %s", path, res.body)
		}
	}
}

// With the clocks apart, a child that was born yesterday would be born tomorrow.
func TestARequestThatDoesNotFitTheDayIsKeptWhenClocksDiffer(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	r := asks(w.people[0])
	r.Relation, r.Birth, r.Asker = request.Child, request.DateOf(w.now()), request.Name{Given: "Ana", Family: "Ruiz"}
	key, late := rand.Text(), rand.Text()
	body := w.sealed(seal.ForRequest, key, r.Encode())
	date := w.now().UTC().Format(http.TimeFormat)
	w.pass(-48 * time.Hour)
	into[api.Ticket](t, k.call("POST", "/v1/requests", body, "Idempotency-Key", key, "Date", date), http.StatusAccepted)
	res := k.call("POST", "/v1/requests", w.sealed(seal.ForRequest, late, r.Encode()), "Idempotency-Key", late, "Date", w.now().UTC().Format(http.TimeFormat))
	code(t, "with the clocks alike", res, http.StatusUnprocessableEntity, api.ProblemBadEnvelope)
	w.awaitHeld(key) // what is held later is tried again with the next purge only
	w.pass(48 * time.Hour)
	must(t, w.Worker.Purge(t.Context(), w.now()))
	w.State.Work.Ring()
	k.await(key)
}

// A request that was taken is never given up for rubbish.
func TestWhatWasTakenIsHeldWhenItCannotBeReadAnyMore(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	const key = "damaged-request-00001"
	w.unreadable(key)
	if !w.db().Request(key).Sealed || w.state(key) == store.Answered {
		t.Error("it is consumed")
	}
	k.await(k.post(asks(w.people[0])))
	if k.readyz() != http.StatusServiceUnavailable {
		t.Error("ready")
	}
}

// The same again is answered the same, whatever would be said of it today.
func TestWhatWasTakenIsTakenAgain(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	key := rand.Text()
	body := w.sealed(seal.ForRequest, key, []byte("not a request"))
	code(t, "rubbish", k.call("POST", "/v1/requests", body, "Idempotency-Key", key), http.StatusUnprocessableEntity, api.ProblemBadEnvelope)
	now, sum := w.now(), sha256.Sum256(body)
	if _, err := w.Store.AddRequest(t.Context(), store.Request{ID: key, Receipt: request.ReceiptFor(key), BodyHash: sum[:], Envelope: body, Made: now, Expires: now.Add(request.Life)}); err != nil {
		t.Fatal(err)
	}
	into[api.Ticket](t, k.call("POST", "/v1/requests", body, "Idempotency-Key", key), http.StatusAccepted)
}

func TestTheLogTellsBeforeARequestDiesUnanswered(t *testing.T) {
	w := idle(t, &notice.Phone{})
	log := &logBuffer{}
	w.Worker.Log = slog.New(slog.NewTextHandler(log, nil))
	key := w.job(asks(w.people[0])).ID
	const dying = 24 * time.Hour
	said := func(after time.Duration) string {
		before := len(log.String())
		must(t, w.Worker.Purge(t.Context(), w.now().Add(after)))
		return log.String()[before:]
	}
	if s := said(request.Life - dying - time.Hour); s != "" {
		t.Errorf("more than a day before: %s", s)
	}
	if s := said(request.Life - dying + time.Hour); !strings.Contains(s, "level=ERROR") || !strings.Contains(s, "event=requests.dying count=1") || strings.Contains(s, key) {
		t.Errorf("less than a day before: %s", s)
	}
	if s := said(request.Life + time.Second); !strings.Contains(s, "event=requests.died count=1") {
		t.Errorf("afterwards: %s", s)
	}
}
