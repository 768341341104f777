package central_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

const nursePIN = "704158"

// staffed is a town with one kiosk and one account, "nurse".
func staffed(t *testing.T) (*town, *kiosk) {
	t.Helper()
	w := newTown(t, nil)
	if err := w.AddStaff(w.t.Context(), "nurse", nursePIN); err != nil {
		t.Fatal(err)
	}
	return w, w.kiosk("one")
}

func encoded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings always encode
	}
	return b
}

func (k *kiosk) signIn(id, pin string) reply {
	k.w.t.Helper()
	plain := encoded(api.StaffSignIn{Id: id, Pin: pin})
	return k.call("POST", "/v1/staff/sessions", k.w.sealed(seal.ForStaff, rand.Text(), plain))
}

// staffToken signs the nurse in.
func (k *kiosk) staffToken() string {
	k.w.t.Helper()
	s := into[api.StaffSession](k.w.t, k.signIn("nurse", nursePIN), http.StatusOK)
	if left := s.ExpiresAt.Sub(k.w.now()); left <= access.StaffLife-time.Minute || left > access.StaffLife {
		k.w.t.Errorf("a staff token for %v", left)
	}
	return s.Token
}

func (k *kiosk) vouch(key, token, pin string) reply {
	k.w.t.Helper()
	plain := encoded(api.StaffProof{Pin: pin, StaffToken: token, IdKind: api.StaffProofIdKindLicense})
	return k.call("POST", "/v1/requests/"+key+"/unlock", k.w.sealed(seal.ForVouch, key, plain))
}

// stranger hands in a request that matches nobody.
func (k *kiosk) stranger() (key string) {
	k.w.t.Helper()
	r := asks(k.w.people[0])
	r.Given, r.Family = "Nobody", "Known-Here"
	key = k.post(r)
	k.await(key)
	return key
}

func same(t *testing.T, what string, got, want reply) {
	t.Helper()
	if got.status != want.status || !bytes.Equal(got.body, want.body) || len(got.header) != len(want.header) {
		t.Errorf("%s: %d %s, want %d %s", what, got.status, got.body, want.status, want.body)
	}
}

func code(t *testing.T, what string, r reply, status int, code string) {
	t.Helper()
	if r.status != status || r.problem(t).Code() != code {
		t.Errorf("%s: %d %.200s, want %d %s", what, r.status, r.body, status, code)
	}
}

func TestStaffVouchForAVisitorWhoGotNoCode(t *testing.T) {
	w, k := staffed(t)
	key, _ := k.ready(w.people[0])
	w.pass(access.CodeLife + time.Hour) // the code is void, the request is not
	release := into[api.Release](t, k.vouch(key, k.staffToken(), testPIN), http.StatusOK)
	if r := k.fetch(release.Token); r.Family != w.people[0].Family || r.Given != w.people[0].Given {
		t.Error("another record")
	}
	w.pass(request.Life)
	code(t, "a request of last week", k.vouch(key, k.staffToken(), testPIN), http.StatusGone, api.ProblemExpired)
}

// An ID proves who somebody is, not whose parent they are: for a child or
// somebody represented the code is needed, and the refusal is the usual one.
func TestStaffCannotVouchForAnotherPersonsRecord(t *testing.T) {
	w, k := staffed(t)
	represented := asks(w.people[0])
	represented.Relation, represented.Capacity = request.Represented, request.HealthAgent
	represented.Asker = request.Name{Given: "Ana", Family: "Asker"}
	key := k.post(represented)
	k.await(key)
	pickup := w.codeFor(represented.Phone + represented.Email)
	same(t, "vouched for somebody else", k.vouch(key, k.staffToken(), testPIN), k.vouch(k.stranger(), k.staffToken(), testPIN))
	into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK)
}

func TestEveryVouchedReleaseIsAuditedAndNothingElseIs(t *testing.T) {
	w, k := staffed(t)
	key, pickup := k.ready(w.people[0])
	token := k.staffToken()
	k.vouch(key, token, "8305")
	k.vouch(k.stranger(), token, testPIN)
	into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK)
	for range 2 {
		into[api.Release](t, k.vouch(key, token, testPIN), http.StatusOK)
	}
	all, err := w.Releases(t.Context(), w.now().Add(-10*time.Minute))
	if err != nil || len(all) != 2 {
		t.Errorf("%d releases, want 2, %v", len(all), err)
	}
	for _, r := range all {
		if r.Request != key || r.Staff != "nurse" || r.IDKind != "license" || len(r.Kiosk) != 64 || r.At.Sub(w.now()).Abs() > 10*time.Minute {
			t.Errorf("not as it happened: %+v", r)
		}
	}
}

func TestASignInFailsAlikeForAWrongPINAndForNobody(t *testing.T) {
	_, k := staffed(t)
	want := k.signIn("nurse", "296035")
	code(t, "a wrong PIN", want, http.StatusForbidden, api.ProblemStaff)
	ids := []string{"nobody", "NURSE", "", "nurse ", "nurse' OR 1=1", strings.Repeat("x", 4000)}
	for _, id := range ids {
		same(t, "nobody", k.signIn(id, nursePIN), want)
	}
	for range store.MaxStaffFailures - 1 {
		same(t, "nobody again", k.signIn("nobody", nursePIN), want)
		same(t, "a wrong PIN again", k.signIn("nurse", "296035"), want)
	}
	locked := k.signIn("nurse", nursePIN) // the right one
	code(t, "after five failures", locked, http.StatusLocked, api.ProblemStaffLocked)
	same(t, "nobody after five failures", k.signIn("nobody", nursePIN), locked)
	k.w.pass(store.StaffLock - time.Minute)
	code(t, "before the lock ends", k.signIn("nurse", nursePIN), http.StatusLocked, api.ProblemStaffLocked)
	k.w.pass(time.Minute)
	k.staffToken()
	same(t, "nobody after the lock", k.signIn("nobody", nursePIN), want)
}

// A refusal must cost a slow hash for everybody. The bound is loose: it catches a
// missing hash, not noise.
func TestARightPINEndsTheRowOfFailures(t *testing.T) {
	w, k := staffed(t)
	for range 2 {
		for range store.MaxStaffFailures - 1 {
			k.signIn("nurse", "296035")
		}
		k.staffToken()
	}
	k.signIn("nurse", "296035")
	if all, err := w.Staff(w.t.Context()); err != nil || len(all) != 1 || all[0] != (operator.StaffState{ID: "nurse", Failures: 1}) {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestAStaffTokenIsForOneKioskTenMinutesAndItsAccount(t *testing.T) {
	w, k := staffed(t)
	other := w.kiosk("two")
	key, pickup := k.ready(w.people[0])
	token := k.staffToken()
	release := into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK).Token
	refused := func(what string, k *kiosk, token string) {
		t.Helper()
		code(t, what, k.vouch(key, token, testPIN), http.StatusUnauthorized, api.ProblemStaffToken)
	}
	refused("another kiosk", other, token)
	refused("another token", k, token[1:]+"A")
	refused("no token", k, "")
	refused("a visitor's token", k, release)
	res := k.call("GET", "/v1/record", nil, "Authorization", "Bearer "+token)
	code(t, "a staff token for a record", res, http.StatusUnauthorized, api.ProblemToken)
	w.pass(access.StaffLife - time.Minute)
	into[api.Release](t, k.vouch(key, token, testPIN), http.StatusOK)
	w.pass(time.Minute)
	refused("after ten minutes", k, token)
	token = k.staffToken()
	if err := w.RemoveStaff(w.t.Context(), "nurse"); err != nil {
		t.Fatal(err)
	}
	refused("a removed account", k, token)
	code(t, "a removed account", k.signIn("nurse", nursePIN), http.StatusForbidden, api.ProblemStaff)
	if left := *k.unlock(key, "8305", pickup).problem(t).AttemptsLeft; left != store.MaxTries-1 {
		t.Errorf("%d tries left: a staff token that is refused must cost none", left)
	}
}

func TestWhoVouchesGetsTheSameRefusalAndTheSameFiveTries(t *testing.T) {
	w, k := staffed(t)
	key, pickup := k.ready(w.people[0])
	none, token := k.stranger(), k.staffToken()
	const broken = "broken-request-000001" // not readable, and so nobody's
	w.unreadable(broken)
	want := k.unlock(key, testPIN, wrong(pickup))
	same(t, "no record", k.vouch(none, token, testPIN), want)
	same(t, "not readable", k.vouch(broken, token, testPIN), want)
	for left := store.MaxTries - 2; left >= 0; left-- {
		into[api.Release](t, k.vouch(key, token, testPIN), http.StatusOK) // gives its try back
		res := k.vouch(key, token, "8305")
		code(t, "a wrong PIN", res, http.StatusForbidden, api.ProblemRefused)
		if got := *res.problem(t).AttemptsLeft; got != left {
			t.Errorf("%d left, want %d", got, left)
		}
		same(t, "no record", k.vouch(none, token, "8305"), res)
	}
	over := k.unlock(key, testPIN, pickup)
	code(t, "the right code after five", over, http.StatusLocked, api.ProblemOver)
	same(t, "the right PIN, vouched", k.vouch(key, token, testPIN), over)
	same(t, "no record", k.vouch(none, token, testPIN), over)
	code(t, "an unknown request", k.vouch("unknown-request-01", token, testPIN), http.StatusNotFound, api.ProblemUnknown)
}

func TestStaffEnvelopesAreStrict(t *testing.T) {
	w, k := staffed(t)
	key, pickup := k.ready(w.people[0])
	token := k.staffToken()
	unlock, sessions := "/v1/requests/"+key+"/unlock", "/v1/staff/sessions"
	post := func(path string, p seal.Purpose, key, plain string) reply {
		return k.call("POST", path, w.sealed(p, key, []byte(plain)))
	}
	proof := `{"pin":"7294","staffToken":"` + token + `","idKind":"license"}`
	signIn := `{"id":"nurse","pin":"704158"}`
	for name, res := range map[string]reply{
		"unknown field":       post(unlock, seal.ForVouch, key, proof[:len(proof)-1]+`,"code":"123456"}`),
		"two values":          post(unlock, seal.ForVouch, key, proof+proof),
		"kind of ID":          post(unlock, seal.ForVouch, key, strings.Replace(proof, "license", "library card", 1)),
		"no kind of ID":       post(unlock, seal.ForVouch, key, strings.Replace(proof, "license", "", 1)),
		"PIN of three":        post(unlock, seal.ForVouch, key, strings.Replace(proof, "7294", "729", 1)),
		"a proof as vouch":    post(unlock, seal.ForVouch, key, string(proofOf(testPIN, pickup))),
		"a vouch as proof":    post(unlock, seal.ForUnlock, key, proof),
		"purpose":             post(unlock, seal.ForStaff, key, proof),
		"another request":     post(unlock, seal.ForVouch, "another-request-1", proof),
		"at pickups":          post("/v1/pickups", seal.ForVouch, request.ReceiptFor(key), proof),
		"sign-in: field":      post(sessions, seal.ForStaff, rand.Text(), `{"id":"nurse","pin":"704158","admin":true}`),
		"sign-in: two values": post(sessions, seal.ForStaff, rand.Text(), signIn+signIn),
		"sign-in: PIN":        post(sessions, seal.ForStaff, rand.Text(), `{"id":"nurse","pin":"7041"}`),
		"sign-in: no JSON":    post(sessions, seal.ForStaff, rand.Text(), "nurse"),
		"sign-in: purpose":    post(sessions, seal.ForUnlock, rand.Text(), signIn),
	} {
		code(t, name, res, http.StatusUnprocessableEntity, api.ProblemBadEnvelope)
	}
	code(t, "no envelope", k.call("POST", sessions, []byte(signIn)), http.StatusBadRequest, api.ProblemUnknownField)
	if left := *k.unlock(key, "8305", pickup).problem(t).AttemptsLeft; left != store.MaxTries-1 {
		t.Errorf("%d tries left: what cannot be read must cost none", left)
	}
	if all, err := w.Staff(w.t.Context()); err != nil || all[0].Failures != 0 {
		t.Errorf("%+v, %v: what cannot be read must be no failure", all, err)
	}
}

func TestNoSecretOfStaffIsInTheLogOrTheFolder(t *testing.T) {
	w, k := staffed(t)
	key, _ := k.ready(w.people[0])
	token := k.staffToken()
	release := into[api.Release](t, k.vouch(key, token, testPIN), http.StatusOK)
	k.signIn("typed-as-an-id", "915263")
	w.stop()
	secrets := []string{nursePIN, "915263", "typed-as-an-id", token, release.Token, `"` + testPIN + `"`}
	for name, b := range filesIn(t, w.dir) {
		for i, v := range secrets {
			if bytes.Contains(b, []byte(v)) {
				t.Errorf("secret %d is readable in %s", i, name)
			}
		}
	}
	log := w.log.String()
	for i, v := range append(secrets, "nurse", key, w.people[0].Family) {
		if log == "" || strings.Contains(log, v) {
			t.Errorf("value %d is in the log, or there is none", i)
		}
	}
}

func TestTheKiosksOwnClientSignsStaffInAndVouches(t *testing.T) {
	w, _ := staffed(t)
	c, ctx := w.ownClient("town hall"), t.Context()
	ticket := c.ask(w.people[1])
	session, err := c.SignIn(ctx, c.seal(seal.ForStaff, rand.Text(), encoded(api.StaffSignIn{Id: "nurse", Pin: nursePIN})))
	if err != nil {
		t.Fatal(err)
	}
	proof := encoded(api.StaffProof{Pin: testPIN, StaffToken: session.Token, IdKind: api.StaffProofIdKindPassport})
	release, err := c.Unlock(ctx, ticket.Id, c.seal(seal.ForVouch, ticket.Id, proof))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Record(ctx, release.Token); err != nil {
		t.Error(err)
	}
}
