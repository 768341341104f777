package parts

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
)

// desk is a window with one field and its keyboard.
type desk struct {
	field    *Field
	keyboard *Keyboard
	win      fyne.Window
	typed    string // as reported last
}

func newDesk(t *testing.T, mode Mode) *desk {
	t.Helper()
	app := test.NewTempApp(t)
	st := look.For(fyne.NewSize(1080, 1920), visit.Look{})
	app.Settings().SetTheme(&look.Theme{Style: st})
	d := &desk{}
	d.field = NewField(st, FieldSpec{Tag: "f", Label: "Name", Mode: mode, Width: 900, Changed: func(s string) { d.typed = s }})
	d.keyboard = NewKeyboard(st, mode, keyWords(""), func() {}, func() {})
	d.win = app.NewWindow("")
	t.Cleanup(d.win.Close)
	d.win.SetContent(container.NewWithoutLayout(d.field, d.keyboard))
	put(d.field, 60, 100, 900, 200)
	put(d.keyboard, 0, 1300, 1080, 600)
	d.win.Resize(fyne.NewSize(1080, 1920))
	d.win.Canvas().Focus(d.field.Target())
	d.keyboard.SetTarget(d.field)
	return d
}

func keyWords(lang string) KeyWords {
	return KeyWords{
		Lang: lang, Space: "space", Next: "Next", Letters: "abc", Accents: "áéñ", More: "more",
		Shift: "capital letter", Caps: "capital letters", Delete: "delete",
	}
}

// press touches the key with a tag.
func (d *desk) press(t *testing.T, tag string) {
	t.Helper()
	for _, row := range d.keyboard.rows {
		for _, k := range row {
			if k.Tag() == tag {
				d.win.Canvas().Unfocus() // what the window does when a key is touched
				k.Tapped(nil)
				return
			}
		}
	}
	t.Fatalf("no key %s on layer %s", tag, d.keyboard.layer)
}

func (d *desk) write(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		path := d.keyboard.Path(r)
		if path == nil {
			t.Fatalf("no way to type %q", r)
		}
		for _, tag := range path {
			d.press(t, tag)
		}
	}
}

var names = []string{
	"María José", "O'Neill-García", "Nguyễn Thị Ánh Tuyết", "Đặng Quốc Vượng", "ÅSA", "Łukasz Żak", "François", "Müller",
	"João Conceição", "d'Angelo", "McDonald", "Zoë St. John", "Ñuñez", "Gözde Çağlar", "Wójcik", "Hélène",
}

func TestKeyboardTypesNamesAsTheyAreWritten(t *testing.T) {
	for _, name := range names {
		d := newDesk(t, Names)
		d.write(t, name)
		if d.field.Text() != name || d.typed != name {
			t.Errorf("typed %q, want %q", d.field.Text(), name)
		}
		if d.win.Canvas().Focused() != d.field.Target() {
			t.Errorf("%q: the field has lost the focus", name)
		}
	}
}

func FuzzKeyboardTypesWhatItOffers(f *testing.F) {
	for _, name := range names {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := newDesk(t, Names)
		want := ""
		for _, r := range []rune(text)[:min(len([]rune(text)), 12)] {
			if path := d.keyboard.Path(r); path != nil && !isTone(string(r)) {
				d.write(t, string(r))
				want += string(r)
			}
		}
		if d.field.Text() != want {
			t.Errorf("typed %q, want %q", d.field.Text(), want)
		}
	})
}

func TestPartsOfANameStartWithACapital(t *testing.T) {
	d := newDesk(t, Names)
	for _, tag := range []string{"key.a", "key.n", "key.-", "key.b", "key.o", "key.space", "key.c", "key.'", "key.d"} {
		d.press(t, tag)
	}
	if want := "An-Bo C'D"; d.field.Text() != want {
		t.Errorf("typed %q, want %q", d.field.Text(), want)
	}
	d.press(t, "key.e")
	if want := "An-Bo C'De"; d.field.Text() != want {
		t.Errorf("typed %q, want %q", d.field.Text(), want)
	}
}

func TestKeysShowWhatTheyType(t *testing.T) {
	for layer, mode := range map[string]Mode{"names": Names, "accents": Names, "tones": Names, "email": Email, "receipt": Receipt} {
		d := newDesk(t, mode)
		d.keyboard.turnTo(layer)
		for _, row := range slices.Clone(d.keyboard.rows) {
			for _, k := range row {
				token := strings.TrimPrefix(k.Tag(), "key.")
				if len([]rune(token)) > 1 && token != ".com" || isTone(token) {
					continue
				}
				d.field.Fill("")
				d.keyboard.shift = false
				d.keyboard.relabel()
				shown := k.label.Text
				k.Tapped(nil)
				if d.field.Text() != shown {
					t.Errorf("layer %s: the key shows %q and types %q", layer, shown, d.field.Text())
				}
				d.keyboard.layer = layer
			}
		}
	}
}

func TestEmailAndReceiptAreTypedWithoutChangingLayers(t *testing.T) {
	for mode, text := range map[Mode]string{Email: "maria.jose_99+x@mail-1.example.com", Receipt: "7KQ2-M4VD"} {
		d := newDesk(t, mode)
		d.write(t, text)
		if d.field.Text() != text {
			t.Errorf("typed %q, want %q", d.field.Text(), text)
		}
		if d.keyboard.layer != firstLayer[mode] {
			t.Errorf("mode %d: the layer changed to %s", mode, d.keyboard.layer)
		}
	}
}

func TestATouchBetweenKeysKeepsTheField(t *testing.T) {
	d := newDesk(t, Names)
	d.write(t, "Ana")
	d.win.Canvas().Unfocus()
	d.keyboard.ground.Tapped(nil)
	if d.win.Canvas().Focused() != d.field.Target() {
		t.Error("the field has lost the focus")
	}
	d.write(t, "b")
	if d.field.Text() != "Anab" {
		t.Errorf("typed %q, want Anab", d.field.Text())
	}
}

func TestDeleteTakesWholeLettersAway(t *testing.T) {
	d := newDesk(t, Names)
	d.write(t, "Việ")
	d.press(t, "key.letters")
	d.press(t, "key.delete")
	if d.field.Text() != "Vi" {
		t.Errorf("left %q, want Vi", d.field.Text())
	}
}

func TestFieldOffersNoClipboardAndNoUndo(t *testing.T) {
	d := newDesk(t, Names)
	d.write(t, "Secret")
	entry := d.field.entry
	clip := test.NewClipboard()
	entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	entry.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip})
	entry.TypedShortcut(&fyne.ShortcutCut{Clipboard: clip})
	entry.TypedShortcut(&fyne.ShortcutUndo{})
	if clip.Content() != "" || d.field.Text() != "Secret" {
		t.Errorf("clipboard %q, field %q", clip.Content(), d.field.Text())
	}
	entry.TappedSecondary(&fyne.PointEvent{})
	if d.win.Canvas().Overlays().Top() != nil {
		t.Error("a menu opens")
	}
}

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

func TestDatePickerChangesNothingThatWasNotTouched(t *testing.T) {
	test.NewTempApp(t)
	st := look.For(fyne.NewSize(1080, 1920), visit.Look{})
	var got request.Date
	p := NewDatePicker(st, DateSpec{
		Order: "mdy", Months: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Start: 1976, Last: 2026, Width: 900, Changed: func(d request.Date) { got = d },
	})
	p.Fill(request.Date{Year: 2026, Month: 1, Day: 31})
	p.columns[0].down.Tapped(nil) // February passes by
	p.columns[0].down.Tapped(nil)
	p.columns[2].down.Tapped(nil) // no year after the last
	if want := (request.Date{Year: 2026, Month: 3, Day: 31}); got != want {
		t.Errorf("picked %v, want %v", got, want)
	}
	p.columns[1].down.Tapped(nil) // after the 31st comes the 1st
	p.columns[0].up.Tapped(nil)
	p.earlier.Tapped(nil)
	if want := (request.Date{Year: 2016, Month: 2, Day: 1}); got != want {
		t.Errorf("picked %v, want %v", got, want)
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
		for range 2 {
			e := &fyne.DragEvent{Dragged: fyne.NewDelta(0, -move)}
			e.AbsolutePosition = fyne.NewPos(250, 360-move)
			s.view.Dragged(e)
		}
		s.view.DragEnd()
	}
	if touched != 1 {
		t.Errorf("touched %d times, want 1: a move of 5 touches, a move of 60 scrolls", touched)
	}
	if s.view.Offset.Y != 120 {
		t.Errorf("scrolled by %.0f, want 120", s.view.Offset.Y)
	}
}
