package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// Doses is the table of a record: when, what, and where below it, with a remark
// in between. With large text the date stands above instead of beside.
type Doses struct {
	base
	rows   []doseRow
	beside bool
	dateW  float32
}

// DoseWords are the words of one dose.
type DoseWords struct{ Date, Vaccine, Remark, Detail string }

type doseRow struct {
	line  *canvas.Rectangle
	date  *Text
	lines []*Text // what, remark, where
}

// NewDoses returns a table; the headings come first, if there are some.
func NewDoses(st look.Style, width float32, heads [2]string, all []DoseWords) *Doses {
	d := &Doses{beside: st.Text < 1.5}
	d.st = st
	w := width - st.Px(56)
	for _, dose := range all { // as wide as the longest date, within reason
		d.dateW = max(d.dateW, textWidth(dose.Date, st.Font(32), false)+1)
	}
	d.dateW = min(d.dateW, 0.42*w)
	vw := w
	if d.beside {
		vw = w - d.dateW - st.Px(24)
		if heads[0] != "" {
			d.add(width, vw, Type{Bold: true, Color: st.Title, Size: st.Font(look.SmallSize)}, DoseWords{Date: heads[0], Vaccine: heads[1]})
		}
	}
	for _, dose := range all {
		d.add(width, vw, Type{Color: st.Ink, Size: st.Font(32)}, dose)
	}
	d.ExtendBaseWidget(d)
	return d
}

func (d *Doses) add(width, vaccineWidth float32, typ Type, words DoseWords) {
	st := d.st
	line := canvas.NewRectangle(st.Card)
	line.StrokeColor, line.StrokeWidth = st.Line, st.Px(2)
	if typ.Bold {
		line.FillColor = st.Info
	}
	soft := typ
	soft.Color, soft.Size = st.Muted, st.Font(look.SmallSize)
	date := typ
	dw := d.dateW
	if !d.beside {
		date, dw = soft, width-st.Px(56)
	}
	vaccine := typ
	vaccine.Bold = true
	remark := vaccine
	remark.Size = soft.Size
	r := doseRow{line: line, date: NewText(st, date, dw, words.Date), lines: []*Text{NewText(st, vaccine, vaccineWidth, words.Vaccine)}}
	if words.Remark != "" {
		r.lines = append(r.lines, NewText(st, remark, vaccineWidth, words.Remark))
	}
	if words.Detail != "" {
		r.lines = append(r.lines, NewText(st, soft, vaccineWidth, words.Detail))
	}
	d.rows = append(d.rows, r)
	d.objects = append(d.objects, r.line, r.date)
	for _, t := range r.lines {
		d.objects = append(d.objects, t)
	}
}

// CreateRenderer implements fyne.Widget.
func (d *Doses) CreateRenderer() fyne.WidgetRenderer { return drawing{d} }

func (d *Doses) height(r doseRow) float32 {
	var h float32
	for _, t := range r.lines {
		h += t.MinSize().Height
	}
	if d.beside {
		h = max(h, r.date.MinSize().Height)
	} else {
		h += r.date.MinSize().Height
	}
	return h + d.st.Px(32)
}

func (d *Doses) measure() fyne.Size {
	var h float32
	for _, r := range d.rows {
		h += d.height(r)
	}
	return fyne.NewSize(0, h)
}

func (d *Doses) place(size fyne.Size) {
	var y float32
	for _, r := range d.rows {
		h := d.height(r)
		put(r.line, 0, y, size.Width, h)
		x, ty := d.st.Px(28), y+d.st.Px(16)
		put(r.date, x, ty, r.date.width, r.date.MinSize().Height)
		if d.beside {
			x += d.dateW + d.st.Px(24)
		} else {
			ty += r.date.MinSize().Height
		}
		for _, t := range r.lines {
			put(t, x, ty, t.width, t.MinSize().Height)
			ty += t.MinSize().Height
		}
		y += h
	}
}
