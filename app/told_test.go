package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"

	"vaxkiosk/app/config"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/logs"
)

// heard is what a kiosk logs, line by line, as JSON.
func heard(t *testing.T, do func(*slog.Logger)) (lines []map[string]any) {
	t.Helper()
	var b strings.Builder
	to, err := logs.New(&b, logs.JSON, slog.LevelInfo)
	if err != nil {
		t.Fatal(err)
	}
	do(to)
	for text := range strings.Lines(b.String()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestTheLogSaysWhenTheKioskStartsAndWhyItStops(t *testing.T) {
	p := arrive(t)
	lines := heard(t, func(to *slog.Logger) {
		k := &kiosk{cfg: p.s.kiosk.cfg, box: p.s.kiosk.box, log: to}
		k.sayStart()
		k.sayStop(errors.New("terminated signal received"), nil)
		k.sayStop(nil, errClosed)
	})
	if len(lines) != 4 || lines[0]["event"] != "outbox.migrated" || lines[0]["from"] != 0.0 || lines[0]["to"] == 0.0 {
		t.Fatalf("%v", lines)
	}
	start := lines[1]
	if start["event"] != "kiosk.start" || start["level"] != "INFO" {
		t.Errorf("%v", start)
	}
	for _, key := range []string{"version", "revision", "name", "central", "proxy", "printer", "certificate_until"} {
		if s, is := start[key].(string); !is || s == "" {
			t.Errorf("the line at the start has no %s: %v", key, start)
		}
	}
	if lines[2]["event"] != "kiosk.stop" || lines[2]["why"] != "terminated signal received" || lines[3]["why"] != errClosed.Error() {
		t.Errorf("%v", lines[2:])
	}
}

func TestTheKindOfPrinterIsSaidAndNotItsAddress(t *testing.T) {
	for want, p := range map[string]config.Printer{
		"folder": {Folder: "/srv/pages"}, "ipp": {URI: "ipp://printer"}, "ipps": {URI: "ipps://printer", Pin: []byte{1}},
		"ipps, held": {URI: "ipps://printer", Pin: []byte{1}, Hold: true},
	} {
		k := &kiosk{cfg: config.Config{Printer: p}}
		if got := k.printerKind(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What the toolkit mutters is nothing that anybody has to act on; a window that cannot
// be made is.
func TestToolkitNoiseIsNoWarning(t *testing.T) {
	defer log.SetOutput(log.Writer())
	defer log.SetFlags(log.Flags())
	lines := heard(t, func(to *slog.Logger) {
		f := takeFyneLog(to)
		for _, line := range []string{
			"Fyne error:  Preferences load error:", "  Cause: EOF", "  At: /x/preferences.go:1",
			"Fyne error:  failed to watch theme settings", "  Cause: nothing",
			"Fyne error:  window creation error", "  Cause: no GLX", "  At: /x/window.go:2",
			"Fyne error:  Preferences load error:",
		} {
			log.Print(line)
		}
		if !f.windowless() || f.threads.Load() {
			t.Error("what it says of windows and threads is not noticed")
		}
	})
	var got []string
	for _, l := range lines {
		got = append(got, l["level"].(string)+" "+l["event"].(string))
	}
	want := strings.Split("INFO window.noise,INFO window.noise,INFO window.noise,WARN window.trouble,WARN window.trouble,WARN window.trouble,INFO window.noise", ",")
	if strings.Join(got, ",") != strings.Join(want, ",") {
		t.Errorf("%q", got)
	}
}

func TestTheFormOfTheLogIsTextOrJSONWithAConfiguration(t *testing.T) {
	for args, good := range map[string]bool{
		"--config x": true, "--config x --log-format text": true, "--config x --log-format json": true, "--demo --log-format text": true,
		"--config x --log-format xml": false, "--demo --log-format json": false, "--config x --log-format=": false,
	} {
		if _, err := parse(strings.Fields(args)); (err == nil) != good || err != nil && !strings.Contains(err.Error(), "--log-format") {
			t.Errorf("%s: %v", args, err)
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
