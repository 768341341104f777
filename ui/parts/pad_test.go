package parts

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
)

// table is a window with digits and their pad.
type table struct {
	digits *Digits
	pad    *Pad
	win    fyne.Window
}

func newTable(t *testing.T, spec PadSpec, window fyne.Size, l visit.Look) *table {
	t.Helper()
	app := test.NewTempApp(t)
	st := look.For(window, l)
	app.Settings().SetTheme(&look.Theme{Style: st})
	d := &table{digits: NewDigits(st, DigitsSpec{Tag: "d", N: 10, Width: 900, Changed: func(string) {}})}
	spec.Target, spec.Clear, spec.Delete = d.digits, "Clear", "delete"
	d.pad = NewPad(st, spec)
	d.win = app.NewWindow("")
	t.Cleanup(d.win.Close)
	d.win.SetPadded(false)
	d.win.SetContent(container.NewWithoutLayout(d.digits, d.pad))
	d.win.Resize(window)
	put(d.digits, 60, 20, 900, 160)
	width := 952 * st.Scale
	put(d.pad, 64, 200, width, d.pad.MinSize().Height)
	d.win.Canvas().Focus(d.digits)
	return d
}

func (d *table) keys() []*key {
	if d.pad.mix == nil {
		return d.pad.keys
	}
	return append(slices.Clone(d.pad.keys), d.pad.mix)
}

func (d *table) key(t *testing.T, tag string) *key {
	t.Helper()
	i := slices.IndexFunc(d.keys(), func(k *key) bool { return k.Tag() == tag })
	if i < 0 {
		t.Fatalf("no key %s", tag)
	}
	return d.keys()[i]
}

// shownDigits are the digits as an eye reads the pad: row by row.
func (d *table) shownDigits() string {
	keys := slices.Clone(d.pad.keys)
	slices.SortFunc(keys, func(a, b *key) int {
		if a.Position().Y != b.Position().Y {
			return int(a.Position().Y - b.Position().Y)
		}
		return int(a.Position().X - b.Position().X)
	})
	s := ""
	for _, k := range keys {
		if k.label != nil && len(k.label.Text) == 1 {
			s += k.label.Text
		}
	}
	return s
}

func shuffled(r *rand.Rand) string {
	digits := strings.Split(InOrder, "")
	r.Shuffle(len(digits), func(i, j int) { digits[i], digits[j] = digits[j], digits[i] })
	return strings.Join(digits, "")
}

func TestEveryOrderShowsEachDigitOnceAndTypesWhatItShows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	orders := []string{InOrder, "9876543210", "0123456789"}
	for range 20 {
		orders = append(orders, shuffled(r))
	}
	for _, order := range orders {
		d := newTable(t, PadSpec{Order: order}, standing, visit.Look{})
		if got := d.shownDigits(); got != order {
			t.Errorf("order %s is shown as %s", order, got)
		}
		for _, digit := range InOrder {
			k := d.key(t, "pin."+string(digit))
			if k.label.Text != string(digit) || k.Says() != string(digit) {
				t.Errorf("order %s: the key %s shows %s", order, k.Tag(), k.label.Text)
			}
			k.Tapped(nil)
		}
		if got := d.digits.Text(); got != InOrder {
			t.Errorf("order %s: typed %s", order, got)
		}
	}
}

func TestAnOrderThatLacksADigitIsNotUsed(t *testing.T) {
	for _, order := range []string{"", "123", "1234567899", "12345678901", "123456789x", "١٢٣٤٥"} {
		if got := newTable(t, PadSpec{Order: order}, standing, visit.Look{}).shownDigits(); got != InOrder {
			t.Errorf("order %q is shown as %s", order, got)
		}
	}
}

func TestThePadOfBeforeIsInOrderWithoutAnotherKey(t *testing.T) {
	test.NewTempApp(t)
	st := look.For(standing, visit.Look{})
	p := NewPad(st, PadSpec{Target: NewDigits(st, DigitsSpec{N: 4, Width: 900, Changed: func(string) {}}), Clear: "Clear"})
	p.Resize(p.MinSize())
	if got := (&table{pad: p}).shownDigits(); got != InOrder || p.mix != nil || len(p.keys) != 12 {
		t.Errorf("the pad shows %s, %d keys, mix %v", got, len(p.keys), p.mix != nil)
	}
}

func TestTheKeyThatMixesAsksAndTypesNothing(t *testing.T) {
	asked := 0
	onTable(t, PadSpec{Mix: "Mix the digits", OnMix: func() { asked++ }}, func(t *testing.T, d *table, f *hand) {
		f.tap(middle(d.key(t, "pin.7")))
		f.tap(middle(d.key(t, "pin.mix")))
		if asked != 1 || d.digits.Text() != "7" {
			t.Errorf("asked %d times, typed %q", asked, d.digits.Text())
		}
		if d.win.Canvas().Focused() != fyne.Focusable(d.digits) {
			t.Error("the digits have lost the focus")
		}
	})
}

func TestAPadKeepsItsDigitsUnderTheFinger(t *testing.T) {
	onTable(t, PadSpec{Order: "5820174963"}, func(t *testing.T, d *table, f *hand) {
		for _, tag := range []string{"pin.8", "pin.3", "pin.0", "pin.5"} {
			f.tap(middle(d.key(t, tag)))
		}
		f.move(middle(d.key(t, "pin.1")))
		f.press()
		f.move(middle(d.key(t, "pin.2"))) // slid off: neither of them
		f.lift()
		if d.digits.Text() != "8305" || d.win.Canvas().Focused() != fyne.Focusable(d.digits) {
			t.Errorf("typed %q, focus on %T", d.digits.Text(), d.win.Canvas().Focused())
		}
		f.move(middle(d.key(t, "pin.delete")))
		f.press()
		f.pass(holdFirst + holdNext + holdNext/2)
		f.lift()
		if d.digits.Text() != "83" {
			t.Errorf("left %q, want 83", d.digits.Text())
		}
	})
}

func TestPadsHaveRoom(t *testing.T) {
	places(t, func(t *testing.T, window fyne.Size, l visit.Look) {
		for _, mix := range []string{"", "Mix the digits", "Mezclar los números"} {
			d := newTable(t, PadSpec{Mix: mix, OnMix: func() {}}, window, l)
			lintKeys(t, d.keys(), d.win, d.pad)
			for _, k := range d.keys() {
				if k.Says() == "" {
					t.Errorf("%s says nothing", k.Tag())
				}
			}
		}
	})
}
