package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestTheServiceSaysInItsLogThatItStartsAndWhyItStops runs the real program and asks
// it to end.
func TestTheServiceSaysInItsLogThatItStartsAndWhyItStops(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if out, err := program("init", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c := program("serve", "--data", data, "--listen", "127.0.0.1:0", "--demo", "--log-format", "json")
	var log bytes.Buffer
	c.Stderr = &log
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil { // it serves, or has ended
		t.Error(err)
	}
	_ = c.Process.Signal(os.Interrupt)
	if err := c.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	said := map[string]map[string]any{}
	for line := range bytes.Lines(log.Bytes()) {
		var l map[string]any
		if err := json.Unmarshal(line, &l); err != nil || l["level"] != "INFO" {
			t.Fatalf("%v: %s", err, line)
		}
		said[l["event"].(string)] = l
	}
	if said["service.start"]["version"] == nil || said["service.stop"]["why"] != "interrupt signal received" {
		t.Errorf("%s", &log)
	}
}
