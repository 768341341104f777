package window

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui"
)

// heard is a supervisor's end of the socket.
type heard struct {
	t    *testing.T
	conn *net.UnixConn
}

func listen(t *testing.T) heard {
	t.Helper()
	at := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: at, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	t.Setenv("NOTIFY_SOCKET", at)
	return heard{t, conn}
}

// next is what is told next; what is not told by now is not.
func (h heard) next() string {
	h.t.Helper()
	b := make([]byte, 4096)
	if err := h.conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		h.t.Fatal(err)
	}
	n, err := h.conn.Read(b)
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.TrimSpace(string(b[:n]))
}

func TestASupervisorHearsThatTheWindowPaintsAndWhatTheKioskDoes(t *testing.T) {
	h := listen(t)
	s := newSupervisor()
	s.does("Words.")
	s.does("Words.")
	s.alive()
	s.alive() // at once: it knows
	s.ends()
	for _, want := range []string{"STATUS=Words.", "READY=1", "WATCHDOG=1", "STOPPING=1"} {
		if got := h.next(); got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	}
}

func TestAStartThatWaitsForAScreenIsProlonged(t *testing.T) {
	h := listen(t)
	done := make(chan struct{})
	defer close(done)
	again := make(chan time.Time, 1)
	again <- time.Time{}
	go newSupervisor().waits(done, again)
	if got := h.next(); got != strings.TrimSpace(waitMore) {
		t.Errorf("heard %q", got)
	}
}

func TestWithoutASupervisorNobodyIsTold(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	s := newSupervisor()
	s.alive()
	s.does("Words.")
	s.ends()
	t.Setenv("NOTIFY_SOCKET", filepath.Join(t.TempDir(), "nobody"))
	newSupervisor().alive()
}

// A window that paints is heard of again and again through a night in which nothing happens;
// one that stops painting is never heard of again, though its goroutine goes on.
func TestASupervisorIsFedByFramesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		welcome := ui.SightOf(visit.Visit{Number: 1})
		var paints atomic.Bool
		var fed, built atomic.Int32
		d := &watchdog{}
		paints.Store(true)
		d.show(welcome)
		d.seen(welcome)
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan bool, 1)
		go func() {
			over <- d.guard(ctx, slog.New(slog.DiscardHandler), does{
				do: func(f func()) { go f() },
				paint: func() {
					if paints.Load() {
						d.seen(welcome)
					}
				},
				anew:  func() { built.Add(1) },
				alive: func() { fed.Add(1) },
			})
		}()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if fed.Load() < 50 || built.Load() > 0 {
			t.Errorf("fed %d times in ten minutes, built anew %d times", fed.Load(), built.Load())
		}
		paints.Store(false)
		fed.Store(0)
		if fine := <-over; fine || fed.Load() > 1 || built.Load() != 1 {
			t.Errorf("a window without frames is fine: %t, fed %d times, built anew %d times", fine, fed.Load(), built.Load())
		}
		stop()
	})
}

func TestTheStatusTellsOfTheKioskAndNotOfVisits(t *testing.T) {
	for want, v := range map[string]visit.Visit{
		"In service.": {State: visit.Choosing},
		"Out of service: " + string(fault.Clock) + ".":                {OutOfOrder: &fault.Fault{Code: fault.Clock}},
		"In service, without a printer: " + string(fault.Paper) + ".": {PrinterDown: &fault.Fault{Code: fault.Paper}},
		"Not set up: the screen asks for a code.":                     {State: visit.FirstStart},
	} {
		if got := statusOf(v, false); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
