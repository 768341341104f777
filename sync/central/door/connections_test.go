package door

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
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

// closed reports whether the other end has closed a connection, waiting at most so long.
func closed(c net.Conn, wait time.Duration) bool {
	_ = c.SetReadDeadline(time.Now().Add(wait)) // a connection of this test takes it
	_, err := c.Read(make([]byte, 1))
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

// entered is Connections that let so many in, and what it has accepted.
func entered(t *testing.T, most int, idle time.Duration) (w *Connections, addr string, accepted chan *guest) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w = newConnections(l, most, func(netip.Addr) bool { return false }, func(string) {})
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
	if all, strangers := w.Open(); all != 3 || strangers != 2 {
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
	if all, strangers := w.Open(); all != 2 || strangers != 0 || len(w.groups) != 1 {
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
	if all, _ := w.Open(); all != mostPerKiosk || !closed(first, time.Minute) {
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
	go w.Tend(ctx)
	if !closed(silent, time.Minute) || closed(kiosk, time.Millisecond) {
		t.Error("a silent stranger is open, or a kiosk is not")
	}
}

func TestFilesAreLeftForTheWorker(t *testing.T) {
	for files, want := range map[uint64]int{64: 32, 256: 128, 512: 256, 1024: 768, 4096: 3840, 1 << 20: mostInAll, 1<<64 - 1: mostInAll} {
		if got := mostConnections(files); got != want {
			t.Errorf("%d files: %d connections, want %d", files, got, want)
		}
	}
}
