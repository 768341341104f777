package config

import (
	"crypto/x509"
	"net"
	"net/mail"
	"path/filepath"
	"strconv"
	"strings"
)

// Notices says how messages leave.
type Notices struct {
	Folder string // where they wait as files, those of a kind that has no way of its own
	Email  *Email // nil: none
	SMS    []SMS  // in the order in which they are tried

	Receipts *Receipts // nil: none are taken
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
	if f.Says("notices.receipts") {
		n.Receipts = f.receipts(n.SMS)
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
