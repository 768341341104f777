package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// Note is a box with a coloured edge: something good to know, or a trouble.
type Note struct {
	base
	trouble     bool
	edge, box   *canvas.Rectangle
	title, text *Text
}

// NewNote returns a note; a trouble may have a title.
func NewNote(st look.Style, width float32, title, text string) *Note {
	n := &Note{edge: canvas.NewRectangle(st.InfoEdge), box: canvas.NewRectangle(st.Info)}
	n.st = st
	inner := width - st.Px(96)
	n.title = NewText(st, Type{Size: st.Font(look.ButtonSize), Bold: true, Color: st.Ink}, inner, title)
	n.text = Body(st, inner, text)
	n.edge.TopLeftCornerRadius, n.edge.BottomLeftCornerRadius = st.Px(12), st.Px(12)
	n.box.CornerRadius = st.Px(12)
	n.box.StrokeWidth = st.Px(2)
	n.objects = []fyne.CanvasObject{n.box, n.edge, n.title, n.text}
	n.ExtendBaseWidget(n)
	n.Set(title, text)
	return n
}

// NewStatement returns a note in larger letters: something to agree to.
func NewStatement(st look.Style, width float32, text string) *Note {
	n := NewNote(st, width, "", "")
	n.text = NewText(st, Type{Size: st.Large(look.StatementSize), Color: st.Ink}, n.text.width, "")
	n.objects[len(n.objects)-1] = n.text
	n.Set("", text)
	return n
}

// Trouble turns the note into one about a trouble.
func (n *Note) Trouble() *Note {
	n.trouble = true
	n.edge.FillColor, n.box.FillColor = n.st.Error, n.st.ErrorPage
	n.title.Recolour(n.st.Error)
	return n
}

// Set replaces the words. A note without words is hidden.
func (n *Note) Set(title, text string) {
	n.title.Set(title)
	n.text.Set(text)
	n.title.Hidden = title == ""
	n.text.Hidden = text == ""
	if title == "" && text == "" {
		n.Hide()
	} else {
		n.Show()
	}
	n.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (n *Note) CreateRenderer() fyne.WidgetRenderer { return drawing{n} }

func (n *Note) measure() fyne.Size {
	h := 2 * n.st.Room(28)
	if !n.title.Hidden {
		h += n.title.MinSize().Height
	}
	if !n.text.Hidden {
		h += n.text.MinSize().Height
	}
	if !n.title.Hidden && !n.text.Hidden {
		h += n.st.Px(12)
	}
	return fyne.NewSize(n.text.width+n.st.Px(96), h)
}

func (n *Note) place(size fyne.Size) {
	put(n.box, 0, 0, size.Width, size.Height)
	put(n.edge, 0, 0, n.st.Px(12), size.Height)
	x, y := n.st.Px(48), n.st.Room(28)
	if !n.title.Hidden {
		h := n.title.MinSize().Height
		put(n.title, x, y, n.title.width, h)
		y += h + n.st.Px(12)
	}
	put(n.text, x, y, n.text.width, n.text.MinSize().Height)
}

// Fault is the sentence beside a field that says how to put it right, with an
// icon, so that it does not hang on colour alone.
type Fault struct {
	base
	box  *canvas.Rectangle
	icon *canvas.Image
	text *Text
}

// NewFault returns a hidden fault.
func NewFault(st look.Style, width float32) *Fault {
	f := &Fault{
		box:  canvas.NewRectangle(st.ErrorPage),
		icon: canvas.NewImageFromResource(look.Icon("alert", st.Error)),
		text: NewText(st, Type{Size: st.Font(look.BodySize), Color: st.Error}, width-st.Px(112), ""),
	}
	f.st = st
	f.box.CornerRadius = st.Px(12)
	f.box.StrokeColor, f.box.StrokeWidth = color.Transparent, 0
	f.objects = []fyne.CanvasObject{f.box, f.icon, f.text}
	f.ExtendBaseWidget(f)
	f.Hide()
	return f
}

// Set replaces the sentence; "" hides the fault.
func (f *Fault) Set(s string) {
	f.text.Set(s)
	if s == "" {
		f.Hide()
	} else {
		f.Show()
	}
}

// CreateRenderer implements fyne.Widget.
func (f *Fault) CreateRenderer() fyne.WidgetRenderer { return drawing{f} }

func (f *Fault) measure() fyne.Size {
	return fyne.NewSize(f.text.width+f.st.Px(112), f.text.MinSize().Height+f.st.Px(32))
}

func (f *Fault) place(size fyne.Size) {
	put(f.box, 0, 0, size.Width, size.Height)
	side := f.st.Px(48)
	put(f.icon, f.st.Px(20), (size.Height-side)/2, side, side)
	put(f.text, f.st.Px(88), f.st.Px(16), f.text.width, f.text.MinSize().Height)
}

// Emblem is a large icon on a square.
type Emblem struct {
	base
	box      *canvas.Rectangle
	icon     *canvas.Image
	centered bool
	width    float32
}

// NewEmblem returns an emblem, at the left or in the middle of a width.
func NewEmblem(st look.Style, icon string, width float32, centered bool) *Emblem {
	e := &Emblem{
		box: canvas.NewRectangle(st.Tint), icon: canvas.NewImageFromResource(look.Icon(icon, st.OnTint)),
		centered: centered, width: width,
	}
	e.st = st
	e.icon.FillMode = canvas.ImageFillContain
	e.box.CornerRadius = st.Px(32)
	e.objects = []fyne.CanvasObject{e.box, e.icon}
	e.Hidden = st.Tight // a picture is the first to make room
	e.ExtendBaseWidget(e)
	return e
}

// CreateRenderer implements fyne.Widget.
func (e *Emblem) CreateRenderer() fyne.WidgetRenderer { return drawing{e} }

const emblemSide, emblemIcon = 152, 96

func (e *Emblem) measure() fyne.Size { return fyne.NewSize(e.width, e.st.Px(emblemSide)) }

func (e *Emblem) place(size fyne.Size) {
	side, icon, x := e.st.Px(emblemSide), e.st.Px(emblemIcon), float32(0)
	if e.centered {
		x = (size.Width - side) / 2
	}
	put(e.box, x, 0, side, side)
	put(e.icon, x+(side-icon)/2, (side-icon)/2, icon, icon)
}
