package parts

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
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

	submitted []string // what was typed at each Enter
	touches   int
}

var (
	standing, lying = fyne.NewSize(1080, 1920), fyne.NewSize(1920, 1080)
	turns           = map[string]fyne.Size{"standing": standing, "lying": lying}
	langs           = []string{"en", "es", "pt", "ht", "fr", "vi"}
)

func newDesk(t *testing.T, mode Mode) *desk { return newDeskOf(t, mode, "en", standing, visit.Look{}) }

// newDeskOf puts field and keyboard where the screens have them.
func newDeskOf(t *testing.T, mode Mode, lang string, window fyne.Size, l visit.Look) *desk {
	t.Helper()
	app := test.NewTempApp(t)
	st := look.For(window, l)
	app.Settings().SetTheme(&look.Theme{Style: st})
	d := &desk{}
	d.field = NewField(st, FieldSpec{
		Tag: "f", Label: "Name", Mode: mode, Of: request.FieldGiven, Width: 700,
		Changed: func(s string) { d.typed = s }, Submit: func() { d.submitted = append(d.submitted, d.typed) },
	})
	d.keyboard = NewKeyboard(st, mode, keyWords(lang), func() {}, func() { d.touches++ })
	d.field.OnFocus(d.keyboard.SetTarget)
	d.win = app.NewWindow("")
	t.Cleanup(d.win.Close)
	d.win.SetPadded(false)
	d.win.SetContent(container.NewWithoutLayout(d.field, d.keyboard))
	d.win.Resize(window)
	put(d.field, 60, 300, 700, 200)
	if h := d.keyboard.MinSize().Height; st.Wide {
		put(d.keyboard, 864, 124, 1056, 956)
	} else {
		put(d.keyboard, 0, 1920-h, 1080, h)
	}
	d.win.Canvas().Focus(d.field.Target())
	return d
}

// key returns the key with a tag.
func (d *desk) key(t *testing.T, tag string) *key {
	t.Helper()
	for _, k := range d.keys() {
		if k.Tag() == tag {
			return k
		}
	}
	t.Fatalf("no key %s on layer %s", tag, d.keyboard.layer)
	return nil
}

// keys are all keys there are, the ones of an open fan first.
func (d *desk) keys() []*key {
	var all []*key
	if d.keyboard.fan != nil {
		all = append(all, d.keyboard.fan.keys...)
	}
	return append(all, slices.Concat(d.keyboard.rows...)...)
}

// open holds a key down until its fan opens.
func (d *desk) open(t *testing.T, tag string) {
	t.Helper()
	d.key(t, tag).spec.stay()
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
	k := d.key(t, tag)
	d.win.Canvas().Unfocus() // what the window does when a key is touched
	k.Tapped(nil)
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
	"João Conceição", "d'Angelo", "McDonald", "Zoë St. John", "Ñuñez", "Gözde Çağlar", "Wójcik", "Hélène", "İpek Yıldız",
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
	for layer, mode := range map[string]Mode{"names": Names, "accents": Names, "tones": Names, "email": Email, "address": Address, "receipt": Receipt} {
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
	for mode, text := range map[Mode]string{Email: "maria.jose_99+x@mail-1.example.com", Address: "records-1.your-town.gov:8443", Receipt: "7KQ2-M4V9-3X1"} {
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

func TestShiftIsForOneLetterThenLocksThenReleases(t *testing.T) {
	d := newDesk(t, Names)
	d.write(t, "a")
	shift := func(lit, bar bool, says string) {
		t.Helper()
		k := d.key(t, "key.shift")
		if k.lit != lit || k.bar.Hidden == bar || k.Says() != says {
			t.Errorf("after %q shift is lit %v, barred %v, says %q", d.field.Text(), k.lit, !k.bar.Hidden, k.Says())
		}
	}
	shift(false, false, "capital letter")
	d.press(t, "key.shift") // for one letter
	shift(true, false, "capital letter")
	d.press(t, "key.b")
	shift(false, false, "capital letter")
	d.press(t, "key.c")
	d.press(t, "key.shift")
	d.press(t, "key.shift") // locks
	shift(true, true, "capital letters")
	d.press(t, "key.d")
	d.press(t, "key.accents")
	shift(true, true, "capital letters")
	d.press(t, "key.é")
	d.press(t, "key.delete")
	d.press(t, "key.e")
	shift(true, true, "capital letters")
	d.press(t, "key.shift") // releases
	shift(false, false, "capital letter")
	d.press(t, "key.f")
	d.wants(t, "aBcDEf")
}

func TestTheCapitalThatComesByItselfGoesWithATouch(t *testing.T) {
	d := newDesk(t, Names)
	d.press(t, "key.shift") // off
	for _, tag := range []string{"key.d", "key.e", "key.space", "key.l", "key.a"} {
		d.press(t, tag)
	}
	d.wants(t, "de La")
	e := newDesk(t, Names)
	e.press(t, "key.shift")
	e.press(t, "key.shift") // twice locks, from here too
	for _, tag := range []string{"key.d", "key.e"} {
		e.press(t, tag)
	}
	e.wants(t, "DE")
}

// A real keyboard types into the field itself; capitals of the touch keyboard
// follow what stands before the cursor.
func TestTouchAndRealKeyboardTakeTurns(t *testing.T) {
	d := newDesk(t, Names)
	real := d.win.Canvas().Focused
	real().TypedRune('A')
	d.press(t, "key.n")
	real().TypedRune('a')
	real().TypedRune(' ')
	d.press(t, "key.b")
	real().TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	d.press(t, "key.c")
	real().TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	d.press(t, "key.delete") // nothing is left of the cursor
	d.press(t, "key.d")
	real().TypedRune('e')
	d.wants(t, "DeAna C")
}

func TestAScannerTypesAReceiptWholeAndEntersItOnce(t *testing.T) {
	d := newDesk(t, Receipt)
	seen, want := "", ""
	for round, receipt := range []string{"7KQ2-M4V9-3X1", "9XHT-3PRW-4Z5"} {
		d.field.Fill("")
		for i, r := range receipt {
			d.win.Canvas().Focused().TypedRune(r)
			seen, want = seen+d.typed+" ", want+receipt[:i+1]+" "
		}
		d.win.Canvas().Focused().(desktop.Keyable).KeyDown(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if len(d.submitted) != round+1 || d.submitted[round] != receipt {
			t.Fatalf("entered %q, want one more: %q", d.submitted, receipt)
		}
	}
	if seen != want {
		t.Errorf("reported %q, want every letter in order", seen)
	}
}

func TestAnAddressHasAKeyForEverySign(t *testing.T) {
	d := newDesk(t, Email)
	for _, sign := range strings.Fields("@ . .com .net .org .edu - _ + 0 1 2 3 4 5 6 7 8 9") {
		d.field.Fill("x")
		d.press(t, "key."+sign)
		d.wants(t, "x"+sign)
	}
}

// A finger in the field places the cursor and marks nothing: the next key would
// take away what is marked.
func TestAFingerInTheFieldOnlyPlacesTheCursor(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.write(t, "Ana Maria")
		entry := d.field.entry
		end := middle(entry).AddXY(entry.Size().Width/2-20, 0)
		for _, y := range []float32{-entry.Size().Height/2 + 3, 0, entry.Size().Height/2 - 3} {
			f.tap(end.AddXY(0, y))
			entry.DoubleTapped(&fyne.PointEvent{})
			entry.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(30, 50)}, Dragged: fyne.NewDelta(-400, 0)})
			entry.DragEnd()
			if s := entry.SelectedText(); s != "" {
				t.Errorf("%q is marked", s)
			}
			d.press(t, "key.x")
		}
		d.wants(t, "Ana Mariaxxx")
	})
}
