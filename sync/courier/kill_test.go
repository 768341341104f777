package courier

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
)

// A whole kiosk's end in a child process that is killed again and again: outbox,
// courier and client against a server that keeps what central would keep.

// orders is what a child needs to know.
type orders struct {
	URL, DB   string
	CA        []byte // DER
	Cert, Key []byte // DER
	SealTo    seal.PublicKey
}

func TestMain(m *testing.M) {
	if raw := os.Getenv("COURIER_CHILD"); raw != "" {
		fmt.Fprintln(os.Stderr, beKiosk([]byte(raw)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// beKiosk saves one thing after the other and tells each on standard output,
// while its courier carries them, until it is killed.
func beKiosk(raw []byte) error {
	var o orders
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	box, c, err := o.kiosk()
	if err != nil {
		return err
	}
	go c.Run(context.Background())
	for n := 0; ; n++ {
		key, plain, p := rand.Text(), rand.Text(), mixed[n%len(mixed)]
		e, err := seal.Seal(o.SealTo, p, key, []byte(plain))
		if err != nil {
			return err
		}
		if err := box.Save(context.Background(), key, e.Encode()); err != nil {
			return err
		}
		fmt.Println(key, plain)
		c.Wake()
		if p != seal.ForRequest {
			continue // so that several wait together
		}
		if _, err := c.Accepted(context.Background(), key); err != nil {
			return err
		}
	}
}

func (o orders) kiosk() (*outbox.Box, *Courier, error) {
	ca, err := x509.ParseCertificate(o.CA)
	if err != nil {
		return nil, nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(o.Key)
	if err != nil {
		return nil, nil, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca)
	c, err := client.New(client.Options{URL: o.URL, CA: pool, Cert: tls.Certificate{Certificate: [][]byte{o.Cert}, PrivateKey: key}})
	if err != nil {
		return nil, nil, err
	}
	box, err := outbox.Open(o.DB)
	if err != nil {
		return nil, nil, err
	}
	return box, New(box, c, slog.New(slog.DiscardHandler), nil), nil
}

// posted says where each purpose is posted.
var posted = map[string]seal.Purpose{
	"/v1/requests": seal.ForRequest, "/v1/amendments": seal.ForAmend, "/v1/problem-reports": seal.ForReport, "/v1/usage-batches": seal.ForUsage,
}

// keeper is the idempotent part of a central.
type keeper struct {
	key seal.PrivateKey

	mu      sync.Mutex
	bodies  map[string]string       // idempotency key → body
	opened  map[string]int          // what was sealed → how many things were made of it
	purpose map[string]seal.Purpose // what was sealed → as what
	repeats int
	hold    chan struct{} // when set: closed once a request is kept; its answer never comes
}

func (k *keeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // cut off
	}
	key := r.Header.Get("Idempotency-Key")
	p := posted[r.URL.Path]
	status, held := k.keep(p, key, body)
	if held != nil {
		close(held)
		<-r.Context().Done()
		return
	}
	expires := time.Now().Add(time.Hour)
	var ticket any = api.Ticket{Id: "request-of-" + key, Receipt: request.ReceiptFor(key), ExpiresAt: expires}
	switch {
	case status == http.StatusAccepted && !awaited(p):
		w.WriteHeader(http.StatusNoContent)
		return
	case p == seal.ForAmend:
		ticket = api.AmendmentTicket{Ref: request.TrackingFor(key), ExpiresAt: expires}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(ticket)
}

func (k *keeper) keep(p seal.Purpose, key string, body []byte) (status int, held chan struct{}) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if before, ok := k.bodies[key]; ok {
		k.repeats++
		if before != string(body) {
			return http.StatusUnprocessableEntity, nil
		}
		return http.StatusAccepted, nil
	}
	e, err := seal.Decode(body)
	if err != nil {
		return http.StatusUnprocessableEntity, nil
	}
	plain, err := k.key.Open(e, p, key)
	if err != nil {
		return http.StatusUnprocessableEntity, nil
	}
	k.bodies[key] = string(body)
	k.opened[string(plain)]++
	k.purpose[string(plain)] = p
	held, k.hold = k.hold, nil
	return http.StatusAccepted, held
}

func newKeeper(t *testing.T) (*keeper, orders) {
	t.Helper()
	private, _, err := seal.NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{key: private, bodies: map[string]string{}, opened: map[string]int{}, purpose: map[string]seal.Purpose{}}
	s := httptest.NewUnstartedServer(k)
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert}
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	der, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert := s.Certificate().Raw // its own CA, and good enough as a kiosk's
	return k, orders{URL: s.URL, DB: filepath.Join(t.TempDir(), "kiosk.db"), CA: cert, Cert: cert, Key: der, SealTo: private.Public()}
}

func TestKillingTheKioskLosesNothingAndHandsNothingInTwice(t *testing.T) {
	k, o := newKeeper(t)
	told := map[string]string{} // key → what was sealed
	const rounds = 12
	for round := range rounds {
		var held chan struct{}
		if round%2 == 0 { // every other time: kept by central, answer lost
			held = make(chan struct{})
			k.mu.Lock()
			k.hold = held
			k.mu.Unlock()
		}
		for key, plain := range killed(t, o, held, time.Duration(round)*3*time.Millisecond) {
			told[key] = plain
		}
	}
	box, c, err := o.kiosk() // the last start, nobody kills it
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { c.Run(ctx); close(done) }()
	for key := range told {
		id, err := c.Accepted(ctx, key)
		gone := errors.Is(err, outbox.ErrUnknown) // a report or count that was sent and purged; the count below is strict
		if err != nil && !gone || id != "" && id != "request-of-"+key && id != request.TrackingFor(key) {
			t.Errorf("what was told is lost: %q %v", id, err)
		}
	}
	cancel()
	<-done
	k.wantOnce(t, told)
	if len(told) < rounds/2 || k.repeats < rounds/2 {
		t.Errorf("%d told, %d repeated: the test did not test", len(told), k.repeats)
	}
}

// wantOnce wants each thing that was told exactly once, and some of each purpose.
func (k *keeper) wantOnce(t *testing.T, told map[string]string) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	seen := map[seal.Purpose]int{}
	for _, plain := range told {
		seen[k.purpose[plain]]++
		if k.opened[plain] != 1 {
			t.Errorf("central made %d of one", k.opened[plain])
		}
	}
	for _, p := range mixed {
		if seen[p] == 0 {
			t.Errorf("no %s was told", names[p])
		}
	}
}

// killed runs a child, kills it when held is closed, or without one a while
// after it first told something, and returns what it told.
func killed(t *testing.T, o orders, held chan struct{}, while time.Duration) map[string]string {
	t.Helper()
	raw, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(exe)
	child.Env = append(os.Environ(), "COURIER_CHILD="+string(raw))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if held != nil {
		<-held
	} else {
		<-time.After(while) // the instant is the point
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // "killed", as it should be
	told := map[string]string{}
	whole := append([]byte(first), rest...)
	for line := range bytes.Lines(whole) {
		if key, plain, ok := strings.Cut(strings.TrimSuffix(string(line), "\n"), " "); ok && line[len(line)-1] == '\n' {
			told[key] = plain
		}
	}
	return told
}
