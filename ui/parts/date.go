package parts

import (
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/ui/look"
)

// DateEntry takes a date: the month from a grid of twelve, day and year from a pad.
// A part that is complete goes on to the next by itself; a touch on month, day or
// year ("birth.month" and so on, in every question) goes back to it. A real
// keyboard, a scanner and the arrow keys do the same (datekeys.go). What is entered
// is reported with every touch, and how it goes on stands in dial.go.
type DateEntry struct {
	base
	spec   DateSpec
	dial   dial
	boxes  []*dateBox
	months *months
	pad    *Pad
	turned turned // when grid and pad changed places
	word   string // letters of a month so far, from a real keyboard
	run    string // what a real keyboard or a scanner has typed without a break
	bare   bool   // the run may be a date without separators
}

// turned is a touch after which grid and pad have changed places under the finger.
type turned struct {
	cell int // of grid or pad that was touched
	at   time.Time
}

// DateSpec describes the entry of a date.
type DateSpec struct {
	Order            string // parts as the language writes them: "mdy" or "dmy"
	Month, Day, Year string // headings
	Months           [12]string
	Clear            string // word on the key that empties the part
	Delete           string // words for the key that deletes, said only
	Start            int    // year where the arrow keys begin
	Last             int    // latest year that can be meant
	Width            float32
	Calm             time.Duration           // how soon after the first the second tap of a double tap comes
	Refuses          func(request.Date) bool // no completion of this can be
	Changed          func(request.Date, request.Half)
	Submit           func() // the Enter key, when there is nothing to go on with here
}

// Keys of grid and pad, in design pixels.
const (
	dateKeyHeight = 136
	dateKeyLying  = 104 // the boxes and they fit a lying screen below the message of the demo phone
)

// NewDateEntry returns an entry with nothing entered.
func NewDateEntry(st look.Style, spec DateSpec) *DateEntry {
	e := &DateEntry{spec: spec, dial: newDial(spec.Order, spec.Refuses)}
	e.st = st
	names := map[request.Part]string{request.MonthPart: spec.Month, request.DayPart: spec.Day, request.YearPart: spec.Year}
	for _, p := range e.dial.order {
		b := newDateBox(e, p, names[p], e.boxWidth(spec.Width))
		e.boxes, e.objects = append(e.boxes, b), append(e.objects, b)
	}
	size := fyne.NewSize((spec.Width/st.Px(1)-(gridColumns-1)*padGap)/gridColumns, dateKeyHeight)
	if st.Wide {
		size.Height = dateKeyLying
	}
	e.months = newMonths(st, size, spec.Months, e.pick, e.refocus)
	e.pad = NewPad(st, PadSpec{Target: e, Key: size, Clear: spec.Clear, Delete: spec.Delete})
	e.pad.stop.Hidden = true // the keys of the date go through it
	e.objects = append(e.objects, e.months, e.pad)
	for _, keys := range [][]*key{e.months.keys, e.pad.keys} {
		for i, k := range keys {
			k.spec.deaf = func() bool { return e.deaf(i) }
		}
	}
	e.ExtendBaseWidget(e)
	e.Fill(request.Date{}, request.Half{})
	return e
}

// Fill replaces what is entered without reporting it.
func (e *DateEntry) Fill(date request.Date, half request.Half) {
	e.dial.fill(date, half)
	e.show()
}

// Tell marks the part that is asked for while a sentence says what is wrong.
func (e *DateEntry) Tell(wrong bool) {
	for _, b := range e.boxes {
		if b.wrong != wrong {
			b.wrong = wrong
			b.Refresh()
		}
	}
}

// Asked is the part that is asked for.
func (e *DateEntry) Asked() request.Part { return e.dial.half.Part }

// Target is what takes a real keyboard now, to be focused.
func (e *DateEntry) Target() fyne.Focusable {
	for _, b := range e.boxes {
		if b.part == e.Asked() {
			return b
		}
	}
	return nil
}

// AskMissing asks for the first part that is missing, if one is.
func (e *DateEntry) AskMissing() {
	if p := e.dial.missing(); p != "" && !e.dial.half.Waits() {
		e.dial.ask(p)
		e.show()
		e.focus()
	}
}

// Type takes a digit of the pad.
func (e *DateEntry) Type(r rune) { e.tap("pin."+string(r), func() { e.dial.digit(r) }) }

// Delete takes the last digit away, and goes back over the parts.
func (e *DateEntry) Delete() { e.tap("pin.delete", e.dial.delete) }

// Clear empties the part that is asked for.
func (e *DateEntry) Clear() { e.tap("pin.clear", e.dial.clear) }

func (e *DateEntry) pick(month int) {
	e.tap(e.months.keys[month-1].Tag(), func() { e.dial.pick(month) })
	e.focus()
}

// tap is a touch on a key of grid or pad. When these change places for it, the
// second tap of a double tap would act on what is there now.
func (e *DateEntry) tap(tag string, do func()) {
	before := e.months.Visible()
	e.touch(do)
	if e.months.Visible() == before {
		return
	}
	for _, keys := range [][]*key{e.months.keys, e.pad.keys} {
		for i, k := range keys {
			if k.Tag() == tag {
				e.turned = turned{i, time.Now()}
			}
		}
	}
}

// deaf reports whether a finger that comes down on a cell means what was there before.
func (e *DateEntry) deaf(cell int) bool {
	return cell == e.turned.cell && time.Since(e.turned.at) < e.spec.Calm
}

// askBy is a touch on a part.
func (e *DateEntry) askBy(b *dateBox) {
	e.touch(func() { e.dial.ask(b.part) })
	e.focus()
}

// gained is the focus on a part.
func (e *DateEntry) gained(p request.Part) {
	if p != e.Asked() {
		e.touch(func() { e.dial.ask(p) })
	}
}

// touch does something to the date and reports it, also when nothing changes: it
// was a touch. What a keyboard types after it is a run of its own.
func (e *DateEntry) touch(do func()) {
	e.run, e.word, e.months.cursor = "", "", 0
	do()
	e.changed()
}

func (e *DateEntry) changed() {
	e.show()
	e.spec.Changed(e.dial.date, e.dial.half)
}

func (e *DateEntry) show() {
	for _, b := range e.boxes {
		b.show(&e.dial, e.spec.Months)
	}
	month := e.Asked() == request.MonthPart
	e.months.Hidden, e.pad.Hidden = !month, month
	e.months.show(e.dial.date.Month)
	e.Refresh()
}

func (e *DateEntry) focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil {
		c.Focus(e.Target())
	}
}

// refocus gives the focus back, as long as the entry is there.
func (e *DateEntry) refocus() {
	if shown(e) {
		e.focus()
	}
}

// CreateRenderer implements fyne.Widget.
func (e *DateEntry) CreateRenderer() fyne.WidgetRenderer { return drawing{e} }

func (e *DateEntry) boxWidth(width float32) float32 { return (width - 2*e.st.Px(padGap)) / 3 }

func (e *DateEntry) measure() fyne.Size {
	return fyne.NewSize(e.spec.Width, e.boxes[0].MinSize().Height+e.st.Px(look.Gap)+e.pad.MinSize().Height)
}

func (e *DateEntry) place(size fyne.Size) {
	w, h := e.boxWidth(size.Width), e.boxes[0].MinSize().Height
	for i, b := range e.boxes {
		put(b, float32(i)*(w+e.st.Px(padGap)), 0, w, h)
	}
	y := h + e.st.Px(look.Gap)
	put(e.months, 0, y, size.Width, e.months.MinSize().Height)
	put(e.pad, 0, y, size.Width, e.pad.MinSize().Height)
}
