package parts

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
)

func TestDigitsTakeDigitsOnlyAndNoMoreThanThereAre(t *testing.T) {
	test.NewTempApp(t)
	st := look.For(fyne.NewSize(1080, 1920), visit.Look{})
	reported := ""
	d := NewDigits(st, DigitsSpec{Tag: "d", N: 4, Hidden: true, Width: 900, Changed: func(s string) { reported = s }})
	for _, r := range "1a2-3456" {
		d.TypedRune(r)
	}
	if d.Text() != "1234" || reported != "1234" {
		t.Errorf("digits %q, reported %q", d.Text(), reported)
	}
	d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	d.Delete()
	if d.Text() != "12" {
		t.Errorf("digits %q, want 12", d.Text())
	}
	d.Clear()
	d.Delete()
	if d.Text() != "" || reported != "" {
		t.Errorf("digits %q, want none", d.Text())
	}
}

func TestPhoneIsShownAsItIsRead(t *testing.T) {
	for typed, want := range map[string]string{"": "", "6": "(6", "617": "(617", "6175": "(617) 5", "6175550": "(617) 555-0", "6175550123": "(617) 555-0123"} {
		if got := phoneSoFar(typed); got != want {
			t.Errorf("phoneSoFar(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestWrapKeepsEveryLetterAndTheWidth(t *testing.T) {
	test.NewTempApp(t)
	for _, text := range []string{
		"", "short", "some words that go over more than one line of this width", "first\nsecond",
		"Wolfeschlegelsteinhausenbergerdorff", "a.very.long.address@department.university.example.com",
	} {
		lines := Wrap(text, 200, 30, false)
		joined := strings.Join(strings.Fields(strings.Join(lines, "")), "")
		if joined != strings.Join(strings.Fields(text), "") {
			t.Errorf("%q became %q", text, lines)
		}
		for _, l := range lines {
			if w := textWidth(l, 30, false); w > 200 {
				t.Errorf("%q is %.0f wide", l, w)
			}
		}
	}
}

func TestAFingerScrolls(t *testing.T) {
	app := test.NewTempApp(t)
	st := look.For(fyne.NewSize(1080, 1920), visit.Look{})
	s := NewScroll(st, "scroll", ScrollWords{"Up", "More"}, 900, func() {})
	w := app.NewWindow("")
	t.Cleanup(w.Close)
	w.SetContent(container.NewWithoutLayout(s))
	put(s, 0, 0, 900, 600)
	s.Fill([]fyne.CanvasObject{NewGap()}, 2000)
	drag := func(dy float32) {
		e := &fyne.DragEvent{Dragged: fyne.NewDelta(0, dy)}
		e.AbsolutePosition = fyne.NewPos(300, 300+dy)
		s.view.Dragged(e)
		s.view.DragEnd()
	}
	drag(-150)
	if s.view.Offset.Y != 150 {
		t.Errorf("dragged to %.0f, want 150", s.view.Offset.Y)
	}
	drag(9000)
	if s.view.Offset.Y != 0 || !s.up.Disabled() || s.down.Disabled() {
		t.Errorf("at the top: offset %.0f, up off %v, down off %v", s.view.Offset.Y, s.up.Disabled(), s.down.Disabled())
	}
	for range 20 {
		s.down.Tapped(nil)
	}
	if end := 2000 - s.view.Size().Height; s.view.Offset.Y != end || !s.down.Disabled() {
		t.Errorf("at the end: offset %.0f, want %.0f", s.view.Offset.Y, end)
	}
	s.Fill([]fyne.CanvasObject{NewGap()}, 300)
	if s.up.Visible() || s.down.Visible() {
		t.Error("buttons stay although everything fits")
	}
}

func TestATremblingFingerTouchesInsteadOfScrolling(t *testing.T) {
	app := test.NewTempApp(t)
	st := look.For(fyne.NewSize(1080, 1920), visit.Look{})
	s := NewScroll(st, "scroll", ScrollWords{"Up", "More"}, 900, func() {})
	w := app.NewWindow("")
	t.Cleanup(w.Close)
	w.SetContent(container.NewWithoutLayout(s))
	put(s, 50, 100, 900, 600)
	touched := 0
	b := NewButton(st, Spec{Tag: "b", Title: "B", Width: 400, Tap: func() { touched++ }})
	put(b, 0, 200, 400, 136)
	s.Fill([]fyne.CanvasObject{b}, 2000)
	for _, move := range []float32{5, 60} {
		b.MouseDown(nil)
		for range 2 {
			e := &fyne.DragEvent{Dragged: fyne.NewDelta(0, -move)}
			e.AbsolutePosition = fyne.NewPos(250, 360-move)
			s.view.Dragged(e)
		}
		s.view.DragEnd()
	}
	if b.press.shown() {
		t.Error("the button still looks pressed after a finger that scrolls")
	}
	if touched != 1 {
		t.Errorf("touched %d times, want 1: a move of 5 touches, a move of 60 scrolls", touched)
	}
	if s.view.Offset.Y != 120 {
		t.Errorf("scrolled by %.0f, want 120", s.view.Offset.Y)
	}
}
