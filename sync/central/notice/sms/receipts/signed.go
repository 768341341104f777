package receipts

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha1" // Twilio's scheme; an HMAC with it is not broken
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/sync/central/notice/sms"
)

// How each profile signs.
//
//	twilio   X-Twilio-Signature: base64 of HMAC-SHA1 with the account's token, of the address that
//	         is called and, behind it, each parameter's name and value, in the order of names.
//	         https://www.twilio.com/docs/usage/security#validating-requests. There is no time in it.
//	telnyx   telnyx-signature-ed25519: base64 of an Ed25519 signature of TIME|BODY, where
//	         telnyx-timestamp is TIME in seconds of Unix. What is in the address is not signed, so
//	         nothing of it is believed.
//	generic  Vaxcentral-Signature: hex of HMAC-SHA256 with the shared secret, of TIME.PATH?QUERY.BODY,
//	         where Vaxcentral-Timestamp is TIME.

// The headers.
const (
	twilioSignature  = "X-Twilio-Signature"
	telnyxSignature  = "Telnyx-Signature-Ed25519"
	telnyxTime       = "Telnyx-Timestamp"
	genericSignature = "Vaxcentral-Signature"
	genericTime      = "Vaxcentral-Timestamp"
)

// tolerance is how far a time in a signature may be from ours.
const tolerance = 5 * time.Minute

// call is what a gateway sent.
type call struct {
	head    http.Header
	uri     string // path and query
	query   url.Values
	address string // as the gateway called it
	body    []byte
}

// key looks whether a call is signed with it, and returns the signature by which it is known when
// it comes again: of the rest, others may change what is not signed. nil when it is not.
type key interface {
	signed(c call, now time.Time) []byte
}

func keyOf(p sms.Profile, text string) (key, error) {
	switch {
	case text == "":
		return nil, errors.New("a key of receipts is empty")
	case p == sms.Twilio:
		return token(text), nil
	case p == sms.Generic:
		return secret(text), nil
	case p == sms.Telnyx:
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(b) != ed25519.PublicKeySize {
			return nil, errors.New("the key of telnyx's receipts is not the public key that its portal shows: 32 bytes in base64")
		}
		return public(b), nil
	}
	return nil, errors.New("there is no such profile of gateways")
}

// token is Twilio's.
type token []byte

func (k token) signed(c call, _ time.Time) []byte {
	got, err := base64.StdEncoding.DecodeString(c.head.Get(twilioSignature))
	form, bad := url.ParseQuery(string(c.body))
	is := func(address string) bool { return hmac.Equal(got, k.sum(address, form)) }
	if err != nil || bad != nil || !slices.ContainsFunc(spellings(c.address), is) {
		return nil
	}
	return got
}

// sum is Twilio's signature.
func (k token) sum(address string, form url.Values) []byte {
	m := hmac.New(sha1.New, k)
	m.Write([]byte(address))
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		values := slices.Clone(form[name])
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			m.Write([]byte(name + v))
		}
	}
	return m.Sum(nil)
}

// spellings are an address with and without its port: Twilio signs now one, now the other.
func spellings(address string) []string {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	host, rest := u.Host, strings.TrimPrefix(address, "https://"+u.Host)
	if u.Port() == "" {
		return []string{address, "https://" + host + ":443" + rest}
	}
	return []string{address, "https://" + strings.TrimSuffix(host, ":"+u.Port()) + rest}
}

// public is Telnyx's.
type public ed25519.PublicKey

func (k public) signed(c call, now time.Time) []byte {
	at := c.head.Get(telnyxTime)
	got, err := base64.StdEncoding.DecodeString(c.head.Get(telnyxSignature))
	if err != nil || !current(at, now) || !ed25519.Verify(ed25519.PublicKey(k), []byte(at+"|"+string(c.body)), got) {
		return nil
	}
	return got
}

// secret is one that a gateway shares with us.
type secret []byte

func (k secret) signed(c call, now time.Time) []byte {
	at := c.head.Get(genericTime)
	got, err := hex.DecodeString(c.head.Get(genericSignature))
	m := hmac.New(sha256.New, k)
	m.Write([]byte(at + "." + c.uri + "." + string(c.body)))
	if err != nil || !current(at, now) || !hmac.Equal(got, m.Sum(nil)) {
		return nil
	}
	return got
}

func current(at string, now time.Time) bool {
	n, err := strconv.ParseInt(at, 10, 64)
	return err == nil && now.Sub(time.Unix(n, 0)).Abs() <= tolerance
}
