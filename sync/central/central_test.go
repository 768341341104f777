package central_test

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/api/apitest"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/seal"
)

// fetch gets and verifies the record behind a token with the published keys.
func (k *kiosk) fetch(token string) record.Record {
	k.w.t.Helper()
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal(k.call("GET", "/.well-known/jwks.json", nil).body, &keys); err != nil {
		k.w.t.Fatal(err)
	}
	res := k.call("GET", "/v1/record", nil, "Authorization", "Bearer "+token)
	if res.status != http.StatusOK {
		k.w.t.Fatalf("status %d", res.status)
	}
	r, err := record.Parse(res.body, keys, k.w.now())
	if err != nil {
		k.w.t.Fatal(err)
	}
	return r
}

func TestARequestEndsInTheVerifiedRecordOfThePerson(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	for _, p := range w.people[:6] {
		key, code := k.ready(p)
		token := into[api.Release](t, k.unlock(key, testPIN, code), http.StatusOK).Token
		r := k.fetch(token)
		if r.Given != p.Given || r.Family != p.Family || r.Birth != p.Birth.String() || len(r.Doses) != len(p.Doses) {
			t.Errorf("resident %d: another record", p.Number)
		}
		for _, d := range r.Doses {
			d.Card, d.Name = 0, ""
			if !slices.Contains(p.Doses, d) {
				t.Errorf("resident %d: a dose that is not on file", p.Number)
			}
		}
		job := "print-" + key
		for range 2 { // the second is a repetition
			res := k.call("POST", "/v1/record/prints", []byte(`{"outcome":"printed","pages":1}`),
				"Authorization", "Bearer "+token, "Idempotency-Key", job)
			if res.status != http.StatusNoContent {
				t.Errorf("print: status %d: %s", res.status, res.body)
			}
		}
		if on, ok := w.RecordOf(w.t.Context(), p.Number); !ok || on.Family != p.Family || !slices.Equal(on.Doses, p.Doses) {
			t.Errorf("resident %d is not on file as imported", p.Number)
		}
	}
}

func TestResidentsWithEveryKindOfContactAreFound(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	last := 18
	if testing.Short() {
		last = 9
	}
	for _, p := range w.people[6:last] {
		key, code := k.ready(p)
		if res := k.unlock(key, testPIN, code); res.status != http.StatusOK {
			t.Errorf("resident %d: status %d", p.Number, res.status)
		}
	}
}

// ownClient is a kiosk as it is built, with the bootstrap it has verified.
type ownClient struct {
	*client.Client
	w *town
	b api.Bootstrap
}

func (w *town) ownClient(name string) ownClient {
	w.t.Helper()
	c, pin := w.client(name)
	jws, etag, err := c.Bootstrap(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	b, err := client.VerifyBootstrap(jws, pin)
	if err != nil {
		w.t.Fatal(err)
	}
	if again, _, err := c.Bootstrap(w.t.Context(), etag); again != nil || err != nil {
		w.t.Errorf("an unchanged bootstrap: %d bytes, %v", len(again), err)
	}
	return ownClient{c, w, b}
}

func (c ownClient) seal(purpose seal.Purpose, key string, plain []byte) seal.Envelope {
	c.w.t.Helper()
	e, err := seal.Seal(client.SealingKey(c.b), purpose, key, plain)
	if err != nil {
		c.w.t.Fatal(err)
	}
	return e
}

// ask hands in a person's request and waits for the answer.
func (c ownClient) ask(p registry.Person) (ticket api.Ticket) {
	c.w.t.Helper()
	ctx, key := c.w.t.Context(), rand.Text()
	ticket, err := c.PostRequest(ctx, key, c.seal(seal.ForRequest, key, asks(p).Encode()).Encode())
	for s := api.RequestStatusStateReceived; err == nil && s != api.RequestStatusStateAnswered; {
		s, err = c.Status(ctx, ticket.Id, 25*time.Second)
	}
	if err != nil {
		c.w.t.Fatal(err)
	}
	return ticket
}

func TestTheKiosksOwnClientGoesTheWholeWay(t *testing.T) {
	w := newTown(t, nil)
	c, p, ctx := w.ownClient("town hall"), w.people[1], t.Context()
	ticket := c.ask(p)
	code := w.codeFor(p.Phone)
	var no *client.Problem
	if _, err := c.Unlock(ctx, ticket.Id, c.seal(seal.ForUnlock, ticket.Id, proofOf("8305", code))); !errors.As(err, &no) || no.Left != 4 {
		t.Errorf("a wrong PIN: %v", err)
	}
	release, err := c.Pickup(ctx, c.seal(seal.ForPickup, ticket.Receipt, proofOf(testPIN, code)))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := c.Record(ctx, release.Token)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := client.CardKeys(c.b)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := record.Parse(answer, keys, w.now()); err != nil || len(r.Doses) != 40 {
		t.Errorf("%d doses, %v", len(r.Doses), err)
	}
	if err := c.PostPrint(ctx, release.Token, rand.Text(), api.PrintReport{Outcome: api.Printed, Pages: 2}); err != nil {
		t.Error(err)
	}
	if _, err := c.Record(ctx, "no token at all"); !errors.Is(err, client.ErrExpired) {
		t.Errorf("another token: %v", err)
	}
	if err := c.Ready(ctx); err != nil {
		t.Error(err)
	}
}

func TestAReceiptCollectsAtAnotherKiosk(t *testing.T) {
	w := newTown(t, nil)
	key, code := w.kiosk("one").ready(w.people[0])
	other := w.kiosk("two")
	release := into[api.Release](t, other.pickup(request.ReceiptFor(key), testPIN, code), http.StatusOK)
	if r := other.fetch(release.Token); r.Family != w.people[0].Family {
		t.Error("another record")
	}
}

func TestTheBootstrapIsSignedByThePinnedKeyAndComplete(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	res := k.call("GET", "/v1/bootstrap", nil)
	if res.status != http.StatusOK || res.header.Get("Content-Type") != "application/jose" {
		t.Fatalf("status %d, %s", res.status, res.header.Get("Content-Type"))
	}
	b, err := client.VerifyBootstrap(res.body, k.pin)
	if err != nil {
		t.Fatal(err)
	}
	if b.Sealing.Kid != w.Sealing.Public().ID || b.Issuer == "" || b.Registry == "" || b.HelpPhone == "" {
		t.Errorf("bootstrap of %s lacks something", b.Service)
	}
	etag := res.header.Get("ETag")
	if res := k.call("GET", "/v1/bootstrap", nil, "If-None-Match", etag); res.status != http.StatusNotModified || len(res.body) != 0 {
		t.Errorf("unchanged: status %d with %d bytes", res.status, len(res.body))
	}
	w.stop()
	w.start(nil)
	k = w.kiosk("town hall")
	if res := k.call("GET", "/v1/bootstrap", nil, "If-None-Match", etag); res.status != http.StatusNotModified {
		t.Errorf("after a restart: status %d", res.status)
	}
}

// Every call of the contract is answered, and without a certificate only the
// public ones are.
func TestTheContractIsServed(t *testing.T) {
	w := newTown(t, nil)
	anybody := w.visitor(filepath.Join(w.dir, operator.CAFile))
	calls, public := 0, 0
	for path, methods := range today(t).Paths() {
		for method, call := range methods.(apitest.Object) {
			if method == "parameters" {
				continue
			}
			calls++
			where := strings.NewReplacer("{kid}", w.Cards.Signer().Thumbprint(), "{code}", "7KQ2-M4VG-0XYZ-9ABC").Replace(path)
			res := anybody.call(strings.ToUpper(method), apitest.Parameter.ReplaceAllString(where, "aaaaaaaaaaaaaaaaaaaa"), nil)
			if security, said := call.(apitest.Object)["security"].([]any); said && len(security) == 0 {
				public++
				want := map[string]int{"options": http.StatusNoContent, "post": http.StatusUnprocessableEntity}[method] // an empty form
				if path == "/v1/enrolments" {
					want = http.StatusBadRequest // no JSON
				}
				if res.status != cmp.Or(want, http.StatusOK) {
					t.Errorf("%s %s is public: status %d", method, path, res.status)
				}
			} else if p := res.problem(t); res.status != http.StatusUnauthorized || p.Code() != api.ProblemCertificate {
				t.Errorf("%s %s: %d %s", method, path, res.status, p.Code())
			}
		}
	}
	if calls < 28 || public != 12 {
		t.Errorf("%d calls in the contract, %d of them public", calls, public)
	}
}

func TestAnotherTownsKioskIsNotAccepted(t *testing.T) {
	w, other := newTown(t, nil), newTown(t, nil)
	stranger := other.kiosk("stranger")
	dir := t.TempDir()
	if _, err := w.EnrolKiosk(w.t.Context(), "own", dir); err != nil {
		t.Fatal(err)
	}
	cert := stranger.http.Transport.(*http.Transport).TLSClientConfig.Certificates[0]
	k := w.visitor(filepath.Join(dir, operator.CAFile), cert)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/v1/bootstrap", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := k.http.Do(r)
	if err == nil {
		res.Body.Close()
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestOnlyOneProcessServesAFolder(t *testing.T) {
	w := newTown(t, nil)
	if _, err := central.Open(t.Context(), central.Options{Dir: w.dir, Sender: w.phone, Serves: true}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("a second server of the same folder: %v", err)
	}
	c, err := central.Open(t.Context(), central.Options{Dir: w.dir, Sender: w.phone}) // to look
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Serve(t.Context(), listener(t)); err == nil {
		t.Error("it serves without holding the folder")
	}
}
