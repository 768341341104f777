package config

import (
	"crypto/x509"
	"net"
	"net/mail"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Notices says how messages leave.
type Notices struct {
	Folder string // where they wait as files, those of a kind that has no way of its own
	Email  *Email // nil: none
	SMS    []SMS  // in the order in which they are tried
}

// Maildir is where the relay puts what comes back; empty: nowhere.
func (n Notices) Maildir() string {
	if n.Email == nil {
		return ""
	}
	return n.Email.Maildir
}

// Email is the relay that takes e-mail.
type Email struct {
	Relay    string // host:port
	From     string
	Bounces  string         // empty: From
	Maildir  string         // where the relay puts what comes back to Bounces; empty: nowhere
	CA       *x509.CertPool // nil: those that the machine trusts
	User     string         // empty: it wants none
	Password string
	At       string // where it is configured, for whoever tells what is wrong with it
	CAFile   string
}

// String keeps the password out of logs.
func (e Email) String() string { return "a mail relay" }

// GoString is String, so that %#v tells no more.
func (e Email) GoString() string { return e.String() }

// Profiles of gateways for text messages.
const (
	Twilio  = "twilio"
	Telnyx  = "telnyx"
	Generic = "generic"
)

// SMS is a gateway that takes text messages.
type SMS struct {
	Profile     string // Twilio, Telnyx or Generic
	From        string
	URL         string         // empty: the profile's
	CA          *x509.CertPool // nil: those that the machine trusts
	Account     string
	Secret      string
	ReceiptsKey string // what its receipts are signed with; empty: Secret (Twilio), or none are believed
	At          string // where it is configured
	CAFile      string
}

// String keeps secrets out of logs.
func (s SMS) String() string { return "a gateway for text messages" }

// GoString is String, so that %#v tells no more.
func (s SMS) GoString() string { return s.String() }

func (f file) notices(data string) Notices {
	n := Notices{Folder: filepath.Join(data, "notices")}
	if dir := f.Maybe("notices.folder", "the folder where messages wait"); dir != "" {
		n.Folder = f.Path("notices.folder", dir)
	}
	if f.Says("notices.email") {
		n.Email = f.email()
	}
	for i := range f.Entries("notices.sms") {
		n.SMS = append(n.SMS, f.sms("notices.sms."+strconv.Itoa(i+1)+"."))
	}
	return n
}

func (f file) email() *Email {
	const key = "notices.email."
	const relay = `"HOST:PORT", such as "mail.your-town.gov:587"`
	e := &Email{At: f.At("notices.email")}
	e.Relay = f.Text(key+"relay", relay)
	if e.Relay != "" && !isHostPort(e.Relay) {
		f.Wrong(key+"relay", "is no machine and port; set it to %s", relay)
	}
	e.From = f.address(key+"from", f.Text(key+"from", "the address that people see"))
	e.Bounces = f.address(key+"bounces", f.Maybe(key+"bounces", "the address that takes what comes back"))
	if dir := f.Maybe(key+"bounces_maildir", "the maildir that the relay puts into what comes back"); dir != "" {
		e.Maildir = f.Path(key+"bounces_maildir", dir)
		if !f.Has(key + "bounces") {
			f.Wrong(key+"bounces_maildir", "is of use with an address only that things come back to; set notices.email.bounces too")
		}
	}
	e.CA, e.CAFile = f.ca(key + "ca")
	e.User = f.Maybe(key+"user", "the user that the relay knows")
	f.NoSecret(key+"password", key+"password_file")
	if f.Has(key+"password_file") || e.User != "" {
		e.Password = f.secret(key+"password_file", "the file with the password of notices.email.user")
	}
	if f.Has(key+"password_file") && !f.Has(key+"user") {
		f.Wrong(key+"password_file", "is the password of nobody; set notices.email.user too")
	}
	return e
}

func isHostPort(s string) bool {
	host, port, err := net.SplitHostPort(s)
	n, bad := strconv.Atoi(port)
	return err == nil && bad == nil && n > 0 && n <= 65535 && (net.ParseIP(host) != nil || hostName.MatchString(host))
}

// address wants the address of a mailbox, without a name around it. It is not told: nobody's
// address stands in a log.
func (f file) address(key, s string) string {
	a, err := mail.ParseAddress(s)
	if s != "" && (err != nil || a.Address != s) {
		f.Wrong(key, "is no address of a mailbox; set it to NAME@DOMAIN")
	}
	return s
}

// secret is the one line of a file that nobody else may read.
func (f file) secret(key, what string) string {
	b := f.Secret(key, what, "and replace it")
	s := strings.TrimRight(string(b), "\r\n")
	if b != nil && (s == "" || !plain(s)) {
		f.Wrong(key, "names a file that is empty or has more than a line; it has to be the secret alone, on one line")
		return ""
	}
	return s
}

// ca is who may vouch for the other end, and the file that says so.
func (f file) ca(key string) (*x509.CertPool, string) {
	if !f.Has(key) {
		return nil, ""
	}
	b, pool := f.Read(key, "a file with certificates of CAs, in PEM"), x509.NewCertPool()
	if b == nil {
		return nil, ""
	}
	if !pool.AppendCertsFromPEM(b) {
		f.Wrong(key, "has no certificate in it; name a PEM file with BEGIN CERTIFICATE")
	}
	return pool, f.Path(key, f.Text(key, ""))
}

// Forms of what gateways have.
var (
	number        = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
	twilioAccount = regexp.MustCompile(`^AC[0-9a-f]{32}$`)
)

// sms reads one gateway.
func (f file) sms(key string) SMS {
	s := SMS{At: f.At(strings.TrimSuffix(key, "."))}
	s.Profile = f.OneOf(key+"profile", Twilio, Telnyx, Generic)
	s.From = f.Text(key+"from", "the sender: a number like \"+14132000100\", or an id of the gateway's")
	if strings.HasPrefix(s.From, "+") && !number.MatchString(s.From) || !plain(s.From) {
		f.Wrong(key+"from", "is no number; set it to one like \"+14132000100\", or to an id of the gateway's")
	}
	s.URL = f.url(key+"url", s.Profile == Generic)
	s.CA, s.CAFile = f.ca(key + "ca")
	f.NoSecret(key+"secret", key+"secret_file")
	f.NoSecret(key+"token", key+"secret_file")
	f.NoSecret(key+"receipts_key", key+"receipts_key_file")
	const account = `the account: "AC" and 32 digits`
	switch {
	case s.Profile == Twilio:
		if s.Account = f.Text(key+"account", account); s.Account != "" && !twilioAccount.MatchString(s.Account) {
			f.Wrong(key+"account", "is no account of Twilio's; set it to %s", account)
		}
	case f.Has(key+"account") && s.Profile == Telnyx:
		f.Wrong(key+"account", "is not for telnyx; remove it")
	default:
		s.Account = f.Maybe(key+"account", "the user that the gateway knows")
	}
	s.Secret = f.secret(key+"secret_file", "the file with the gateway's token")
	if f.Has(key + "receipts_key_file") {
		s.ReceiptsKey = f.secret(key+"receipts_key_file", "the file with the key that receipts are signed with")
		if s.Profile == Twilio {
			f.Wrong(key+"receipts_key_file", "is not for twilio, which signs with the token; remove it")
		}
	}
	return s
}

// url wants an https address without anything secret in it.
func (f file) url(key string, must bool) string {
	const what = "an https address without a name or password in it"
	s := f.Maybe(key, what)
	if must {
		s = f.Text(key, what)
	}
	u, err := url.Parse(s)
	if s != "" && (err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "") {
		f.Wrong(key, "is not usable; set it to %s", what)
	}
	return s
}
