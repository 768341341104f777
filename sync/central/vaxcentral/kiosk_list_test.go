package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/version"
)

// fleetOfFour is a folder with a kiosk that is well, one without paper, one that is silent and
// one that is revoked.
func fleetOfFour(t *testing.T) (data string) {
	t.Helper()
	dir := t.TempDir()
	data = filepath.Join(dir, "data")
	made(t, data)
	for _, name := range []string{"annex", "clinic", "library", "stolen"} {
		if out, err := program("kiosk", "add", "--data", data, "--name", name, "--url", "https://127.0.0.1:8443", "--printer", "ipp://printer/ipp/print",
			"--out", filepath.Join(dir, name)).CombinedOutput(); err != nil {
			t.Fatalf("%s", out)
		}
	}
	s, err := store.Open(t.Context(), filepath.Join(data, folder.DatabaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	kiosks, err := s.Kiosks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kiosks {
		h := store.Heartbeat{Kiosk: k.ID, At: time.Now(), Version: version.Number, Screen: "in-service", Printer: "ready"}
		switch k.Name {
		case "clinic":
			h.Printer = "paper"
		case "library":
			h.At, h.Waiting, h.Oldest = h.At.Add(-3*time.Hour), 2, 90*time.Minute
		}
		if err := s.KeepHeartbeat(t.Context(), h); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.RevokeKiosk(t.Context(), "stolen", "stolen at night", "ana", time.Now()); err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTheListHasFirstWhatNeedsAPerson(t *testing.T) {
	data := fleetOfFour(t)
	var out bytes.Buffer
	if err := run(t.Context(), []string{"kiosk", "list", "--data", data}, &out, &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, want := range []string{
		"KIOSK +STATE +NEEDS +LAST SEEN ",
		`library +in-use +offline +\d{4}-\d\d-\d\d \d\d:\d\d +` + regexp.QuoteMeta(version.Number) + ` +2, 1h `,
		`clinic +in-use +printer \(paper\) +\d{4}-`,
		`annex +in-use +- +\d{4}-\d\d-\d\d \d\d:\d\d +\S+ +0 +\d{4}`,
		`stolen +revoked +- +.*stolen at night +ana `,
		"$",
		"4 in all, 3 in-use, 1 revoked; 2 need a person$",
	} {
		if len(lines) != 7 || !regexp.MustCompile("^"+want).MatchString(lines[i]) {
			t.Fatalf("line %d is not %s:\n%s", i, want, &out)
		}
	}
	out.Reset()
	if err := run(t.Context(), []string{"kiosk", "list", "--data", data, "--json"}, &out, &out); err != nil {
		t.Fatal(err)
	}
	var all []kioskLine
	if err := json.Unmarshal(out.Bytes(), &all); err != nil {
		t.Fatal(err)
	}
	first, second, last := all[0], all[1], all[3]
	if first.Name != "library" || first.MissedSince.IsZero() || first.Heartbeat.Oldest != 5400 || second.Heartbeat.Printer != "paper" || last.Heartbeat != nil || last.Needs == nil {
		t.Errorf("%s", &out)
	}
	if strings.Contains(out.String(), "0001-01-01") || strings.Contains(out.String(), "null") {
		t.Errorf("%s", &out)
	}
}
