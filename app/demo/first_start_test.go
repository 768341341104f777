package demo

import (
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/logs/logstest"
)

// The first start of a kiosk, before central has ever answered it.

// firstStart opens a guest's kiosk that knows nothing yet, and returns what it logs.
func firstStart(t *testing.T, change func(*guest)) (*guest, *logstest.Buffer) {
	t.Helper()
	g, log := newGuest(t), &logstest.Buffer{}
	g.s.Log = slog.New(slog.NewTextHandler(io.MultiWriter(g.s.logged, log), nil))
	change(g)
	g.start()
	return g, log
}

// outWith waits until the kiosk is out of service with a fault.
func (g *guest) outWith(code fault.Code) {
	g.t.Helper()
	g.until("out of service with "+string(code), func(v visit.Visit) bool {
		return v.State == visit.OutOfService && v.OutOfOrder != nil && v.OutOfOrder.Code == code && v.OutOfOrder.Detail != ""
	})
}

func TestAKioskWithoutANetworkAtItsFirstStartWaitsAndThenGoesOn(t *testing.T) {
	g, log := firstStart(t, func(g *guest) { g.line.down() })
	g.outWith(fault.Setup)
	if d := g.seen().OutOfOrder.Detail; d != "no connection" {
		t.Errorf("staff reads %q", d)
	}
	for turns := g.s.Kiosk.Bootstrap.Turns(); g.s.Kiosk.Bootstrap.Turns() < turns+3; { // it asks again and again
		time.Sleep(time.Millisecond)
	}
	if !strings.Contains(log.String(), "level=WARN") || strings.Contains(log.String(), "level=ERROR") || strings.Count(log.String(), "settings.awaited") != 1 {
		t.Errorf("waiting is one warning:\n%s", log)
	}
	g.line.up()
	g.until("the welcome screen", func(v visit.Visit) bool {
		return v.State == visit.Welcome && len(v.Site.Languages) == 2 && v.OutOfOrder == nil
	})
	g.send()
	g.until("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
	if !strings.Contains(log.String(), "settings.fresh") || !strings.Contains(log.String(), "level=INFO") {
		t.Errorf("its end is not said:\n%s", log)
	}
}

func TestTheConfiguredProxyIsTheWayToCentral(t *testing.T) {
	g, _ := firstStart(t, func(g *guest) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		g.cfg.Central.Proxy = l.Addr().String()
		_ = l.Close() // nobody listens there now
	})
	g.outWith(fault.Setup)
	if d := g.seen().OutOfOrder.Detail; d != "the proxy cannot be reached" {
		t.Errorf("staff reads %q", d)
	}
}

// What only IT can mend is said as what it is, on the screen and in the log, and
// ends by itself when it is central's end that is mended.
func TestAWrongPinOrAuthorityAtTheFirstStartIsSaidAndTheKioskStays(t *testing.T) {
	for _, tt := range []struct {
		name        string
		code        fault.Code
		detail, fix string
		change      func(*guest)
	}{
		{
			"pin", fault.Impostor, "signed with another key than the pinned one", "central.pin",
			func(g *guest) { g.cfg.Central.Pin = strings.Repeat("A", 43) },
		},
		{
			"authority", fault.Certificate, "central's certificate is not from the configured CA", "central.ca",
			func(g *guest) { g.cfg.Central.CA = x509.NewCertPool() },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, log := firstStart(t, tt.change)
			g.outWith(tt.code)
			if d := g.seen().OutOfOrder.Detail; d != tt.detail {
				t.Errorf("staff reads %q, want %q", d, tt.detail)
			}
			if all := log.String(); !strings.Contains(all, "level=ERROR") || !strings.Contains(all, "settings.refused") || !strings.Contains(all, tt.fix) {
				t.Errorf("the log does not say what to correct:\n%s", all)
			}
		})
	}
}
