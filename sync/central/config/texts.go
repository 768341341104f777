package config

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

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
	ReceiptsKey string            // what its receipts are signed with; empty: Secret (Twilio), or none are believed
	Fields      map[string]string // its names for some fields, by ours; nil: ours
	At          string            // where it is configured
	CAFile      string
}

// String keeps secrets out of logs.
func (s SMS) String() string { return "a gateway for text messages" }

// GoString is String, so that %#v tells no more.
func (s SMS) GoString() string { return s.String() }

// Receipts say where gateways tell what became of messages.
type Receipts struct {
	Listen string
	URL    string // where a proxy takes them
	At     string // where it is configured
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
	s.ReceiptsKey = f.receiptsKey(key+"receipts_key_file", s.Profile)
	s.Fields = f.fields(key+"fields.", s.Profile)
	return s
}

// receiptsKey is what a gateway signs with.
func (f file) receiptsKey(key, profile string) string {
	if !f.Has(key) {
		return ""
	}
	s := f.secret(key, "the file with the key that receipts are signed with")
	b, err := base64.StdEncoding.DecodeString(s)
	switch {
	case profile == Twilio:
		f.Wrong(key, "is not for twilio, which signs with the token; remove it")
	case !f.Says("notices.receipts"):
		f.Wrong(key, "is of use only where receipts are taken; set notices.receipts.listen and notices.receipts.url too")
	case s != "" && profile == Telnyx && (err != nil || len(b) != ed25519.PublicKeySize):
		f.Wrong(key, "names no public key of telnyx's; it has to be the one that its portal shows, 32 bytes in base64")
	}
	return s
}

// fields are a gateway's own names.
func (f file) fields(key, profile string) (all map[string]string) {
	for _, ours := range []string{"to", "from", "text", "validity_seconds", "receipts_url", "id"} {
		theirs := f.Maybe(key+ours, "the gateway's name for it")
		if theirs == "" {
			continue
		}
		if profile != Generic {
			f.Wrong(key+ours, "is for generic gateways only; remove it")
		}
		if all == nil {
			all = map[string]string{}
		}
		all[ours] = theirs
	}
	return all
}

// receipts reads where they are taken.
func (f file) receipts(of []SMS) *Receipts {
	const listen = `an address to listen on, such as "127.0.0.1:8444"`
	r := &Receipts{At: f.At("notices.receipts")}
	r.Listen = f.Text("notices.receipts.listen", listen)
	if r.Listen != "" && !canListen(r.Listen) {
		f.Wrong("notices.receipts.listen", "is no address to listen on; set it to %s", listen)
	}
	r.URL = f.url("notices.receipts.url", true)
	if strings.Contains(r.URL, "?") {
		f.Wrong("notices.receipts.url", "has a question mark in it; set it to the address before /v1/deliveries/")
	}
	if !slices.ContainsFunc(of, func(s SMS) bool { return s.Profile == Twilio || s.ReceiptsKey != "" }) {
		f.Wrong("notices.receipts", "has no gateway that signs receipts; set notices.sms with a receipts_key_file, or remove the section")
	}
	return r
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
