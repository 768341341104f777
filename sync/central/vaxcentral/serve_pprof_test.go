package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProfilesAreForThisMachineAloneAndOffUnlessAskedFor(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	made(t, data)
	for _, address := range []string{":6060", "0.0.0.0:6060", "10.0.0.7:6060", "[::]:6060", "localhost:6060", "example.org:6060", "6060"} {
		out, err := program("serve", "--data", data, "--listen", "127.0.0.1:0", "--demo", "--pprof", address).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "is not an address of this machine alone") {
			t.Errorf("%s: %v: %s", address, err, out)
		}
	}
	c := program("serve", "--data", data, "--listen", "127.0.0.1:0", "--demo", "--pprof", "127.0.0.1:0", "--metrics", ":0")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	where := map[string]string{}
	for range 3 {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		what, at, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "vaxcentral: "), " on ")
		where[what] = at
	}
	if text := fetched(t, where["profiles"]+"goroutine?debug=1"); !strings.Contains(text, "goroutine profile:") {
		t.Errorf("%.200s", text)
	}
	if status := statusAt(t, strings.Replace(where["metrics"], "/metrics", "/debug/pprof/", 1)); status != 404 {
		t.Errorf("beside the metrics: %d", status)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}
