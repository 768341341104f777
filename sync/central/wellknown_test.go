package central_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/client"
)

const jwksPath = "/.well-known/jwks.json"

// prints gets the record of a resident and returns what its first card claims.
func (k *kiosk) prints(p registry.Person) (c record.CardClaims, token string) {
	k.w.t.Helper()
	key, code := k.ready(p)
	token = into[api.Release](k.w.t, k.unlock(key, testPIN, code), http.StatusOK).Token
	return k.claims(token), token
}

func (k *kiosk) claims(token string) (c record.CardClaims) {
	k.w.t.Helper()
	r := k.fetch(token)
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(r.Cards[0].JWS, ".")[1])
	if err != nil {
		k.w.t.Fatal(err)
	}
	b, err := io.ReadAll(flate.NewReader(bytes.NewReader(payload)))
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || !record.RID.MatchString(c.VC.RID) {
		k.w.t.Fatalf("the card has the revocation id %q, %v", c.VC.RID, err)
	}
	return c
}

// revoked is the list of the key that signs; the key set says that it is this one.
func (w *town) revoked(k *kiosk) api.RevocationList {
	w.t.Helper()
	signing := into[api.JWKS](w.t, k.call("GET", jwksPath, nil), http.StatusOK).Keys[0]
	l := into[api.RevocationList](w.t, k.call("GET", crlOf(signing.Kid), nil), http.StatusOK)
	if signing.CrlVersion == nil || l.Kid != signing.Kid || *signing.CrlVersion != l.Ctr {
		w.t.Errorf("key %+v with the list %+v", signing, l)
	}
	return l
}

func crlOf(kid string) string { return "/.well-known/crl/" + kid + ".json" }

func TestACorrectedRecordSupersedesEarlierPrints(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	p, other := w.people[0], w.people[1]
	before, token := k.prints(p)
	elsewhere, _ := k.prints(other)
	if l := w.revoked(k); l.Ctr != 1 || len(l.Rids) != 0 {
		t.Errorf("before: %+v", l)
	}
	at := slices.IndexFunc(p.Doses, record.Dose.Completed)
	p.Doses = slices.Clone(p.Doses)
	p.Doses[at].Lot = "CORRECTED"
	if err := w.ImportPeople(w.t.Context(), []registry.Person{p, other}); err != nil {
		t.Fatal(err)
	}
	l := w.revoked(k)
	if want := fmt.Sprint(before.VC.RID, ".", before.NotEarly+1); l.Ctr < 2 || !slices.Equal(l.Rids, []string{want}) {
		t.Errorf("%+v, want %s; the other one's is %s", l, want, elsewhere.VC.RID)
	}
	after := k.claims(token)
	if after.VC.RID != before.VC.RID || after.NotEarly <= before.NotEarly+1 {
		t.Errorf("the print after is of %d, the one before of %d", after.NotEarly, before.NotEarly)
	}
	if again := w.revoked(k); again.Ctr != l.Ctr {
		t.Errorf("another print changes the list: %+v", again)
	}
}

func TestWithdrawnAndRemovedRecordsAreRevokedForGood(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	first, token := k.prints(w.people[0])
	if err := w.WithdrawCards(w.t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	second := k.claims(token)
	if err := w.RemovePerson(w.t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	want := []string{first.VC.RID, second.VC.RID}
	slices.Sort(want)
	if l := w.revoked(k); !slices.Equal(l.Rids, want) || l.Ctr < 3 {
		t.Errorf("%+v, want %v", l, want)
	}
	if res := k.call("GET", "/v1/record", nil, "Authorization", "Bearer "+token); res.status != http.StatusUnauthorized {
		t.Errorf("the record of somebody who was removed: status %d", res.status)
	}
	if w.WithdrawCards(w.t.Context(), "1") == nil || w.RemovePerson(w.t.Context(), "nobody") == nil {
		t.Error("nobody was withdrawn or removed")
	}
}

func TestPublicFilesAreReadByPagesOfOtherSitesAndTheAPIIsNot(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	crl := crlOf(w.Cards.Signer().Thumbprint())
	for path, status := range map[string]int{jwksPath: 200, crl: 200, crlOf("aaaa"): 404} {
		res := k.call("GET", path, nil, "Origin", "https://verifier.example.org")
		if res.status != status || res.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: status %d, CORS %q", path, res.status, res.header.Get("Access-Control-Allow-Origin"))
		}
		res = k.call("OPTIONS", path, nil, "Origin", "https://verifier.example.org",
			"Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "if-none-match")
		h := res.header
		if res.status != http.StatusNoContent || h.Get("Access-Control-Allow-Origin") != "*" ||
			h.Get("Access-Control-Allow-Headers") != "*" || h.Get("Access-Control-Allow-Methods") != "GET, HEAD" {
			t.Errorf("preflight of %s: status %d, %v", path, res.status, h)
		}
	}
	for _, path := range []string{"/v1/bootstrap", "/v1/record", "/v1/requests", "/v1/nothing", "/healthz", "/readyz", "/.well-known/nothing"} {
		for _, method := range []string{"GET", "POST", "OPTIONS"} {
			res := k.call(method, path, nil, "Origin", "https://verifier.example.org", "Access-Control-Request-Method", "POST")
			for name := range res.header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s %s sends %s", method, path, name)
				}
			}
		}
	}
}

func TestAPublicFileThatHasNotChangedIsNotSentAgain(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	k.prints(w.people[0])
	tags := map[string]string{}
	for _, path := range []string{jwksPath, crlOf(w.Cards.Signer().Thumbprint())} {
		res := k.call("GET", path, nil)
		tags[path] = res.header.Get("ETag")
		again := k.call("GET", path, nil, "If-None-Match", tags[path])
		if res.header.Get("Cache-Control") != "public, max-age=300" || again.status != http.StatusNotModified || len(again.body) != 0 || again.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: tag %q, then status %d", path, tags[path], again.status)
		}
		if head := k.call("HEAD", path, nil); head.status != http.StatusOK || head.header.Get("ETag") != tags[path] {
			t.Errorf("HEAD of %s: status %d", path, head.status)
		}
	}
	if err := w.WithdrawCards(w.t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	for path, tag := range tags {
		if res := k.call("GET", path, nil, "If-None-Match", tag); res.status != http.StatusOK || res.header.Get("ETag") == tag {
			t.Errorf("%s after a change: status %d", path, res.status)
		}
	}
}

// A kiosk refreshes its bootstrap when it can. The one of yesterday, and of weeks
// ago, has the key that signs today.
func TestABootstrapOfYesterdayVerifiesWhatANewKeySigns(t *testing.T) {
	w := newTown(t, nil)
	first := w.Cards.Signer().Thumbprint()
	w.later(card.KeyLife - card.KeyAhead + time.Hour)
	w.later(card.KeyAhead - 25*time.Hour)
	c := w.ownClient("town hall")
	keys, err := client.CardKeys(c.b)
	if err != nil || len(keys.Keys) != 2 {
		t.Fatalf("%d keys, %v", len(keys.Keys), err)
	}
	w.later(25 * time.Hour)
	signing := w.Cards.Signer().Thumbprint()
	k := w.kiosk("town hall")
	key, code := k.ready(w.people[0])
	token := into[api.Release](t, k.unlock(key, testPIN, code), http.StatusOK).Token
	r, err := record.Parse(k.call("GET", "/v1/record", nil, "Authorization", "Bearer "+token).body, keys, w.now())
	if err != nil || signing == first || !strings.Contains(header(t, r.Cards[0].JWS), signing) {
		t.Errorf("the key %s signs after %s: %v", signing, first, err)
	}
	for _, kid := range []string{first, signing} {
		into[api.RevocationList](t, k.call("GET", crlOf(kid), nil), http.StatusOK)
	}
	w.stop()
	w.start(nil)
	if now := w.Cards.Signer().Thumbprint(); now != signing {
		t.Errorf("after a restart %s signs", now)
	}
}

// later is after some time, and after the worker's next round.
func (w *town) later(d time.Duration) {
	w.t.Helper()
	w.pass(d)
	if err := w.Worker.TurnKeys(w.t.Context(), w.now()); err != nil {
		w.t.Fatal(err)
	}
}

func header(t *testing.T, jws string) string {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(jws, ".")[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheWorkerReplacesAnOldKey(t *testing.T) {
	w := newTown(t, nil)
	published := func() string { return w.kiosk("one").call("GET", "/v1/bootstrap", nil).header.Get("ETag") }
	etag := published()
	w.pass(card.KeyLife)
	w.kiosk("one").ready(w.people[0]) // something to work on
	for published() == etag {         // one worker may answer while another still looks after the keys
		runtime.Gosched()
	}
	if keys, _ := w.CardKeys(t.Context()); len(keys) != 2 {
		t.Errorf("%d keys after a year", len(keys))
	}
	w.pass(card.KeyAhead)
	before := w.Cards.Signer()
	w.kiosk("two").ready(w.people[1])
	w.logs("keys of health cards have changed", 2) // published, and now it signs
	if w.Cards.Signer() == before {
		t.Error("the next key does not sign")
	}
}
