package tour

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"vaxkiosk/app/exit"
	"vaxkiosk/app/visit"
	"vaxkiosk/app/window/display"
)

// xrandr sets the screen of a display.
func xrandr(t *testing.T, display string, args ...string) {
	t.Helper()
	if said, err := exec.Command("xrandr", append([]string{"-d", display}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("xrandr %s: %v\n%s", strings.Join(args, " "), err, said)
	}
}

// mode adds a mode to the screen and switches to it.
func (r *real) mode(w, h int) {
	r.t.Helper()
	name := fmt.Sprintf("%dx%d", w, h)
	if !strings.Contains(r.modes(), name) {
		x, y := fmt.Sprint(w), fmt.Sprint(h)
		xrandr(r.t, r.display, "--newmode", name, "100", x, x, x, x, y, y, y, y)
		xrandr(r.t, r.display, "--addmode", "screen", name)
	}
	xrandr(r.t, r.display, "--output", "screen", "--mode", name)
}

func (r *real) modes() string {
	r.t.Helper()
	all, err := exec.Command("xrandr", "-d", r.display).CombinedOutput()
	if err != nil {
		r.t.Fatalf("xrandr: %v\n%s", err, all)
	}
	return string(all)
}

// unplug switches the screen off. An Xvfb then refuses the empty display that xrandr
// asks for, after the screen is off.
func (r *real) unplug() {
	r.t.Helper()
	_ = exec.Command("xrandr", "-d", r.display, "--output", "screen", "--off").Run()
	if shown, err := r.x.Screens(); err != nil || len(shown) != 0 {
		r.t.Fatalf("the screen is still on: %v, %v", shown, err)
	}
}

// covers waits until the window covers the whole screen, and the screen shows it.
func (r *real) covers(w, h int) {
	r.t.Helper()
	var id xproto.Window
	r.asks("window", &id)
	var at display.Area
	r.until(fmt.Sprintf("a window of %dx%d", w, h), func() (done bool) {
		var err error
		at, err = r.x.WindowArea(id)
		return err == nil && at == display.Area{W: w, H: h}
	})
	r.until("words inside of the screen", func() bool {
		var all []spot
		r.asks("touchables", &all)
		for _, s := range all {
			if s.X+s.W > w || s.Y+s.H > h {
				return false
			}
		}
		return len(all) > 0
	})
}

// The screen goes, comes back, has another size, and is turned; the window follows,
// and the visit goes on.
func TestTheWindowFollowsTheScreen(t *testing.T) {
	r := openReal(t, "2160x3840")
	r.covers(2160, 3840)
	r.goes("welcome.en", "choosing")
	r.unplug()
	r.mode(1024, 768)
	r.covers(1024, 768)
	r.goes("choose.collect", "collecting")
	r.mode(768, 1024)
	r.covers(768, 1024)
	r.goes("form.back", "choosing")
	r.unplug()
	r.mode(1920, 1080)
	r.unplug()
	r.mode(1080, 1920)
	r.mode(2160, 3840)
	r.mode(1920, 1080)
	r.covers(1920, 1080)
	r.goes("choose.collect", "collecting")
	r.write("collect.number", "7KQ2", func(v visit.Visit) string { return v.Track.Typed })
	r.keep("collecting", r.still())
	r.goes("form.back", "choosing")
}

// The monitor goes off and on in the middle of a visit: whoever stands there finds the
// screen as it was, and the visit goes on to its page.
func TestAVisitGoesOnAfterTheMonitorWasOff(t *testing.T) {
	r, p := openReal(t, "1080x1920"), visitorOf(t)
	offAndOn := func(where string) {
		t.Helper()
		before := r.still()
		r.unplug()
		r.mode(1080, 1920)
		r.covers(1080, 1920)
		r.shows(where, before, 0.001)
		r.keep(where, r.picture())
	}
	r.fillIn(p)
	offAndOn("review")
	r.opens(p)
	offAndOn("record")
	r.goes("record.print", "done")
	offAndOn("done")
	if n := r.printed(); n != 1 {
		t.Errorf("%d records printed, want one", n)
	}
	r.goes("done.finish", "welcome")
}

// A kiosk that is started before its screen is there opens its window when it is.
func TestAKioskWaitsForItsScreen(t *testing.T) {
	d := newDisplay(t, "1080x1920")
	first := &real{t: t, display: d}
	var err error
	if first.x, err = openScreenOf(d); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(first.x.Close)
	first.unplug()
	r := openRealOn(t, d)
	r.untilSaid("no screen is connected")
	r.mode(1080, 1920)
	r.await("the welcome screen", func(v visit.Visit) bool { return v.Number > 0 })
	r.covers(1080, 1920)
}

// manage starts a window manager.
func manage(t *testing.T, display string) (*screen, *exec.Cmd) {
	t.Helper()
	manager := exec.Command("openbox", "--sm-disable")
	manager.Env = []string{"DISPLAY=" + display, "HOME=" + t.TempDir()}
	starts(t, manager)
	t.Cleanup(func() { _ = manager.Process.Kill(); _ = manager.Wait() }) // if it still runs
	s, err := openScreenOf(display)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for late := time.Now().Add(realPatience); ; time.Sleep(20 * time.Millisecond) {
		if runs, _, err := s.HasManager(); err == nil && runs {
			return s, manager
		}
		if time.Now().After(late) {
			t.Fatal("the window manager does not start")
		}
	}
}

func TestTheWindowFollowsTheScreenUnderAWindowManager(t *testing.T) {
	d := newDisplay(t, "1920x1920")
	manage(t, d)
	r := openRealOn(t, d)
	r.covers(1920, 1920)
	for _, size := range []string{"1080x1920", "1920x1080", "1024x768"} {
		w, h := sizeOf(size)
		r.mode(w, h)
		r.covers(w, h)
	}
}

// What a window manager leaves behind that has died does not keep the kiosk from
// starting.
func TestAKioskStartsAfterAWindowManagerHasDied(t *testing.T) {
	d := newDisplay(t, "540x960")
	s, manager := manage(t, d)
	if err := manager.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = manager.Wait() // it was killed
	if _, died, err := s.HasManager(); err != nil || !died {
		t.Fatalf("it has left nothing behind, so this test proves nothing (%v)", err)
	}
	r := openRealOn(t, d)
	r.await("the welcome screen", func(v visit.Visit) bool { return v.Number > 0 })
	r.covers(540, 960)
}

// Alt-F4 is no way to end a kiosk permanently: a supervisor sees that nobody asked.
func TestAWindowThatIsClosedFromOutsideEndsTheProgramWithAStatusOfItsOwn(t *testing.T) {
	r := openReal(t, "540x960")
	var id xproto.Window
	r.asks("window", &id)
	r.closes(id)
	if status := r.status(); status != exit.Closed {
		t.Errorf("status %d, want %d", status, exit.Closed)
	}
	if !strings.Contains(r.said.String(), "closed from outside") {
		t.Error("the reason is not said")
	}
}

// closes asks a window to close, as a window manager does.
func (r *real) closes(w xproto.Window) {
	r.t.Helper()
	atom := func(name string) xproto.Atom {
		a, err := xproto.InternAtom(r.x.Conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			r.t.Fatal(err)
		}
		return a.Atom
	}
	data := make([]uint32, 5)
	data[0] = uint32(atom("WM_DELETE_WINDOW"))
	e := xproto.ClientMessageEvent{
		Format: 32, Window: w, Type: atom("WM_PROTOCOLS"), Data: xproto.ClientMessageDataUnionData32New(data),
	}
	if err := xproto.SendEventChecked(r.x.Conn, false, w, xproto.EventMaskNoEvent, string(e.Bytes())).Check(); err != nil {
		r.t.Fatal(err)
	}
}
