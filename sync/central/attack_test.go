package central_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/worker"
)

func TestTriesCountAcrossUnlockAndPickupAndARightOneComesBack(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	key, code := k.ready(w.people[0])
	left := func(res reply) int { return *res.problem(t).AttemptsLeft }
	if got := left(k.unlock(key, "8305", code)); got != 4 {
		t.Errorf("%d left", got)
	}
	if got := left(k.pickup(request.ReceiptFor(key), testPIN, wrong(code))); got != 3 {
		t.Errorf("%d left", got)
	}
	for range 7 {
		if res := k.unlock(key, testPIN, code); res.status != http.StatusOK {
			t.Fatalf("the right proof: status %d", res.status)
		}
	}
	if got := left(k.unlock(key, "8305", code)); got != 2 {
		t.Errorf("%d left", got)
	}
}

// TestEveryRefusalLooksTheSame compares a wrong PIN, a wrong code, a request
// that matches nobody, one that is not readable, one whose code is too old and
// a receipt that nobody has, byte by byte.
func TestEveryRefusalLooksTheSame(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	key, code := k.ready(w.people[0])
	stranger := asks(w.people[0])
	stranger.Given, stranger.Family = "Nobody", "Known-Here"
	none := k.post(stranger)
	k.await(none)
	old, oldCode := k.ready(w.people[1])
	broken := "broken-request-000001"
	w.unreadable(broken)
	want := k.unlock(key, "8305", code)
	if want.status != http.StatusForbidden {
		t.Fatalf("status %d", want.status)
	}
	unknown := request.ReceiptFor("a receipt that nobody has")
	for name, got := range map[string]reply{
		"no record":           k.unlock(none, testPIN, code),
		"not readable":        k.unlock(broken, testPIN, code),
		"unknown receipt":     k.pickup(unknown, testPIN, code),
		"receipt, wrong code": k.pickup(request.ReceiptFor(old), testPIN, wrong(oldCode)),
	} {
		if got.status != want.status || !bytes.Equal(got.body, want.body) || len(got.header) != len(want.header) {
			t.Errorf("%s: %d %s, want %s", name, got.status, got.body, want.body)
		}
	}
	w.pass(access.CodeLife)
	if got := k.unlock(old, testPIN, oldCode); got.status != http.StatusForbidden || *got.problem(t).AttemptsLeft != 3 {
		t.Errorf("a code of yesterday: %d %s", got.status, got.body)
	}
	for range 4 {
		k.pickup(unknown, testPIN, code)
	}
	if got := k.pickup(unknown, testPIN, code); got.status != http.StatusLocked {
		t.Errorf("the sixth try with an unknown receipt: status %d", got.status)
	}
}

func TestATokenIsForOneKioskAndFiveMinutes(t *testing.T) {
	w := newTown(t, nil)
	k, other := w.kiosk("one"), w.kiosk("two")
	key, code := k.ready(w.people[0])
	token := into[api.Release](t, k.unlock(key, testPIN, code), http.StatusOK).Token
	get := func(k *kiosk, token string) reply {
		return k.call("GET", "/v1/record", nil, "Authorization", "Bearer "+token)
	}
	report := func(k *kiosk, token, job, outcome string) int {
		return k.call("POST", "/v1/record/prints", []byte(`{"outcome":"`+outcome+`","pages":1}`),
			"Authorization", "Bearer "+token, "Idempotency-Key", job).status
	}
	for name, res := range map[string]reply{
		"another kiosk": get(other, token), "another token": get(k, token[1:]+"A"), "no token": k.call("GET", "/v1/record", nil),
		"empty token": get(k, ""),
	} {
		if res.status != http.StatusUnauthorized || res.problem(t).Code() != api.ProblemToken {
			t.Errorf("%s: status %d", name, res.status)
		}
	}
	if got := report(other, token, "job-of-another-kiosk", "printed"); got != http.StatusUnauthorized {
		t.Errorf("print of another kiosk: status %d", got)
	}
	for range 2 {
		if res := get(k, token); res.status != http.StatusOK {
			t.Errorf("status %d", res.status)
		}
	}
	w.pass(access.TokenLife)
	if res := get(k, token); res.status != http.StatusUnauthorized {
		t.Errorf("after five minutes: status %d", res.status)
	}
	if got := report(k, token, "a-job-that-took-long", "unknown"); got != http.StatusNoContent {
		t.Errorf("a print that ended after the token: status %d", got)
	}
	if got := report(k, token, "a-job-that-took-long", "printed"); got != http.StatusUnprocessableEntity {
		t.Errorf("one job with two outcomes: status %d", got)
	}
	w.pass(store.PrintGrace)
	if got := report(k, token, "a-job-much-too-late-", "printed"); got != http.StatusUnauthorized {
		t.Errorf("an hour later: status %d", got)
	}
}

func TestNothingIsReadableInTheFolder(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	r := asks(w.people[0])
	r.Given, r.Family, r.Phone = "Zuzanna", "Przybyszewska", "+16175550199" // nobody on file
	r.PIN = "8305"
	key := k.post(r)
	k.await(key)
	p := w.people[0]
	_, code := k.ready(p)
	w.stop()
	values := map[string]string{"given": r.Given, "family": r.Family, "pin": `"8305"`, "code": code, "phone": r.Phone[2:]}
	for name, b := range filesIn(t, w.dir) {
		for what, v := range values {
			if bytes.Contains(bytes.ToLower(b), bytes.ToLower([]byte(v))) {
				t.Errorf("%s of a request is readable in %s", what, name)
			}
		}
	}
	if log := w.log.String(); log == "" || bytes.Contains([]byte(log), []byte(key)) || bytes.Contains([]byte(log), []byte(code)) ||
		bytes.Contains([]byte(log), []byte(p.Family)) || bytes.Contains([]byte(log), []byte(r.Family)) {
		t.Error("the log is empty, or holds a value")
	}
}

func TestAnOldRequestIsOverAndForgotten(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	key, code := k.ready(w.people[0])
	w.pass(request.Life)
	if res := k.unlock(key, testPIN, code); res.status != http.StatusGone || res.problem(t).Code() != api.ProblemExpired {
		t.Errorf("unlock: status %d", res.status)
	}
	res := k.call("GET", "/v1/requests/"+key, nil, "Prefer", "wait=25")
	if s := into[api.RequestStatus](t, res, http.StatusOK).State; s != api.RequestStatusStateExpired {
		t.Errorf("state %s", s)
	}
	if err := w.Store.Purge(t.Context(), w.now().Add(worker.AuditLife+time.Hour), worker.AuditLife); err != nil {
		t.Fatal(err)
	}
	if res := k.call("GET", "/v1/requests/"+key, nil); res.status != http.StatusNotFound {
		t.Errorf("after the purge: status %d", res.status)
	}
}
