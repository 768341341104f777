package client

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// authority is a throw-away CA.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) authority {
	t.Helper()
	key := newECKey(t)
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-20 * 365 * 24 * time.Hour), NotAfter: time.Now().Add(20 * 365 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

func newECKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (a authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// issue makes a certificate for both ends of a connection, valid from and until
// so many hours from now.
func (a authority) issue(t testing.TB, from, until int, ip string) tls.Certificate {
	t.Helper()
	key := newECKey(t)
	now := time.Now()
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.ParseIP(ip)},
		NotBefore: now.Add(time.Duration(from) * time.Hour), NotAfter: now.Add(time.Duration(until) * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// central is a server with its own handler that keeps what it was asked.
type central struct {
	*httptest.Server
	ca authority

	mu    sync.Mutex
	asked []asked
}

type asked struct {
	method, path string
	header       http.Header
	body         string
}

// serve starts a TLS 1.3 server on loopback that wants a certificate of its CA.
// change may be nil.
func serve(t testing.TB, change func(authority, *tls.Config), answer http.HandlerFunc) *central {
	t.Helper()
	c := &central{ca: newAuthority(t)}
	c.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		c.asked = append(c.asked, asked{r.Method, r.URL.Path, r.Header, string(body)})
		c.mu.Unlock()
		answer(w, r)
	}))
	c.TLS = &tls.Config{
		Certificates: []tls.Certificate{c.ca.issue(t, -30000, 1000, "127.0.0.1")}, MinVersion: tls.VersionTLS13,
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: c.ca.pool(),
	}
	if change != nil {
		change(c.ca, c.TLS)
	}
	c.EnableHTTP2 = true
	c.Config.ErrorLog = log.New(io.Discard, "", 0)
	c.StartTLS()
	t.Cleanup(c.Close)
	return c
}

// kiosk makes a client of the central, with short pauses between repetitions.
func (c *central) kiosk(t testing.TB, change func(*Options)) *Client {
	t.Helper()
	o := Options{URL: c.URL, CA: c.ca.pool(), Cert: c.ca.issue(t, -1, 1000, "127.0.0.1")}
	if change != nil {
		change(&o)
	}
	k, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	k.http.RetryWaitMin, k.http.RetryWaitMax = time.Millisecond, 2*time.Millisecond
	t.Cleanup(k.Close)
	return k
}

func (c *central) requests() []asked {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

func reply(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// problem replies with an RFC 9457 problem.
func problem(status int, code string) http.HandlerFunc {
	return reply(status, "application/problem+json; charset=utf-8", `{"type":"urn:vaxkiosk:problem:`+code+`","title":"secret title","status":1}`)
}

// inTurn replies with each handler once, then with the last one.
func inTurn(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[0]
		if len(handlers) > 1 {
			handlers = handlers[1:]
		}
		mu.Unlock()
		h(w, r)
	}
}

func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
