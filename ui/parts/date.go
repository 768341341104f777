package parts

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/request"
	"vaxkiosk/ui/look"
)

// DatePicker picks a birth date in three columns, each with a button for the
// value above and one for the value below, and jumps by ten years. Holding a
// button down repeats it. Nothing the visitor did not touch ever changes, so a
// day that a month lacks stays, and the form says so.
type DatePicker struct {
	base
	date    request.Date
	spec    DateSpec
	columns []*column
	earlier *Button
	later   *Button
}

// DateSpec describes a date picker.
type DateSpec struct {
	Order            string // columns as the language writes them: "mdy" or "dmy"
	Month, Day, Year string // headings
	Earlier, Later   string // ten years
	Months           [12]string
	Start            int // year that the first touch of the year shows
	Last             int // latest year
	Width            float32
	Changed          func(request.Date)
}

// NewDatePicker returns a picker with nothing picked.
func NewDatePicker(st look.Style, spec DateSpec) *DatePicker {
	p := &DatePicker{spec: spec}
	p.st = st
	w := (spec.Width - 2*st.Px(look.Gap)) / 3
	for _, part := range spec.Order {
		c := p.column(part, w)
		p.columns, p.objects = append(p.columns, c), append(p.objects, c)
	}
	half := (spec.Width - st.Px(look.Near)) / 2
	p.earlier = NewButton(st, Spec{
		Tag: "birth.earlier", Kind: Small, Icon: "up", Title: spec.Earlier, Width: half, Tap: func() { p.jump(-10) },
	})
	p.later = NewButton(st, Spec{
		Tag: "birth.later", Kind: Small, Icon: "down", Title: spec.Later, Width: half, Tap: func() { p.jump(10) },
	})
	p.objects = append(p.objects, p.earlier, p.later)
	p.ExtendBaseWidget(p)
	return p
}

func (p *DatePicker) column(part rune, width float32) *column {
	s, d := &p.spec, &p.date
	switch part {
	case 'm':
		return newColumn(p, "month", s.Month, width, &d.Month, 1, 12, 1, true, func(n int) string { return s.Months[n-1] })
	case 'd':
		return newColumn(p, "day", s.Day, width, &d.Day, 1, 31, 1, true, plain)
	}
	return newColumn(p, "year", s.Year, width, &d.Year, request.OldestYear, s.Last, s.Start, false, plain)
}

func plain(n int) string { return fmt.Sprint(n) }

// Fill replaces the date without reporting it.
func (p *DatePicker) Fill(d request.Date) {
	p.date = d
	p.show()
}

func (p *DatePicker) show() {
	for _, c := range p.columns {
		c.show()
	}
}

// jump moves the year by more than one step.
func (p *DatePicker) jump(by int) {
	if p.date.Year == 0 {
		p.date.Year = p.spec.Start
	} else {
		p.date.Year = max(request.OldestYear, min(p.date.Year+by, p.spec.Last))
	}
	p.changed()
}

func (p *DatePicker) changed() {
	p.show()
	p.spec.Changed(p.date)
}

// CreateRenderer implements fyne.Widget.
func (p *DatePicker) CreateRenderer() fyne.WidgetRenderer { return drawing{p} }

func (p *DatePicker) measure() fyne.Size {
	h := p.columns[0].MinSize().Height + p.st.Px(look.Gap)
	return fyne.NewSize(p.spec.Width, h+max(p.earlier.MinSize().Height, p.later.MinSize().Height))
}

func (p *DatePicker) place(size fyne.Size) {
	gap := p.st.Px(look.Gap)
	w := (size.Width - 2*gap) / 3
	ch := p.columns[0].MinSize().Height
	for i, c := range p.columns {
		put(c, float32(i)*(w+gap), 0, w, ch)
	}
	half := (size.Width - p.st.Px(look.Near)) / 2
	h := max(p.earlier.MinSize().Height, p.later.MinSize().Height)
	put(p.earlier, 0, ch+gap, half, h)
	put(p.later, half+p.st.Px(look.Near), ch+gap, half, h)
}

// column is month, day or year.
type column struct {
	base
	picker             *DatePicker
	value              *int
	from, to, start    int
	round              bool // after the last comes the first
	name               func(int) string
	head               *Text
	box                *canvas.Rectangle
	before, now, after *canvas.Text
	up, down           *stepper
}

func newColumn(p *DatePicker, tag, head string, width float32, value *int, from, to, start int, round bool, name func(int) string) *column {
	st := p.st
	c := &column{picker: p, value: value, from: from, to: to, start: start, round: round, name: name}
	c.st = st
	typ := Type{Size: st.Font(look.LeadSize), Bold: true, Color: st.Ink, Align: fyne.TextAlignCenter}
	c.head = NewText(st, typ, width, head)
	c.box = canvas.NewRectangle(st.Card)
	c.box.StrokeColor, c.box.StrokeWidth, c.box.CornerRadius = st.Frame, st.Px(4), st.Px(16)
	c.before, c.now, c.after = canvas.NewText("", st.Muted), canvas.NewText("", st.Title), canvas.NewText("", st.Muted)
	c.now.TextStyle.Bold = true
	for _, t := range []*canvas.Text{c.before, c.now, c.after} {
		t.Alignment = fyne.TextAlignCenter
	}
	c.up = newStepper(st, "birth."+tag+"-up", "up", func() { c.step(-1) })
	c.down = newStepper(st, "birth."+tag+"-down", "down", func() { c.step(1) })
	c.objects = []fyne.CanvasObject{c.head, c.up, c.before, c.box, c.now, c.after, c.down}
	c.ExtendBaseWidget(c)
	c.show()
	return c
}

// CreateRenderer implements fyne.Widget.
func (c *column) CreateRenderer() fyne.WidgetRenderer { return drawing{c} }

func (c *column) step(by int) {
	switch n := *c.value + by; {
	case *c.value == 0:
		*c.value = c.start
	case n >= c.from && n <= c.to:
		*c.value = n
	case c.round && n < c.from:
		*c.value = c.to
	case c.round:
		*c.value = c.from
	}
	c.picker.changed()
}

// at names a neighbour of the value, "" where there is none.
func (c *column) at(by int) string {
	n := *c.value + by
	switch {
	case *c.value == 0:
		return ""
	case c.round && n < c.from:
		n = c.to
	case c.round && n > c.to:
		n = c.from
	case n < c.from || n > c.to:
		return ""
	}
	return c.name(n)
}

func (c *column) show() {
	c.before.Text, c.after.Text = c.at(-1), c.at(1)
	c.now.Text = "–"
	if *c.value != 0 {
		c.now.Text = c.at(0)
	}
	c.Refresh()
}

// Heights of a column in design pixels.
const (
	stepHeight, sideHeight, nowHeight = 112, 76, 116
)

func (c *column) measure() fyne.Size {
	k := c.st.Fixed(1)
	return fyne.NewSize(c.head.width, c.head.MinSize().Height+c.st.Px(16)+2*c.st.Px(stepHeight)+k*(2*sideHeight+nowHeight))
}

func (c *column) place(size fyne.Size) {
	k, w := c.st.Fixed(1), size.Width
	h := c.head.MinSize().Height
	put(c.head, 0, 0, w, h)
	y := h + c.st.Px(16)
	put(c.up, 0, y, w, c.st.Px(stepHeight))
	y += c.st.Px(stepHeight)
	c.line(c.before, look.KeySize-4, y, w, k*sideHeight)
	y += k * sideHeight
	put(c.box, 0, y, w, k*nowHeight)
	c.line(c.now, look.FieldSize, y, w, k*nowHeight)
	y += k * nowHeight
	c.line(c.after, look.KeySize-4, y, w, k*sideHeight)
	y += k * sideHeight
	put(c.down, 0, y, w, c.st.Px(stepHeight))
}

// line places a value in its row, smaller when the name of a month is long.
func (c *column) line(t *canvas.Text, size, y, w, h float32) {
	t.TextSize = c.st.Fixed(size)
	for t.MinSize().Width > w-c.st.Px(16) && t.TextSize > c.st.Px(look.SmallSize) {
		t.TextSize -= c.st.Px(1)
	}
	th := t.MinSize().Height
	put(t, 0, y+(h-th)/2, w, th)
}

// stepper is a button that repeats while it is held down.
type stepper struct {
	control
	hold       *hold
	from       fyne.Position // where the finger came down
	ring, face *canvas.Rectangle
	icon       *canvas.Image
	name       string
}

func newStepper(st look.Style, tag, icon string, do func()) *stepper {
	s := &stepper{name: icon, ring: canvas.NewRectangle(color.Transparent), face: canvas.NewRectangle(st.Card)}
	s.st, s.tag, s.refresh = st, tag, s.Refresh
	s.hold = repeating(s, do)
	s.tap = s.hold.tap
	s.ring.StrokeWidth = st.Px(look.Ring)
	s.face.StrokeColor, s.face.StrokeWidth, s.face.CornerRadius = st.Edge, st.Px(look.Stroke), st.Px(16)
	s.icon = canvas.NewImageFromResource(look.Icon(icon, st.Title))
	s.icon.FillMode = canvas.ImageFillContain
	s.objects = []fyne.CanvasObject{s.ring, s.face, s.icon}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *stepper) CreateRenderer() fyne.WidgetRenderer { return drawing{s} }

func (s *stepper) paint() {
	s.ring.StrokeColor = color.Transparent
	if s.focused {
		s.ring.StrokeColor = s.st.Focus
	}
}

func (s *stepper) measure() fyne.Size { return fyne.NewSquareSize(s.st.Px(look.Target)) }

func (s *stepper) place(size fyne.Size) {
	put(s.face, 0, 0, size.Width, size.Height)
	ringAround(s.st, s.ring, 0, 0, size.Width, size.Height)
	side := s.st.Px(56)
	put(s.icon, (size.Width-side)/2, (size.Height-side)/2, side, side)
}
