package client

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// proxy is a real CONNECT proxy on loopback. It keeps what it could read.
type proxy struct {
	address string
	answer  string // in place of a tunnel

	mu    sync.Mutex
	asked []string // first lines
	read  strings.Builder
}

func newProxy(t *testing.T, answer string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{address: l.Addr().String(), answer: answer}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { p.serve(conn) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); open.Wait() })
	return p
}

func (p *proxy) serve(conn net.Conn) {
	defer conn.Close()
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	p.mu.Lock()
	p.asked = append(p.asked, req.Method+" "+req.Host)
	p.mu.Unlock()
	if p.answer != "" {
		_, _ = io.WriteString(conn, p.answer)
		return
	}
	to, err := net.Dial("tcp", req.Host)
	if err != nil {
		_, _ = io.WriteString(conn, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
		return
	}
	defer to.Close()
	_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n")
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(conn, to)
		_ = conn.Close() // whoever waits for the other end hears of it
	}()
	_, _ = io.Copy(to, io.TeeReader(conn, p))
	_ = to.Close()
	<-done
}

func (p *proxy) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.read.Write(b)
}

func (p *proxy) seen() ([]string, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked, p.read.String()
}

func TestAProxyLeadsToCentralWithBothCertificatesAndReadsNothing(t *testing.T) {
	c := serve(t, nil, reply(http.StatusOK, "application/jose", "signed"))
	p := newProxy(t, "")
	k := c.kiosk(t, func(o *Options) { o.Proxy = p.address })
	jws, _, err := k.Bootstrap(t.Context(), "")
	if err != nil || string(jws) != "signed" {
		t.Fatalf("%q %v", jws, err)
	}
	k.Close()
	asked, read := p.seen()
	if len(asked) != 1 || asked[0] != "CONNECT "+c.Listener.Addr().String() {
		t.Errorf("the proxy was asked %q", asked)
	}
	if read == "" || strings.Contains(read, "bootstrap") {
		t.Error("the call did not go through the proxy, or could be read there")
	}
}

// A refused certificate looks like a lost connection at first: what finds out has to
// go through the proxy too.
func TestARefusedCertificateIsFoundOutThroughAProxy(t *testing.T) {
	other := newAuthority(t)
	c := serve(t, nil, reply(http.StatusOK, "application/jose", "signed"))
	p := newProxy(t, "")
	for name, change := range map[string]func(*Options){
		"the kiosk's": func(o *Options) { o.Cert = other.issue(t, -1, 1000, "127.0.0.1") },
		"central's":   func(o *Options) { o.CA = other.pool() },
	} {
		k := c.kiosk(t, func(o *Options) { o.Proxy = p.address; change(o) })
		if _, _, err := k.Bootstrap(t.Context(), ""); !errors.Is(err, ErrCertificate) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATroubleWithTheProxyIsSaidAsSuch(t *testing.T) {
	c := serve(t, nil, reply(http.StatusOK, "application/jose", "signed"))
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = nobody.Close() // nobody listens there now
	for _, tt := range []struct{ address, says string }{
		{nobody.Addr().String(), "the proxy cannot be reached"},
		{newProxy(t, "x").address, "the proxy does not answer as one"},
		{newProxy(t, "HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n").address, "the proxy wants a login (status 407)"},
		{newProxy(t, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n").address, "the proxy refuses (status 403)"},
		{newProxy(t, "HTTP/1.1 200 OK\r\n\r\nhello").address, "the proxy does not answer as one"}, // it would be taken for TLS
	} {
		_, _, err := c.kiosk(t, func(o *Options) { o.Proxy = tt.address }).Bootstrap(t.Context(), "")
		if want := fmt.Sprintf("%v: %s", ErrAway, tt.says); !errors.Is(err, ErrAway) || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if len(c.requests()) != 0 {
		t.Error("central was reached past the proxy")
	}
}

// A variable that somebody forgot must not lead a kiosk to a stranger.
func TestAProxyOfTheEnvironmentDoesNotCount(t *testing.T) {
	p := newProxy(t, "HTTP/1.1 403 No\r\n\r\n")
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"} {
		t.Setenv(name, "http://"+p.address)
	}
	k := transport(&tls.Config{MinVersion: tls.VersionTLS13}, road{})
	if k.Proxy != nil {
		t.Error("the transport asks the environment for a proxy") // it would not for loopback, so a call shows nothing
	}
	c := serve(t, nil, reply(http.StatusOK, "application/jose", "signed"))
	if _, _, err := c.kiosk(t, nil).Bootstrap(t.Context(), ""); err != nil {
		t.Error(err)
	}
	if asked, _ := p.seen(); len(asked) != 0 {
		t.Errorf("the proxy was asked %q", asked)
	}
}
