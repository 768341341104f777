package window

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui"
)

// A key that is held down makes snapshots faster than a slow machine paints them.
func TestAWindowThatIsBehindShowsTheLatestSnapshotOnly(t *testing.T) {
	test.NewTempApp(t)
	var queue []func()
	w := &Window{Do: func(f func()) { queue = append(queue, f) }}
	w.UI = ui.New(fyne.CurrentApp().NewWindow(""), func(visit.Event) {})
	for n := range uint64(25) {
		w.Show(visit.Visit{Number: n}, time.Now())
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
	if w.Show(visit.Visit{}, time.Now()); len(queue) != 2 {
		t.Error("the next snapshot does not come")
	}
}
