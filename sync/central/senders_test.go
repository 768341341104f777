package central_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/smstest"
	"vaxkiosk/sync/central/notice/smtp"
	"vaxkiosk/sync/central/notice/smtp/relaytest"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// What is found is not told by what real senders do (promise P5): a mail relay that takes its time,
// and a gateway for text messages that is away. With senders that are made up, and a clock that
// stands, answered_test.go says the same of every kind of refusal.

// sent is a town with real senders: requests of each kind go to contacts of their own, so that none
// waits for another.
type sent struct {
	*town
	*kiosk
	asks map[string]request.Request // by kind
}

// newSent starts one. Contact is what each of its people is reached by.
func newSent(t *testing.T, contact func(n int) registry.Contact, sender func(*town) notice.Sender) sent {
	t.Helper()
	w := newTown(t, nil)
	w.stop()
	w.unlimited, w.workers = true, len(found)
	w.start(sender(w))
	s := sent{town: w, kiosk: w.kiosk("one"), asks: map[string]request.Request{}}
	adults := slices.DeleteFunc(slices.Clone(w.people), func(p registry.Person) bool {
		return p.Birth.Age(request.DateOf(time.Now())) < request.AdultAge
	})
	for i, kind := range found {
		c, p := contact(i), adults[i]
		p.Phone, p.Email, p.More = c.Phone, c.Email, nil
		if kind == ofMany {
			p.Also = []request.Name{{Given: p.Given, Family: "Before"}, {Family: "Earlier"}}
			for n := range 5 {
				p.More = append(p.More, registry.Contact{Phone: fmt.Sprintf("+1617555018%d", n)}, registry.Contact{Email: fmt.Sprintf("many%d@example.org", n)})
			}
		}
		must(t, w.ImportPeople(t.Context(), []registry.Person{p}))
		r := asks(p)
		switch kind {
		case nobody:
			r.Family = "Known-Nowhere"
		case forReview:
			r.Given = "Zuzanna"
		}
		s.asks[kind] = r
	}
	return s
}

// plain is a reply without what is another in each of them: the key, and when it was given.
func plain(r reply, key string) string {
	text := fmt.Sprintln(r.status)
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		if name != "Date" {
			text += fmt.Sprintln(name, r.header[name])
		}
	}
	return strings.ReplaceAll(text+string(r.body), key, "KEY")
}

// posted is a request of each kind, in random order.
func (s sent) posted() (keys map[string]string, at map[string]time.Time) {
	s.t.Helper()
	keys, at = map[string]string{}, map[string]time.Time{}
	for _, kind := range shuffled(1) {
		at[kind] = time.Now()
		keys[kind] = s.post(s.asks[kind])
	}
	return keys, at
}

// heard is what a kiosk has heard, by the state of the request, or by what it has tried.
type heard map[api.RequestStatusState]string

// hears asks for a request until it has a state.
func (s sent) hears(key string, until api.RequestStatusState, headers ...string) heard {
	all := heard{}
	for all[until] == "" {
		r := s.call("GET", "/v1/requests/"+key, nil, headers...)
		all[into[api.RequestStatus](s.t, r, http.StatusOK).State] = plain(r, key)
	}
	return all
}

// refused adds what it hears to a proof that is wrong.
func (h heard) refused(s sent, key string) {
	h["a wrong code"] = plain(s.unlock(key, testPIN, "000000"), key)
}

// same wants a kiosk to hear of every kind what it hears of nobody, in each state in which it asked for both.
func (s sent) same(of map[string]heard) {
	s.t.Helper()
	for kind, all := range of {
		for state, words := range all {
			if want := of[nobody][state]; want != "" && words != want {
				s.t.Errorf("%s: of %s a kiosk hears\n%s\nand of nobody\n%s", state, kind, words, want)
			}
		}
	}
}

// alike has requests of each kind answered, and wants a kiosk to hear the same of all at the same time.
func (s sent) alike(before func()) {
	s.t.Helper()
	const fewer = 6 // of what does not wait for anything outside
	tells(s.t, apart, func(rounds int) map[string][]time.Duration {
		took := map[string][]time.Duration{}
		var mu sync.Mutex
		for range rounds / fewer {
			before()
			keys, at := s.posted()
			said := map[string]heard{}
			var all sync.WaitGroup
			for kind, key := range keys {
				all.Go(func() {
					h := s.hears(key, api.RequestStatusStateAnswered, "Prefer", "wait=25")
					d := time.Since(at[kind]) + time.Millisecond // arrivals are kept in whole milliseconds
					if d < time.Second {
						s.t.Errorf("%s is heard of after %v: nothing was slow", kind, d)
					}
					mu.Lock()
					defer mu.Unlock()
					said[kind], took[kind] = h, append(took[kind], d.Truncate(store.AnswerStep))
				})
			}
			all.Wait()
			for kind, key := range keys {
				said[kind].refused(s, key)
			}
			s.same(said)
		}
		return took
	})
}

// slowly are addresses to which the relay takes a second to say yes.
func slowly(n int) registry.Contact {
	return registry.Contact{Email: fmt.Sprintf("%s%d@example.org", relaytest.Slow, n)}
}

func mobileOf(n int) registry.Contact {
	return registry.Contact{Phone: fmt.Sprintf("+1617555014%d", n)}
}

// bySlowRelay hands messages to a real relay.
func bySlowRelay(t *testing.T, r *relaytest.Relay) notice.Sender {
	t.Helper()
	s, err := smtp.New(smtp.Options{
		Relay: r.Address, From: "records@example.org", Bounces: "bounce@example.org", CA: r.CA, User: relaytest.User, Password: relaytest.Password,
	})
	must(t, err)
	return s
}

// byGateway hands messages to one gateway, as a service does.
func byGateway(t *testing.T, g *smstest.Gateway) func(*town) notice.Sender {
	t.Helper()
	return func(w *town) notice.Sender {
		s, err := sms.New(g.Options())
		must(t, err)
		return sms.Several(w.now, sms.Way{Name: "only", Sender: s})
	}
}

func TestARelayThatIsSlowDoesNotTellWhatWasFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	relay := relaytest.Start(t)
	s := newSent(t, slowly, func(*town) notice.Sender { return bySlowRelay(t, relay) })
	s.alike(func() {})
}

// The first try of each fails, the next one a second later does not.
func TestAGatewayThatComesBackDoesNotTellWhatWasFound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	g := smstest.Open(sms.Twilio)
	t.Cleanup(g.Close)
	s := newSent(t, mobileOf, byGateway(t, g))
	s.alike(func() {
		s.pass(2 * time.Minute) // or half of its messages in a minute failed, and the line gives it a rest
		for range found {
			g.Behave(smstest.Broken)
		}
	})
}

// No wrong proof takes longer than one for a request that found nobody: neither of what went out by a
// relay that is slow, nor of what is not answered since the gateway is away.
func TestTimeTellsNoRefusalFromAnotherWhileARelayIsSlowAndAGatewayIsDown(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	relay, g := relaytest.Start(t), smstest.Open(sms.Telnyx)
	down := byGateway(t, g)
	g.Close()
	var slow, away sent
	slow = newSent(t, slowly, func(*town) notice.Sender { return bySlowRelay(t, relay) })
	away = newSent(t, mobileOf, down)
	kinds := map[string]kind{}
	for how, s := range map[string]sent{"slow": slow, "down": away} {
		until := map[string]api.RequestStatusState{"slow": api.RequestStatusStateAnswered, "down": api.RequestStatusStateProcessing}[how]
		keys, _ := s.posted()
		said := map[string]heard{}
		for kindOf, key := range keys {
			said[kindOf] = s.hears(key, until)
			said[kindOf].refused(s, key)
			kinds[how+": "+kindOf] = kind{func() reply { return s.unlock(key, testPIN, "000000") }, how + ": " + nobody}
		}
		s.same(said)
	}
	over, _ := slow.posted()
	slow.await(over[released])
	kinds[overNow] = kind{func() reply { return slow.unlock(over[released], testPIN, "000000") }, "slow: " + nobody}
	slow.indistinct(kinds, func() {
		slow.db().ForgetTries()
		away.db().ForgetTries()
		slow.db().Exhaust(over[released])
	})
}
