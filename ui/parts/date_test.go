package parts

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
)

const calm = 400 * time.Millisecond

var october16 = request.Date{Year: 1988, Month: 10, Day: 16}

// noSuchDay refuses what no calendar has.
func noSuchDay(d request.Date) bool {
	return d.Complete() && !d.Exists() || d.Month > 12 || d.Day > 31
}

// dialed is a date after signs: digits, M10 picks October, < deletes, > ends a part,
// and m, d and y ask for one.
func dialed(order, signs string) dial {
	d := newDial(order, noSuchDay)
	for _, sign := range strings.Fields(signs) {
		var month int
		if n, _ := fmt.Sscanf(sign, "M%d", &month); n == 1 {
			d.pick(month)
			continue
		}
		for _, r := range sign {
			switch {
			case r >= '0' && r <= '9':
				d.digit(r)
			case r == '<':
				d.delete()
			case r == '>':
				d.end()
			default:
				d.ask(request.Part(r))
			}
		}
	}
	return d
}

func TestADialGoesOnByItselfAndBackByDeleting(t *testing.T) {
	for _, c := range []struct {
		order, signs string
		want         request.Date
		half         request.Half
	}{
		{"mdy", "", request.Date{}, request.Half{Part: "m"}},
		{"dmy", "", request.Date{}, request.Half{Part: "d"}},
		{"mdy", "M10 16 1988", october16, request.Half{Part: "y", Typed: "1988"}},
		{"dmy", "16 M10 1988", october16, request.Half{Part: "y", Typed: "1988"}},
		{"mdy", "10 16 1988", october16, request.Half{Part: "y", Typed: "1988"}},
		{"mdy", "M10 16 19885", october16, request.Half{Part: "y", Typed: "1988"}}, // one too many
		{"mdy", "M10 16 1988 y 20", request.Date{Month: 10, Day: 16}, request.Half{Part: "y", Typed: "20"}},
		{"mdy", "M10 4", request.Date{Month: 10, Day: 4}, request.Half{Part: "y"}}, // no second digit can follow
		{"mdy", "M10 04", request.Date{Month: 10, Day: 4}, request.Half{Part: "y"}},
		{"mdy", "M10 1", request.Date{Month: 10, Day: 1}, request.Half{Part: "d", Typed: "1"}},
		{"mdy", "M10 1>", request.Date{Month: 10, Day: 1}, request.Half{Part: "y"}},
		{"mdy", "M10 1y", request.Date{Month: 10, Day: 1}, request.Half{Part: "y"}},
		{"mdy", "M10 1d6", request.Date{Month: 10, Day: 16}, request.Half{Part: "y"}}, // asked for again, it goes on
		{"mdy", "M10 00", request.Date{Month: 10}, request.Half{Part: "d", Typed: "0"}},
		{"mdy", "M10 16 19>", request.Date{Month: 10, Day: 16}, request.Half{Part: "y", Typed: "19"}},
		{"mdy", "1", request.Date{Month: 1}, request.Half{Part: "m", Typed: "1"}},
		{"mdy", "2", request.Date{Month: 2}, request.Half{Part: "d"}},
		{"mdy", "13", request.Date{Month: 13}, request.Half{Part: "m"}},                                          // refused, it stays
		{"mdy", "M10 35 4", request.Date{Month: 10, Day: 4}, request.Half{Part: "y"}},                            // and is typed anew
		{"mdy", "M2 30", request.Date{Month: 2, Day: 30}, request.Half{Part: "y"}},                               // this test refuses whole dates only
		{"mdy", "M2 30 1988", request.Date{Year: 1988, Month: 2, Day: 30}, request.Half{Part: "y"}},              //
		{"mdy", "M2 30 1988 d 28", request.Date{Year: 1988, Month: 2, Day: 28}, request.Half{Part: "y"}},         //
		{"mdy", "y 1988 M10 16", october16, request.Half{Part: "y"}},                                             // to what is missing
		{"mdy", "y 1988 d 16 m M10 d 17", request.Date{Year: 1988, Month: 10, Day: 17}, request.Half{Part: "y"}}, //
		{"mdy", "M10 16 1988<", request.Date{Month: 10, Day: 16}, request.Half{Part: "y", Typed: "198"}},
		{"mdy", "M10 16 <", request.Date{Month: 10, Day: 1}, request.Half{Part: "d", Typed: "1"}},
		{"mdy", "M10 16 <<<", request.Date{}, request.Half{Part: "m"}},
		{"mdy", "M10 16 <<<<<", request.Date{}, request.Half{Part: "m"}},
		{"dmy", "16 M10 <<", request.Date{Day: 1}, request.Half{Part: "d", Typed: "1"}},
		{"mdy", "y <", request.Date{}, request.Half{Part: "d"}}, // an empty part is only gone back to
	} {
		d := dialed(c.order, c.signs)
		if d.date != c.want || d.half != c.half {
			t.Errorf("%s %q: %v %v, want %v %v", c.order, c.signs, d.date, d.half, c.want, c.half)
		}
	}
}

// Whatever was dialed before, a date that is dialed or scanned as a whole is the date.
func TestEveryDateCanBeDialedAndScannedFromAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.SampledFrom([]string{"mdy", "dmy"}).Draw(t, "order")
		d := dialed(order, rapid.StringMatching(`[0-9<>mdy ]{0,12}`).Draw(t, "before"))
		day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 46000).Draw(t, "day"))
		want := request.DateOf(day)
		if rapid.Bool().Draw(t, "scanned") {
			text := day.Format(rapid.SampledFrom(map[string][]string{
				"mdy": {"01/02/2006", "1/2/2006", "2006-01-02", "20060102", "01022006"},
				"dmy": {"02/01/2006", "2.1.2006", "2006-01-02", "20060102", "02012006"},
			}[order]).Draw(t, "form"))
			if !d.whole(text, true, 2026) {
				t.Fatalf("%s is no date", text)
			}
		} else {
			for _, p := range d.order {
				d.half = request.Half{Part: p}
				for _, r := range map[request.Part]string{"m": day.Format("01"), "d": day.Format("02"), "y": day.Format("2006")}[p] {
					d.digit(r)
				}
			}
		}
		if d.date != want || d.half.Waits() {
			t.Fatalf("%v, want %v", d.date, want)
		}
	})
}

// calendar is a window with the entry of a date.
type calendar struct {
	entry *DateEntry
	win   fyne.Window
	got   request.Date
}

func newCalendar(t *testing.T, order string, window fyne.Size, l visit.Look) *calendar {
	t.Helper()
	app := test.NewTempApp(t)
	st := look.For(window, l)
	app.Settings().SetTheme(&look.Theme{Style: st})
	c := &calendar{}
	c.entry = NewDateEntry(st, DateSpec{
		Order: order, Month: "Month", Day: "Day", Year: "Year", Clear: "Clear", Delete: "delete", Start: 1976, Last: 2026, Calm: calm,
		Months: [12]string{
			"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
		},
		Width: 944 * st.Scale, Refuses: noSuchDay, Changed: func(d request.Date, _ request.Half) { c.got = d }, Submit: func() {},
	})
	c.win = app.NewWindow("")
	t.Cleanup(c.win.Close)
	c.win.SetPadded(false)
	c.win.SetContent(container.NewWithoutLayout(c.entry))
	c.win.Resize(window)
	put(c.entry, 64, 100, c.entry.MinSize().Width, c.entry.MinSize().Height)
	c.win.Canvas().Focus(c.entry.Target())
	return c
}

func (c *calendar) key(t *testing.T, tag string) *key {
	t.Helper()
	for _, keys := range [][]*key{c.entry.months.keys, c.entry.pad.keys} {
		for _, k := range keys {
			if k.Tag() == tag {
				return k
			}
		}
	}
	t.Fatalf("no key %s", tag)
	return nil
}

func TestMonthsAndDigitsHaveRoomAndWords(t *testing.T) {
	places(t, func(t *testing.T, window fyne.Size, l visit.Look) {
		c := newCalendar(t, "mdy", window, l)
		lintKeys(t, c.entry.months.keys, c.win, c.entry)
		c.entry.Fill(request.Date{Month: 9}, request.Half{})
		lintKeys(t, c.entry.pad.keys, c.win, c.entry)
		for _, keys := range [][]*key{c.entry.months.keys, c.entry.pad.keys} {
			for _, k := range keys {
				if k.Says() == "" {
					t.Errorf("%s says nothing", k.Tag())
				}
			}
		}
		c.entry.Fill(request.Date{Month: 9, Day: 1}, request.Half{Part: "d", Typed: "1"})
		for i, want := range []string{"Month septiembre", "Day 1", "Year"} {
			b := c.entry.boxes[i]
			if b.Says() != want || b.value.MinSize().Width > b.Size().Width {
				t.Errorf("%s says %q and needs %v of %v", b.Tag(), b.Says(), b.value.MinSize(), b.Size())
			}
		}
	})
}

func TestAFingerEntersADateAndKeepsTheFocusThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCalendar(t, "mdy", standing, visit.Look{})
		f := newHand(c.win)
		for _, tag := range []string{"month.10", "pin.1", "pin.6", "pin.1", "pin.9", "pin.8", "pin.8"} {
			f.tap(middle(c.key(t, tag)))
			if c.win.Canvas().Focused() != c.entry.Target() {
				t.Errorf("%s: the focus is on %T", tag, c.win.Canvas().Focused())
			}
		}
		if c.got != october16 {
			t.Errorf("entered %v", c.got)
		}
		f.tap(middle(c.entry.boxes[1]))
		if c.entry.Asked() != request.DayPart {
			t.Errorf("a touch on the day asks for %s", c.entry.Asked())
		}
	})
}

// The second tap of a double tap is meant for what was there: months and digits
// change places under the finger. Elsewhere a finger can be as fast as it likes.
func TestADoubleTapOnAMonthTypesNoDigit(t *testing.T) {
	for _, order := range []string{"mdy", "dmy"} {
		for _, apart := range []time.Duration{80, 120, 200, 300, 350, 450} {
			apart *= time.Millisecond
			synctest.Test(t, func(t *testing.T) {
				c := newCalendar(t, order, standing, visit.Look{})
				f := newHand(c.win)
				first, asked := "month.2", request.DayPart
				if order == "dmy" {
					f.tap(middle(c.key(t, "pin.1")))
					first, asked = "pin.2", request.MonthPart
				}
				at := middle(c.key(t, first))
				f.tap(at)
				f.pass(apart)
				f.tap(at)
				if taken := c.entry.Asked() != asked || c.entry.dial.half.Typed != ""; taken != (apart > calm) {
					t.Errorf("%s: a second tap after %v is taken: %v", order, apart, taken)
				}
			})
		}
	}
	synctest.Test(t, func(t *testing.T) {
		c := newCalendar(t, "mdy", standing, visit.Look{})
		f := newHand(c.win)
		for _, tag := range []string{"month.2", "pin.1", "pin.1", "pin.1", "pin.9", "pin.8", "pin.8"} {
			f.tap(middle(c.key(t, tag)))
		}
		if want := (request.Date{Year: 1988, Month: 2, Day: 11}); c.got != want {
			t.Errorf("entered %v, want %v", c.got, want)
		}
	})
}

func TestDeletingHeldDownEndsWithThePad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCalendar(t, "mdy", standing, visit.Look{})
		c.entry.Fill(october16, request.Half{Part: "y"})
		f := newHand(c.win)
		f.move(middle(c.key(t, "pin.delete")))
		f.press()
		f.pass(holdFirst + holdLimit*holdNext)
		f.lift()
		if c.got != (request.Date{}) || c.entry.Asked() != request.MonthPart {
			t.Errorf("left %v, and %s is asked for", c.got, c.entry.Asked())
		}
	})
}
