package parts

import (
	"fyne.io/fyne/v2"

	"vaxkiosk/ui/look"
)

// Stack shows objects below each other at full width. Hidden ones take no room.
type Stack struct {
	base
	gap    float32
	placed []fyne.CanvasObject // in this order; the Tab key goes by objects
}

// NewStack returns a stack; gap is in design pixels.
func NewStack(st look.Style, gap float32, objects ...fyne.CanvasObject) *Stack {
	s := &Stack{gap: st.Px(gap), placed: objects}
	s.st, s.objects = st, lastErases(objects)
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *Stack) CreateRenderer() fyne.WidgetRenderer { return drawing{s} }

func (s *Stack) measure() fyne.Size {
	var size fyne.Size
	for _, o := range s.placed {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if size.Height > 0 {
			size.Height += s.gap
		}
		size.Height += m.Height
		size.Width = max(size.Width, m.Width)
	}
	return size
}

func (s *Stack) place(size fyne.Size) {
	var y float32
	for _, o := range s.placed {
		if !o.Visible() {
			continue
		}
		h := o.MinSize().Height
		put(o, 0, y, size.Width, h)
		y += h + s.gap
	}
}

// lastErases puts what erases at the end: where the Tab key comes last.
func lastErases(objects []fyne.CanvasObject) []fyne.CanvasObject {
	var others, erase []fyne.CanvasObject
	for _, o := range objects {
		if b, ok := o.(*Button); ok && b.Erases() {
			erase = append(erase, o)
		} else {
			others = append(others, o)
		}
	}
	return append(others, erase...)
}

// Row shows objects beside each other, all of one width unless Weigh says otherwise.
type Row struct {
	base
	gap    float32
	placed []fyne.CanvasObject // in this order; the Tab key goes by objects
	shares []float32           // of the width, nil for equal ones
}

// NewRow returns a row; gap is in design pixels.
func NewRow(st look.Style, gap float32, objects ...fyne.CanvasObject) *Row {
	r := &Row{gap: st.Px(gap), placed: objects}
	r.st, r.objects = st, lastErases(objects)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *Row) CreateRenderer() fyne.WidgetRenderer { return drawing{r} }

func (r *Row) measure() fyne.Size {
	var size fyne.Size
	for _, o := range r.placed {
		m := o.MinSize()
		size.Width += m.Width
		size.Height = max(size.Height, m.Height)
	}
	size.Width += r.gap * float32(len(r.placed)-1)
	return size
}

func (r *Row) place(size fyne.Size) {
	n := float32(len(r.placed))
	x, all := float32(0), size.Width-r.gap*(n-1)
	for i, o := range r.placed {
		w := all / n
		if r.shares != nil {
			w = all * r.shares[i]
		}
		put(o, x, 0, w, size.Height)
		x += w + r.gap
	}
}

// Weigh shares the width of a row: one number an object.
func (r *Row) Weigh(shares ...float32) *Row {
	r.shares = shares
	return r
}

// Gap is an empty place in a row.
type Gap struct{ base }

// NewGap returns an empty place.
func NewGap() *Gap {
	g := &Gap{}
	g.ExtendBaseWidget(g)
	return g
}

// CreateRenderer implements fyne.Widget.
func (g *Gap) CreateRenderer() fyne.WidgetRenderer { return drawing{g} }

func (g *Gap) measure() fyne.Size { return fyne.Size{} }
func (g *Gap) place(fyne.Size)    {}

// Catcher fills the ground of a screen and reports touches that hit nothing.
type Catcher struct {
	base
	touch func()
}

// NewCatcher returns a catcher.
func NewCatcher(touch func()) *Catcher {
	c := &Catcher{touch: touch}
	c.ExtendBaseWidget(c)
	return c
}

// Tapped reports the touch.
func (c *Catcher) Tapped(*fyne.PointEvent) { c.touch() }

// TappedSecondary reports it, too.
func (c *Catcher) TappedSecondary(e *fyne.PointEvent) { c.Tapped(e) }

// CreateRenderer implements fyne.Widget.
func (c *Catcher) CreateRenderer() fyne.WidgetRenderer { return drawing{c} }

func (c *Catcher) measure() fyne.Size { return fyne.Size{} }
func (c *Catcher) place(fyne.Size)    {}
