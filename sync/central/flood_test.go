package central_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// The flood drill: whoever has the key of a kiosk hands in all they can. Nobody else's
// request waits for it, and none that was told dies.

// flood is a kiosk's way to hand in without a network between.
type flood struct {
	w    *town
	h    http.Handler
	leaf *x509.Certificate
}

func (w *town) flood() flood {
	w.t.Helper()
	cert := w.issued(time.Hour, x509.ExtKeyUsageClientAuth)
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		w.t.Fatal(err)
	}
	return flood{w, w.Calls.Handler(), leaf}
}

// id is what central calls the kiosk.
func (f flood) id() string {
	sum := sha256.Sum256(f.leaf.Raw)
	return hex.EncodeToString(sum[:])
}

// post hands something in and returns the status and the code of the problem.
func (f flood) post(key string, body []byte) (status int, code string) {
	r := httptest.NewRequestWithContext(f.w.t.Context(), http.MethodPost, "/v1/requests", bytes.NewReader(body))
	r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{f.leaf}}
	r.Header.Set("Idempotency-Key", key)
	to := httptest.NewRecorder()
	f.h.ServeHTTP(to, r)
	if to.Code == http.StatusAccepted {
		return to.Code, ""
	}
	return to.Code, reply{to.Code, to.Header(), to.Body.Bytes()}.problem(f.w.t).Code()
}

// inParallel calls f for n numbers from several goroutines, and returns how long that took.
func inParallel(n int, f func(i int)) time.Duration {
	start := time.Now()
	var next atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				f(i)
			}
		})
	}
	all.Wait()
	return time.Since(start)
}

// rubbish is a body that looks like a request from outside and holds none: of its own
// key, moved from another request, cut, or sealed junk.
func (w *town) rubbish(i int, key string, good seal.Envelope) []byte {
	e := good
	e.Key = key
	switch i % 3 {
	case 0:
		e.Ciphertext = bytes.Repeat([]byte{byte(i)}, 400)
	case 1:
		e.Encap = bytes.Repeat([]byte{9}, 32)
	}
	return e.Encode()
}

func TestAFloodOfRubbishDelaysNobody(t *testing.T) {
	junk := 66_000
	if testing.Short() || raced {
		junk = 3_000
	}
	w := newTown(t, nil)
	k, f := w.kiosk("honest"), w.flood()
	good, err := seal.Decode(w.sealed(seal.ForRequest, keyNumber(0), asks(w.people[0]).Encode()))
	if err != nil {
		t.Fatal(err)
	}
	var refused atomic.Int64
	took := inParallel(junk, func(i int) {
		key := keyNumber(i)
		if status, code := f.post(key, w.rubbish(i, key, good)); status == http.StatusUnprocessableEntity && code == api.ProblemBadEnvelope {
			refused.Add(1)
		}
	})
	if int(refused.Load()) != junk {
		t.Errorf("%d of %d are refused", refused.Load(), junk)
	}
	if n := w.db().Count("requests"); n != 0 {
		t.Errorf("%d are kept", n)
	}
	own, r := rand.Text(), asks(w.people[1]) // of the very kiosk whose key was stolen
	if status, code := f.post(own, w.sealed(seal.ForRequest, own, r.Encode())); status != http.StatusAccepted {
		t.Fatalf("an honest one: %d %s", status, code)
	}
	wait := func(key string) time.Duration { return w.db().Request(key).Wait }
	k.await(own)
	key, _ := k.ready(w.people[0])
	if wait(own) != 0 || wait(key) != 0 {
		t.Errorf("honest requests wait %v and %v for their turn", wait(own), wait(key))
	}
	t.Logf("%d junk requests refused in %v, %.0f a second; honest ones at the same and at another kiosk wait 0 s for their turn", junk, took.Round(time.Millisecond), float64(junk)/took.Seconds())
}

// Requests that can be read cannot be told from honest ones. They are taken as far as the
// limits go, and whoever asks at another kiosk goes before them.
func TestAFloodOfGoodLookingRequestsDelaysNoOtherKiosk(t *testing.T) {
	w := idle(t, &notice.Phone{})
	f := w.flood()
	const honest = "an-honest-request-01"
	junk := access.KioskTurns.Most + 60
	for i := range junk {
		key := keyNumber(i)
		if status, code := f.post(key, w.sealed(seal.ForRequest, key, w.apart(i%len(w.people)).Encode())); status != http.StatusAccepted {
			t.Fatalf("%d %s", status, code)
		}
	}
	now := w.now()
	if _, err := w.Store.AddRequest(t.Context(), store.Request{
		ID: honest, Receipt: request.ReceiptFor(honest), BodyHash: []byte("b"), Envelope: w.sealed(seal.ForRequest, honest, asks(w.people[0]).Encode()),
		Made: now, Expires: now.Add(request.Life), Kiosk: "another", Turn: w.Keeper.Use(access.KioskTurns, "another"), Work: w.Keeper.Use(access.KioskRequests, "another"),
	}); err != nil {
		t.Fatal(err)
	}
	if before, with := w.db().Before(honest); with > access.KioskTurns.Most+1 {
		t.Errorf("it has %d before it", before)
	}
	// Full: of 66,000 what would wait for longer than a day is left to the kiosk.
	for but, want := range map[int]int{1: http.StatusAccepted, 0: http.StatusAccepted, -day(t) + 1: http.StatusAccepted, -day(t) - 1: http.StatusTooManyRequests} {
		w.db().ForgetTries()
		w.fill(access.KioskRequests, f.id(), but)
		key := fmt.Sprintf("one-more-request-%05d", but+50_000)
		if status, code := f.post(key, w.sealed(seal.ForRequest, key, w.apart(1).Encode())); status != want || status != http.StatusAccepted && code != api.ProblemTooMany {
			t.Errorf("with room for %d: %d %s", but, status, code)
		}
	}
	t.Logf("of 66,000 requests that can be read %d are taken, %d at once and the last after %v; another kiosk's goes before all but %d of them",
		access.KioskRequests.Most+day(t), access.KioskRequests.Most, store.MaxWait, access.KioskTurns.Most)
}

// day is how many requests of one kiosk wait at most.
func day(t *testing.T) int {
	t.Helper()
	return int(store.MaxWait / access.KioskRequests.Each())
}

// TestAnHonestBacklogIsWorkedOnAtOnce: 10,000 requests of a kiosk that was without a
// network for long do not wait for the clock.
func TestAnHonestBacklogIsWorkedOnAtOnce(t *testing.T) {
	w := idle(t, &notice.Phone{})
	f := w.flood()
	backlog := 10_000
	if testing.Short() || raced {
		backlog = 1_000
	}
	plain := asks(w.people[0]).Encode()
	took := inParallel(backlog, func(i int) {
		key := keyNumber(i)
		if status, code := f.post(key, w.sealed(seal.ForRequest, key, plain)); status != http.StatusAccepted {
			t.Errorf("%d %s", status, code)
		}
	})
	if n := w.db().Waiting(); n != 0 {
		t.Errorf("%d wait for the clock", n)
	}
	t.Logf("%d requests taken in %v, %.0f a second; none waits for the clock", backlog, took.Round(time.Millisecond), float64(backlog)/took.Seconds())
}

// The largest request that a kiosk can make fits.
func TestTheLargestRequestFits(t *testing.T) {
	w := idle(t, &notice.Phone{})
	largest := 0
	for _, letter := range []string{"n", "ñ", "ក្រុំ", "𞤀\U0001E944\U0001E945", "க்ஷி"} {
		d := request.Draft{
			Relation: request.Represented, Capacity: request.HealthAgent, Birth: request.Date{Year: 1980, Month: 5, Day: 6}, Gender: request.Undisclosed,
			Contact: request.ByPhone, Both: true, Phone: "4362340123", PIN: testPIN, PINAgain: testPIN, Suffix: "Jr.", Consent: request.Consent{Policy: "2026-11-23", Declaration: "2026-11-23"},
		}
		d.Email = string(bytes.Repeat([]byte("a"), 64)) + "@" + string(bytes.Repeat([]byte("b.c"), 61)) + ".org"
		for _, text := range []*string{&d.Given, &d.Middle, &d.Family, &d.Other.Given, &d.Other.Family, &d.Asker.Given, &d.Asker.Family} {
			for request.Letters(*text) < request.Longest(request.FieldGiven) && !request.TooMuch(request.FieldGiven, *text+letter) {
				*text += letter
			}
		}
		r, problems := d.Request("en", request.DateOf(w.now()))
		if len(problems) > 0 {
			t.Errorf("%q: %v", letter, problems)
			continue
		}
		key := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{1}, 48)) // as long as a key may be
		body := w.sealed(seal.ForRequest, key, r.Encode())
		if largest = max(largest, len(body)); len(body) > seal.MaxRequest {
			t.Errorf("%q: %d bytes", letter, len(body))
		}
		if status, code := w.flood().post(key, body); largest == len(body) && status != http.StatusAccepted && code != api.ProblemKeyReused {
			t.Errorf("%q: %d %s", letter, status, code)
		}
	}
	t.Logf("the largest request is %d bytes, %d may be", largest, seal.MaxRequest)
}
