package demo

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"maps"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/central"
)

// when central goes away, seen from one call.
type when string

const (
	before when = "before" // the call finds nobody
	during when = "during" // central has done its work; half of the answer arrives
	after  when = "after"  // the whole answer arrives, then central is gone

	// withdrawn is no going away: before its answer arrives, central takes cards back.
	withdrawn when = "withdrawn"
)

// line is the way from a kiosk to central: it ends TLS as central would, and
// breaks at one call as told. With the line, central stops and starts for real.
type line struct {
	t       testing.TB
	s       *Stage
	address string
	cert    tls.Certificate
	clients *x509.CertPool
	on      *http.Transport

	mu     sync.Mutex
	server *http.Server // nil while the line is down
	route  string       // the call at which it breaks, "" for none
	when   when
	broken chan struct{} // closed once it has broken

	takes    func(http.ResponseWriter, *http.Request) bool // whether central goes on with a call, if it is not answered; nil: always
	withdraw func() error                                  // what is done in a call that is withdrawn
	passed   map[string]int                                // answers that went through, by route
	news     chan struct{}                                 // replaced when one more has
}

func newLine(t testing.TB, s *Stage) *line {
	t.Helper()
	l := &line{t: t, s: s, address: "127.0.0.1:0", passed: map[string]int{}, news: make(chan struct{})}
	ca := readCA(t, s)
	l.cert, l.clients = ca.issue(-day, day, "127.0.0.1"), ca.pool()
	kiosk, err := tls.LoadX509KeyPair(filepath.Join(s.Dir, "enrolment", central.CertFile), filepath.Join(s.Dir, "enrolment", central.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	l.on = &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: ca.pool(), Certificates: []tls.Certificate{kiosk}}}
	l.up()
	return l
}

// up opens the line.
func (l *line) up() {
	l.t.Helper()
	listener, err := net.Listen("tcp", l.address)
	if err != nil {
		l.t.Fatal(err)
	}
	server := &http.Server{
		Handler: l, ErrorLog: log.New(io.Discard, "", 0),
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{l.cert},
			ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: l.clients,
		},
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}, // HTTP/1.1: an answer is whole when its last byte is
	}
	l.mu.Lock()
	l.address, l.server = listener.Addr().String(), server
	l.mu.Unlock()
	go func() { _ = server.ServeTLS(listener, "", "") }()
}

// down cuts every connection and takes no more.
func (l *line) down() {
	l.mu.Lock()
	server := l.server
	l.server = nil
	l.mu.Unlock()
	if server != nil {
		_ = server.Close()
		l.on.CloseIdleConnections()
	}
}

func (l *line) isDown() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.server == nil
}

// breakAt arms the line: central goes away at the next call of a route.
func (l *line) breakAt(route string, w when) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.route, l.when, l.broken = route, w, make(chan struct{})
}

// take disarms the line when this is the call.
func (l *line) take(route string) when {
	l.mu.Lock()
	defer l.mu.Unlock()
	if route == "" || route != l.route {
		return ""
	}
	l.route = ""
	return l.when
}

// routeOf names a call as central's API does.
func routeOf(r *http.Request) string {
	mux := http.NewServeMux()
	for _, pattern := range []string{
		saveRoute, watchRoute, remindRoute, signInRoute, unlockRoute, recordRoute, printRoute, amendRoute, trackRoute,
	} {
		mux.Handle(pattern, http.NotFoundHandler())
	}
	_, pattern := mux.Handler(r)
	return pattern
}

const (
	saveRoute   = "POST /v1/requests"
	watchRoute  = "GET /v1/requests/{id}"
	remindRoute = "POST /v1/requests/{id}/notices"
	signInRoute = "POST /v1/staff/sessions"
	unlockRoute = "POST /v1/requests/{id}/unlock"
	recordRoute = "GET /v1/record"
	printRoute  = "POST /v1/record/prints"
)

func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route := routeOf(r)
	breaks := l.take(route)
	if breaks == before {
		l.goAway()
		panic(http.ErrAbortHandler)
	}
	if breaks == busy {
		makeWait(w)
		return
	}
	if l.takes != nil && !l.takes(w, r) {
		return
	}
	answer, body := l.forward(r)
	maps.Copy(w.Header(), answer.Header)
	if answer.StatusCode != http.StatusNoContent && answer.StatusCode != http.StatusNotModified {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	if breaks == withdrawn {
		if err := l.withdraw(); err != nil {
			l.t.Error(err)
		}
	}
	if breaks == during {
		if len(body) > 0 {
			w.WriteHeader(answer.StatusCode)
			_, _ = w.Write(body[:len(body)/2])
			_ = http.NewResponseController(w).Flush()
		}
		l.goAway()
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(body)
	_ = http.NewResponseController(w).Flush()
	l.note(route)
	if breaks == after {
		l.goAway()
	}
}

// forward asks central; without an answer the connection breaks.
func (l *line) forward(r *http.Request) (*http.Response, []byte) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out, err := http.NewRequestWithContext(r.Context(), r.Method, "https://"+l.s.Address+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out.Header = r.Header.Clone()
	answer, err := l.on.RoundTrip(out)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer answer.Body.Close()
	if body, err = io.ReadAll(answer.Body); err != nil {
		panic(http.ErrAbortHandler)
	}
	return answer, body
}

// goAway stops central and the line.
func (l *line) goAway() {
	l.s.Stop()
	l.down()
	close(l.broken)
}

func (l *line) note(route string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.passed[route]++
	close(l.news)
	l.news = make(chan struct{})
}

// await waits until so many answers of a route went through.
func (l *line) await(route string, n int) {
	l.t.Helper()
	late := time.After(time.Minute)
	for {
		l.mu.Lock()
		got, news := l.passed[route], l.news
		l.mu.Unlock()
		if got >= n {
			return
		}
		select {
		case <-news:
		case <-late:
			l.t.Fatalf("%s: %d answers, want %d", route, got, n)
		}
	}
}

// day is how far the drill's clocks are wrong.
const day = 24 * time.Hour

// drillCA is central's own CA in the hands of a test.
type drillCA struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func readCA(t testing.TB, s *Stage) drillCA {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(s.Dir, "central", name))
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(b)
		return block.Bytes
	}
	cert, err := x509.ParseCertificate(read(central.CAFile))
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.ParsePKCS8PrivateKey(read("ca-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return drillCA{t, cert, key.(*ecdsa.PrivateKey)}
}

func (a drillCA) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// issue makes a certificate whose time begins and ends so long from now; with an
// address it is a server's.
func (a drillCA) issue(from, until time.Duration, address string) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(a.key.Curve, rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "drill"}, KeyUsage: x509.KeyUsageDigitalSignature,
		NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(until), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if address != "" {
		about.IPAddresses, about.ExtKeyUsage = []net.IP{net.ParseIP(address)}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	der, err := x509.CreateCertificate(rand.Reader, about, a.cert, key.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}
