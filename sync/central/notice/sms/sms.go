// Package sms hands notices over to gateways for text messages.
//
//	g, err := sms.New(sms.Options{Profile: sms.Twilio, Account: "AC…", From: "+14132000100", Secret: token, Life: access.CodeLife})
//	err = g.Check(ctx)         // before it is needed: is the gateway there, and does it know us?
//	line := sms.Several(time.Now, g, another)
//	err = line.Send(ctx, message)
//
// A gateway is one HTTPS call: Profile says which fields it has, how we prove who we are, and what
// its answers mean. Generic is for every gateway that takes JSON; Twilio and Telnyx are two more
// rows of the same table (profile.go). The certificate is verified, against CA when there is one.
// There are no redirects, cookies, proxies of the environment and kept connections, and nothing is
// read of an answer beyond 64 KiB. Numbers are E.164, and who the form has taken is not refused here.
//
// How it ends: nil when the gateway has said by which id it has the message. A Fault of package
// notice else, which has neither number nor text and nothing that the gateway said but its code
// for the error, and only one that profile.go knows: Final when this number gets no message from us, whoever
// sends it; Unknown when the message was on its way and no answer came that says what became of it (a
// time-out, a connection cut, a 2xx without an id, 504); and neither when it is worth another try,
// which is everything else, with After when the gateway says how long.
//
// What comes of a message later comes to Receipts, with the message's Ref and nothing else in the
// address; package receipts takes it. A gateway keeps numbers and texts as long as its contract says.
package sms

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"vaxkiosk/sync/central/notice"
)

// Options of New. From and Secret are required, Account with Twilio, and URL with Generic.
type Options struct {
	Profile Profile
	// URL is where messages are sent; empty: the profile's.
	URL string
	// From is a number in E.164, or the gateway's id of a pool of numbers.
	From string
	// Account and Secret prove who we are: both (basic), or the secret alone (bearer).
	Account, Secret string
	// Receipts is the address of receipts without the Ref; empty: none are asked for.
	Receipts string
	// Fields take the place of Generic's, as far as they are not empty.
	Fields Fields
	// Life is how long a message is of use, at most 4 hours of which count; 0: that.
	Life time.Duration
	// CA are who may vouch for the gateway; nil: those that the machine trusts.
	CA *x509.CertPool
	// Now is time.Now, for Retry-After with a date.
	Now func() time.Time
}

// String keeps the secret out of logs.
func (o Options) String() string { return "a gateway for text messages" }

// GoString is String, so that %#v tells no more.
func (o Options) GoString() string { return o.String() }

// Limits of one call. The context may end it sooner.
const (
	slowest    = 30 * time.Second
	connecting = 10 * time.Second
	most       = 64 << 10       // of an answer
	longest    = 4 * time.Hour  // that a gateway may try for
	patience   = 24 * time.Hour // of a Retry-After
)

// Gateway hands messages over to one gateway. It is safe for concurrent use.
type Gateway struct {
	o       Options
	p       profile
	to, see *url.URL // messages; what Check asks for
	client  *http.Client
}

var number = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

// New checks what can be checked without the gateway.
func New(o Options) (*Gateway, error) {
	p, is := profiles[o.Profile]
	switch {
	case !is:
		return nil, errors.New("there is no such profile of gateways: twilio, telnyx and generic are there")
	case o.From == "" || strings.HasPrefix(o.From, "+") && !number.MatchString(o.From):
		return nil, errors.New("the sender is neither a number like +14132000100 nor an id of the gateway's")
	case o.Secret == "" || p.account && o.Account == "":
		return nil, errors.New("the gateway has to be told who we are: its account or its secret is missing")
	case o.Life < 0:
		return nil, errors.New("a message cannot be of use for less than no time")
	}
	to, see, err := p.addresses(o)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Life == 0 || o.Life > longest {
		o.Life = longest
	}
	p.fields = p.fields.or(o.Fields)
	return &Gateway{o: o, p: p, to: to, see: see, client: client(o.CA)}, nil
}

// addresses are those of messages, and of what Check asks for.
func (p profile) addresses(o Options) (to, see *url.URL, err error) {
	at := strings.ReplaceAll(p.url, "{account}", url.PathEscape(o.Account))
	if o.URL != "" {
		at = o.URL
	}
	to, err = address(at)
	if err != nil {
		return nil, nil, errors.New("the gateway's address is not https://… without a name and password in it")
	}
	if o.Receipts != "" {
		if u, err := address(o.Receipts); err != nil || u.RawQuery != "" {
			return nil, nil, errors.New("the address of receipts is not https://… without a name and password in it")
		}
	}
	see, err = to.Parse(strings.ReplaceAll(p.see, "{account}", url.PathEscape(o.Account)))
	if err != nil {
		return nil, nil, errors.New("the account is none that can be asked for")
	}
	return to, see, nil
}

func address(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return nil, errors.New("no address")
	}
	return u, nil
}

// client makes each call on a connection of its own: on one that was kept, a call that the other end
// closes in between is one of which nobody knows whether it was heard.
func client(ca *x509.CertPool) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: connecting}).DialContext,
			TLSClientConfig:     &tls.Config{RootCAs: ca, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: connecting, DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: most,
		},
	}
}

// Send implements notice.Sender.
func (g *Gateway) Send(ctx context.Context, m notice.Message) error {
	if !number.MatchString(m.To) {
		return &notice.Fault{What: "the contact is no number that text messages go to", Final: true}
	}
	body, kind := g.p.encode(g.o, m)
	a, err := g.call(ctx, http.MethodPost, g.to, body, kind)
	if err != nil {
		return err
	}
	return g.taken(a)
}

// Check asks the gateway for something that is not a message, and that only we may see.
func (g *Gateway) Check(ctx context.Context) error {
	a, err := g.call(ctx, http.MethodGet, g.see, nil, "")
	var f *notice.Fault
	switch {
	case errors.As(err, &f) && f.Unknown:
		return &notice.Fault{What: "the gateway does not answer"}
	case err != nil:
		return err
	case a.status/100 == 2, g.p.see == "" && a.status/100 == 4 && !slices.Contains(telling, a.status):
		return nil
	}
	return refusal(a)
}

// telling are the refusals of a call without a message that would be one of a message too.
var telling = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests}

// answer is what a gateway said.
type answer struct {
	status int
	after  time.Duration
	said   any  // JSON, nil when it is none
	whole  bool // it was read to its end
}

// call is one call to its end. An error is a Fault.
func (g *Gateway) call(ctx context.Context, method string, to *url.URL, body []byte, kind string) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, slowest)
	defer cancel()
	// Whatever begins on a connection may arrive, also after we have stopped to wait for it.
	var began atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { began.Store(true) }})
	r, err := http.NewRequestWithContext(ctx, method, to.String(), bytes.NewReader(body))
	if err != nil {
		return answer{}, &notice.Fault{What: "the gateway's settings are not usable"}
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "vaxcentral")
	if g.o.Account != "" {
		r.SetBasicAuth(g.o.Account, g.o.Secret)
	} else {
		r.Header.Set("Authorization", "Bearer "+g.o.Secret)
	}
	w, err := g.client.Do(r)
	switch {
	case err != nil && began.Load():
		return answer{}, &notice.Fault{What: "the gateway did not say whether it took the message", Unknown: true}
	case err != nil:
		return answer{}, away(err)
	}
	defer w.Body.Close()
	a := answer{status: w.StatusCode, after: wait(w.Header.Get("Retry-After"), g.o.Now())}
	text, err := io.ReadAll(io.LimitReader(w.Body, most+1))
	a.whole = err == nil && len(text) <= most
	if a.whole {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if d.Decode(&a.said) != nil {
			a.said = nil
		}
	}
	return a, nil
}

// away is why there was no connection.
func away(err error) *notice.Fault {
	var not *tls.CertificateVerificationError
	var no tls.RecordHeaderError
	if errors.As(err, &not) || errors.As(err, &no) {
		return &notice.Fault{What: "the gateway's certificate is not one that we trust for its name"}
	}
	return &notice.Fault{What: "the gateway cannot be reached"}
}

// wait reads a Retry-After, which is seconds or a date.
func wait(s string, now time.Time) time.Duration {
	d := time.Duration(0)
	if n, err := strconv.Atoi(s); err == nil {
		d = time.Duration(min(n, int(patience/time.Second))) * time.Second
	} else if t, err := http.ParseTime(s); err == nil {
		d = t.Sub(now)
	}
	return max(0, min(d, patience))
}

// taken is what an answer to a message means.
func (g *Gateway) taken(a answer) error {
	code := g.p.code(a.said)
	c, known := g.p.errors[code]
	switch {
	case a.status/100 == 2 && known:
		return c.fault(code, a)
	case a.status/100 == 2 && g.p.id(a.said, g.p.fields) != "":
		return nil
	case a.status/100 == 2:
		return &notice.Fault{What: "the gateway did not say by which id it has the message", Code: a.status, Unknown: true}
	case a.status == http.StatusGatewayTimeout: // the same as no answer, told by somebody between
		return &notice.Fault{What: "the gateway did not say whether it took the message", Code: a.status, Unknown: true}
	case known:
		return c.fault(code, a)
	}
	return refusal(a)
}

// refusal is a fault by the status alone, which is never one of the number.
func refusal(a answer) *notice.Fault {
	f := &notice.Fault{What: "the gateway refused the message", Code: a.status, After: a.after}
	switch {
	case a.status/100 == 3:
		f.What = "the gateway sends us elsewhere, where we do not go"
	case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden:
		f.What = "the gateway does not take the account and secret"
	case a.status == http.StatusNotFound:
		f.What = "the gateway knows nothing at its address"
	case a.status == http.StatusTooManyRequests:
		f.What = "the gateway wants fewer messages at a time"
	case a.status >= 500:
		f.What = "the gateway has an error"
	}
	return f
}
