package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A package keeps what waits in a folder that its service may write to, and the configuration
// beside others in /etc.
func TestAKioskKeepsItsDataWhereItIsToldTo(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "central")
	var out bytes.Buffer
	if err := run(t.Context(), []string{"init", "--data", data}, &out, &out); err != nil {
		t.Fatal(err)
	}
	for name, flags := range map[string][]string{"data": nil, "/var/lib/vaxkiosk": {"--kiosk-data", "/var/lib/vaxkiosk"}} {
		to := filepath.Join(dir, "kiosk-"+filepath.Base(name))
		args := append([]string{"kiosk", "add", "--data", data, "--name", name, "--url", "https://localhost", "--printer", "ipp://printer/ipp/print", "--out", to}, flags...)
		if err := run(t.Context(), args, &out, &out); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(to, "kiosk.toml"))
		if err != nil || !strings.Contains(string(text), "data = \""+name+"\"\n") {
			t.Errorf("%v\n%s", err, text)
		}
	}
}
