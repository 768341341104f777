package sms_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/smstest"
)

const (
	to   = "+16175550142"
	code = "482913"
	ref  = "abcdefghij234567"
)

var profiles = []sms.Profile{sms.Generic, sms.Twilio, sms.Telnyx}

func message() notice.Message {
	return notice.Message{To: to, Text: "Your pickup code is " + code + ". Ñandú & 100%.", At: time.Now(), Ref: ref}
}

func open(t *testing.T, p sms.Profile) *smstest.Gateway {
	t.Helper()
	g := smstest.Open(p)
	t.Cleanup(g.Close)
	return g
}

func sender(t *testing.T, g *smstest.Gateway, change func(*sms.Options)) *sms.Gateway {
	t.Helper()
	o := g.Options()
	if change != nil {
		change(&o)
	}
	s, err := sms.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// manners are all of them, with the fault that each is.
var manners = map[smstest.Manner]struct {
	want           string // of its Error, at its begin
	final, unknown bool
}{
	smstest.Good:      {},
	smstest.Hasty:     {},
	smstest.Broken:    {"the gateway has an error, 500", false, false},
	smstest.Full:      {"the gateway wants fewer messages at a time, 429", false, false},
	smstest.Stranger:  {"the gateway does not take the account and secret, 401", false, false},
	smstest.Elsewhere: {"the gateway sends us elsewhere, where we do not go, 307", false, false},
	smstest.OptedOut:  {"the number wants no messages, ", true, false},
	smstest.Landline:  {"the number takes no text messages, ", true, false},
	smstest.Blocked:   {"the message was blocked on its way", false, false},
	smstest.Page:      {"the gateway did not say by which id it has the message, 200", false, true},
	smstest.Deaf:      {"the gateway did not say whether it took the message", false, true},
	smstest.Cuts:      {"the gateway did not say whether it took the message", false, true},
	smstest.Halves:    {"the gateway did not say by which id it has the message, 201", false, true},
	smstest.Nameless:  {"the gateway did not say by which id it has the message, 200", false, true},
	smstest.Huge:      {"the gateway did not say by which id it has the message, 200", false, true},
	smstest.Late:      {"the gateway did not say whether it took the message, 504", false, true},
}

// keeps is what every Sender owes (notice.Sender), for one message that a gateway has met in a manner.
func keeps(t *testing.T, g *smstest.Gateway, before int, manner smstest.Manner, err error) {
	t.Helper()
	taken := len(g.Messages()) - before
	f := &notice.Fault{}
	if err != nil && !errors.As(err, &f) {
		t.Errorf("%s: %v is no fault", manner, err)
	}
	if err == nil && taken != 1 || err != nil && taken > 0 && !f.Unknown || taken > 1 {
		t.Errorf("%s: %d messages are taken, and the sender says %v", manner, taken, err)
	}
	if f.Final && f.Unknown {
		t.Errorf("%s: refused for good, and maybe taken", manner)
	}
	for _, never := range []string{to[2:], code, "pickup", "Secret", smstest.Secret, "cannot be sent", "http", "127.0.0.1"} {
		if err != nil && strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), never) {
			t.Errorf("%s: %q is in %#v", manner, never, err)
		}
	}
}

func TestASenderKeepsItsObligationsHoweverTheGatewayBehaves(t *testing.T) {
	for _, p := range profiles {
		g := open(t, p)
		s := sender(t, g, nil)
		for manner, want := range manners {
			before := len(g.Messages())
			g.Behave(manner)
			err := s.Send(t.Context(), message())
			keeps(t, g, before, manner, err)
			f := &notice.Fault{}
			if (err == nil) != (want.want == "") || err != nil && (!errors.As(err, &f) || !strings.HasPrefix(err.Error(), want.want)) || f.Final != want.final || f.Unknown != want.unknown {
				t.Errorf("%s, %s: %v, final %t, unknown %t", p, manner, err, f.Final, f.Unknown)
			}
			if after := map[smstest.Manner]time.Duration{smstest.Full: 7 * time.Second}[manner]; f.After != after {
				t.Errorf("%s, %s: not to be tried for %v", p, manner, f.After)
			}
		}
		if err := s.Send(t.Context(), message()); err != nil || g.Calls() != len(manners)+1 {
			t.Errorf("%s: %v after all that, and %d calls for %d messages", p, err, g.Calls(), len(manners)+1)
		}
	}
}

func TestAGatewayIsToldWhatItNeedsAndNoMore(t *testing.T) {
	for _, p := range profiles {
		g := open(t, p)
		for name, c := range map[string]struct {
			change func(*sms.Options)
			want   smstest.Message
		}{
			"a number":  {func(o *sms.Options) {}, smstest.Message{From: smstest.From, Validity: 4 * 3600}},
			"receipts":  {func(o *sms.Options) { o.Receipts = "https://records.our-town.gov/v1/deliveries/x" }, smstest.Message{From: smstest.From, Validity: 4 * 3600, Receipts: "https://records.our-town.gov/v1/deliveries/x?ref=" + ref}},
			"a pool":    {func(o *sms.Options) { o.From = "MG0" }, smstest.Message{From: "MG0", Validity: 4 * 3600}},
			"an hour":   {func(o *sms.Options) { o.Life = time.Hour }, smstest.Message{From: smstest.From, Validity: 3600}},
			"a day":     {func(o *sms.Options) { o.Life = 24 * time.Hour }, smstest.Message{From: smstest.From, Validity: 4 * 3600}},
			"ten hours": {func(o *sms.Options) { o.Life = 10 * time.Hour }, smstest.Message{From: smstest.From, Validity: 4 * 3600}},
		} {
			if err := sender(t, g, c.change).Send(t.Context(), message()); err != nil {
				t.Fatal(err)
			}
			all := g.Messages()
			got := all[len(all)-1]
			c.want.To, c.want.Text, c.want.ID = to, message().Text, got.ID
			if p == sms.Telnyx {
				c.want.Validity = 0 // it cannot be told
			}
			if got != c.want {
				t.Errorf("%s, %s: it was told from %q, %d s, receipts %q", p, name, got.From, got.Validity, got.Receipts)
			}
		}
	}
}

func TestAGenericGatewayHasFieldsOfItsOwnAndMayWantAUser(t *testing.T) {
	g := open(t, sms.Twilio) // its answer has the id in "sid", and it wants user and password
	s := sender(t, g, func(o *sms.Options) {
		o.Profile, o.Fields = sms.Generic, sms.Fields{ID: "sid"}
	})
	if err := s.Send(t.Context(), message()); err != nil {
		t.Errorf("with its id named: %v", err)
	}
	s = sender(t, g, func(o *sms.Options) { o.Profile = sms.Generic })
	if f := (*notice.Fault)(nil); !errors.As(s.Send(t.Context(), message()), &f) || !f.Unknown {
		t.Errorf("an id where none is looked for: %v", f)
	}
}

func TestWhatIsNotTrustedOrNotThereGetsNoMessage(t *testing.T) {
	g := open(t, sms.Generic)
	for name, c := range map[string]struct {
		change func(*sms.Options)
		want   string
	}{
		"nobody vouches": {func(o *sms.Options) { o.CA = x509.NewCertPool() }, "the gateway's certificate is not one that we trust for its name"},
		"another's name": {func(o *sms.Options) { o.URL = strings.Replace(o.URL, "127.0.0.1", "localhost", 1) }, "the gateway's certificate is not one that we trust for its name"},
		"nobody listens": {func(o *sms.Options) { o.URL = "https://127.0.0.1:1/send" }, "the gateway cannot be reached"},
		"nothing there":  {func(o *sms.Options) { o.URL += "/2" }, "the gateway knows nothing at its address, 404"},
		"a wrong secret": {func(o *sms.Options) { o.Secret = "x" }, "the gateway does not take the account and secret, 401"},
	} {
		err := sender(t, g, c.change).Send(t.Context(), message())
		keeps(t, g, 0, smstest.Manner(name), err)
		if f := (*notice.Fault)(nil); !errors.As(err, &f) || f.Error() != c.want || f.Final || f.Unknown {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, contact := range []string{"", "a@example.org", "617-555-0142", "16175550142", "+1617555014a", "+1"} {
		m := message()
		m.To = contact
		if err := sender(t, g, nil).Send(t.Context(), m); !notice.Final(err) {
			t.Errorf("%q: %v", contact, err)
		}
	}
	if n := g.Calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestASilentGatewayIsLeftWhenTheContextEndsAndMayHaveTheMessage(t *testing.T) {
	for _, p := range profiles {
		g := open(t, p)
		g.Behave(smstest.Silent)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- sender(t, g, nil).Send(ctx, message()) }()
		<-g.Came()
		cancel()
		err := <-ended
		keeps(t, g, 0, smstest.Silent, err)
		if f := (*notice.Fault)(nil); !errors.As(err, &f) || !f.Unknown {
			t.Errorf("%s: %v", p, err)
		}
		if err := sender(t, g, nil).Send(ctx, message()); err == nil || g.Calls() != 1 {
			t.Errorf("%s: %v after the end, %d calls", p, err, g.Calls())
		}
	}
}

func TestACheckSendsNothingAndTellsWhetherWeAreKnown(t *testing.T) {
	for _, p := range profiles {
		g := open(t, p)
		if err := sender(t, g, nil).Check(t.Context()); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		for name, c := range map[string]struct {
			change func(*sms.Options)
			want   string
		}{
			"a wrong secret": {func(o *sms.Options) { o.Secret = "x" }, "the gateway does not take the account and secret, 401"},
			"nobody listens": {func(o *sms.Options) { o.URL = "https://127.0.0.1:1/send" }, "the gateway cannot be reached"},
		} {
			if err := sender(t, g, c.change).Check(t.Context()); err == nil || err.Error() != c.want {
				t.Errorf("%s, %s: %v", p, name, err)
			}
		}
		if g.Calls() != 0 {
			t.Errorf("%s: a check sends a message", p)
		}
	}
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	good := sms.Options{Profile: sms.Twilio, Account: smstest.Account, From: smstest.From, Secret: "hunter2"}
	if _, err := sms.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*sms.Options){
		"no profile": func(o *sms.Options) { o.Profile = "sns" }, "no sender": func(o *sms.Options) { o.From = "" }, "a sender in words": func(o *sms.Options) { o.From = "+1 413" },
		"no secret": func(o *sms.Options) { o.Secret = "" }, "no account": func(o *sms.Options) { o.Account = "" }, "no TLS": func(o *sms.Options) { o.URL = "http://sms.example.org" },
		"a password in the address": func(o *sms.Options) { o.URL = "https://u:p@sms.example.org" }, "generic nowhere": func(o *sms.Options) { o.Profile = sms.Generic },
		"receipts without TLS": func(o *sms.Options) { o.Receipts = "http://records.example.org" }, "receipts with a question": func(o *sms.Options) { o.Receipts = "https://records.example.org/?a=b" },
		"no time": func(o *sms.Options) { o.Life = -1 },
	} {
		o := good
		change(&o)
		if _, err := sms.New(o); err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(fmt.Sprintf("%v %#v", o, o), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReasonsAreFromAClosedList(t *testing.T) {
	for _, c := range []struct {
		p          sms.Profile
		code, want string
		dead       bool
	}{
		{sms.Twilio, "30006", "5.1.1", true},
		{sms.Twilio, "21610", "5.2.0", false},
		{sms.Twilio, "30007", "5.7.1", false},
		{sms.Twilio, "30034", "5.7.1", false},
		{sms.Twilio, "30003", "4.4.1", false},
		{sms.Telnyx, "40001", "5.1.1", true},
		{sms.Telnyx, "40300", "5.2.0", false},
		{sms.Telnyx, "30006", "5.0.0", false},
		{sms.Generic, "no-phone", "5.1.1", true},
		{sms.Generic, to, "5.0.0", false},
		{"sns", "", "5.0.0", false},
	} {
		if got := sms.Reason(c.p, c.code); got != c.want || notice.Dead(got) != c.dead {
			t.Errorf("%s %s: %s", c.p, c.code, got)
		}
	}
}
