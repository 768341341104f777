// Package smstest is a gateway for text messages on loopback, for tests and demonstrations: one that
// behaves, and misbehaves when it is told to.
//
//	g := smstest.Open(sms.Twilio)
//	defer g.Close()
//	gateway, err := sms.New(g.Options())   // how it is reached, over real TLS
//	g.Behave(smstest.Cuts, smstest.Good)   // the next two messages; whatever comes then is taken
//	all := g.Messages()                    // what it has taken, as a phone would show it
//	status, err := g.Report(ctx, all[0], notice.Delivered, "", smstest.Signed)
//
// It speaks as the gateways of each profile do and signs as they do, by code of its own, so that
// a mistake in package sms or receipts is not made here as well. It checks who calls, and reaches
// nobody: no message leaves the machine.
package smstest

import (
	"cmp"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"

	"vaxkiosk/sync/central/notice/sms"
)

// Manner is how a gateway behaves with one message.
type Manner string

// The manners. Those below the line take the message.
const (
	Broken    Manner = "500"
	Full      Manner = "429, Retry-After: 7"
	Stranger  Manner = "401"
	Elsewhere Manner = "307 to itself"
	Deaf      Manner = "a connection cut before anything is taken"
	OptedOut  Manner = "the number has said STOP"
	Landline  Manner = "the number is a landline"
	Blocked   Manner = "the sender is not registered"
	Page      Manner = "200 with a page of HTML"

	Good     Manner = "taken"
	Cuts     Manner = "taken, and the connection cut"
	Halves   Manner = "taken, and the connection cut in the answer"
	Silent   Manner = "taken, and no answer as long as the other end waits"
	Nameless Manner = "taken, and 200 without an id"
	Huge     Manner = "taken, and an answer of 10 MB"
	Late     Manner = "taken, and 504"
	Hasty    Manner = "taken, and receipts before the answer"
)

// Taken reports whether a message of that manner has been taken.
func (m Manner) Taken() bool {
	return slices.Contains([]Manner{Good, Cuts, Halves, Silent, Nameless, Huge, Late, Hasty}, m)
}

// Message is one that was taken.
type Message struct {
	ID, To, From, Text string
	Validity           int    // seconds; 0: not said
	Receipts           string // where its receipts go
}

// Who it knows.
const (
	Account = "AC00000000000000000000000000000000"
	Secret  = "not a secret"
	From    = "+14132000100"
)

// Gateway is one that runs.
type Gateway struct {
	// CA vouches for it, and PEM is the same for a file.
	CA  *x509.CertPool
	PEM []byte
	// Receives is how its receipts reach their address; nil: none are sent.
	Receives *http.Client

	profile sms.Profile
	server  *httptest.Server
	signs   ed25519.PrivateKey

	mu      sync.Mutex
	manners []Manner
	taken   []Message
	calls   int
	came    chan struct{} // a message has
	over    chan struct{}
	last    *sent
}

// Open starts one.
func Open(p sms.Profile) *Gateway {
	g := &Gateway{profile: p, CA: x509.NewCertPool(), came: make(chan struct{}, 1), over: make(chan struct{})}
	g.signs = ed25519.NewKeyFromSeed([]byte("a key for tests of thirty-two by"))
	g.server = httptest.NewUnstartedServer(http.HandlerFunc(g.serve))
	g.server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that tests break off
	g.server.StartTLS()
	g.CA.AddCert(g.server.Certificate())
	g.PEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: g.server.Certificate().Raw})
	return g
}

// Close ends it.
func (g *Gateway) Close() {
	close(g.over)
	g.server.CloseClientConnections()
	g.server.Close()
}

// paths are where each profile takes messages and answers Check.
var paths = map[sms.Profile][2]string{
	sms.Twilio:  {"/2010-04-01/Accounts/" + Account + "/Messages.json", "/2010-04-01/Accounts/" + Account + ".json"},
	sms.Telnyx:  {"/v2/messages", "/v2/messaging_profiles"},
	sms.Generic: {"/send", ""},
}

// Options are how it is reached.
func (g *Gateway) Options() sms.Options {
	o := sms.Options{Profile: g.profile, URL: g.server.URL + paths[g.profile][0], From: From, Secret: Secret, CA: g.CA}
	if g.profile == sms.Twilio {
		o.Account = Account
	}
	return o
}

// Key is what its receipts are checked with.
func (g *Gateway) Key() string {
	if g.profile == sms.Telnyx {
		return base64.StdEncoding.EncodeToString(g.signs.Public().(ed25519.PublicKey))
	}
	return Secret
}

// Behave says how it behaves with the next messages.
func (g *Gateway) Behave(all ...Manner) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.manners = append(g.manners, all...)
}

// Messages are those that it has taken, oldest first.
func (g *Gateway) Messages() []Message {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.taken)
}

// Calls is how many messages it was given, taken or not.
func (g *Gateway) Calls() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls
}

// Came has something in it when a message has come since it was last looked at.
func (g *Gateway) Came() <-chan struct{} { return g.came }

func (g *Gateway) serve(w http.ResponseWriter, r *http.Request) {
	user, secret, basic := r.BasicAuth()
	known := basic && user == Account && secret == Secret
	if g.profile != sms.Twilio {
		known = r.Header.Get("Authorization") == "Bearer "+Secret
	}
	switch at := paths[g.profile]; {
	case !known:
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method == http.MethodGet && r.URL.Path == at[1]:
		fmt.Fprint(w, "{}")
	case r.URL.Path != at[0]:
		w.WriteHeader(http.StatusNotFound)
	case r.Method != http.MethodPost:
		w.WriteHeader(http.StatusMethodNotAllowed)
	default:
		g.message(w, r)
	}
}

// message takes one, or does not.
func (g *Gateway) message(w http.ResponseWriter, r *http.Request) {
	m, err := g.read(r)
	if err != nil {
		http.Error(w, "{}", http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	manner := Good
	if len(g.manners) > 0 {
		manner, g.manners = g.manners[0], g.manners[1:]
	}
	g.calls++
	m.ID = "SM" + strconv.Itoa(g.calls)
	if manner.Taken() {
		g.taken = append(g.taken, m)
	}
	g.mu.Unlock()
	select {
	case g.came <- struct{}{}:
	default:
	}
	g.answer(w, r, m, manner)
}

// read reads a message as the profile has it.
func (g *Gateway) read(r *http.Request) (m Message, err error) {
	if g.profile == sms.Twilio {
		if err = r.ParseForm(); err == nil && r.PostForm.Get("ValidityPeriod") != "" {
			m.Validity, err = strconv.Atoi(r.PostForm.Get("ValidityPeriod"))
		}
		m.To, m.From, m.Text, m.Receipts = r.PostForm.Get("To"), r.PostForm.Get("From")+r.PostForm.Get("MessagingServiceSid"), r.PostForm.Get("Body"), r.PostForm.Get("StatusCallback")
		return m, err
	}
	var j struct {
		To, From, Text string
		Pool           string `json:"messaging_profile_id"`
		Validity       int    `json:"validity_seconds"`
		Generic        string `json:"receipts_url"`
		Telnyx         string `json:"webhook_url"`
	}
	err = json.NewDecoder(r.Body).Decode(&j)
	return Message{To: j.To, From: j.From + j.Pool, Text: j.Text, Validity: j.Validity, Receipts: j.Generic + j.Telnyx}, err
}

// codes are what each profile says of a number.
var codes = map[sms.Profile]map[Manner]string{
	sms.Twilio:  {OptedOut: "21610", Landline: "21614", Blocked: "30034"},
	sms.Telnyx:  {OptedOut: "40300", Landline: "40001", Blocked: "40010"},
	sms.Generic: {OptedOut: "opted-out", Landline: "no-phone", Blocked: "blocked"},
}

// answer says what the manner has it say.
func (g *Gateway) answer(w http.ResponseWriter, r *http.Request, m Message, manner Manner) {
	switch manner {
	case Cuts, Deaf, Halves:
		g.cut(w, manner == Halves)
	case Silent:
		select {
		case <-r.Context().Done():
		case <-g.over:
		}
	case Page:
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<html>%s will get your message.</html>", m.To)
	case Nameless:
		fmt.Fprint(w, `{"ok":true}`)
	case Huge:
		fmt.Fprintf(w, `{"text":"%s",%s`, strings.Repeat("a", 10<<20), g.named(m)[1:])
	case Elsewhere:
		http.Redirect(w, r, g.server.URL+r.URL.Path, http.StatusTemporaryRedirect)
	case Full, Broken, Stranger, Late, OptedOut, Landline, Blocked:
		g.refuse(w, manner, m)
	case Hasty, Good:
		if manner == Hasty {
			_, _ = g.Report(r.Context(), m, "delivered", "", Signed) // it tells nobody when that fails
		}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, g.named(m))
	}
}

// named is an answer with an id.
func (g *Gateway) named(m Message) string {
	switch g.profile {
	case sms.Twilio:
		return fmt.Sprintf(`{"sid":%q,"status":"queued","error_code":null,"to":%q}`, m.ID, m.To)
	case sms.Telnyx:
		return fmt.Sprintf(`{"data":{"id":%q,"errors":[],"to":[{"phone_number":%q}]}}`, m.ID, m.To)
	case sms.Generic:
	}
	return fmt.Sprintf(`{"id":%q}`, m.ID)
}

// statuses are those of refusals that are of no number.
var statuses = map[Manner]int{
	Full: http.StatusTooManyRequests, Broken: http.StatusInternalServerError, Stranger: http.StatusUnauthorized, Late: http.StatusGatewayTimeout,
}

// refuse says number and text, as gateways do.
func (g *Gateway) refuse(w http.ResponseWriter, manner Manner, m Message) {
	status, code := cmp.Or(statuses[manner], http.StatusBadRequest), codes[g.profile][manner]
	if manner == Full {
		w.Header().Set("Retry-After", "7")
	}
	text := fmt.Sprintf("The message %q cannot be sent to %s", m.Text, m.To)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	switch g.profile {
	case sms.Twilio:
		n, _ := strconv.Atoi(code)
		fmt.Fprintf(w, `{"code":%d,"message":%q,"status":%d}`, n, text, status)
	case sms.Telnyx:
		fmt.Fprintf(w, `{"errors":[{"code":%q,"title":%q}]}`, code, text)
	case sms.Generic:
		fmt.Fprintf(w, `{"error":%q,"why":%q}`, code, text)
	}
}

// cut ends the connection, maybe in the middle of an answer.
func (g *Gateway) cut(w http.ResponseWriter, half bool) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err) // http/1.1 has it
	}
	if half {
		_, _ = c.Write([]byte("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"sid\":\"SM"))
	}
	c.Close()
}
