package central_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/sync/central/door"
	"vaxkiosk/sync/central/door/doortest"
	"vaxkiosk/sync/central/operator"
)

// stillOpen counts the connections that the other end has not closed.
func stillOpen(all []net.Conn) (n int) {
	for _, c := range all {
		if !doortest.Closed(c, time.Millisecond) {
			n++
		}
	}
	return n
}

// The attack drill: one address holds thousands of connections while another opens
// and drops them as fast as it can. A kiosk connects and calls, also from the first one.
func TestThousandsOfConnectionsKeepNoKioskOut(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	k := w.kiosk("lobby")
	k.call("GET", "/v1/bootstrap", nil)
	to := strings.TrimPrefix(w.url, "https://")
	thousands := 3000
	var held []net.Conn
	for range thousands {
		held = append(held, doortest.Dial(t, "127.0.0.1", to))
	}
	ctx, stop := context.WithCancel(t.Context())
	var flood sync.WaitGroup
	var dropped atomic.Int64
	for range 2 {
		flood.Go(func() {
			d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
			for ctx.Err() == nil {
				if c, err := d.DialContext(ctx, "tcp", to); err == nil {
					_ = c.(*net.TCPConn).SetLinger(0) // leaves no waiting port
					_ = c.Close()
					dropped.Add(1)
				}
			}
		})
	}
	var longest time.Duration
	for range 10 { // each time a new connection
		began := time.Now()
		fresh := w.visitor(filepath.Join(w.kiosks["lobby"], operator.CAFile), k.http.Transport.(*http.Transport).TLSClientConfig.Certificates...)
		if res := fresh.call("GET", "/v1/bootstrap", nil); res.status != http.StatusOK {
			t.Errorf("status %d", res.status)
		}
		longest = max(longest, time.Since(began))
		fresh.http.CloseIdleConnections()
	}
	k.call("GET", "/v1/bootstrap", nil) // the connection from before
	stop()
	flood.Wait()
	open := stillOpen(held)
	for late := time.Now().Add(time.Minute); open > 256 && time.Now().Before(late); {
		open = stillOpen(held) // a busy machine closes late
	}
	t.Logf("%d connections held from one address, %d opened and dropped from another: %d of the first are still open; the slowest of 10 new connections of a kiosk took %v",
		len(held), dropped.Load(), open, longest.Round(time.Millisecond))
	if open > 256 {
		t.Errorf("%d connections of one address are open", open)
	}
	if n := strings.Count(w.log.String(), "event=connections.full of=address"); n != 1 {
		t.Errorf("said %d times", n)
	}
	ready := w.kiosk("hall").call("GET", "/readyz", nil) // the database has its files
	if ready.status != http.StatusOK {
		t.Errorf("readyz: status %d", ready.status)
	}
}

// A kiosk is known by its certificate over TLS, with HTTP/1.1 and HTTP/2.
func TestAConnectionIsAKiosksOnceItHasShownItsCertificate(t *testing.T) {
	w := newTown(t, nil)
	cert, err := w.CA.Server([]string{"localhost", "127.0.0.1"}, w.now())
	if err != nil {
		t.Fatal(err)
	}
	open, srv := door.Listen(listener(t), nil, w.State, w.now, w.Worker.Log), w.Server(cert)
	srv.ConnState = open.Follow
	go srv.ServeTLS(open, "", "") // ends with the test
	defer srv.Close()
	for _, two := range []bool{false, true} {
		k, phone := w.kiosk("lobby"), w.anybody()
		for _, each := range []*kiosk{k, phone} {
			each.url = "https://" + open.Addr().String()
			tr := each.http.Transport.(*http.Transport)
			if tr.ForceAttemptHTTP2 = two; !two {
				tr.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
			}
			if res := each.call("GET", "/healthz", nil); res.status != http.StatusOK {
				t.Fatalf("status %d", res.status)
			}
		}
		if all, strangers := open.Open(); all != 2 || strangers != 1 {
			t.Errorf("HTTP/2 %v: %d open, %d of strangers", two, all, strangers)
		}
		k.http.CloseIdleConnections()
		phone.http.CloseIdleConnections()
		for all := 1; all > 0; all, _ = open.Open() {
			time.Sleep(time.Millisecond)
		}
	}
}

func listener(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}
