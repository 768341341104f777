package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
)

func TestATouchBesideTheKeysOfAPadKeepsItsDigits(t *testing.T) {
	app := test.NewTempApp(t)
	st := look.For(fyne.NewSize(1080, 1920), visit.Look{})
	typed, touches, focused := "", 0, 0
	digits := NewDigits(st, DigitsSpec{Tag: "d", N: 6, Hidden: true, Width: 900, Changed: func(s string) { typed = s }})
	digits.OnFocus(func() { focused++ })
	board := NewPadBoard(st, NewPad(st, PadSpec{Target: digits, Clear: "Clear"}), func() { touches++ })
	win := app.NewWindow("")
	t.Cleanup(win.Close)
	win.SetContent(container.NewWithoutLayout(digits, board))
	put(digits, 60, 100, 900, 200)
	put(board, 0, 1280, 1080, 640)
	win.Resize(fyne.NewSize(1080, 1920))
	test.TapCanvas(win.Canvas(), fyne.NewPos(20, 1600))
	if touches != 1 || win.Canvas().Focused() != digits || focused != 1 {
		t.Errorf("%d touches, %d times focused, the focus is on %T", touches, focused, win.Canvas().Focused())
	}
	test.TapCanvas(win.Canvas(), fyne.NewPos(540, 1350))
	if typed != "2" {
		t.Errorf("typed %q by touching the 2", typed)
	}
}

func TestAKeyboardAtRestTakesItsMarkOffTheField(t *testing.T) {
	d := newDesk(t, Email)
	if !d.field.active {
		t.Fatal("the field of the keyboard is not marked")
	}
	d.keyboard.Rest()
	if d.field.active {
		t.Error("the field stays marked while the keyboard rests")
	}
	d.keyboard.SetTarget(d.field)
	if !d.field.active {
		t.Error("the field is not marked again")
	}
}

func TestFactsGrowWithTheirValues(t *testing.T) {
	test.NewTempApp(t)
	st := look.For(fyne.NewSize(1080, 1920), visit.Look{})
	short := NewFacts(st, 900, Fact{"Name", "Ana"}).MinSize().Height
	long := NewFacts(st, 900, Fact{"Name", "Maximiliana Maximiliana Maximiliana Maximiliana"}).MinSize().Height
	if long <= short {
		t.Errorf("a name of two lines takes %.0f, one of a line %.0f", long, short)
	}
}
