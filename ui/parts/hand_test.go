package parts

import (
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vaxkiosk/app/visit"
)

// later is Fyne's driver for tests, but what is handed to fyne.Do waits until
// the goroutine of the test takes it, as the real one does.
type later struct {
	fyne.Driver
	calls chan func()
}

// DoFromGoroutine queues a call.
func (l *later) DoFromGoroutine(do func(), _ bool) { l.calls <- do }

// laterApp is an app with that driver.
type laterApp struct {
	fyne.App
	driver *later
}

// Driver returns the driver.
func (a laterApp) Driver() fyne.Driver { return a.driver }

// hand touches a window with a finger the way Fyne's desktop driver reports it:
// what is under the finger at each moment gets the event, nothing is captured,
// and a touch elsewhere takes the focus away.
type hand struct {
	win     fyne.Window
	driver  *later
	at      fyne.Position
	pressed fyne.CanvasObject
	over    desktop.Hoverable
	button  desktop.MouseButton
}

func newHand(win fyne.Window) *hand {
	app := fyne.CurrentApp()
	f := &hand{win: win, driver: &later{app.Driver(), make(chan func(), 100)}}
	fyne.SetCurrentApp(laterApp{app, f.driver})
	return f
}

// pass lets time go by, and what was handed to fyne.Do happen.
func (f *hand) pass(d time.Duration) {
	over := time.After(d)
	for {
		select {
		case do := <-f.driver.calls:
			do()
		case <-over:
			return
		}
	}
}

// onDesk runs a test of fingers on a new desk, on its own clock.
func onDesk(t *testing.T, mode Mode, lang string, do func(*testing.T, *desk, *hand)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := newDeskOf(t, mode, lang, standing, visit.Look{})
		do(t, d, newHand(d.win))
	})
}

// onTable runs a test of fingers on a pad, on its own clock.
func onTable(t *testing.T, spec PadSpec, do func(*testing.T, *table, *hand)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := newTable(t, spec, standing, visit.Look{})
		do(t, d, newHand(d.win))
	})
}

// under is the last painted object that matches.
func (f *hand) under(match func(fyne.CanvasObject) bool) (found fyne.CanvasObject, at fyne.Position) {
	var walk func(fyne.CanvasObject, fyne.Position)
	walk = func(o fyne.CanvasObject, pos fyne.Position) {
		if !o.Visible() {
			return
		}
		pos = pos.Add(o.Position())
		in := f.at.Subtract(pos)
		if in.X >= 0 && in.Y >= 0 && in.X < o.Size().Width && in.Y < o.Size().Height && match(o) {
			found, at = o, in
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, inner := range o.Objects {
				walk(inner, pos)
			}
		case Holder:
			for _, inner := range o.Inside() {
				walk(inner, pos)
			}
		}
	}
	walk(f.win.Canvas().Content(), fyne.Position{})
	return found, at
}

func (f *hand) target() (fyne.CanvasObject, fyne.Position) {
	return f.under(func(o fyne.CanvasObject) bool {
		switch o.(type) {
		case fyne.Tappable, fyne.Focusable, desktop.Mouseable:
			return true
		}
		return false
	})
}

func (f *hand) event(in fyne.Position) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: in, AbsolutePosition: f.at}, Button: f.button}
}

func (f *hand) move(to fyne.Position) {
	f.at = to
	o, in := f.under(func(o fyne.CanvasObject) bool { _, ok := o.(desktop.Hoverable); return ok })
	hovered, _ := o.(desktop.Hoverable)
	switch {
	case hovered != nil && hovered == f.over:
		hovered.MouseMoved(f.event(in))
		return
	case f.over != nil:
		f.over.MouseOut()
	}
	if f.over = hovered; hovered != nil {
		hovered.MouseIn(f.event(in))
	}
}

func (f *hand) press() {
	f.button = desktop.MouseButtonPrimary
	o, in := f.target()
	if m, ok := o.(desktop.Mouseable); ok {
		m.MouseDown(f.event(in))
	}
	f.unfocus(o)
	f.pressed = o
}

func (f *hand) lift() {
	o, in := f.target()
	if m, ok := o.(desktop.Mouseable); ok {
		m.MouseUp(f.event(in))
	}
	f.unfocus(o)
	f.button = 0
	if tap, ok := o.(fyne.Tappable); ok && o == f.pressed {
		tap.Tapped(&fyne.PointEvent{Position: in, AbsolutePosition: f.at})
	}
	f.pressed = nil
	f.pass(time.Millisecond)
}

func (f *hand) unfocus(touched fyne.CanvasObject) {
	if o, ok := touched.(fyne.Focusable); !ok || o != f.win.Canvas().Focused() {
		f.win.Canvas().Unfocus()
	}
}

func (f *hand) tap(at fyne.Position) {
	f.move(at)
	f.press()
	f.lift()
}

// middle is where a part is touched.
func middle(o fyne.CanvasObject) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	return at.AddXY(o.Size().Width/2, o.Size().Height/2)
}

// holdDown keeps the finger on a key for a time of the test's own clock.
func (d *desk) holdDown(t *testing.T, f *hand, tag string, long time.Duration) {
	t.Helper()
	f.move(middle(d.key(t, tag)))
	f.press()
	f.pass(long)
}
