package central

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// dialFrom opens a connection from an address of this machine.
func dialFrom(t testing.TB, from, to string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: time.Minute}
	c, err := d.DialContext(t.Context(), "tcp", to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// closed tells whether the other end has closed a connection, waiting at most so long.
func closed(c net.Conn, wait time.Duration) bool {
	_ = c.SetReadDeadline(time.Now().Add(wait)) // a connection of this test takes it
	_, err := c.Read(make([]byte, 1))
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

// stillOpen counts the connections that the other end has not closed.
func stillOpen(all []net.Conn) (n int) {
	for _, c := range all {
		if !closed(c, time.Millisecond) {
			n++
		}
	}
	return n
}

// The attack drill: one address holds thousands of connections while another opens
// and drops them as fast as it can. A kiosk connects and calls, also from the first one.
func TestThousandsOfConnectionsKeepNoKioskOut(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("lobby")
	k.call("GET", "/v1/bootstrap", nil)
	to := strings.TrimPrefix(w.url, "https://")
	thousands := int(min(3000, fileLimit()/4))
	var held []net.Conn
	for range thousands {
		held = append(held, dialFrom(t, "127.0.0.1", to))
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
		fresh := w.visitor(filepath.Join(w.kiosks["lobby"], CAFile), k.http.Transport.(*http.Transport).TLSClientConfig.Certificates...)
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
	for late := time.Now().Add(time.Minute); open > mostPerAddress && time.Now().Before(late); {
		open = stillOpen(held) // a busy machine closes late
	}
	t.Logf("%d connections held from one address, %d opened and dropped from another: %d of the first are still open; the slowest of 10 new connections of a kiosk took %v",
		len(held), dropped.Load(), open, longest.Round(time.Millisecond))
	if open > mostPerAddress {
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

// entered is a crowd that lets so many in, and what it has accepted.
func entered(t *testing.T, most int, idle time.Duration) (w *crowd, addr string, accepted chan *guest) {
	t.Helper()
	l := listener(t)
	w = newCrowd(l, most, func(netip.Addr) bool { return false }, func(string) {})
	w.idle = idle
	accepted = make(chan *guest, 1000)
	go func() {
		for {
			c, err := w.Accept()
			if err != nil {
				return
			}
			accepted <- c.(*guest)
		}
	}()
	t.Cleanup(func() { l.Close() })
	return w, l.Addr().String(), accepted
}

func TestTheOldestStrangerMakesRoomAndAKioskDoesNot(t *testing.T) {
	w, addr, accepted := entered(t, 3, time.Hour)
	kiosk := dialFrom(t, "127.0.0.1", addr)
	w.know(<-accepted, "a kiosk")
	oldest, other := dialFrom(t, "127.0.0.1", addr), net.Conn(nil)
	<-accepted
	other = dialFrom(t, "127.0.0.1", addr)
	<-accepted
	dialFrom(t, "127.0.0.2", addr)
	<-accepted
	if !closed(oldest, time.Minute) || closed(other, time.Millisecond) || closed(kiosk, time.Millisecond) {
		t.Error("not the oldest stranger made room")
	}
	if all, strangers := w.open(); all != 3 || strangers != 2 {
		t.Errorf("%d open, %d of strangers", all, strangers)
	}
}

func TestWhenThereAreOnlyKiosksNobodyElseGetsIn(t *testing.T) {
	w, addr, accepted := entered(t, 2, time.Hour)
	for range 2 {
		dialFrom(t, "127.0.0.1", addr)
		w.know(<-accepted, "a kiosk")
	}
	if late := dialFrom(t, "127.0.0.1", addr); !closed(late, time.Minute) {
		t.Error("one more than there are files for")
	}
	if all, strangers := w.open(); all != 2 || strangers != 0 || len(w.groups) != 1 {
		t.Errorf("%d open, %d of strangers, %d groups", all, strangers, len(w.groups))
	}
}

func TestAKioskHasSoManyConnectionsAndItsOldestGoes(t *testing.T) {
	w, addr, accepted := entered(t, 1000, time.Hour)
	first := dialFrom(t, "127.0.0.1", addr)
	w.know(<-accepted, "a kiosk")
	for range mostPerKiosk {
		dialFrom(t, "127.0.0.1", addr)
		w.know(<-accepted, "a kiosk")
	}
	if all, _ := w.open(); all != mostPerKiosk || !closed(first, time.Minute) {
		t.Errorf("%d connections of one kiosk", all)
	}
}

func TestASilentStrangerIsClosedAndAKioskIsNot(t *testing.T) {
	w, addr, accepted := entered(t, 10, 20*time.Millisecond)
	kiosk := dialFrom(t, "127.0.0.1", addr)
	w.know(<-accepted, "a kiosk")
	silent := dialFrom(t, "127.0.0.1", addr)
	<-accepted
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go w.tend(ctx)
	if !closed(silent, time.Minute) || closed(kiosk, time.Millisecond) {
		t.Error("a silent stranger is open, or a kiosk is not")
	}
}

// A kiosk is known by its certificate over TLS, with HTTP/1.1 and HTTP/2.
func TestAConnectionIsAKiosksOnceItHasShownItsCertificate(t *testing.T) {
	w := newTown(t, nil)
	cert, err := w.serverCertificate(w.o.Hosts, w.now())
	if err != nil {
		t.Fatal(err)
	}
	crowd, srv := w.gather(listener(t)), w.server(cert)
	srv.ConnState = crowd.follow
	go srv.ServeTLS(crowd, "", "") // ends with the test
	defer srv.Close()
	for _, two := range []bool{false, true} {
		k, phone := w.kiosk("lobby"), w.anybody()
		for _, each := range []*kiosk{k, phone} {
			each.url = "https://" + crowd.Addr().String()
			tr := each.http.Transport.(*http.Transport)
			if tr.ForceAttemptHTTP2 = two; !two {
				tr.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
			}
			if res := each.call("GET", "/healthz", nil); res.status != http.StatusOK {
				t.Fatalf("status %d", res.status)
			}
		}
		if all, strangers := crowd.open(); all != 2 || strangers != 1 {
			t.Errorf("HTTP/2 %v: %d open, %d of strangers", two, all, strangers)
		}
		k.http.CloseIdleConnections()
		phone.http.CloseIdleConnections()
		for all := 1; all > 0; all, _ = crowd.open() {
			time.Sleep(time.Millisecond)
		}
	}
}

func TestFilesAreLeftForTheWorker(t *testing.T) {
	for files, want := range map[uint64]int{64: 32, 256: 128, 512: 256, 1024: 768, 4096: 3840, 1 << 20: mostInAll, 1<<64 - 1: mostInAll} {
		if got := mostConnections(files); got != want {
			t.Errorf("%d files: %d connections, want %d", files, got, want)
		}
	}
}
