package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"vaxkiosk/app/exit"
)

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

func TestWithoutADisplayTheProgramSaysSoOnceAndLeavesNothingBehind(t *testing.T) {
	p := arrive(t)
	c := newConfigs(t, p.s)
	for name, args := range map[string][]string{
		"demo":  {"--demo", "--printer", "folder:" + t.TempDir()},
		"tour":  {"--demo", "--tour", t.TempDir()},
		"kiosk": c.with("nowindow", c.data(), c.other("nowindow")),
	} {
		for display, says := range map[string]string{"": "DISPLAY", ":9973": ":9973"} {
			t.Setenv("DISPLAY", display)
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			var out, errs bytes.Buffer
			if status := run(args, &out, &errs); status != exit.Fault {
				t.Errorf("%s at %q: status %d, want %d", name, display, status, exit.Fault)
			}
			if text := errs.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, says) || !strings.Contains(text, "window") {
				t.Errorf("%s at %q: it says %q", name, display, text)
			}
			left, err := os.ReadDir(temp)
			if err != nil || len(left) != 0 {
				t.Errorf("%s at %q: %d folders left, %v", name, display, len(left), err)
			}
		}
	}
}
