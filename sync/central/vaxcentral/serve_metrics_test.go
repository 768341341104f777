package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMetricsAreServedBesideOnThisMachineAlone(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	made(t, data)
	if out, err := program("kiosk", "add", "--data", data, "--name", "lobby", "--url", "https://127.0.0.1:8443", "--printer", "ipp://printer/ipp/print",
		"--out", filepath.Join(t.TempDir(), "lobby")).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	c := program("serve", "--data", data, "--listen", "127.0.0.1:0", "--demo", "--metrics", ":0")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	_, where, said := strings.Cut(strings.TrimSpace(line), "vaxcentral: metrics on ")
	if err != nil || !said || !strings.HasPrefix(where, "http://127.0.0.1:") {
		t.Errorf("%q, %v", line, err)
	}
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	healthAt(t, strings.TrimSuffix(where, "/metrics"))
	text := fetched(t, where)
	for _, want := range []string{"vaxcentral_info{version=", `vaxcentral_kiosk_online{kiosk="lobby"} 0`} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
	if out, err := program("serve", "--data", data, "--listen", "127.0.0.1:0", "--demo", "--metrics", "9465").CombinedOutput(); err == nil ||
		!strings.Contains(string(out), `--metrics is no address to listen on; set it to`) {
		t.Errorf("%v: %s", err, out)
	}
}

// healthAt wants what a monitor asks for.
func healthAt(t *testing.T, where string) {
	t.Helper()
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": `{"ready":true,"codes":{`} {
		if text := fetched(t, where+path); !strings.HasPrefix(text, want) {
			t.Errorf("%s: %s", path, text)
		}
	}
}

func fetched(t *testing.T, where string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, where, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v", res.StatusCode, err)
	}
	return string(b)
}

func statusAt(t *testing.T, where string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, where, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}
