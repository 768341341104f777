package parts

import (
	"image/color"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/request"
	"vaxkiosk/ui/look"
)

// dateBox shows month, day or year. It has the focus while it is asked for.
type dateBox struct {
	control
	entry      *DateEntry
	part       request.Part
	label      *Text
	ring, face *canvas.Rectangle
	bar        *canvas.Rectangle // below the value of the part that is asked for
	value      *canvas.Text
	asked      bool
	wrong      bool // a sentence beside the date says why
}

func dateTag(p request.Part) string {
	switch p {
	case request.MonthPart:
		return "birth.month"
	case request.DayPart:
		return "birth.day"
	default:
		return "birth.year"
	}
}

func newDateBox(e *DateEntry, part request.Part, label string, width float32) *dateBox {
	st := e.st
	typ := Type{Size: st.Fixed(look.LeadSize), Bold: true, Color: st.Ink, Align: fyne.TextAlignCenter}
	b := &dateBox{
		entry: e, part: part, label: NewText(st, typ, width, label),
		ring: canvas.NewRectangle(color.Transparent), face: canvas.NewRectangle(st.Card),
		bar: canvas.NewRectangle(st.Focus), value: canvas.NewText("", st.Title),
	}
	b.st, b.tag, b.refresh = st, dateTag(part), b.Refresh
	b.tap = func() { e.askBy(b) }
	b.ring.StrokeWidth, b.face.CornerRadius, b.bar.CornerRadius = st.Px(look.Ring), st.Px(16), st.Px(4)
	b.face.StrokeWidth = st.Px(look.Stroke)
	b.value.TextStyle.Bold, b.value.Alignment = true, fyne.TextAlignCenter
	b.objects = []fyne.CanvasObject{b.ring, b.face, b.bar, b.label, b.value}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *dateBox) CreateRenderer() fyne.WidgetRenderer { return drawing{b} }

// Picked reports whether this is the part that is asked for.
func (b *dateBox) Picked() bool { return b.asked }

// Says is the part and what is entered of it.
func (b *dateBox) Says() string {
	return strings.TrimSpace(b.label.text + " " + strings.Trim(b.value.Text, blankDigit))
}

// blankDigit stands where a digit is still to be typed.
const blankDigit = "–"

// show brings the box up to date with what is entered.
func (b *dateBox) show(d *dial, months [12]string) {
	b.asked = d.half.Part == b.part
	b.value.Text = b.words(d, months)
	b.Refresh()
}

// words are the number, or what is typed of it and a mark for each digit to come.
func (b *dateBox) words(d *dial, months [12]string) string {
	n := *d.value(b.part)
	if b.part == request.MonthPart {
		if n < 1 || n > len(months) {
			return blankDigit
		}
		return months[n-1]
	}
	typed := ""
	if b.asked && d.half.Waits() {
		typed = d.half.Typed
	} else if n > 0 {
		return strconv.Itoa(n)
	}
	return typed + strings.Repeat(blankDigit, b.part.Digits()-len(typed))
}

// FocusGained asks for this part.
func (b *dateBox) FocusGained() {
	b.control.FocusGained()
	b.entry.gained(b.part)
}

// TypedRune takes what is typed on a real keyboard or by a scanner.
func (b *dateBox) TypedRune(r rune) { b.keys().do(func() { b.entry.typed(r) }) }

// TypedKey takes the keys that type nothing.
func (b *dateBox) TypedKey(e *fyne.KeyEvent) {
	b.control.TypedKey(e)
	b.keys().do(func() { b.entry.struck(e) })
}

// KeyDown takes Enter, once for each time it is pressed. Behind a part that has gone on by
// itself it swallows the Tab key once: who types "10 Tab 16" means the day.
func (b *dateBox) KeyDown(e *fyne.KeyEvent) {
	k := b.keys()
	switch {
	case !k.press(b, e):
	case enters(e):
		b.selected()
	case e.Name == fyne.KeyTab && b.entry.dial.moved && !k.shift:
		b.entry.dial.moved = false
	case !arrow(e):
		k.inField(b, e, false)
	}
}

func (b *dateBox) selected() { b.entry.enter() }

// arrow reports whether a key is one of those that go through the months, and up and down in
// day and year.
func arrow(e *fyne.KeyEvent) bool {
	return e.Name == fyne.KeyLeft || e.Name == fyne.KeyRight || e.Name == fyne.KeyUp || e.Name == fyne.KeyDown
}

func (b *dateBox) paint() {
	st := b.st
	b.face.StrokeColor, b.bar.Hidden = st.Edge, !b.asked
	if b.asked && b.wrong {
		b.face.StrokeColor = st.Error
	}
	b.ring.StrokeColor = color.Transparent
	if b.focused {
		b.ring.StrokeColor = st.Focus
	}
	b.face.FillColor, b.value.Color = st.Card, st.Title
	if b.press.shown() {
		b.face.FillColor, b.value.Color = st.Title, st.Card
	}
}

// Height of the value and of the bar below it, in design pixels.
const (
	dateBoxHeight = 120
	dateBarHeight = 8
)

func (b *dateBox) measure() fyne.Size {
	return fyne.NewSize(b.label.width, b.label.MinSize().Height+b.st.Px(12+dateBoxHeight))
}

func (b *dateBox) place(size fyne.Size) {
	y := b.label.MinSize().Height + b.st.Px(12)
	put(b.label, 0, 0, size.Width, b.label.MinSize().Height)
	put(b.face, 0, y, size.Width, size.Height-y)
	bar := b.st.Px(dateBarHeight)
	put(b.bar, b.st.Px(24), size.Height-2*bar, size.Width-b.st.Px(48), bar)
	ringAround(b.st, b.ring, 0, y, size.Width, size.Height-y)
	b.value.TextSize = b.st.Fixed(look.FieldSize)
	for b.value.MinSize().Width > size.Width-b.st.Px(24) && b.value.TextSize > b.st.Px(look.SmallSize) {
		b.value.TextSize -= b.st.Px(1)
	}
	h := b.value.MinSize().Height
	put(b.value, 0, y+(size.Height-y-h)/2, size.Width, h)
}
