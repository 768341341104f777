package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui"
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

// A key that is held down makes snapshots faster than a slow machine paints them.
func TestAWindowThatIsBehindShowsTheLatestSnapshotOnly(t *testing.T) {
	test.NewTempApp(t)
	var queue []func()
	w := &window{do: func(f func()) { queue = append(queue, f) }}
	w.ui = ui.New(fyne.CurrentApp().NewWindow(""), func(visit.Event) {})
	for n := range uint64(25) {
		w.show(visit.Visit{Number: n}, time.Now())
	}
	if len(queue) != 1 {
		t.Fatalf("%d snapshots wait for the window, want the latest", len(queue))
	}
	if v, _ := w.next.take(); v.Number != 24 {
		t.Errorf("snapshot %d waits, want 24", v.Number)
	}
	if w.next.v.Number != 0 {
		t.Error("what was shown is kept")
	}
	if w.show(visit.Visit{}, time.Now()); len(queue) != 2 {
		t.Error("the next snapshot does not come")
	}
}
