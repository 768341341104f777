package central_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/calls"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// corrects is an amendment as the form makes it: with a token from the open
// record, without from the start.
func (w *town) corrects(p registry.Person, token string, change func(*request.Draft)) request.Correction {
	w.t.Helper()
	d := request.Draft{
		Given: p.Given, Family: p.Family, Birth: p.Birth, Contact: request.ByEmail, Email: "zuzanna@example.org",
		Consent: request.Consent{Policy: "1"},
		Fix: request.Fix{
			Kind: request.MissingDose, Known: token != "", Vaccine: "Flu shot", Place: "Elm Street pharmacy",
			Day: request.DateOf(w.now().AddDate(0, -1, 0)),
		},
	}
	if d.Birth.After(d.Fix.Day) {
		d.Fix.Day = d.Birth
	}
	if change != nil {
		change(&d)
	}
	c, problems := d.Correction("en", token, request.DateOf(w.now().AddDate(0, 0, 1)))
	if problems != nil {
		w.t.Fatalf("the correction is not valid: %v", problems)
	}
	return c
}

func (k *kiosk) amendWith(key string, body []byte) reply {
	k.w.t.Helper()
	return k.call("POST", "/v1/amendments", body, "Idempotency-Key", key)
}

// amend hands in an amendment and returns its tracking number.
func (k *kiosk) amend(c request.Correction) (ref string) {
	k.w.t.Helper()
	key := rand.Text()
	ticket := into[api.AmendmentTicket](k.w.t, k.amendWith(key, k.w.sealed(seal.ForAmend, key, c.Encode())), http.StatusAccepted)
	if ticket.Ref != request.TrackingFor(key) {
		k.w.t.Errorf("tracking number %s", ticket.Ref)
	}
	if left := ticket.ExpiresAt.Sub(k.w.now()); left <= calls.AmendLife-time.Minute || left > calls.AmendLife {
		k.w.t.Errorf("a correction lives for %v", left)
	}
	return ticket.Ref
}

func (k *kiosk) far(ref string) reply {
	k.w.t.Helper()
	return k.call("GET", "/v1/amendments/"+ref, nil)
}

func (k *kiosk) isFar(ref string, want api.AmendmentStatusState) {
	k.w.t.Helper()
	if got := into[api.AmendmentStatus](k.w.t, k.far(ref), http.StatusOK).State; got != want {
		k.w.t.Errorf("state %s, want %s", got, want)
	}
}

// kept is the one amendment with a number.
func (w *town) kept(ref string) operator.Amendment {
	w.t.Helper()
	all, err := w.Amendments(w.t.Context(), true)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range all {
		if a.Ref == ref {
			return a
		}
	}
	w.t.Fatalf("no correction %s among %d", ref, len(all))
	return operator.Amendment{}
}

var (
	clerk  = operator.Looker{OSUser: "clerk"}
	expiry = regexp.MustCompile(`"expiresAt":"[^"]*"`)
)

func TestAnAmendmentGoesFromReceivedToClosed(t *testing.T) {
	w := newTown(t, nil)
	k, other := w.kiosk("one"), w.kiosk("two")
	sent := w.corrects(w.people[0], "", nil)
	ref := k.amend(sent)
	k.isFar(ref, api.AmendmentStatusStateReceived)
	if a := w.kept(ref); a.Verified || a.Kind != string(request.MissingDose) || a.Envelope != nil {
		t.Errorf("verified %v, kind %s, %d bytes", a.Verified, a.Kind, len(a.Envelope))
	}
	if _, got, err := w.OpenAmendment(w.t.Context(), ref, clerk); err != nil || got != sent {
		t.Errorf("staff reads something else than was sent: %v", err)
	}
	other.isFar(ref, api.AmendmentStatusStateInReview)
	if err := w.CloseAmendment(w.t.Context(), ref, clerk); err != nil {
		t.Fatal(err)
	}
	k.isFar(ref, api.AmendmentStatusStateClosed)
	if _, _, err := w.OpenAmendment(w.t.Context(), ref, clerk); !errors.Is(err, store.ErrClosed) {
		t.Errorf("a closed correction: %v", err)
	}
	if open, err := w.Amendments(w.t.Context(), false); err != nil || len(open) != 0 {
		t.Errorf("%d are open, %v", len(open), err)
	}
}

func TestTheSameCorrectionTwiceIsOneCorrection(t *testing.T) {
	w := newTown(t, nil)
	k, key := w.kiosk("one"), rand.Text()
	body := w.sealed(seal.ForAmend, key, w.corrects(w.people[0], "", nil).Encode())
	first := k.amendWith(key, body)
	w.pass(time.Hour)
	if err := w.CloseAmendment(w.t.Context(), request.TrackingFor(key), clerk); err != nil {
		t.Fatal(err)
	}
	again := k.amendWith(key, body)
	into[api.AmendmentTicket](t, first, http.StatusAccepted)
	same(t, "again, after it was closed", again, first)
	other := w.sealed(seal.ForAmend, key, w.corrects(w.people[1], "", nil).Encode())
	code(t, "another body", k.amendWith(key, other), http.StatusUnprocessableEntity, api.ProblemKeyReused)
	k.isFar(request.TrackingFor(key), api.AmendmentStatusStateClosed)
	if all, err := w.Amendments(w.t.Context(), true); err != nil || len(all) != 1 {
		t.Errorf("%d corrections, %v", len(all), err)
	}
}

// The answers for somebody on file and for nobody differ in the key's number only.
func TestAnAmendmentIsAnsweredTheSameWhetherOrNotThePersonExists(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	nobody := w.people[0]
	nobody.Given, nobody.Family = "Nobody", "Known-Here"
	var answers []reply
	for _, p := range []registry.Person{w.people[0], nobody} {
		key := rand.Text()
		res := k.amendWith(key, w.sealed(seal.ForAmend, key, w.corrects(p, "", nil).Encode()))
		ref := request.TrackingFor(key)
		far := k.far(ref)
		res.body = bytes.ReplaceAll(res.body, []byte(ref), nil)
		into[api.AmendmentStatus](t, far, http.StatusOK)
		answers = append(answers, reply{res.status, res.header, expiry.ReplaceAll(res.body, nil)}, far)
	}
	same(t, "posted", answers[2], answers[0])
	same(t, "its state", answers[3], answers[1])
}

func TestOnlyTheTokenOfTheOpenRecordVerifiesACorrection(t *testing.T) {
	w := newTown(t, nil)
	k, other := w.kiosk("one"), w.kiosk("two")
	p := w.people[0]
	key, pickup := k.ready(p)
	token := into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK).Token
	check := func(what string, k *kiosk, token string, verified bool) {
		t.Helper()
		a := w.kept(k.amend(w.corrects(p, token, nil)))
		if a.Verified != verified || (a.Person == p.Number) != verified || !verified && a.Person != 0 {
			t.Errorf("%s: verified %v for resident %d", what, a.Verified, a.Person)
		}
	}
	check("the token", k, token, true)
	check("another kiosk", other, token, false)
	check("another token", k, token[1:]+"A", false)
	check("no token", k, "", false)
	w.pass(access.TokenLife + calls.AmendGrace - time.Minute)
	if err := w.Worker.Purge(t.Context(), w.now()); err != nil {
		t.Fatal(err)
	}
	check("after a week in a kiosk without a network", k, token, true)
	res := k.call("GET", "/v1/record", nil, "Authorization", "Bearer "+token)
	code(t, "the record after its five minutes", res, http.StatusUnauthorized, api.ProblemToken)
	w.pass(2 * time.Minute)
	check("after more than a week", k, token, false)
}

func TestAnAmendmentOfANumberThatIsSomebodyElsesNowIsNotVerified(t *testing.T) {
	w := newTown(t, nil)
	k, p := w.kiosk("one"), w.people[0]
	key, pickup := k.ready(p)
	token := into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK).Token
	ref := k.amend(w.corrects(p, token, nil))
	p.Given, p.Family = "Somebody", "Else"
	if err := w.ImportPeople(w.t.Context(), []registry.Person{p}); err != nil {
		t.Fatal(err)
	}
	if a := w.kept(ref); a.Verified || a.Person != 0 {
		t.Error("it still counts as asked by the person of that number")
	}
}

func TestWhatIsNoCorrectionIsRefused(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	good := w.corrects(w.people[0], "", nil)
	tomorrow := w.corrects(w.people[0], "", func(d *request.Draft) { d.Fix.Day = request.DateOf(w.now().AddDate(0, 0, 1)) })
	k.amend(tomorrow) // where the kiosk stands that may be today
	later := tomorrow
	later.Day = request.DateOf(w.now().AddDate(0, 0, 3))
	unsaid := good
	unsaid.Policy = ""
	for name, plain := range map[string][]byte{
		"nothing":       nil,
		"a request":     asks(w.people[0]).Encode(),
		"unknown field": bytes.Replace(good.Encode(), []byte(`{"v":1,`), []byte(`{"v":1,"more":1,`), 1),
		"two values":    append(good.Encode(), '1'),
		"in the future": later.Encode(),
		"no consent":    unsaid.Encode(),
	} {
		key := rand.Text()
		code(t, name, k.amendWith(key, w.sealed(seal.ForAmend, key, plain)), http.StatusUnprocessableEntity, api.ProblemBadEnvelope)
	}
	key := rand.Text()
	code(t, "another key", k.amendWith(rand.Text(), w.sealed(seal.ForAmend, key, good.Encode())), http.StatusUnprocessableEntity, api.ProblemBadEnvelope)
	code(t, "another purpose", k.amendWith(key, w.sealed(seal.ForRequest, key, good.Encode())), http.StatusUnprocessableEntity, api.ProblemBadEnvelope)
	if all, err := w.Amendments(w.t.Context(), true); err != nil || len(all) != 1 {
		t.Errorf("%d corrections, %v", len(all), err)
	}
}

func TestUnknownTrackingNumbersAreFewToAKiosk(t *testing.T) {
	w := newTown(t, nil)
	k, other := w.kiosk("one"), w.kiosk("two")
	ref := k.amend(w.corrects(w.people[0], "", nil))
	code(t, "a receipt", k.far(request.ReceiptFor("any key at all")), http.StatusNotFound, api.ProblemUnknown)
	code(t, "another spelling", k.far(strings.ToLower(ref)), http.StatusNotFound, api.ProblemUnknown)
	for range access.KioskNumbers.Most {
		code(t, "unknown", k.far(request.TrackingFor(rand.Text())), http.StatusNotFound, api.ProblemUnknown)
	}
	res := k.far(ref)
	code(t, "a known one after many that are not", res, http.StatusTooManyRequests, api.ProblemBusy)
	w.again(res, access.KioskNumbers)
	other.isFar(ref, api.AmendmentStatusStateReceived)
	w.pass(time.Hour + time.Second)
	k.isFar(ref, api.AmendmentStatusStateReceived)
	code(t, "unknown, an hour later", k.far(request.TrackingFor(rand.Text())), http.StatusNotFound, api.ProblemUnknown)
	k.isFar(ref, api.AmendmentStatusStateReceived)
}

func TestAnAmendmentNobodyClosesEndsAndIsSaid(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	ref := k.amend(w.corrects(w.people[0], "", nil))
	w.pass(calls.AmendLife + time.Second)
	if err := w.Worker.Purge(t.Context(), w.now()); err != nil {
		t.Fatal(err)
	}
	code(t, "its state", k.far(ref), http.StatusNotFound, api.ProblemUnknown)
	if _, _, err := w.OpenAmendment(w.t.Context(), ref, clerk); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("its content: %v", err)
	}
	if log := w.log.String(); !strings.Contains(log, "erased that nobody closed") || strings.Contains(log, ref) {
		t.Errorf("the log does not say so, or holds its number:\n%s", log)
	}
}

func TestNothingOfACorrectionIsReadableInTheFolderOrTheLog(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	p := w.people[0]
	p.Given, p.Family = "Zuzanna", "Przybyszewska" // nobody on file
	open := k.amend(w.corrects(p, "", nil))
	closed := k.amend(w.corrects(p, "", nil))
	for _, ref := range []string{open, closed} {
		if _, _, err := w.OpenAmendment(w.t.Context(), ref, clerk); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.CloseAmendment(w.t.Context(), closed, clerk); err != nil {
		t.Fatal(err)
	}
	w.stop()
	values := []string{"Zuzanna", "Przybyszewska", "zuzanna@example.org", "Elm Street", "Flu shot"}
	for name, b := range filesIn(t, w.dir) {
		for i, v := range values {
			if bytes.Contains(bytes.ToLower(b), bytes.ToLower([]byte(v))) {
				t.Errorf("value %d of a correction is readable in %s", i, name)
			}
		}
	}
	log := w.log.String()
	for i, v := range append(values, open) {
		if log == "" || strings.Contains(log, v) {
			t.Errorf("value %d is in the log, or there is none", i)
		}
	}
}

func TestTheKiosksOwnClientHandsInACorrection(t *testing.T) {
	w := newTown(t, nil)
	c, key := w.ownClient("town hall"), rand.Text()
	e := c.seal(seal.ForAmend, key, w.corrects(w.people[0], "", nil).Encode())
	taken, err := c.Post(t.Context(), seal.ForAmend, key, e.Encode())
	if err != nil || taken.ID != request.TrackingFor(key) {
		t.Fatalf("%s, %v", taken.ID, err)
	}
	if state, err := c.Amendment(t.Context(), taken.ID); state != api.AmendmentStatusStateReceived || err != nil {
		t.Errorf("%s, %v", state, err)
	}
}
