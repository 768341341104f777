package door

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"vaxkiosk/sync/central/door/doortest"
)

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
	kiosk := doortest.Dial(t, "127.0.0.1", addr)
	w.know(<-accepted, "a kiosk")
	oldest, other := doortest.Dial(t, "127.0.0.1", addr), net.Conn(nil)
	<-accepted
	other = doortest.Dial(t, "127.0.0.1", addr)
	<-accepted
	doortest.Dial(t, "127.0.0.2", addr)
	<-accepted
	if !doortest.Closed(oldest, time.Minute) || doortest.Closed(other, time.Millisecond) || doortest.Closed(kiosk, time.Millisecond) {
		t.Error("not the oldest stranger made room")
	}
	if all, strangers := w.Open(); all != 3 || strangers != 2 {
		t.Errorf("%d open, %d of strangers", all, strangers)
	}
}

func TestWhenThereAreOnlyKiosksNobodyElseGetsIn(t *testing.T) {
	w, addr, accepted := entered(t, 2, time.Hour)
	for range 2 {
		doortest.Dial(t, "127.0.0.1", addr)
		w.know(<-accepted, "a kiosk")
	}
	if late := doortest.Dial(t, "127.0.0.1", addr); !doortest.Closed(late, time.Minute) {
		t.Error("one more than there are files for")
	}
	if all, strangers := w.Open(); all != 2 || strangers != 0 || len(w.groups) != 1 {
		t.Errorf("%d open, %d of strangers, %d groups", all, strangers, len(w.groups))
	}
}

func TestAKioskHasSoManyConnectionsAndItsOldestGoes(t *testing.T) {
	w, addr, accepted := entered(t, 1000, time.Hour)
	first := doortest.Dial(t, "127.0.0.1", addr)
	w.know(<-accepted, "a kiosk")
	for range mostPerKiosk {
		doortest.Dial(t, "127.0.0.1", addr)
		w.know(<-accepted, "a kiosk")
	}
	if all, _ := w.Open(); all != mostPerKiosk || !doortest.Closed(first, time.Minute) {
		t.Errorf("%d connections of one kiosk", all)
	}
}

func TestASilentStrangerIsClosedAndAKioskIsNot(t *testing.T) {
	w, addr, accepted := entered(t, 10, 20*time.Millisecond)
	kiosk := doortest.Dial(t, "127.0.0.1", addr)
	w.know(<-accepted, "a kiosk")
	silent := doortest.Dial(t, "127.0.0.1", addr)
	<-accepted
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go w.Tend(ctx)
	if !doortest.Closed(silent, time.Minute) || doortest.Closed(kiosk, time.Millisecond) {
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
