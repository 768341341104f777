package demo

import (
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/exit"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/printer/printertest"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/fleet"
	"vaxkiosk/sync/version"
)

// The whole way, as IT sees it: a kiosk that runs is in central's list, and its own numbers are
// served on its machine.
func TestAKioskThatRunsIsSeenByCentralAndOnItsMachine(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close() // a port that is free
	p := arriveAt(t, "folder:"+t.TempDir(), func(k *kiosk.Kiosk) { k.FirstBeat, k.Config.Metrics.Listen = 0, at })
	p.until("the welcome screen", func(v visit.Visit) bool { return v.State == visit.Welcome })
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		all, err := p.s.Central.Fleet(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		if h := all[0].Heartbeat; h != nil {
			if h.Version != version.Number || h.Skew == nil || len(all[0].Needs) > 0 {
				t.Errorf("%+v needs %s", h, all[0].Needs)
			}
			break
		}
		<-again.C
	}
	text := ""
	for !strings.Contains(text, "vaxkiosk_heartbeat_timestamp_seconds 1") { // from when central's answer is there
		text = numbersOf(t, at)
		<-again.C
	}
	for _, want := range []string{"vaxkiosk_out_of_service 0", "vaxkiosk_waiting 0", "vaxkiosk_certificate_left_seconds 6", "vaxkiosk_clock_skew_seconds "} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// numbersOf are a kiosk's metrics; empty while nobody answers.
func numbersOf(t *testing.T, at string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, "http://"+at+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A printer without paper is a kiosk that needs a person, until somebody fills it.
func TestAKioskWithoutPaperNeedsAPersonAtCentralUntilItIsFilled(t *testing.T) {
	printer := newPress(t)
	printer.says("media-empty-error")
	p := arriveAt(t, "ipp://"+printer.address+"/ipp/print", func(k *kiosk.Kiosk) {
		k.FirstBeat, k.Beats = 0, func() time.Duration { return 20 * time.Millisecond }
	})
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	until := func(is func(k fleet.Kiosk) bool) {
		t.Helper()
		for {
			all, err := p.s.Central.Fleet(t.Context())
			if err != nil || len(all) != 1 {
				t.Fatalf("%+v, %v", all, err)
			}
			if all[0].Heartbeat != nil && is(all[0]) {
				return
			}
			<-again.C
		}
	}
	until(func(k fleet.Kiosk) bool {
		return k.Heartbeat.Printer == "paper" && slices.Equal(k.Needs, []fleet.Need{fleet.Printer})
	})
	printer.mended()
	until(func(k fleet.Kiosk) bool { return k.Heartbeat.Printer == "ready" && len(k.Needs) == 0 })
}

// Asked by central's operator, the kiosk ends by itself with the status of a restart, and central
// knows before: so it is not asked for again.
func TestAKioskThatIsAskedToRestartTellsCentralAndEnds(t *testing.T) {
	s, err := Open("folder:"+t.TempDir(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Kiosk.Close(); s.Close() })
	all, err := s.Central.Fleet(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	if err := s.Central.AskKiosk(t.Context(), all[0].Name, api.OrderWhatRestart, "ana"); err != nil {
		t.Fatal(err)
	}
	s.Kiosk.FirstBeat = 0
	s.Kiosk.Run(t.Context(), func(visit.Visit, time.Time) {})
	status := exit.Say("vaxkiosk", s.Kiosk.Why(), io.Discard)
	changes, err := s.Central.KioskChanges(t.Context(), all[0].Name)
	if last := changes[len(changes)-1].What; err != nil || status != exit.Asked || last != "restart: done" {
		t.Errorf("status %d, %s, %v", status, last, err)
	}
}

func TestAKioskThatIsAskedForDiagnosticsSaysThemWithoutSecrets(t *testing.T) {
	s, err := Open(printertest.Start(t, "exit 0\n", nil).URI, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Kiosk.Close(); s.Close() })
	all, err := s.Central.Fleet(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	name := all[0].Name
	for _, what := range []api.OrderWhat{api.OrderWhatDiagnostics, api.OrderWhatRestart} { // which ends it
		if err := s.Central.AskKiosk(t.Context(), name, what, "ana"); err != nil {
			t.Fatal(err)
		}
	}
	s.Kiosk.FirstBeat = 0
	s.Kiosk.SayStart()
	s.Kiosk.Run(t.Context(), func(visit.Visit, time.Time) {})
	text, _, err := s.Central.Diagnostics(t.Context(), name)
	for _, want := range []string{"vaxkiosk " + version.Number, "name " + name, `"screen":"in-service"`, "event=kiosk.start", "printer ipp", "media-ready na_letter_8.5x11in"} {
		if err != nil || !strings.Contains(text, want) {
			t.Errorf("no %q, %v, in\n%s", want, err, text)
		}
	}
	for _, secret := range []string{s.Dir, "PRIVATE KEY", s.Kiosk.Config.Central.Pin} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in it", secret)
		}
	}
}
