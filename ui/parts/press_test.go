package parts

import (
	"image"
	"image/draw"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
)

// thumb is a window that is painted in no time.
var thumb = fyne.NewSize(270, 480)

// counter is one part of each kind that can be touched, and how often it was.
type counter struct {
	o       fyne.CanvasObject
	touched int
}

// touchables are one of each in a window, by name.
func touchables(t *testing.T, l visit.Look) (fyne.Window, map[string]*counter) {
	t.Helper()
	app := test.NewTempApp(t)
	st := look.For(thumb, l)
	all := map[string]*counter{}
	box := container.NewWithoutLayout()
	add := func(name string, make func(func()) fyne.CanvasObject) {
		c := &counter{}
		c.o = make(func() { c.touched++ })
		put(c.o, 30, 10+float32(len(all))*50, 210, 40)
		all[name], box.Objects = c, append(box.Objects, c.o)
	}
	for name, kind := range map[string]Kind{
		"secondary": Secondary, "primary": Primary, "choice": Choice, "item": Item, "small": Small, "on the bar": OnBar,
	} {
		add(name, func(tap func()) fyne.CanvasObject {
			return NewButton(st, Spec{Tag: name, Kind: kind, Icon: "help", Title: "Title", Width: 210, Tap: tap})
		})
	}
	add("picked", func(tap func()) fyne.CanvasObject {
		b := NewButton(st, Spec{Tag: "picked", Kind: Choice, Title: "Title", Width: 210, Tap: tap})
		b.Pick(true)
		return b
	})
	add("key", func(tap func()) fyne.CanvasObject {
		return newKey(st, keySpec{tag: "k", label: "k", size: look.KeySize, tap: tap})
	})
	w := app.NewWindow("")
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.SetContent(box)
	w.Resize(thumb)
	return w, all
}

// part is what the window shows of an object.
func part(w fyne.Window, o fyne.CanvasObject) *image.NRGBA {
	at, size := o.Position(), o.Size()
	m := image.NewNRGBA(image.Rect(0, 0, int(size.Width), int(size.Height)))
	draw.Draw(m, m.Rect, w.Canvas().Capture(), image.Pt(int(at.X), int(at.Y)), draw.Src)
	return m
}

// other is the share of points that differ clearly.
func other(a, b *image.NRGBA) float64 {
	n := 0
	for i := 0; i < len(a.Pix); i += 4 {
		for c := range 3 {
			if d := int(a.Pix[i+c]) - int(b.Pix[i+c]); d > 60 || d < -60 {
				n++
				break
			}
		}
	}
	return float64(n) / float64(len(a.Pix)/4)
}

func TestAPressIsSeenAtOnceAndTakenBackWhenTheFingerSlidesOff(t *testing.T) {
	for contrast := range visit.Contrasts {
		w, all := touchables(t, visit.Look{Contrast: contrast})
		f := newHand(w)
		for name, c := range all {
			before := part(w, c.o)
			f.move(middle(c.o))
			f.press()
			if share := other(before, part(w, c.o)); share < 0.6 {
				t.Errorf("contrast %d, %s: %.0f %% of it changes under a finger", contrast, name, 100*share)
			}
			f.move(fyne.NewPos(260, 475))
			if share := other(before, part(w, c.o)); share > 0 {
				t.Errorf("contrast %d, %s: it looks pressed after the finger slid off", contrast, name)
			}
			f.move(middle(c.o))
			if share := other(before, part(w, c.o)); share < 0.6 {
				t.Errorf("contrast %d, %s: it does not look pressed when the finger slides back", contrast, name)
			}
			f.move(fyne.NewPos(260, 475))
			f.lift()
			if c.touched != 0 {
				t.Errorf("contrast %d, %s: touched by a finger that slid off", contrast, name)
			}
		}
	}
}

func TestATouchedButtonStaysMarkedUntilTheScreenHasSettled(t *testing.T) {
	w, all := touchables(t, visit.Look{})
	f := newHand(w)
	for name, c := range all {
		b, is := c.o.(*Button)
		if !is {
			continue
		}
		before := part(w, c.o)
		f.tap(middle(c.o))
		if c.touched != 1 || other(before, part(w, c.o)) < 0.6 {
			t.Errorf("%s: touched %d times, marked %v", name, c.touched, b.marked)
		}
		Settle(w.Canvas().Content())
		if other(before, part(w, c.o)) > 0 {
			t.Errorf("%s: the mark stays", name)
		}
	}
}

func TestAButtonThatIsOffDoesNotLookPressed(t *testing.T) {
	w, all := touchables(t, visit.Look{})
	f, b := newHand(w), all["primary"].o.(*Button)
	b.Disable()
	before := part(w, b)
	f.move(middle(b))
	f.press()
	if other(before, part(w, b)) > 0 {
		t.Error("it looks pressed")
	}
}

// buttons presses and lets go of mouse buttons as the window reports them: which
// one has come down is told once it is down, which one has left before it has.
func (f *hand) buttons(events ...desktop.MouseButton) {
	down := desktop.MouseButton(0)
	var pressed fyne.CanvasObject
	for _, button := range events {
		o, in := f.target()
		e := f.event(in)
		e.Button = button
		m, _ := o.(desktop.Mouseable)
		if down&button == 0 {
			m.MouseDown(e)
			down, pressed = down|button, o
			continue
		}
		m.MouseUp(e)
		if down &^= button; o == pressed {
			f.click(o, button)
		}
	}
	f.pass(time.Millisecond)
}

func (f *hand) click(o fyne.CanvasObject, button desktop.MouseButton) {
	at := &fyne.PointEvent{AbsolutePosition: f.at}
	if button == desktop.MouseButtonSecondary {
		o.(fyne.SecondaryTappable).TappedSecondary(at)
	} else {
		o.(fyne.Tappable).Tapped(at)
	}
}

// A finger that stays is the second button for some touch drivers; some click it
// while the first is still down.
func TestAFingerThatStaysTouchesOnceWhateverButtonItIs(t *testing.T) {
	const one, two = desktop.MouseButtonPrimary, desktop.MouseButtonSecondary
	for name, events := range map[string][]desktop.MouseButton{
		"the first":                 {one, one},
		"the second":                {two, two},
		"the second in the first":   {one, two, two, one},
		"the first ends the second": {one, two, one, two},
	} {
		w, all := touchables(t, visit.Look{})
		f := newHand(w)
		for kind, c := range all {
			f.move(middle(c.o))
			f.buttons(events...)
			if c.touched != 1 {
				t.Errorf("%s: %s touched %d times", name, kind, c.touched)
			}
		}
	}
}

// The fan comes while the finger is down, and so does the click of the second
// button; the finger then leaves beside the letters.
func TestAFanStaysOpenForTheFingerThatOpenedIt(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.write(t, "Jos")
		d.holdDown(t, f, "key.e", long)
		beside := d.keyboard.fan.beside
		second := &desktop.MouseEvent{Button: desktop.MouseButtonSecondary}
		beside.MouseDown(second)
		beside.MouseUp(second)
		beside.TappedSecondary(nil)
		beside.MouseUp(f.event(f.at))
		beside.Tapped(nil) // Fyne taps what the last button came down on
		f.pass(time.Millisecond)
		if d.keyboard.fan == nil {
			t.Fatal("the fan closes")
		}
		f.tap(fyne.NewPos(500, 900))
		if d.keyboard.fan != nil {
			t.Error("a touch beside the fan does not close it")
		}
		d.wants(t, "Jos")
	})
}

// What a finger came down on must be there when it leaves, also for a finger that
// trembles, whose touch Fyne takes for a drag.
func TestATremblingFingerTouchesOnlyWhatItCameDownOn(t *testing.T) {
	app := test.NewTempApp(t)
	st := look.For(standing, visit.Look{})
	w := app.NewWindow("")
	t.Cleanup(w.Close)
	w.SetPadded(false)
	old, now := 0, 0
	screen := func(touched *int) (*Scroll, *Button) {
		s := NewScroll(st, "scroll", ScrollWords{"Up", "More"}, 900, func() {})
		b := NewButton(st, Spec{Tag: "b", Title: "B", Width: 400, Tap: func() { *touched++ }})
		put(b, 0, 200, 400, 136)
		s.Fill([]fyne.CanvasObject{b}, 500)
		put(s, 0, 0, 900, 600)
		return s, b
	}
	tremble := &fyne.DragEvent{Dragged: fyne.NewDelta(0, 5)}
	tremble.AbsolutePosition = fyne.NewPos(200, 265)
	before, b := screen(&old)
	after, _ := screen(&now)
	w.SetContent(container.NewWithoutLayout(before))
	b.MouseDown(nil)
	before.view.Dragged(tremble)
	w.SetContent(container.NewWithoutLayout(after)) // another screen comes
	before.view.DragEnd()
	after.view.Dragged(tremble) // the press was swallowed, or on the screen before
	after.view.DragEnd()
	if old != 0 || now != 0 {
		t.Errorf("the screen that is gone was touched %d times, the one that came %d times", old, now)
	}
}

func TestTwentyTapsInAMomentLoseNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDeskOf(t, Names, "en", standing, visit.Look{})
		f := newHand(d.win)
		at := middle(d.key(t, "key.n"))
		for range 20 {
			f.move(at)
			f.press()
			f.pass(30 * time.Millisecond)
			f.lift()
			f.pass(29 * time.Millisecond)
		}
		d.wants(t, "Nnnnnnnnnnnnnnnnnnnn")
	})
}
