package central_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/logs/logstest"
	"vaxkiosk/sync/seal"
)

// town is a running central with residents, the phone of everybody in it, and a
// clock that tests move.
type town struct {
	*central.Central
	central.Rooms
	t      testing.TB
	dir    string
	url    string
	phone  *notice.Phone
	people []registry.Person
	kiosks map[string]string // where their files are, by name
	proxy  []netip.Prefix    // that are trusted
	ahead  atomic.Int64
	frozen time.Time // when the clock stands, but for what is passed; set while nothing runs
	log    *logBuffer
	reads  int // up to which version of a request, if not what this program writes
	stop   func()

	unlimited bool
	workers   int    // 0: as many as there are cores
	bounces   string // maildir of what comes back
	audits    string // folder of signed heads, "" for that in the data folder
	receipts  *central.Deliveries
}

// What the town says of itself.
const (
	issuer       = "https://central.example.org"
	registryName = "Immunization Registry"
)

type logBuffer = logstest.Buffer

// newTown starts a town; sender nil means its phone.
func newTown(t testing.TB, sender notice.Sender) *town {
	t.Helper()
	return townIn(t, t.TempDir(), sender)
}

// townIn is newTown with a folder of its own.
func townIn(t testing.TB, dir string, sender notice.Sender) *town {
	t.Helper()
	w := &town{t: t, dir: dir, phone: &notice.Phone{}, log: &logBuffer{}}
	if err := folder.InitOn(t.Context(), w.dir, newDatabase(t), w.now()); err != nil {
		t.Fatal(err)
	}
	w.start(sender)
	w.people = madeup.Generate(40, 1, request.DateOf(time.Now()))
	if err := w.ImportPeople(w.t.Context(), w.people); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.stop() })
	return w
}

func (w *town) now() time.Time {
	if !w.frozen.IsZero() {
		return w.frozen.Add(time.Duration(w.ahead.Load()))
	}
	return time.Now().Add(time.Duration(w.ahead.Load()))
}

func (w *town) pass(d time.Duration) { w.ahead.Add(int64(d)) }

// start opens and serves the town's folder, anew after stop.
func (w *town) start(sender notice.Sender) {
	w.t.Helper()
	if sender == nil {
		sender = w.phone
	}
	o := central.Options{
		Dir: w.dir, Sender: sender, Serves: true, Now: w.now, Issuer: issuer, Registry: registryName, TrustedProxies: w.proxy, Unlimited: w.unlimited, Workers: w.workers, Bounces: w.bounces, AuditDir: w.audits, Deliveries: w.receipts,
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if by, is := sender.(notice.Routes); is {
		o.Gateways, _ = by.Phone.(*sms.Line)
	}
	o.Reading(w.reads)
	c, err := central.Open(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- c.Serve(ctx, l) }()
	w.Central, w.Rooms, w.url = c, c.Rooms(), "https://"+l.Addr().String()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-served; err != nil {
			w.t.Errorf("serve: %v", err)
		}
		if err := c.Close(); err != nil {
			w.t.Errorf("close: %v", err)
		}
	})
}

// kiosk is one enrolled kiosk; without a certificate it is anybody.
type kiosk struct {
	w    *town
	http *http.Client
	pin  string
	url  string // of another instance than the town's, if any
}

func (w *town) kiosk(name string) *kiosk {
	w.t.Helper()
	dir, cert, pin := w.enrol(name)
	k := w.visitor(filepath.Join(dir, operator.CAFile), cert)
	k.pin = pin
	return k
}

// enrol enrols a kiosk the first time, and returns its files and the pin.
func (w *town) enrol(name string) (dir string, cert tls.Certificate, pin string) {
	w.t.Helper()
	if w.kiosks == nil {
		w.kiosks = map[string]string{}
	}
	pin = w.Root.Thumbprint()
	dir = w.kiosks[name]
	var err error
	if dir == "" {
		dir = filepath.Join(w.t.TempDir(), "kiosk")
		w.kiosks[name] = dir
		pin, err = w.EnrolKiosk(w.t.Context(), name, dir)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if cert, err = tls.LoadX509KeyPair(filepath.Join(dir, operator.CertFile), filepath.Join(dir, operator.KeyFile)); err != nil {
		w.t.Fatal(err)
	}
	return dir, cert, pin
}

// client is the kiosk's own client with enrolled files.
func (w *town) client(name string) (*client.Client, string) {
	w.t.Helper()
	dir, cert, pin := w.enrol(name)
	c, err := client.New(client.Options{URL: w.url, CA: w.pool(filepath.Join(dir, operator.CAFile)), Cert: cert, Now: w.now})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(c.Close)
	return c, pin
}

func (w *town) pool(caFile string) *x509.CertPool {
	w.t.Helper()
	pem, err := os.ReadFile(caFile)
	if err != nil {
		w.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

func (w *town) visitor(caFile string, certs ...tls.Certificate) *kiosk {
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: w.pool(caFile), Certificates: certs, MinVersion: tls.VersionTLS13, Time: w.now}, ForceAttemptHTTP2: true}
	w.t.Cleanup(tr.CloseIdleConnections)
	return &kiosk{w: w, http: &http.Client{Transport: tr, Timeout: 40 * time.Second}}
}

type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) problem(t testing.TB) api.Problem {
	t.Helper()
	var p api.Problem
	if json.Unmarshal(r.body, &p) != nil || p.Status != r.status || r.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("status %d is no problem: %.200s", r.status, r.body)
	}
	return p
}

// call sends a call with headers as name, value, name, value, …
func (k *kiosk) call(method, path string, body []byte, headers ...string) reply {
	k.w.t.Helper()
	r, err := http.NewRequestWithContext(k.w.t.Context(), method, cmp.Or(k.url, k.w.url)+path, bytes.NewReader(body))
	if err != nil {
		k.w.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	res, err := k.http.Do(r)
	if err != nil {
		k.w.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		k.w.t.Fatal(err)
	}
	if got := res.Header.Get("Cache-Control"); got != "no-store" && (got != "public, max-age=300" || !strings.HasPrefix(path, "/.well-known/")) {
		k.w.t.Errorf("%s %s may be stored on the way (%q)", method, path, got)
	}
	answer := reply{res.StatusCode, res.Header, b}
	for _, no := range breaches(k.w.t, method, path, answer) {
		k.w.t.Errorf("%s %s: status %d breaks the contract: %s", method, path, res.StatusCode, no)
	}
	return answer
}

func into[T any](t testing.TB, r reply, status int) (v T) {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %.300s", r.status, status, r.body)
	}
	if err := json.Unmarshal(r.body, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

const testPIN = "7294"

// asks is the request of a person, with the contact on file.
func asks(p registry.Person) request.Request {
	r := request.Request{
		Version: request.EncodingVersion, Relation: request.Self, Given: p.Given, Family: p.Family, Birth: p.Birth, Gender: p.Gender,
		Contact: request.ByPhone, Phone: p.Phone, PIN: testPIN, Lang: "en", Consent: request.Consent{Policy: "1", Declaration: "1"},
	}
	if p.Birth.Age(request.DateOf(time.Now())) < request.AdultAge {
		r.Relation, r.Asker = request.Child, request.Name{Given: "Ana", Family: "Asker"}
	}
	if r.Phone == "" {
		r.Contact, r.Email = request.ByEmail, p.Email
	}
	return r
}

func keyNumber(n int) string { return fmt.Sprintf("request-number-%06d", n) }

func (w *town) sealed(p seal.Purpose, key string, plain []byte) []byte {
	w.t.Helper()
	e, err := seal.Seal(w.Sealing.Public(), p, key, plain)
	if err != nil {
		w.t.Fatal(err)
	}
	return e.Encode()
}

// post hands in a request and returns its key.
func (k *kiosk) post(r request.Request) (key string) {
	k.w.t.Helper()
	key = rand.Text()
	res := k.call("POST", "/v1/requests", k.w.sealed(seal.ForRequest, key, r.Encode()), "Idempotency-Key", key, "Prefer", api.PreferLongReceipt)
	if t := into[api.Ticket](k.w.t, res, http.StatusAccepted); t.Receipt != request.ReceiptFor(key) {
		k.w.t.Errorf("receipt %s", t.Receipt)
	}
	return key
}

// await waits until a request is answered and all its notices are out, which is before the
// kiosk hears of it.
func (k *kiosk) await(key string) {
	k.w.t.Helper()
	for {
		ring := k.w.State.Changed.Next()
		switch k.w.db().Request(key).State {
		case "answered":
			return
		case "expired":
			k.w.t.Fatal("expired")
		}
		select {
		case <-ring:
		case <-k.w.t.Context().Done():
			k.w.t.Fatal("the test ends before the answer")
		}
	}
}

func (k *kiosk) unlock(key, pin, code string) reply {
	k.w.t.Helper()
	return k.call("POST", "/v1/requests/"+key+"/unlock", k.w.sealed(seal.ForUnlock, key, proofOf(pin, code)))
}

func (k *kiosk) pickup(receipt, pin, code string) reply {
	k.w.t.Helper()
	return k.call("POST", "/v1/pickups", k.w.sealed(seal.ForPickup, receipt, proofOf(pin, code)))
}

func proofOf(pin, code string) []byte {
	b, err := json.Marshal(api.Proof{Pin: pin, Code: code})
	if err != nil {
		panic(err) // two strings always encode
	}
	return b
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// codeFor reads the newest pickup code that went to a contact, "" if none did.
func (w *town) codeFor(contact string) (code string) {
	for _, m := range w.phone.Messages() {
		if m.To == contact {
			code = sixDigits.FindString(m.Text)
		}
	}
	return code
}

// ready posts a person's request, waits for the answer and reads the code.
func (k *kiosk) ready(p registry.Person) (key, code string) {
	k.w.t.Helper()
	r := asks(p)
	key = k.post(r)
	k.await(key)
	if code = k.w.codeFor(r.Phone + r.Email); code == "" {
		k.w.t.Fatalf("no code for resident %d", p.Number)
	}
	return key, code
}

// wrong returns a code that is not this one.
func wrong(code string) string {
	if code == "111111" {
		return "222222"
	}
	return "111111"
}

// filesIn reads every file below dir.
func filesIn(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all[d.Name()], err = os.ReadFile(path)
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d files in the folder, %v", len(all), err)
	}
	return all
}
