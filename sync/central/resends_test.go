package central_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
)

// ring is a phone's next messages, for tests that wait for one.
func (w *town) ring() <-chan notice.Message {
	rings := make(chan notice.Message, 16)
	w.phone.Subscribe(func(m notice.Message) { rings <- m })
	return rings
}

func (k *kiosk) resend(key, contact string) reply {
	k.w.t.Helper()
	return k.call("POST", "/v1/requests/"+key+"/notices", []byte(`{"contact":"`+contact+`"}`))
}

func (k *kiosk) resendByReceipt(receipt, contact string) reply {
	k.w.t.Helper()
	return k.call("POST", "/v1/pickups/"+receipt+"/notices", []byte(`{"contact":"`+contact+`"}`))
}

// opens waits until PIN and code open a record: the code is valid once its
// notice has been committed, just after it was sent.
func (k *kiosk) opens(key, code string) {
	k.w.t.Helper()
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); {
		if k.unlock(key, testPIN, code).status == http.StatusOK {
			return
		}
		k.w.db().ForgetTries()
	}
	k.w.t.Fatal("the new code does not open the record")
}

// withBoth is a resident with phone and e-mail on file.
func (w *town) withBoth() registry.Person {
	w.t.Helper()
	p := w.people[0]
	p.Phone, p.Email = "+16175550188", "both@example.org"
	if err := w.ImportPeople(w.t.Context(), []registry.Person{p}); err != nil {
		w.t.Fatal(err)
	}
	return p
}

func TestANewCodeGoesToTheSameContactAndVoidsTheOldOne(t *testing.T) {
	w := newTown(t, nil)
	k, p := w.kiosk("a"), w.withBoth()
	key, old := k.ready(p)
	rings := w.ring()
	if left := into[api.NoticeTicket](t, k.resend(key, "same"), http.StatusAccepted).Left; left != 1 {
		t.Errorf("%d left, want 1", left)
	}
	m := <-rings
	code := sixDigits.FindString(m.Text)
	if m.To != p.Phone || code == "" || code == old {
		t.Fatalf("a new code of %d digits to the phone: %v", len(code), m.To == p.Phone)
	}
	k.opens(key, code)
	if status := k.unlock(key, testPIN, old).status; status != http.StatusForbidden {
		t.Errorf("the old code: status %d", status)
	}
}

func TestTheOtherContactOnFileIsUsedWhenThereIsOne(t *testing.T) {
	w := newTown(t, nil)
	k, both := w.kiosk("a"), w.withBoth()
	key, _ := k.ready(both)
	rings := w.ring()
	k.resend(key, "other")
	if m := <-rings; m.To != both.Email {
		t.Error("not to the e-mail on file")
	}
	var one registry.Person
	for _, p := range w.people[1:] {
		if p.Phone != "" && p.Email == "" {
			one = p
			break
		}
	}
	key, _ = k.ready(one)
	<-rings
	k.resend(key, "other")
	if m := <-rings; m.To != one.Phone {
		t.Error("not to the only contact on file")
	}
}

func TestWithoutAContactOnFileNothingIsSentAndTheCodeStays(t *testing.T) {
	phone := &notice.Phone{}
	w := idle(t, phone)
	p := w.withBoth()
	j := w.job(asks(p))
	p.Phone, p.Email = "", ""
	if err := errors.Join(w.finish(t.Context(), j), w.ImportPeople(w.t.Context(), []registry.Person{p})); err != nil {
		t.Fatal(err)
	}
	_, err := w.Store.AddResend(t.Context(), j.ID, true, w.now())
	if worked, workErr := w.Worker.Next(t.Context(), w.now()); !worked || errors.Join(err, workErr) != nil {
		t.Fatal(worked, err, workErr)
	}
	sent := phone.Messages()
	try, err := w.Store.TakeTry(t.Context(), j.ID, w.now())
	if err != nil || len(sent) != 1 || !w.Keeper.Check(try.Lock, j.ID, testPIN, sixDigits.FindString(sent[0].Text)) {
		t.Errorf("%d notices, or the code does not open the record any more, %v", len(sent), err)
	}
	if n := w.db().Count("reminders"); n != 0 {
		t.Errorf("%d wishes wait", n)
	}
}

func TestTwoNewCodesAreAllAndTheAnswerIsTheSameForEverybody(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("a")
	matched, _ := k.ready(w.people[0])
	stranger := asks(w.people[1])
	stranger.Family = "Nobody"
	nobody := k.post(stranger)
	k.await(nobody)
	for range 3 {
		a, b := k.resend(matched, "same"), k.resend(nobody, "same")
		if a.status != b.status || !bytes.Equal(a.body, b.body) {
			t.Errorf("matched: %d %s, nobody: %d %s", a.status, a.body, b.status, b.body)
		}
		if a.status == http.StatusTooManyRequests && a.problem(t).Code() != api.ProblemNoNotices {
			t.Errorf("problem %s", a.problem(t).Code())
		}
	}
	if status := k.resend(matched, "same").status; status != http.StatusTooManyRequests {
		t.Errorf("the fourth: status %d", status)
	}
}

func TestAWishForAnUnknownClosedOrNonsensicalRequestIsRefused(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("a")
	key, code := k.ready(w.people[0])
	for range 5 {
		k.unlock(key, testPIN, wrong(code))
	}
	for name, c := range map[string]struct {
		reply  reply
		status int
	}{
		"closed":     {k.resend(key, "same"), http.StatusLocked},
		"unknown":    {k.resend("0123456789abcdef0123", "same"), http.StatusNotFound},
		"no contact": {k.resend(key, "neighbour"), http.StatusBadRequest},
	} {
		if c.reply.status != c.status {
			t.Errorf("%s: status %d, want %d", name, c.reply.status, c.status)
		}
	}
}

func TestAWishOutlivesARestart(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("a")
	key, _ := k.ready(w.people[0])
	w.stop()
	rings := w.ring()
	c, err := central.Open(t.Context(), central.Options{Dir: w.dir, Sender: w.phone, Now: w.now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Rooms().Store.AddResend(t.Context(), key, false, w.now()); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	w.start(nil)
	if m := <-rings; sixDigits.FindString(m.Text) == "" {
		t.Error("no code after the restart")
	}
}

func TestAGuardianIsToldAsAGuardianAgain(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("a")
	for _, p := range w.people {
		if p.Birth.Age(request.DateOf(time.Now())) >= request.AdultAge {
			continue
		}
		key, _ := k.ready(p)
		first := w.phone.Messages()[len(w.phone.Messages())-1]
		rings := w.ring()
		k.resend(key, "same")
		again := <-rings
		if sixDigits.ReplaceAllString(first.Text, "") != sixDigits.ReplaceAllString(again.Text, "") {
			t.Error("the second notice says something else than the first")
		}
		return
	}
	t.Fatal("no child among the residents")
}

func TestWhoHasTheReceiptOnlyGetsANewCodeAtAnotherKiosk(t *testing.T) {
	w := newTown(t, nil)
	here, there, p := w.kiosk("here"), w.kiosk("there"), w.withBoth()
	key, _ := here.ready(p)
	rings := w.ring()
	if left := into[api.NoticeTicket](t, there.resendByReceipt(request.ReceiptFor(key), "other"), http.StatusAccepted).Left; left != 1 {
		t.Errorf("%d left, want 1", left)
	}
	m := <-rings
	if m.To != p.Email {
		t.Error("not to the e-mail on file")
	}
	here.opens(key, sixDigits.FindString(m.Text))
	if left := into[api.NoticeTicket](t, here.resend(key, "same"), http.StatusAccepted).Left; left != 0 {
		t.Errorf("%d left, want 0: both ways count together", left)
	}
}

func TestANewCodeForAReceiptThatNobodyHasLooksLikeOneForARequestOfNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	k := w.kiosk("a")
	matched, _ := k.ready(w.people[0])
	unknown := request.ReceiptFor("a receipt that nobody has")
	for n := range 3 {
		a, b := k.resendByReceipt(request.ReceiptFor(matched), "same"), k.resendByReceipt(unknown, "same")
		if want := []int{http.StatusAccepted, http.StatusAccepted, http.StatusTooManyRequests}[n]; a.status != want || a.status != b.status || !bytes.Equal(a.body, b.body) {
			t.Errorf("matched: %d %s, nobody's: %d %s, want %d", a.status, a.body, b.status, b.body, want)
		}
	}
	guessed, code := k.ready(w.people[1])
	for n, c := range []struct {
		wishes int // before the tries are used up
		want   string
	}{{0, api.ProblemOver}, {2, api.ProblemNoNotices}} {
		known, stray := request.ReceiptFor(guessed), request.ReceiptFor(fmt.Sprint("another that nobody has ", n))
		w.db().RenewRequests()
		for _, receipt := range []string{known, stray} {
			for range c.wishes {
				k.resendByReceipt(receipt, "same")
			}
			for range 5 {
				k.pickup(receipt, "8305", wrong(code))
			}
		}
		a, b := k.resendByReceipt(known, "same"), k.resendByReceipt(stray, "same")
		if a.problem(t).Code() != c.want || a.status != b.status || !bytes.Equal(a.body, b.body) {
			t.Errorf("without tries, after %d wishes: %d %s, nobody's: %d %s", c.wishes, a.status, a.body, b.status, b.body)
		}
	}
	if status := k.resendByReceipt("7KQ2-M4VX", "same").status; status != http.StatusNotFound {
		t.Errorf("a wrong check sign: status %d", status)
	}
}

func TestWhoGuessesReceiptsForNewCodesIsHeldUpForAll(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("a")
	matched, _ := k.ready(w.people[0])
	for n := range access.KioskNumbers.Most {
		k.resendByReceipt(request.ReceiptFor(fmt.Sprint("guess ", n)), "same")
	}
	for name, key := range map[string]string{"somebody's": matched, "nobody's": "a receipt that nobody has"} {
		if res := k.resendByReceipt(request.ReceiptFor(key), "same"); res.status != http.StatusTooManyRequests || res.problem(t).Code() != api.ProblemBusy {
			t.Errorf("%s after too many guesses: status %d", name, res.status)
		}
	}
}
