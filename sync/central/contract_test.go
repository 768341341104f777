package central_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"testing"

	"vaxkiosk/sync/api/apitest"
)

// Every answer that a test gets is compared with openapi.yaml, and with that of the last
// release: kiosks of it are served by this central.

// contracts are both, read once.
var contracts struct {
	once          sync.Once
	today, before *apitest.Contract
}

// today is today's contract; both are read.
func today(t testing.TB) *apitest.Contract {
	t.Helper()
	contracts.once.Do(func() {
		contracts.today, contracts.before = apitest.Read(t, "../api/openapi.yaml"), apitest.LastRelease(t, "../api")
	})
	return contracts.today
}

// otherSince are answers that are others than in the last release, and why no kiosk of it minds.
var otherSince = map[string]string{
	"/readyz": "kiosks look at the status alone; it is for people and monitors",
}

// breaches says how an answer differs from both contracts. Of the last release only the calls
// count that it has.
func breaches(t testing.TB, method, where string, r reply) (all []string) {
	t.Helper()
	all = today(t).Answer(method, where, r.status, r.header, r.body)
	plain, _, _ := strings.Cut(where, "?")
	if contracts.before.Operation(method, where) == nil || otherSince[plain] != "" {
		return all
	}
	for _, no := range contracts.before.Answer(method, where, r.status, r.header, r.body) {
		all = append(all, "of "+contracts.before.Version+": "+no)
	}
	return all
}

// The check itself must be able to fail.
func TestAnAnswerOutsideTheContractIsNoticed(t *testing.T) {
	say := func(status int, media, body string) reply {
		return reply{status, http.Header{"Content-Type": {media}}, []byte(body)}
	}
	const js, ref = "application/json", "/v1/amendments/7KQ2-M4VD"
	if no := breaches(t, "GET", ref, say(200, js, `{"state":"closed"}`)); no != nil {
		t.Errorf("a good answer: %v", no)
	}
	for name, r := range map[string]reply{
		"state":         say(200, js, `{"state":"found"}`),
		"no state":      say(200, js, `{}`),
		"other member":  say(200, js, `{"state":"closed","person":7}`),
		"type":          say(200, js, `{"state":7}`),
		"no JSON":       say(200, js, `closed`),
		"media type":    say(200, "text/html", `{"state":"closed"}`),
		"status":        say(201, js, `{"state":"closed"}`),
		"problem":       say(404, "application/problem+json", `{"type":"x","title":"y","status":"404"}`),
		"problem, kind": say(404, js, `{"type":"x","title":"y","status":404}`),
	} {
		if no := breaches(t, "GET", ref, r); no == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
	if breaches(t, "POST", "/v1/usage-batches", say(204, "", "more")) == nil || breaches(t, "POST", "/v1/usage-batches", say(200, "", "")) == nil {
		t.Error("an answer to a usage batch that is not in the contract is not noticed")
	}
	if breaches(t, "GET", "/v1/residents", say(200, js, `{}`)) == nil || breaches(t, "GET", "/v1/residents", say(404, js, `{}`)) != nil {
		t.Error("a call that the contract does not have is not noticed, or its refusal is")
	}
	if breaches(t, "GET", "/.well-known/jwks.json", say(200, js, `{"keys":[]}`)) == nil {
		t.Error("headers that are missing are not noticed")
	}
	signed := func(payload string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2ln"
	}
	if breaches(t, "GET", "/v1/bootstrap", say(200, "application/jose", signed(`{"version":"x"}`))) == nil {
		t.Error("a bootstrap outside the contract is not noticed")
	}
	if breaches(t, "POST", "/v1/amendments", say(202, js, `{"ref":"7KQ2-M4VD","expiresAt":"tomorrow"}`)) == nil {
		t.Error("a time that is none is not noticed")
	}
}

// A kiosk of the last release passes over what is new, and nothing that it needs is gone.
func TestAnAnswerThatBreaksAKioskOfTheLastReleaseIsNoticed(t *testing.T) {
	today(t)
	before := func(status int, media, body string) []string {
		return contracts.before.Answer("GET", "/v1/amendments/7KQ2-M4VD", status, http.Header{"Content-Type": {media}}, []byte(body))
	}
	const problem = "application/problem+json"
	for _, good := range [][]string{
		before(200, "application/json", `{"state":"closed","since":"yesterday"}`),
		before(401, problem, `{"type":"urn:vaxkiosk:problem:of-tomorrow","title":"x","status":401}`),
	} {
		if good != nil {
			t.Error(good)
		}
	}
	for _, bad := range [][]string{
		before(200, "application/json", `{"state":"put-off"}`),
		before(200, "application/json", `{"since":"yesterday"}`),
		before(401, problem, `{"type":"about:blank","title":"x","status":401}`),
		before(202, "application/json", `{"state":"closed"}`),
	} {
		if bad == nil {
			t.Error("not noticed")
		}
	}
}
