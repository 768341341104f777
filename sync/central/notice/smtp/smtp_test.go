package smtp

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/smtp/relaytest"
)

const code = "482913"

func message(to string) notice.Message {
	return notice.Message{To: to, Subject: "Your vaccine record", Text: "Your pickup code is " + code + ". Ñandú.\nIt is good for 24 hours.", At: time.Now(), Ref: "abcdefghij234567"}
}

func sender(t *testing.T, r *relaytest.Relay, change func(*Options)) *Sender {
	t.Helper()
	o := Options{Relay: r.Address, From: "records@example.org", Bounces: "bounce@example.org", CA: r.CA, User: relaytest.User, Password: relaytest.Password}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// until waits for letters with something in them.
func until(t *testing.T, r *relaytest.Relay, has string) string {
	t.Helper()
	for {
		for _, l := range r.Letters() {
			if strings.Contains(l, has) {
				return l
			}
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("no letter with %q; the relay says\n%s", has, r.Log())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func TestAMessageArrivesAsPlainTextOfAMachineAndSaysNothingOfOurs(t *testing.T) {
	r := relaytest.Start(t)
	s := sender(t, r, nil)
	if err := errors.Join(s.Check(t.Context()), s.Send(t.Context(), message("maria.lopez@example.org"))); err != nil {
		t.Fatalf("%v\n%s", err, r.Log())
	}
	l := until(t, r, "To: <maria.lopez@example.org>")
	for _, want := range []string{
		"Return-path: <bounce+abcdefghij234567@example.org>", "Envelope-to: maria.lopez@example.org", "From: <records@example.org>", "Subject: Your vaccine record\n",
		"Auto-Submitted: auto-generated", "Content-Type: text/plain; charset=UTF-8", "Your pickup code is " + code, "=C3=91and=C3=BA.", "@example.org>\n", "\nDate: ",
	} {
		if !strings.Contains(l, want) {
			t.Errorf("no %q in\n%s", want, l)
		}
	}
	head, _, _ := strings.Cut(l, "\n\n")
	for _, never := range []string{"User-Agent", "X-Mailer", "go-mail", "text/html", "localhost.localdomain"} {
		if strings.Contains(head, never) {
			t.Errorf("%q in\n%s", never, head)
		}
	}
}

// faults are what a relay may say, and how we hear it.
func TestWhatARelayRefusesForGoodIsToldFromWhatIsWorthAnotherTry(t *testing.T) {
	r := relaytest.Start(t)
	none := x509.NewCertPool()
	for name, c := range map[string]struct {
		to     string
		change func(*Options)
		want   string
		final  bool
	}{
		"nobody there":     {"unknown@example.org", nil, "the relay refused the recipient, 550 5.1.1", true},
		"grey-listed":      {"grey@example.org", nil, "the relay refused the recipient, 451 4.7.1", false},
		"it relays not":    {"somebody@elsewhere.example", nil, "the relay refused the recipient, 550 5.7.1", false},
		"without a status": {"gone@example.org", nil, "the relay refused the recipient, 550", true},
		"not for us":       {"outside@example.org", nil, "the relay refused the recipient, 550", false},
		"enough for today": {"enough@example.org", nil, "the relay refused the recipient, 550 5.4.5", false},
		"it has trouble":   {"trouble@example.org", nil, "the relay refused the recipient, 550 5.3.2", false},
		"not wanted":       {"spam@example.org", nil, "the relay refused the message, 550 5.7.1", true},
		"no address":       {"a b@example.org", nil, "the address is none that mail goes to", true},
		"wrong password":   {"a@example.org", func(o *Options) { o.Password = "x" }, "the relay does not take the user and password, 535", false},
		"no password":      {"a@example.org", func(o *Options) { o.User, o.Password = "", "" }, "the relay refused the sender, 550 5.7.0", false},
		"a strange sender": {"a@example.org", func(o *Options) { o.From, o.Bounces = "a@elsewhere.example", "" }, "the relay refused the sender, 550 5.7.1", false},
		"nobody vouches":   {"a@example.org", func(o *Options) { o.CA = none }, "the relay's certificate is not one that we trust for its name, or it speaks no TLS 1.2", false},
		"another's name":   {"a@example.org", func(o *Options) { o.Relay = strings.Replace(o.Relay, "localhost", "127.0.0.1", 1) }, "the relay's certificate is not one that we trust for its name, or it speaks no TLS 1.2", false},
		"nobody listens":   {"a@example.org", func(o *Options) { o.Relay = "127.0.0.1:1" }, "the relay cannot be reached", false},
	} {
		err := sender(t, r, c.change).Send(t.Context(), message(c.to))
		var f *notice.Fault
		if !errors.As(err, &f) || f.Error() != c.want || notice.Final(err) != c.final || f.Unknown {
			t.Errorf("%s: %v, final %t, want %s, %t", name, err, notice.Final(err), c.want, c.final)
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "@") {
			t.Errorf("%s: an address is in %#v", name, err)
		}
	}
	if n := len(r.Letters()); n != 0 {
		t.Errorf("%d letters have arrived", n)
	}
}

func TestWhatComesBackHasTheMarkOfItsNoticeAndNotItsCode(t *testing.T) {
	r := relaytest.Start(t)
	if err := sender(t, r, nil).Send(t.Context(), message("later@example.org")); err != nil {
		t.Fatal(err)
	}
	l := until(t, r, "Envelope-to: bounce+abcdefghij234567@example.org")
	if !strings.Contains(l, "Content-type: message/delivery-status") || strings.Contains(l, code) {
		t.Errorf("it came back as\n%s", l)
	}
}

// silent is a relay of ours that says what it is told to and misbehaves.
func silent(t *testing.T, greeting string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			_, _ = c.Write([]byte(greeting))
		}
	}()
	return l.Addr().String()
}

func TestARelayThatSaysNothingIsLeftWhenTheContextEnds(t *testing.T) {
	for name, greeting := range map[string]string{"not a word": "", "a greeting": "220 here\r\n", "no TLS": "220 here\r\n250 that is all\r\n", "busy": "421 later\r\n", "not mail": "HTTP/1.1 400 Bad Request\r\n\r\n"} {
		s, err := New(Options{Relay: silent(t, greeting), From: "records@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Send(ctx, message("a@example.org")) }()
		time.AfterFunc(50*time.Millisecond, cancel)
		err = <-ended
		if f := (*notice.Fault)(nil); !errors.As(err, &f) || f.Final || f.Unknown {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	good := Options{Relay: "mail.example.org:587", From: "records@example.org", Bounces: "bounce@example.org", User: "u", Password: "p"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Options){
		"no port": func(o *Options) { o.Relay = "mail.example.org" }, "no host": func(o *Options) { o.Relay = ":587" }, "port 0": func(o *Options) { o.Relay = "mail:0" },
		"no sender": func(o *Options) { o.From = "" }, "a name": func(o *Options) { o.From = "Records <records@example.org>" },
		"bounces nowhere": func(o *Options) { o.Bounces = "bounce" }, "nobody's password": func(o *Options) { o.User = "" },
	} {
		o := good
		change(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
