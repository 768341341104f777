package fleet

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/metrics"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

const own = "0.3.0"

func ptr(n int) *int { return &n }

// well is a kiosk that needs nobody, and what it said last.
func well(name string) (store.Kiosk, store.Heartbeat) {
	return store.Kiosk{ID: name, Name: name, Until: noon.Add(60 * 24 * time.Hour), LastSeen: noon.Add(-time.Minute)},
		store.Heartbeat{
			Kiosk: name, At: noon.Add(-30 * time.Second), Version: own, Screen: "in-service", Printer: Ready,
			Settings: ptr(300), DiskFree: ptr(9000), Skew: ptr(-2),
		}
}

// needsOf judges a kiosk that is well but for a change.
func needsOf(change func(k *store.Kiosk, h *store.Heartbeat)) (Kiosk, string) {
	k, h := well("hall")
	change(&k, &h)
	beats := map[string]store.Heartbeat{}
	if !h.At.IsZero() {
		beats[k.ID] = h
	}
	one := Of([]store.Kiosk{k}, beats, own, noon)[0]
	return one, strings.Trim(fmt.Sprint(one.Needs), "[]")
}

func TestAKioskNeedsAPersonForWhatOnlyAPersonCanMend(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(k *store.Kiosk, h *store.Heartbeat)
		want   string
	}{
		"nothing":                  {func(*store.Kiosk, *store.Heartbeat) {}, ""},
		"silent":                   {func(_ *store.Kiosk, h *store.Heartbeat) { h.At = noon.Add(-SilentAfter - time.Second) }, "offline"},
		"silent, and out of paper": {func(_ *store.Kiosk, h *store.Heartbeat) { h.At, h.Printer = noon.Add(-time.Hour), "paper" }, "offline"},
		"of before heartbeats":     {func(k *store.Kiosk, h *store.Heartbeat) { h.At, k.LastSeen = time.Time{}, noon.Add(-SilentBefore) }, ""},
		"of before, silent":        {func(k *store.Kiosk, h *store.Heartbeat) { h.At, k.LastSeen = time.Time{}, noon.Add(-36*time.Minute) }, "offline"},
		"never called":             {func(k *store.Kiosk, h *store.Heartbeat) { h.At, k.LastSeen = time.Time{}, time.Time{} }, "offline"},
		"an older program again":   {func(_ *store.Kiosk, h *store.Heartbeat) { h.At = noon.Add(-time.Hour) }, ""},
		"out of service":           {func(_ *store.Kiosk, h *store.Heartbeat) { h.Screen = "out-of-service" }, "out-of-service"},
		"clock":                    {func(_ *store.Kiosk, h *store.Heartbeat) { h.Skew = ptr(-301) }, "clock"},
		"clock not said":           {func(_ *store.Kiosk, h *store.Heartbeat) { h.Skew = nil }, ""},
		"printer":                  {func(_ *store.Kiosk, h *store.Heartbeat) { h.Printer = "paper" }, "printer"},
		"printer not asked":        {func(_ *store.Kiosk, h *store.Heartbeat) { h.Printer = "" }, ""},
		"certificate":              {func(k *store.Kiosk, _ *store.Heartbeat) { k.Until = noon.Add(CertificateIn) }, "certificate"},
		"certificate over":         {func(k *store.Kiosk, _ *store.Heartbeat) { k.Until = noon }, "expired"},
		"waiting":                  {func(_ *store.Kiosk, h *store.Heartbeat) { h.Waiting, h.Oldest = 2, WaitingFor+time.Second }, "waiting"},
		"refused":                  {func(_ *store.Kiosk, h *store.Heartbeat) { h.Refused = 1 }, "refused"},
		"disk":                     {func(_ *store.Kiosk, h *store.Heartbeat) { h.DiskFree = ptr(DiskUnder - 1) }, "disk"},
		"settings":                 {func(_ *store.Kiosk, h *store.Heartbeat) { h.Settings = ptr(3601) }, "settings"},
		"version":                  {func(_ *store.Kiosk, h *store.Heartbeat) { h.Version = "0.2.0" }, "version"},
		"suspended, so silent":     {func(k *store.Kiosk, h *store.Heartbeat) { k.Suspended, h.At = noon, noon.Add(-time.Hour) }, "suspended"},
		"revoked":                  {func(k *store.Kiosk, h *store.Heartbeat) { k.Revoked, h.Printer = noon, "jam" }, ""},
		"several, most urgent first": {func(k *store.Kiosk, h *store.Heartbeat) {
			h.Version, h.Printer, k.Until = "0.2.0", "jam", noon.Add(time.Hour)
		}, "printer certificate version"},
	} {
		change := tt.change
		if name == "silent, and out of paper" || name == "silent" { // and calls in no other way
			change = func(k *store.Kiosk, h *store.Heartbeat) { tt.change(k, h); k.LastSeen = h.At }
		}
		if one, got := needsOf(change); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		} else if missed := one.Missed(); missed.IsZero() == (one.Has(Offline) && !one.Seen.IsZero()) {
			t.Errorf("%s: missed since %s", name, missed)
		}
	}
}

func TestThoseThatNeedAPersonComeFirstAndThoseThatAreRevokedLast(t *testing.T) {
	var kiosks []store.Kiosk
	beats := map[string]store.Heartbeat{}
	for _, name := range []string{"a well", "b revoked", "c version", "d offline", "e paper", "f offline"} {
		k, h := well(name)
		_, what, _ := strings.Cut(name, " ")
		switch what {
		case "revoked":
			k.Revoked = noon
		case "version":
			h.Version = "0.2.0"
		case "offline":
			h.At, k.LastSeen = noon.Add(-time.Hour), noon.Add(-time.Hour)
		case "paper":
			h.Printer = "paper"
		}
		kiosks, beats[name] = append(kiosks, k), h
	}
	got := ""
	for _, k := range Of(kiosks, beats, own, noon) {
		got += k.Name[:1]
	}
	if got != "dfecab" {
		t.Error(got)
	}
}

// What is in a page: nothing but a kiosk's name, versions, states and codes from lists.
func TestNoLabelHoldsAnythingButNamesOfKiosksVersionsAndCodes(t *testing.T) {
	code := regexp.MustCompile(`^[a-z-]+$`)
	ok := map[string]*regexp.Regexp{"kiosk": regexp.MustCompile(`^hall$`), "version": regexp.MustCompile(`^0\.3\.0$`), "state": code, "fault": code, "need": code}
	k, h := well("hall")
	h.Printer = "paper"
	seen := map[string]bool{}
	for _, g := range Gauges(Of([]store.Kiosk{k}, map[string]store.Heartbeat{"hall": h}, own, noon), own, noon) {
		if len(g.Samples) == 0 || !strings.HasPrefix(g.Name, "vaxcentral_") || !strings.HasSuffix(g.Help, ".") {
			t.Errorf("%+v", g)
		}
		for _, s := range g.Samples {
			for _, l := range s.Labels {
				if seen[l[0]] = true; ok[l[0]] == nil || !ok[l[0]].MatchString(l[1]) {
					t.Errorf("%s has the label %q", g.Name, l)
				}
			}
		}
	}
	if len(seen) != len(ok) {
		t.Errorf("only the labels %v", seen)
	}
	known := []string{"Kiosk", "At", "Version", "Screen", "Waiting", "Refused", "Oldest", "Printer", "Settings", "DiskFree", "Skew"}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[store.Heartbeat]()) {
		if !slices.Contains(known, f.Name) {
			t.Errorf("%s is new in heartbeats: may it be about a visitor?", f.Name)
		}
	}
}

func TestOfAKioskThatIsSilentOrSuspendedNothingIsShownButThat(t *testing.T) {
	k, h := well("hall")
	beats := map[string]store.Heartbeat{"hall": h}
	page := func(k store.Kiosk, at time.Time) string {
		return string(metrics.Text(Gauges(Of([]store.Kiosk{k}, beats, own, at), own, at)))
	}
	says := func(name, text string, want, not []string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(text, "\nvaxcentral_"+w) {
				t.Errorf("%s: no %s in\n%s", name, w, text)
			}
		}
		for _, w := range not {
			if strings.Contains(text, "\nvaxcentral_"+w) {
				t.Errorf("%s: %s in\n%s", name, w, text)
			}
		}
	}
	says("well", page(k, noon), []string{
		`kiosk_online{kiosk="hall"} 1`, `kiosk_printer_fault{kiosk="hall",fault="none"} 0`, `kiosk_certificate_left_seconds{kiosk="hall"} 5184000`,
		`kiosk_disk_free_bytes{kiosk="hall"} 9437184000`, `kiosk_clock_skew_seconds{kiosk="hall"} -2`, `kiosks{state="in-use"} 1`,
		`kiosk_info{kiosk="hall",version="0.3.0"} 1`, `kiosk_last_seen_timestamp_seconds{kiosk="hall"} 1796039970`,
	}, nil)
	silent := []string{"kiosk_printer_fault", "kiosk_waiting", "kiosk_out_of_service", "kiosk_clock", "kiosk_disk", "kiosk_settings"}
	says("silent", page(k, noon.Add(time.Hour)), []string{`kiosk_online{kiosk="hall"} 0`, "kiosk_last_seen_timestamp_seconds"}, silent)
	k.Suspended = noon
	says("suspended", page(k, noon), []string{`kiosk_suspended{kiosk="hall"} 1`, `kiosks{state="suspended"} 1`}, append(silent, "kiosk_online"))
	k.Revoked = noon
	says("revoked", page(k, noon), []string{`kiosks{state="revoked"} 1`}, []string{"kiosk_"})
}
