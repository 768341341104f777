// Package smtp hands notices over to the mail relay of the department.
//
//	s, err := smtp.New(smtp.Options{Relay: "mail.example.org:587", From: "records@example.org"})
//	err = s.Check(ctx) // before it is needed: is the relay there, and may we use it?
//	err = s.Send(ctx, message)
//
// A message is plain text with nothing in it that could be followed or counted, and says that a
// machine wrote it, so that no out-of-office answer comes. It goes over TLS whose certificate
// is verified, or not at all; a password is said inside of it only.
//
// How it ends: nil when the relay has taken it. A Fault of package notice else, which has no
// address and nothing that the relay said: Final when the relay refuses this recipient or this
// message for good (5xx to RCPT or DATA); Unknown when all was said and the answer did not come;
// and neither when it is worth another try, which is everything else: no connection, no TLS,
// a password that is not taken, a sender that is refused, and 4xx.
//
// What cannot be delivered later comes back to the address Bounces with the message's Ref in it
// (bounce+REF@…), and without the text: only headers are asked back, since a code in
// a mailbox of ours would be one too many. The relay does DKIM; SPF and DMARC are the domain's.
package smtp

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"vaxkiosk/sync/central/notice"
)

// Options of New. Relay and From are required.
type Options struct {
	// Relay is host:port. At port 465 TLS is spoken from the first byte; elsewhere the relay
	// must offer STARTTLS.
	Relay string
	// From is the address that people see.
	From string
	// Bounces is the address that what cannot be delivered comes back to; empty: From, without Ref.
	Bounces string
	// CA are who may vouch for the relay; nil: those that the machine trusts.
	CA *x509.CertPool
	// User and Password, when the relay wants them.
	User, Password string
}

// slowest is how long one step of the conversation may take; the context may end it sooner.
const slowest = 30 * time.Second

// implicit is the port at which TLS is not asked for (RFC 8314).
const implicit = 465

// Sender hands messages over to one relay. It is safe for concurrent use.
type Sender struct {
	Options
	host   string
	port   int
	domain string // of From
}

// New checks what can be checked without the relay.
func New(o Options) (*Sender, error) {
	host, port, err := net.SplitHostPort(o.Relay)
	n, errPort := strconv.Atoi(port)
	if err != nil || errPort != nil || host == "" || n < 1 || n > 65535 {
		return nil, errors.New("the relay is not HOST:PORT, such as mail.example.org:587")
	}
	domain := ""
	for _, address := range []string{o.From, o.Bounces} {
		a, err := mail.ParseAddress(address)
		switch {
		case address == "" && domain != "":
		case err != nil || a.Address != address:
			return nil, errors.New("an address of ours is not of the form NAME@DOMAIN")
		case domain == "":
			_, domain, _ = strings.Cut(address, "@")
		}
	}
	if o.User == "" && o.Password != "" {
		return nil, errors.New("there is a password, and no user that it is of")
	}
	return &Sender{Options: o, host: host, port: n, domain: domain}, nil
}

// Send implements notice.Sender.
func (s *Sender) Send(ctx context.Context, m notice.Message) error {
	letter, err := s.letter(m)
	if err != nil {
		return &notice.Fault{What: "the address is none that mail goes to", Final: true}
	}
	return s.during(ctx, m.To, func(c *gomail.Client) error {
		wire, err := c.DialToSMTPClientWithContext(ctx)
		if err != nil {
			return greeted(err)
		}
		err = c.SendWithSMTPClient(wire, letter)
		taken := letter.IsDelivered()
		_ = c.CloseWithSMTPClient(wire) // what was taken is taken
		if taken {
			return nil
		}
		return said(err)
	})
}

// Check talks to the relay up to where a message would begin.
func (s *Sender) Check(ctx context.Context) error {
	return s.during(ctx, s.From, func(c *gomail.Client) error {
		wire, err := c.DialToSMTPClientWithContext(ctx)
		if err != nil {
			return greeted(err)
		}
		return greeted(c.CloseWithSMTPClient(wire))
	})
}

// during talks on a connection of its own, which ends with ctx.
func (s *Sender) during(ctx context.Context, to string, talk func(*gomail.Client) error) error {
	over := context.CancelFunc(func() {})
	defer func() { over() }()
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, errAway
		}
		stop := context.AfterFunc(ctx, func() { c.Close() })
		over = func() { stop() }
		if s.port != implicit {
			return c, nil
		}
		safe := tls.Client(c, s.tls())
		if err := safe.HandshakeContext(ctx); err != nil {
			c.Close()
			return nil, errTLS
		}
		return safe, nil
	}
	c, err := s.client(to, func(_ context.Context, network, address string) (net.Conn, error) { return dial(ctx, network, address) })
	if err != nil {
		return &notice.Fault{What: "the relay's settings are not usable"}
	}
	return talk(c)
}

func (s *Sender) tls() *tls.Config {
	return &tls.Config{ServerName: s.host, RootCAs: s.CA, MinVersion: tls.VersionTLS12}
}

func (s *Sender) client(to string, dial gomail.DialContextFunc) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTimeout(slowest), gomail.WithHELO(s.domain), gomail.WithTLSConfig(s.tls()), gomail.WithDialContextFunc(dial),
		gomail.WithDSNMailReturnType(gomail.DSNMailReturnHeadersOnly), gomail.WithDSNRcptNotifyType(gomail.DSNRcptNotifyFailure),
		gomail.WithTLSPolicy(gomail.TLSMandatory),
	}
	auth := gomail.SMTPAuthAutoDiscover
	if s.port == implicit { // dial has done it, which the discovery does not know
		options, auth = append(options, gomail.WithTLSPolicy(gomail.NoTLS)), gomail.SMTPAuthPlain
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	if ascii(to) {
		options = append(options, gomail.WithoutSMTPUTF8()) // else even a bounce is of a form that few read
	}
	return gomail.NewClient(s.host, options...)
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0x7f }) < 0
}

// letter is a message as mail.
func (s *Sender) letter(m notice.Message) (*gomail.Msg, error) {
	l := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	l.SetMessageIDWithValue(rand.Text() + "@" + s.domain)
	l.SetDateWithValue(m.At)
	l.SetGenHeader("Auto-Submitted", "auto-generated")
	l.SetGenHeader("X-Auto-Response-Suppress", "All")
	l.Subject(m.Subject)
	l.SetBodyString(gomail.TypeTextPlain, m.Text)
	return l, errors.Join(l.From(s.From), l.EnvelopeFrom(s.back(m.Ref)), l.To(m.To))
}

// back is the address that a message comes back to.
func (s *Sender) back(ref string) string {
	if s.Bounces == "" {
		return s.From
	}
	if ref == "" {
		return s.Bounces
	}
	name, domain, _ := strings.Cut(s.Bounces, "@")
	return fmt.Sprintf("%s+%s@%s", name, ref, domain)
}
