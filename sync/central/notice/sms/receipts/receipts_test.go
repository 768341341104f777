package receipts_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/receipts"
	"vaxkiosk/sync/central/notice/sms/smstest"
)

const (
	to  = "+16175550142"
	ref = "abcdefghij234567"
)

var profiles = []sms.Profile{sms.Generic, sms.Twilio, sms.Telnyx}

// ledger keeps what it is told.
type ledger struct {
	mu   sync.Mutex
	told []string
	err  error // instead
}

func (l *ledger) tell(what string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	l.told = append(l.told, what)
	return nil
}

func (l *ledger) Receipt(_ context.Context, ref string, to notice.State, reason string) error {
	return l.tell(strings.TrimSpace(fmt.Sprint(ref, " ", to, " ", reason)))
}

func (l *ledger) OptOut(_ context.Context, contact string, out bool) error {
	return l.tell(fmt.Sprint(contact, " ", out))
}

func (l *ledger) fails(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

// all is what it was told since it was last looked at.
func (l *ledger) all() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	said := strings.Join(l.told, "; ")
	l.told = nil
	return said
}

// place is a gateway and where its receipts go.
type place struct {
	*smstest.Gateway
	*ledger
	h       *receipts.Handler
	log     *bytes.Buffer
	address string
	t       *testing.T
}

func open(t *testing.T, p sms.Profile) *place {
	t.Helper()
	at := &place{Gateway: smstest.Open(p), ledger: &ledger{}, log: &bytes.Buffer{}, t: t}
	t.Cleanup(at.Close)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { at.h.ServeHTTP(w, r) }))
	srv.StartTLS()
	t.Cleanup(srv.Close)
	h, err := receipts.New(receipts.Options{
		URL: srv.URL, Keys: map[sms.Profile][]string{p: {at.other(p), at.Key()}}, Ledger: at.ledger, Now: time.Now, Log: slog.New(slog.NewTextHandler(at.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	at.h, at.address, at.Receives = h, receipts.Address(srv.URL, p), srv.Client()
	return at
}

// other is another key of the same kind.
func (p *place) other(of sms.Profile) string {
	if of == sms.Telnyx {
		return "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	}
	return "another one"
}

// message hands one over, and returns it as the gateway has it.
func (p *place) message() smstest.Message {
	p.t.Helper()
	o := p.Options()
	o.Receipts = p.address
	s, err := sms.New(o)
	if err == nil {
		err = s.Send(p.t.Context(), notice.Message{To: to, Text: "Your pickup code is 482913.", Ref: ref})
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return p.Messages()[len(p.Messages())-1]
}

// answers are what a call is answered.
func (p *place) answers(status int, err error) func(want int, what string) {
	return func(want int, what string) {
		p.t.Helper()
		if err != nil || status != want {
			p.t.Errorf("%s: %d, %v; want %d", what, status, err, want)
		}
	}
}

func TestASignedReceiptMovesItsNoticeOn(t *testing.T) {
	codes := map[sms.Profile]string{sms.Generic: "blocked", sms.Twilio: "30007", sms.Telnyx: "40002"}
	for _, p := range profiles {
		at := open(t, p)
		m := at.message()
		for _, c := range []struct {
			state      notice.State
			code, want string
		}{
			{notice.HandedOver, "", ref + " handed-over"},
			{notice.Delivered, "", ref + " delivered"},
			{notice.Failed, codes[p], ref + " failed 5.7.1"},
			{notice.Failed, to, ref + " failed 5.0.0"},
			{notice.Unknown, "", map[sms.Profile]string{sms.Generic: ref + " unknown 5.0.0", sms.Telnyx: ref + " unknown 5.0.0"}[p]},
		} {
			at.answers(at.Report(t.Context(), m, c.state, c.code, smstest.Signed))(200, string(p))
			if got := at.all(); got != c.want {
				t.Errorf("%s, %s: the ledger was told %q, want %q", p, c.state, got, c.want)
			}
		}
		if at.log.Len() > 0 {
			t.Errorf("%s: the log has %s", p, at.log)
		}
	}
}

func TestWhatIsNotSignedDoesNothing(t *testing.T) {
	for _, p := range profiles {
		at := open(t, p)
		m := at.message()
		refused := 0
		for _, seal := range []smstest.Seal{smstest.Unsigned, smstest.Forged, smstest.Old} {
			want := http.StatusForbidden
			if seal == smstest.Old && p == sms.Twilio {
				continue // it signs no time
			}
			at.answers(at.Report(t.Context(), m, notice.Delivered, "", seal))(want, string(p)+" "+string(seal))
			at.answers(at.Says(t.Context(), at.address, to, "STOP", seal))(want, string(p)+" "+string(seal))
			refused += 2
		}
		if got := at.all(); got != "" {
			t.Errorf("%s: the ledger was told %q", p, got)
		}
		if c := at.h.Counts(); c.Refused != refused || c.Signed != 0 || strings.Count(at.log.String(), "receipts.refused") != 1 {
			t.Errorf("%s: %+v, and the log has\n%s", p, c, at.log)
		}
		if text := at.log.String(); strings.Contains(text, ref) || strings.Contains(text, to[2:]) {
			t.Errorf("%s: the log has %s", p, text)
		}
	}
}

func TestWhatComesAgainDoesNothing(t *testing.T) {
	for _, p := range profiles {
		at := open(t, p)
		at.answers(at.Report(t.Context(), at.message(), notice.Delivered, "", smstest.Signed))(200, "once")
		at.answers(at.Again(t.Context()))(200, "again")
		at.answers(at.Says(t.Context(), at.address, to, "Stop.", smstest.Signed))(200, "stop")
		at.answers(at.Again(t.Context()))(200, "stop again")
		if got, want := at.all(), ref+" delivered; "+to+" true"; got != want {
			t.Errorf("%s: the ledger was told %q, want %q", p, got, want)
		}
	}
}

func TestSTOPAndSTARTAreHeardAndNothingElse(t *testing.T) {
	for _, p := range profiles {
		at := open(t, p)
		for text, want := range map[string]string{
			"STOP": to + " true", " stop all ": to + " true", "Unsubscribe!": to + " true", "opt-out": to + " true", "START": to + " false", "unstop": to + " false",
			"please stop": "", "I will not stop": "", "": "", "HELP": "", "¡ALTO!": "",
		} {
			at.answers(at.Says(t.Context(), at.address, to, text, smstest.Signed))(200, text)
			if got := at.all(); got != want {
				t.Errorf("%s, %q: the ledger was told %q", p, text, got)
			}
		}
		at.answers(at.Says(t.Context(), at.address, "a@example.org", "STOP", smstest.Signed))(200, "not a number")
		if got := at.all(); got != "" {
			t.Errorf("%s: the ledger was told %q", p, got)
		}
	}
}

func TestAReceiptThatComesBeforeTheAnswerIsTaken(t *testing.T) {
	for _, p := range profiles {
		at := open(t, p)
		at.Behave(smstest.Hasty)
		at.message()
		if got := at.all(); got != ref+" delivered" {
			t.Errorf("%s: the ledger was told %q", p, got)
		}
	}
}

// call makes one without a network, so that time can be ours.
func call(t *testing.T, h *receipts.Handler, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, signed(receipts.Address("https://records.example.org/", sms.Generic)+"?ref="+ref, body))
	if w.Code != http.StatusOK {
		t.Errorf("%d", w.Code)
	}
}

func TestWhatTheLedgerDoesNotTakeIsKeptForTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, log := &ledger{}, &bytes.Buffer{}
		h := handler(t, l, log)
		go h.Run(t.Context())
		wait := func(d time.Duration) { time.Sleep(d); synctest.Wait() } // fake time
		l.fails(notice.ErrNoRef)
		call(t, h, `{"state":"delivered"}`)
		wait(9 * time.Minute)
		l.fails(nil)
		wait(time.Minute)
		if got := l.all(); got != ref+" delivered" || h.Counts().Waiting != 0 || log.Len() > 0 {
			t.Errorf("the ledger was told %q, %+v, log %s", got, h.Counts(), log)
		}
		l.fails(notice.ErrNoRef)
		call(t, h, `{"state":"failed"}`)
		wait(11 * time.Minute)
		l.fails(nil)
		wait(time.Minute)
		if got := l.all(); got != "" || h.Counts().Waiting != 0 {
			t.Errorf("the ledger was told %q of long ago", got)
		}
		l.fails(errors.New("the database is away"))
		call(t, h, `{"from":"`+to+`","text":"STOP"}`)
		call(t, h, `{"from":"+16175550143","text":"STOP"}`)
		wait(time.Minute)
		call(t, h, `{"from":"`+to+`","text":"START"}`)
		wait(time.Minute)
		l.fails(nil)
		wait(time.Minute)
		if got := l.all(); got != "+16175550143 true; "+to+" false" {
			t.Errorf("the ledger was told %q", got)
		}
		if text := log.String(); strings.Count(text, "receipts.stopped") != 1 || strings.Count(text, "receipts.resumed") != 1 || strings.Contains(text, "617555") {
			t.Errorf("the log has %s", text)
		}
	})
}

func TestNothingElseIsAnswered(t *testing.T) {
	l := &ledger{}
	h := handler(t, l, &bytes.Buffer{})
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{"POST", "/v1/deliveries/generic", `{"state":"delivered"}`, 200}, // no ref: nothing for us
		{"POST", "/v1/deliveries/generic?ref=" + ref, "[", 200},
		{"POST", "/v1/deliveries/generic?ref=" + ref, `{"state":"waiting"}`, 200},
		{"POST", "/v1/deliveries/generic?ref=" + ref, `{"state":"held-back"}`, 200},
		{"POST", "/v1/deliveries/generic?ref=" + strings.Repeat("a", 65), `{"state":"delivered"}`, 200},
		{"POST", "/v1/deliveries/generic?ref=a%20b", `{"state":"delivered"}`, 200},
		{"POST", "/v1/deliveries/generic?ref=" + ref, `{"state":"delivered"}` + strings.Repeat(" ", 16<<10), 413},
		{"GET", "/v1/deliveries/generic?ref=" + ref, "", 405},
		{"POST", "/v1/deliveries/twilio?ref=" + ref, "MessageStatus=delivered", 404}, // there is no such gateway here
		{"POST", "/v1/deliveries/", "", 404},
		{"POST", "/v1/requests", "{}", 404},
		{"GET", "/", "", 404},
	} {
		r := signed("https://records.example.org"+c.path, c.body)
		r.Method = c.method
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want || w.Code/100 == 2 && w.Body.Len() > 0 {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.want)
		}
	}
	if got := l.all(); got != "" {
		t.Errorf("the ledger was told %q", got)
	}
}

func TestKeysThatCannotWorkAreRefused(t *testing.T) {
	for name, o := range map[string]receipts.Options{
		"no address":          {},
		"no TLS":              {URL: "http://records.example.org"},
		"a question":          {URL: "https://records.example.org?a=b"},
		"an empty key":        {URL: "https://records.example.org", Keys: map[sms.Profile][]string{sms.Twilio: {""}}},
		"telnyx's API key":    {URL: "https://records.example.org", Keys: map[sms.Profile][]string{sms.Telnyx: {"KEY0hunter2"}}},
		"a profile of others": {URL: "https://records.example.org", Keys: map[sms.Profile][]string{"sns": {"hunter2"}}},
	} {
		if _, err := receipts.New(o); err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(fmt.Sprintf("%v %#v", o, o), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
