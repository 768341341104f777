package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

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
			if status := run(args, &out, &errs); status != exitFault {
				t.Errorf("%s at %q: status %d, want %d", name, display, status, exitFault)
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
