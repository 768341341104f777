package tour

import (
	"image"
	"image/color"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/ui"
	"vaxkiosk/ui/parts"
	"vaxkiosk/ui/robot"
)

// hand uses a kiosk that runs in a process of its own, by touching its display
// and looking at it. Where to touch and what there is to see it knows from a
// mirror: the same visit and the same screens under Fyne's test driver.
type hand struct {
	t      *testing.T
	screen *screen
	v      visit.Visit
	who    registry.Person // who has filled in the form
	ui     *ui.UI
	window fyne.Window
	robot  *robot.Robot
}

// testPIN is the PIN of whoever visits by hand.
const testPIN = "8317"

// visitor is somebody at a stage, of whom central knows.
type visitor struct{ s *demo.Stage }

// arrive opens a stage, whose own kiosk nobody uses.
func arrive(t *testing.T) visitor {
	t.Helper()
	s, err := demo.Open("folder:"+t.TempDir(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Kiosk.Close(); s.Close() })
	return visitor{s}
}

// patience is how long a busy machine may take for a screen.
const patience = 100 * time.Second

// newHand opens a display, for the kiosk to be started on, and the mirror. Both
// have half the usual size: the same screens in a quarter of the time.
func newHand(t *testing.T, house visit.Site) *hand {
	t.Helper()
	t.Setenv("DISPLAY", newDisplay(t, "540x960"))
	return handAt(t, house)
}

// handAt makes the mirror for a display that is there.
func handAt(t *testing.T, house visit.Site) *hand {
	t.Helper()
	s, err := openScreen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := xtest.Init(s.Conn); err != nil {
		t.Fatal(err)
	}
	h := &hand{t: t, screen: s, v: visit.New(house)}
	h.window = test.NewTempApp(t).NewWindow("")
	t.Cleanup(h.window.Close)
	h.ui = ui.New(h.window, h.post)
	h.ui.SetCalm(0)
	h.window.Resize(fyne.NewSize(float32(s.Root.WidthInPixels), float32(s.Root.HeightInPixels)))
	h.robot = robot.New(h.window.Canvas())
	h.ui.Show(h.v, time.Now())
	return h
}

// startProgram starts a program that is killed when the test ends.
func startProgram(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait() // it was killed
	})
}

// post is what the desk does: step, then show.
func (h *hand) post(e visit.Event) {
	h.v, _ = visit.Step(h.v, e, time.Now())
	h.ui.Show(h.v, time.Now())
}

// told tells the mirror what central or the printer has told the kiosk.
func (h *hand) told(a visit.Action) {
	h.post(visit.Event{Visit: h.v.Number, Call: h.v.Calls, Do: a})
}

// tap touches things, one after the other, and waits for what each leads to.
func (h *hand) tap(tags ...string) {
	h.t.Helper()
	for _, tag := range tags {
		h.touch(tag)
		h.look()
	}
}

// touch touches one thing that can be seen.
func (h *hand) touch(tag string) {
	h.t.Helper()
	var at robot.Box
	for _, s := range h.robot.Touchables() {
		if s.Tag == tag {
			at = s.Box
		}
	}
	before := screenName(h.v)
	if err := h.robot.Tap(tag); err != nil {
		h.t.Fatalf("%s: %v", before, err)
	}
	h.point(int16(at.X+at.W/2), int16(at.Y+at.H/2))
}

// point presses at a place and lets go.
func (h *hand) point(x, y int16) {
	h.t.Helper()
	for _, do := range []struct{ what, button byte }{{xproto.MotionNotify, 0}, {xproto.ButtonPress, 1}, {xproto.ButtonRelease, 1}} {
		if err := xtest.FakeInputChecked(h.screen.Conn, do.what, do.button, 0, h.screen.Root.Root, x, y, 0).Check(); err != nil {
			h.t.Fatal(err)
		}
	}
}

// write types on the touch keyboard or the pad.
func (h *hand) write(text string) {
	h.t.Helper()
	for _, letter := range text {
		path := []string{"pin." + string(letter)}
		robot.Everything(h.window.Canvas().Content(), func(o fyne.CanvasObject) {
			if k, ok := o.(*parts.Keyboard); ok {
				path = k.Path(letter)
			}
		})
		for _, tag := range path {
			h.touch(tag)
		}
	}
	h.look()
}

// look waits until the display shows what the mirror shows, and for as long as a new
// screen takes no touch.
func (h *hand) look() {
	h.t.Helper()
	want := h.window.Canvas().Capture()
	late := time.Now().Add(patience)
	for {
		got, err := h.screen.picture()
		if err != nil {
			h.t.Fatal(err)
		}
		if alike(want, got) {
			<-time.After(2 * ui.Calm) // the kiosk counts from when it painted; nobody can ask it
			return
		}
		if time.Now().After(late) {
			dir := h.t.ArtifactDir()
			_, _ = savePNG(filepath.Join(dir, "want.png"), want), savePNG(filepath.Join(dir, "got.png"), got)
			h.t.Fatalf("%s: the kiosk shows something else; run with -artifacts to see want.png and got.png", screenName(h.v))
		}
		<-time.After(50 * time.Millisecond)
	}
}

// alike compares two pictures from so far that a pixel of rounding does not show.
func alike(a, b image.Image) bool {
	const place, limit = 20, 40
	size := b.Bounds().Size()
	for y := 0; y+place <= size.Y; y += place {
		for x := 0; x+place <= size.X; x += place {
			r := image.Rect(x, y, x+place, y+place)
			if math.Abs(brightness(a, r)-brightness(b, r)) > limit {
				return false
			}
		}
	}
	return true
}

// brightness is the mean one of a part of a picture, from 0 to 255.
func brightness(m image.Image, r image.Rectangle) float64 {
	var sum int
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			sum += int(color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y)
		}
	}
	return float64(sum) / float64(r.Dx()*r.Dy())
}
