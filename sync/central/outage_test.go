package central_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/worker"
)

// What goes wrong with the gateway of one channel while the other one works.

// halfway is a gateway that refuses one channel while it is down.
type halfway struct {
	notice.Phone
	down    bool
	byEmail bool // which one
}

func (h *halfway) Send(ctx context.Context, m notice.Message) error {
	if h.down && m.ByEmail() == h.byEmail {
		return errors.New("gateway is away")
	}
	return h.Phone.Send(ctx, m)
}

// sent counts texts without a code and codes, and returns the last code.
func (h *halfway) sent() (texts, codes int, code string) {
	for _, m := range h.Messages() {
		if c := sixDigits.FindString(m.Text); c != "" {
			codes, code = codes+1, c
		} else {
			texts++
		}
	}
	return texts, codes, code
}

// tryAgain works on what waits as often as that, each time when it is due again.
func (w *town) tryAgain(times int) {
	w.t.Helper()
	for range times {
		w.pass(worker.LastPutOff)
		if j, ok, err := w.Store.TakeJob(w.t.Context(), w.now()); err != nil {
			w.t.Fatal(err)
		} else if ok && (w.finish(w.t.Context(), j) != nil) != w.Worker.Sender.(*halfway).down {
			w.t.Error("it ends otherwise than its gateway")
		}
	}
}

// state is what the kiosk hears as soon as it may.
func (w *town) state(id string) store.State {
	w.t.Helper()
	s, err := w.Store.StateOf(w.t.Context(), id, w.now().Add(store.AnswerStep))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// asked is elm's request with two contacts, the phone named first, after the
// first try of the worker; known: with the other contact on file.
func asked(t *testing.T, h *halfway, known bool) (w *town, id string) {
	w = idle(t, h)
	r, _ := twoContacts()
	on := residentOf(1, r)
	on.Phone = ""
	if !known {
		on.Family = "Somebody-Else"
	}
	if err := w.ImportPeople(w.t.Context(), []registry.Person{on}); err != nil {
		t.Fatal(err)
	}
	j := w.job(r)
	if err := w.finish(t.Context(), j); (err != nil) != (h.down && (known || !h.byEmail)) {
		t.Fatalf("the first try: %v", err)
	}
	return w, j.ID
}

// However long one channel is down: the contact named first gets one text and
// the other one code, the one that is kept; and what the kiosk hears is what it
// hears of somebody who is not on file.
func TestABrokenChannelCostsNoCodeAndTellsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	for name, byEmail := range map[string]bool{"text messages": false, "e-mail": true} {
		nobody, stranger := asked(t, &halfway{down: true, byEmail: byEmail}, false)
		h := &halfway{down: true, byEmail: byEmail}
		w, id := asked(t, h, true)
		w.tryAgain(access.PerContact.Most + 2)
		if texts, codes, _ := h.sent(); texts != 0 != byEmail || texts > 1 || codes != 0 {
			t.Errorf("%s down: %d texts and %d codes", name, texts, codes)
		}
		if w.state(id) != nobody.state(stranger) {
			t.Errorf("%s down: the kiosk hears %q, and %q when nobody is on file", name, w.state(id), nobody.state(stranger))
		}
		h.down = false
		w.tryAgain(2)
		texts, codes, code := h.sent()
		if texts != 1 || codes != 1 || w.state(id) != store.Answered {
			t.Fatalf("%s up again: %d texts, %d codes, %s", name, texts, codes, w.state(id))
		}
		try, err := w.Store.TakeTry(t.Context(), id, w.now())
		if err != nil || !w.Keeper.Check(try.Lock, id, testPIN, code) || !w.now().Before(try.Expires) {
			t.Errorf("%s up again: the code that was sent is not the one that is kept, %v", name, err)
		}
	}
}

func TestWhatCameInWhileTheClockWasAheadWaitsForTheNextPurgeAtMost(t *testing.T) {
	w := idle(t, &halfway{down: true})
	w.pass(24 * time.Hour)
	j := w.job(asks(w.people[0]))
	if err := w.finish(t.Context(), j); err == nil { // it is put off
		t.Fatal("a notice went out")
	}
	w.pass(-24 * time.Hour)
	if _, ok, err := w.Store.TakeJob(t.Context(), w.now()); ok || err != nil {
		t.Fatalf("it is due today already, %v", err)
	}
	if err := w.Worker.Purge(t.Context(), w.now()); err != nil {
		t.Fatal(err)
	}
	if again, ok, err := w.Store.TakeJob(t.Context(), w.now()); !ok || again.ID != j.ID || err != nil {
		t.Errorf("it waits for tomorrow, %v", err)
	}
}

func TestACodeThatWasHeldBackOpensNothing(t *testing.T) {
	w := idle(t, &halfway{})
	p := w.withBoth()
	w.fill(access.PerContact, "true "+p.Phone, 0)
	j := w.job(asks(p))
	if err := w.finish(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	try, err := w.Store.TakeTry(t.Context(), j.ID, w.now())
	if err != nil || try.Person != p.Number || w.now().Before(try.Expires) {
		t.Errorf("a code that nobody got is kept until %v, %v", try.Expires, err)
	}
	if !w.Keeper.CheckPIN(try.Lock, j.ID, testPIN) {
		t.Error("staff cannot vouch for it")
	}
}
