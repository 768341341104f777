package kiosk

import (
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/logs/logstest"
	"vaxkiosk/sync/outbox"
)

func TestTheLogSaysWhenTheKioskStartsAndWhyItStops(t *testing.T) {
	box, err := outbox.Open(filepath.Join(t.TempDir(), OutboxFile))
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	var cfg config.Config
	cfg.Kiosk.Name, cfg.Central.URL = "lobby", "https://central.example.org"
	cfg.Central.Cert.Leaf = &x509.Certificate{NotAfter: time.Now()}
	lines := logstest.Heard(t, func(to *slog.Logger) {
		k := &Kiosk{Config: cfg, Box: box, Log: to}
		k.SayStart()
		k.SayStop(errors.New("terminated signal received"), nil)
		k.SayStop(nil, errors.New("the window has ended"))
	})
	if len(lines) != 4 || lines[0]["event"] != "outbox.migrated" || lines[0]["from"] != 0.0 || lines[0]["to"] == 0.0 {
		t.Fatalf("%v", lines)
	}
	start := lines[1]
	if start["event"] != "kiosk.start" || start["level"] != "INFO" {
		t.Errorf("%v", start)
	}
	for _, key := range []string{"version", "revision", "name", "central", "proxy", "printer", "key", "certificate_until"} {
		if s, is := start[key].(string); !is || s == "" {
			t.Errorf("the line at the start has no %s: %v", key, start)
		}
	}
	if lines[2]["event"] != "kiosk.stop" || lines[2]["why"] != "terminated signal received" || lines[3]["why"] != "the window has ended" {
		t.Errorf("%v", lines[2:])
	}
}

func TestTheKindOfPrinterIsSaidAndNotItsAddress(t *testing.T) {
	for want, p := range map[string]config.Printer{
		"folder": {Folder: "/srv/pages"}, "ipp": {URI: "ipp://printer"}, "ipps": {URI: "ipps://printer", Pin: []byte{1}},
		"ipps, held": {URI: "ipps://printer", Pin: []byte{1}, Hold: true},
	} {
		k := &Kiosk{Config: config.Config{Printer: p}}
		if got := k.printerKind(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Each of these answers and does not fit, and IT has something else to do for each.
func TestTheFixOfAKioskThatCannotBeginFitsItsFault(t *testing.T) {
	for fault, want := range map[error]string{
		client.ErrClock: "set the clock", client.ErrKioskRevoked: "taken this kiosk out of service",
		client.ErrCertificate: "central.cert", client.ErrBootstrap: "central.pin",
	} {
		if got := fixFor(fmt.Errorf("%w: %w", errNoBootstrap, fault)); !strings.Contains(got, want) {
			t.Errorf("%v: %q", fault, got)
		}
	}
}
