package central_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/smtp"
	"vaxkiosk/sync/central/notice/smtp/relaytest"
)

// A real mail relay takes codes, refuses some at once, and brings others back.

// mailed is a town whose first people have an e-mail address each, and no phone, and whose notices go
// out by a real relay.
func mailed(t *testing.T, relay *relaytest.Relay, addresses ...string) (*town, notice.Sender) {
	t.Helper()
	s, err := smtp.New(smtp.Options{
		Relay: relay.Address, From: "records@example.org", Bounces: "bounce@example.org", CA: relay.CA, User: relaytest.User, Password: relaytest.Password,
	})
	must(t, err)
	w := newTown(t, nil)
	for i, a := range addresses {
		w.people[i].Phone, w.people[i].Email = "", a
	}
	must(t, w.ImportPeople(t.Context(), w.people[:len(addresses)]))
	w.stop()
	w.bounces = relay.Bounces()
	w.start(s)
	return w, s
}

// letterTo waits for the mail to an address and returns the code in it.
func letterTo(t *testing.T, r *relaytest.Relay, address string) string {
	t.Helper()
	for {
		for _, l := range r.Letters() {
			if strings.Contains(l, "\nTo: <"+address+">") {
				_, body, _ := strings.Cut(l, "\n\n")
				return sixDigits.FindString(body)
			}
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("nothing has come; the relay says\n%s", r.Log())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func TestACodeThatCameByMailOpensTheRecord(t *testing.T) {
	relay := relaytest.Start(t)
	w, _ := mailed(t, relay, "maria.lopez@example.org")
	k := w.kiosk("one")
	key := k.post(asks(w.people[0]))
	k.await(key)
	if status := k.unlock(key, testPIN, letterTo(t, relay, "maria.lopez@example.org")).status; status != http.StatusOK {
		t.Errorf("status %d", status)
	}
}

// What is taken and comes back is told to staff, and nothing is sent there again; the kiosk hears
// of each what it hears of one that arrives.
func TestWhatTheRelayBringsBackIsNotSentToAgain(t *testing.T) {
	relay := relaytest.Start(t)
	const later, unknown = "later@example.org", "unknown@example.org"
	w, s := mailed(t, relay, later, unknown)
	k := w.kiosk("one")
	for _, p := range w.people[:2] {
		k.await(k.post(asks(p)))
	}
	for len(w.letters()) < 2 && t.Context().Err() == nil { // what has come is read at the start
		w.stop()
		w.start(s)
	}
	k = w.kiosk("again")
	for _, p := range w.people[:2] {
		k.await(k.post(asks(p)))
	}
	want := map[string]int{"it came back, 5.2.1": 1, "the relay refused the recipient, 550 5.1.1": 1, "the contact was refused before, or wants no messages": 2}
	for _, l := range w.letters() {
		if want[l.Fault]--; l.State != notice.Failed || l.Channel != "email" {
			t.Errorf("a dead letter: %+v", l)
		}
	}
	for fault, n := range want {
		if n != 0 {
			t.Errorf("%q is there %d times too few", fault, n)
		}
	}
	for _, never := range []string{later, unknown, "example.org;", "bounce"} {
		if strings.Contains(w.log.String(), never) {
			t.Errorf("%q stands in the log:\n%s", never, w.log.String())
		}
	}
}
