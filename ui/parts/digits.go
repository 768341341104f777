package parts

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// Digits shows the digits typed on a Pad: in boxes, hidden or not, or as a
// phone number in one box. It also takes digits from a real keyboard.
type Digits struct {
	control
	n          int
	hidden     bool
	phone      bool
	text       string
	changed    func(string)
	submit     func()
	onFocus    func()
	label      *Text
	ring       *canvas.Rectangle // around the box that is typed into next
	boxes      []*canvas.Rectangle
	characters []*canvas.Text
	dots       []*canvas.Circle
	told
	width float32
}

// DigitsSpec describes Digits. N is how many there are; Hidden shows dots.
type DigitsSpec struct {
	Tag, Label    string
	N             int
	Hidden, Phone bool
	Width         float32
	Changed       func(string)
	Submit        func() // the Enter key
}

// NewDigits returns empty digits.
func NewDigits(st look.Style, spec DigitsSpec) *Digits {
	d := &Digits{
		n: spec.N, hidden: spec.Hidden, phone: spec.Phone, changed: spec.Changed, submit: spec.Submit,
		label: Label(st, spec.Width, spec.Label),
		told:  told{fault: NewFault(st, spec.Width)}, width: spec.Width,
	}
	d.st, d.tag, d.refresh = st, spec.Tag, d.Refresh
	d.tap = d.focus
	d.ring = canvas.NewRectangle(color.Transparent)
	d.ring.StrokeWidth = st.Px(look.Ring)
	d.objects = []fyne.CanvasObject{d.label, d.ring}
	shown := d.n
	if d.phone {
		shown = 1
	}
	for range shown {
		d.addBox()
	}
	d.objects = append(d.objects, d.fault)
	d.ExtendBaseWidget(d)
	d.paint()
	return d
}

func (d *Digits) addBox() {
	box := canvas.NewRectangle(d.st.Card)
	box.CornerRadius, box.StrokeWidth = d.st.Px(18), d.st.Px(look.Stroke)
	d.boxes, d.objects = append(d.boxes, box), append(d.objects, box)
	if d.hidden {
		dot := canvas.NewCircle(d.st.Ink)
		d.dots, d.objects = append(d.dots, dot), append(d.objects, dot)
		return
	}
	char := canvas.NewText("", d.st.Ink)
	char.TextSize = d.st.Font(look.FieldSize)
	if !d.phone {
		char.TextSize = d.st.Fixed(64)
		char.Alignment = fyne.TextAlignCenter
	}
	d.characters, d.objects = append(d.characters, char), append(d.objects, char)
}

// Target is what takes a real keyboard.
func (d *Digits) Target() fyne.Focusable { return d }

func (d *Digits) focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(d); c != nil {
		c.Focus(d)
	}
}

// refocus gives the focus back, as long as the digits are there.
func (d *Digits) refocus() {
	if shown(d) {
		d.focus()
	}
}

// CreateRenderer implements fyne.Widget.
func (d *Digits) CreateRenderer() fyne.WidgetRenderer { return drawing{d} }

// OnFocus sets who is told when the digits get the focus.
func (d *Digits) OnFocus(do func()) { d.onFocus = do }

// FocusGained tells the screen, which may bring the pad.
func (d *Digits) FocusGained() {
	d.control.FocusGained()
	if d.onFocus != nil {
		d.onFocus()
	}
}

// Fill replaces the digits without reporting them.
func (d *Digits) Fill(s string) {
	if s != d.text {
		d.text = s
		d.Refresh()
	}
}

// Text returns the digits.
func (d *Digits) Text() string { return d.text }

// Tell says what is wrong; "" for nothing.
func (d *Digits) Tell(problem string) {
	d.say(problem)
	d.Refresh()
}

// Type enters a digit, as long as there is room. Without room it is reported,
// too: it was a touch.
func (d *Digits) Type(r rune) {
	if r >= '0' && r <= '9' {
		s := d.text + string(r)
		d.change(s[:min(len(s), d.room())])
	}
}

// room is how many digits there are at most. A phone number may have the country's 1 in
// front, and one digit too many is taken and shown: if the last one were dropped silently, a
// digit typed twice in the middle would make it somebody else's number.
func (d *Digits) room() int {
	switch {
	case !d.phone:
		return d.n
	case strings.HasPrefix(d.text, "1"):
		return d.n + 2
	}
	return d.n + 1
}

// Delete takes the last digit away.
func (d *Digits) Delete() { d.change(d.text[:max(0, len(d.text)-1)]) }

// Clear takes all digits away.
func (d *Digits) Clear() { d.change("") }

func (d *Digits) change(s string) {
	d.text = s
	d.Refresh()
	d.changed(s)
}

// TypedRune takes digits from a real keyboard.
func (d *Digits) TypedRune(r rune) { d.keys().do(func() { d.Type(r) }) }

// TypedKey takes Backspace from a real keyboard.
func (d *Digits) TypedKey(e *fyne.KeyEvent) {
	d.control.TypedKey(e)
	if e.Name == fyne.KeyBackspace || e.Name == fyne.KeyDelete {
		d.keys().do(d.Delete)
	}
}

// KeyDown takes Enter, once for each time it is pressed. The space bar is no digit.
func (d *Digits) KeyDown(e *fyne.KeyEvent) {
	switch {
	case !d.keys().press(d, e):
	case !enters(e):
		d.keys().inField(d, e, false)
	default:
		d.selected()
	}
}

func (d *Digits) selected() {
	if !d.keys().into(d) && d.submit != nil {
		d.submit()
	}
}

func (d *Digits) paint() {
	d.ring.StrokeColor = color.Transparent
	if d.focused {
		d.ring.StrokeColor = d.st.Focus
	}
	for i, box := range d.boxes {
		box.StrokeColor = d.st.Frame
		if d.Wrong() {
			box.StrokeColor = d.st.Error
		}
		switch {
		case d.hidden:
			d.dots[i].Hidden = i >= len(d.text)
		case d.phone:
			d.characters[i].Text = phoneSoFar(d.text)
			d.characters[i].TextSize = d.fitting(d.characters[i].Text)
		case i < len(d.text):
			d.characters[i].Text = d.text[i : i+1]
		default:
			d.characters[i].Text = ""
		}
	}
}

// fitting is the size in which a phone number fits its box, with digits too many as well.
func (d *Digits) fitting(s string) float32 {
	size, room := d.st.Font(look.FieldSize), d.width-2*d.st.Px(phonePad)
	if w := textWidth(s, size, false); w > room {
		size = float32(int(size * room / w))
	}
	return size
}

// phonePad is the room left and right of a phone number, in design pixels.
const phonePad = 28

// phoneSoFar writes typed digits the way a phone number is read.
func phoneSoFar(s string) string {
	if rest, one := strings.CutPrefix(s, "1"); one {
		return strings.TrimSpace("1 " + phoneSoFar(rest))
	}
	switch n := len(s); {
	case n > 6:
		return "(" + s[:3] + ") " + s[3:6] + "-" + s[6:]
	case n > 3:
		return "(" + s[:3] + ") " + s[3:]
	case n > 0:
		return "(" + s
	}
	return ""
}

func (d *Digits) boxSize() (w, h, gap float32) {
	gap = d.st.Px(look.Near + 8)
	if d.phone {
		return d.width, max(d.st.Px(112), d.st.Font(look.FieldSize)*1.6), gap
	}
	n := float32(d.n)
	w = min(d.st.Px(112), (d.width-gap*(n-1))/n)
	return w, d.st.Px(128), gap
}

func (d *Digits) labelHeight() float32 {
	if d.label.text == "" {
		return 0
	}
	return d.label.MinSize().Height + d.st.Px(10)
}

func (d *Digits) measure() fyne.Size {
	_, h, _ := d.boxSize()
	h += d.labelHeight()
	if d.fault.Visible() {
		h += d.st.Px(16) + d.fault.MinSize().Height
	}
	return fyne.NewSize(d.width, h)
}

func (d *Digits) place(size fyne.Size) {
	w, h, gap := d.boxSize()
	n := float32(len(d.boxes))
	all := n*w + (n-1)*gap
	x, y := float32(0), d.labelHeight()
	if !d.phone && !d.st.Wide && d.label.text == "" {
		x = (size.Width - all) / 2
	}
	put(d.label, 0, 0, size.Width, d.label.MinSize().Height)
	for i, box := range d.boxes {
		put(box, x, y, w, h)
		if i <= len(d.text) {
			ringAround(d.st, d.ring, x, y, w, h)
		}
		if d.hidden {
			r := d.st.Px(48)
			put(d.dots[i], x+(w-r)/2, y+(h-r)/2, r, r)
		} else {
			th := d.characters[i].MinSize().Height
			pad := float32(0)
			if d.phone {
				pad = d.st.Px(phonePad)
			}
			put(d.characters[i], x+pad, y+(h-th)/2, w-2*pad, th)
		}
		x += w + gap
	}
	put(d.fault, 0, y+h+d.st.Px(16), size.Width, d.fault.MinSize().Height)
}
