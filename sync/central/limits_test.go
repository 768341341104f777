package central_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// id is what central calls a kiosk.
func (k *kiosk) id() string {
	sum := sha256.Sum256(k.http.Transport.(*http.Transport).TLSClientConfig.Certificates[0].Certificate[0])
	return hex.EncodeToString(sum[:])
}

// fill uses a limit up to n more uses, on top of what has been used.
func (w *town) fill(l access.Limit, who string, but int) {
	w.t.Helper()
	w.db().Fill(w.Keeper.Use(l, who), w.now(), time.Duration(l.Most-but)*l.Each())
}

// again wants that a kiosk is told to come back when one more fits.
func (w *town) again(r reply, l access.Limit) {
	w.t.Helper()
	s, err := strconv.Atoi(r.header.Get("Retry-After"))
	if wait := time.Duration(s) * time.Second; err != nil || wait > l.Each() || wait < l.Each()/2 {
		w.t.Errorf("again after %ds, %v", s, err)
	}
}

func TestOneContactGetsFewNoticesADayAndOthersGetTheirs(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	p := w.withBoth()
	ask := func(email string) (key string) {
		r := asks(p)
		r.Contact, r.Email = request.ByEmail, email
		key = k.post(r)
		k.await(key)
		return key
	}
	to := func(contact string) (n int) {
		for _, m := range w.phone.Messages() {
			if m.To == contact {
				n++
			}
		}
		return n
	}
	ask("mine@example.org")
	if to(p.Phone) != 1 || to("mine@example.org") != 1 {
		t.Fatalf("%d and %d notices", to(p.Phone), to("mine@example.org"))
	}
	w.fill(access.PerContact, "false mine@example.org", 1)
	code := w.codeFor(p.Phone)
	key := ask("MINE+2@example.org") // the same contact
	if n := to("MINE+2@example.org"); n != 0 {
		t.Errorf("%d notices over the limit", n)
	}
	if newer := w.codeFor(p.Phone); to(p.Phone) != 2 || newer == code {
		t.Errorf("the contact on file got %d notices", to(p.Phone))
	}
	if res := k.unlock(key, testPIN, w.codeFor(p.Phone)); res.status != http.StatusOK {
		t.Errorf("status %d", res.status)
	}
	w.fill(access.PerContact, "true "+p.Phone, 2)
	code = w.codeFor(p.Phone)
	res := k.resend(key, "same")
	if into[api.NoticeTicket](t, res, http.StatusAccepted).Left != 1 {
		t.Error("a new code over the limit does not look like any other")
	}
	k.await(k.post(asks(w.people[1]))) // the worker has been there
	if w.codeFor(p.Phone) != code || k.unlock(key, testPIN, code).status != http.StatusOK {
		t.Error("the code before is void, and no new one was sent")
	}
	w.pass(access.PerContact.Each())
	ask("other@example.org")
	if to(p.Phone) != 3 {
		t.Errorf("after a while: %d notices", to(p.Phone))
	}
}

// Somebody who knows a number, or a name and birth date, asks as often as they
// like: whoever they are about still gets their code.
func TestNobodyKeepsAnotherFromTheirRecordWithoutTheirContact(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	k := w.kiosk("one")
	victim := w.withBoth()
	for i := range 2 * access.PerContact.Most {
		r := asks(victim)
		if i%2 == 0 {
			r.Phone, r.Email, r.Contact = "", fmt.Sprintf("guess%d@example.org", i), request.ByEmail
		} else {
			r.Given, r.Family = "Nobody", "Invented"
		}
		k.await(k.post(r))
	}
	before := len(w.phone.Messages())
	key := k.post(asks(victim))
	k.await(key)
	if len(w.phone.Messages()) != before+1 {
		t.Fatal("the owner of the record gets no code")
	}
	if res := k.unlock(key, testPIN, w.codeFor(victim.Phone)); res.status != http.StatusOK {
		t.Errorf("status %d", res.status)
	}
}

// No ID shows that another name was once somebody's own.
func TestStaffDoNotVouchForAnotherName(t *testing.T) {
	w, k := staffed(t)
	p := w.withBoth()
	r := asks(p)
	r.Other = request.Name{Given: r.Given, Family: r.Family}
	r.Given, r.Family = "Other", "Ownname"
	key := k.post(r)
	k.await(key)
	if res := k.vouch(key, k.staffToken(), testPIN); res.status != http.StatusForbidden {
		t.Errorf("an ID in another name opens the record: status %d", res.status)
	}
	if res := k.unlock(key, testPIN, w.codeFor(p.Phone)); res.status != http.StatusOK {
		t.Errorf("the code does not open it: status %d", res.status)
	}
}

func TestRequestsAboutOnePersonAreFewADayAndLookAlike(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	k := w.kiosk("one")
	p := w.withBoth() // one is theirs, the other somebody's who guesses
	r := asks(p)
	var keys []string
	for i := range access.PerSubject.Most + 1 {
		r.Given = p.Given
		if i%2 == 1 {
			r.Given = strings.ToUpper(p.Given[:1]) + p.Given[1:] + "x" // a typing error more is the same person
		}
		keys = append(keys, k.post(r))
		k.await(keys[i])
	}
	all := w.phone.Messages()
	if len(all) != len(keys) || sixDigits.FindString(all[len(all)-2].Text) == "" || sixDigits.FindString(all[len(all)-1].Text) != "" {
		t.Fatalf("%d notices, and not the last one alone is without a code", len(all))
	}
	stranger := asks(p)
	stranger.Family = "Known-Nowhere"
	nobody := k.post(stranger)
	k.await(nobody)
	messages := w.phone.Messages()
	over, none := messages[len(messages)-2], messages[len(messages)-1]
	text := func(m notice.Message, key string) string {
		return strings.ReplaceAll(m.Text, request.ReceiptFor(key), "RECEIPT")
	}
	if a, b := text(over, keys[len(keys)-1]), text(none, nobody); a != b || over.To != none.To || over.Subject != none.Subject {
		t.Errorf("the notice is another than for nobody:\n%s\n%s", a, b)
	}
	same(t, "unlock", k.unlock(keys[len(keys)-1], testPIN, "111111"), k.unlock(keys[0], testPIN, "111111"))
	other, code := k.ready(w.people[1])
	if res := k.unlock(other, testPIN, code); res.status != http.StatusOK {
		t.Errorf("another person: status %d", res.status)
	}
	w.pass(access.PerSubject.Each() + time.Minute)
	k.await(k.post(asks(p)))
	if last := w.phone.Messages(); sixDigits.FindString(last[len(last)-1].Text) == "" {
		t.Error("no code on another day")
	}
}

// What is written, and so synced to the disk, is as much whether somebody is found
// or nobody, and when there are too many requests about one person.
func TestCountingIsAsMuchWorkWhateverIsFound(t *testing.T) {
	w := idle(t, &notice.Phone{})
	written := w.db().Writes("limits", "")
	p := w.withBoth()
	stranger := asks(p)
	stranger.Family = "Known-Nowhere"
	counts := func(name string, work func() error, want int) {
		before := written()
		if err := work(); err != nil {
			t.Fatal(err)
		}
		if n := written() - before; n != want {
			t.Errorf("%s: %d counters written, want %d", name, n, want)
		}
	}
	const both = 2 // of subject and contact
	var known, unknown store.Job
	answer := func(j *store.Job, r request.Request) func() error {
		return func() error { *j = w.job(r); return w.finish(t.Context(), *j) }
	}
	counts("somebody", answer(&known, asks(p)), both)
	counts("nobody", answer(&unknown, stranger), both)
	resend := func(id string) func() error {
		return func() error {
			_, err := w.Store.AddResend(t.Context(), id, false, w.now())
			_, workErr := w.Worker.Next(t.Context(), w.now())
			return errors.Join(err, workErr)
		}
	}
	counts("a new code for somebody", resend(known.ID), 1)
	counts("a new code for nobody", resend(unknown.ID), 1)
	w.fill(access.PerSubject, fmt.Sprint("found ", p.Number), 1)
	counts("too many", answer(&known, asks(p)), both)
}

func TestAKioskThatHandsInManyIsAnsweredAsEverAndWaits(t *testing.T) {
	w := newTown(t, nil)
	k, other := w.kiosk("one"), w.kiosk("two")
	w.fill(access.KioskRequests, k.id(), 1)
	k.await(k.post(asks(w.people[0])))
	over := k.post(asks(w.people[1])) // 202 and the receipt, as post wants
	other.await(other.post(asks(w.people[2])))
	res := k.call("GET", "/v1/requests/"+over, nil)
	if s := into[api.RequestStatus](t, res, http.StatusOK).State; s != api.RequestStatusStateReceived {
		t.Errorf("state %s", s)
	}
	w.pass(access.KioskRequests.Each() + time.Second)
	w.State.Work.Ring()
	k.await(over)
}

// What a kiosk hands in beside requests is kept there when it is too much, and
// taken later; nothing else at that kiosk is touched, and no other kiosk.
func TestAKioskThatHandsInTooManyReportsKeepsThem(t *testing.T) {
	w := newTown(t, nil)
	k, other := w.kiosk("one"), w.kiosk("two")
	for path, c := range map[string]struct {
		purpose seal.Purpose
		plain   []byte
		taken   int
		table   string
	}{
		"/v1/amendments":      {seal.ForAmend, w.corrects(w.people[0], "", nil).Encode(), http.StatusAccepted, "amendments"},
		"/v1/problem-reports": {seal.ForReport, []byte(`{"kind":"slow","screen":"welcome","hour":"` + w.hour() + `"}`), http.StatusNoContent, "problems"},
		"/v1/usage-batches":   {seal.ForUsage, []byte(`{"hour":"` + w.hour() + `","counts":{"visit":5}}`), http.StatusNoContent, "usage_batches"},
	} {
		kept := func() int { return w.db().Count(c.table) }
		hand := func(k *kiosk, key string, body []byte) reply {
			return k.call("POST", path, body, "Idempotency-Key", key)
		}
		last, late := rand.Text(), rand.Text()
		fits, over := w.sealed(c.purpose, last, c.plain), w.sealed(c.purpose, late, c.plain)
		w.fill(access.KioskReports, string(c.purpose)+" "+k.id(), 1)
		for range 2 { // the second is a repetition
			if res := hand(k, last, fits); res.status != c.taken {
				t.Errorf("%s: the last one that fits: status %d", path, res.status)
			}
		}
		for range 2 {
			res := hand(k, late, over)
			code(t, path, res, http.StatusTooManyRequests, api.ProblemTooMany)
			w.again(res, access.KioskReports)
		}
		if n := kept(); n != 1 {
			t.Errorf("%s: %d are kept", path, n)
		}
		w.pass(access.KioskReports.Each())
		if res := hand(k, late, over); res.status != c.taken || kept() != 2 {
			t.Errorf("%s: later: status %d, %d are kept", path, res.status, kept())
		}
		code(t, path, k.handIn(path, c.purpose, rand.Text(), c.plain), http.StatusTooManyRequests, api.ProblemTooMany)
		if res := other.handIn(path, c.purpose, rand.Text(), c.plain); res.status != c.taken {
			t.Errorf("%s: at another kiosk: status %d", path, res.status)
		}
	}
	k.await(k.post(asks(w.people[0])))
	if n := strings.Count(w.log.String(), "hands in too many"); n != 1 {
		t.Errorf("said %d times", n)
	}
}

func TestTooManyWrongProofsMakeAKioskWait(t *testing.T) {
	w := newTown(t, nil)
	k, other := w.kiosk("one"), w.kiosk("two")
	if err := w.AddStaff(w.t.Context(), "nurse", nursePIN); err != nil {
		t.Fatal(err)
	}
	key, pickup := k.ready(w.people[0])
	w.fill(access.KioskProofs, k.id(), 1)
	for range 3 { // a right one does not count
		if res := k.unlock(key, testPIN, pickup); res.status != http.StatusOK {
			t.Fatalf("status %d", res.status)
		}
		k.staffToken()
	}
	code(t, "the last wrong one", k.unlock(key, testPIN, wrong(pickup)), http.StatusForbidden, api.ProblemRefused)
	for what, res := range map[string]reply{
		"the right one": k.unlock(key, testPIN, pickup), "by receipt": k.pickup(request.ReceiptFor(key), testPIN, pickup),
		"nobody's": k.pickup(request.ReceiptFor("nobody's at all"), testPIN, pickup), "staff": k.signIn("nurse", nursePIN),
	} {
		code(t, what, res, http.StatusTooManyRequests, api.ProblemBusy)
		w.again(res, access.KioskProofs)
	}
	if left := *other.unlock(key, testPIN, wrong(pickup)).problem(t).AttemptsLeft; left != store.MaxTries-2 {
		t.Errorf("at another kiosk %d tries are left", left)
	}
	if n := strings.Count(w.log.String(), "kiosk=one"); n != 1 {
		t.Errorf("said %d times", n)
	}
	w.pass(access.KioskProofs.Each())
	if res := k.unlock(key, testPIN, pickup); res.status != http.StatusOK {
		t.Errorf("after a minute: status %d", res.status)
	}
}

func TestGuessingFromEverywhereSlowsAllDownAndIsSaidOnce(t *testing.T) {
	w := newTown(t, nil)
	k, other := w.kiosk("one"), w.kiosk("two")
	key, pickup := k.ready(w.people[0])
	w.fill(access.AllProofs, "", 1)
	code(t, "the last wrong one", other.unlock(key, testPIN, wrong(pickup)), http.StatusForbidden, api.ProblemRefused)
	for range 4 {
		for _, kiosk := range []*kiosk{k, other} {
			res := kiosk.unlock(key, testPIN, pickup)
			code(t, "unlock", res, http.StatusServiceUnavailable, api.ProblemBusy)
			w.again(res, access.AllProofs)
		}
	}
	k.await(k.post(asks(w.people[1]))) // requests are taken as ever
	if n := strings.Count(w.log.String(), "slowed down"); n != 1 {
		t.Errorf("said %d times", n)
	}
	w.pass(access.AllProofs.Each())
	if res := k.unlock(key, testPIN, pickup); res.status != http.StatusOK {
		t.Errorf("12 seconds later: status %d", res.status)
	}
}

func TestUnknownReceiptsAreFewToAKiosk(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	key, pickup := k.ready(w.people[0])
	w.fill(access.KioskNumbers, k.id(), 1)
	code(t, "the last one", k.pickup(request.ReceiptFor(rand.Text()), testPIN, pickup), http.StatusForbidden, api.ProblemRefused)
	code(t, "one more", k.pickup(request.ReceiptFor(rand.Text()), testPIN, pickup), http.StatusTooManyRequests, api.ProblemBusy)
	code(t, "a known one", k.pickup(request.ReceiptFor(key), testPIN, pickup), http.StatusTooManyRequests, api.ProblemBusy)
	if res := k.unlock(key, testPIN, pickup); res.status != http.StatusOK {
		t.Errorf("who asked at this kiosk: status %d", res.status)
	}
}

// No contact, name or number rests in a counter: only hashes under the pepper.
func TestCountersHoldKeyedHashesOnly(t *testing.T) {
	w, other := newTown(t, nil), newTown(t, nil)
	a, b := w.Keeper.Use(access.PerContact, "+16175550123"), other.Keeper.Use(access.PerContact, "+16175550123")
	if len(a.Key) != sha256.Size || string(a.Key) == string(b.Key) {
		t.Error("the same key under another pepper")
	}
	if string(a.Key) == string(w.Keeper.Use(access.PerSubject, "+16175550123").Key) {
		t.Error("the same key for another limit")
	}
}

func TestWithoutLimitsTheFiveTriesStillHold(t *testing.T) {
	w := newTown(t, nil)
	w.Keeper.Unlimited = true
	k := w.kiosk("one")
	key, pickup := k.ready(w.people[0])
	for range store.MaxTries {
		code(t, "wrong", k.unlock(key, testPIN, wrong(pickup)), http.StatusForbidden, api.ProblemRefused)
	}
	code(t, "right", k.unlock(key, testPIN, pickup), http.StatusLocked, api.ProblemOver)
	for range access.KioskNumbers.Most + 1 {
		body := w.sealed(seal.ForPickup, request.ReceiptFor("nobody's"), proofOf(testPIN, pickup))
		if res := k.call("POST", "/v1/pickups", body); res.status == http.StatusTooManyRequests {
			t.Fatal("a limit holds")
		}
	}
}
