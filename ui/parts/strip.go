package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// Strip is the demo phone below the top bar: marked as a demonstration, it
// shows a message without covering anything.
type Strip struct {
	base
	ground     *canvas.Rectangle
	edge       *canvas.Rectangle
	icon       *canvas.Image
	head, text *Text
}

// NewStrip returns a strip over the whole width.
func NewStrip(st look.Style, head, text string) *Strip {
	s := &Strip{
		ground: canvas.NewRectangle(st.Demo), edge: canvas.NewRectangle(st.Line),
		icon: canvas.NewImageFromResource(look.Icon("phone", st.OnDemo)),
	}
	s.st = st
	s.icon.FillMode = canvas.ImageFillContain
	w := st.Px(st.W - 2*look.Margin - 88)
	s.head = NewText(st, Type{Size: st.Px(look.SmallSize), Bold: true, Color: st.OnDemo}, w, head)
	s.text = NewText(st, Type{Size: st.Px(look.SmallSize), Color: st.OnDemo}, w, text)
	s.objects = []fyne.CanvasObject{s.ground, s.edge, s.icon, s.head, s.text}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *Strip) CreateRenderer() fyne.WidgetRenderer { return drawing{s} }

func (s *Strip) measure() fyne.Size {
	return fyne.NewSize(0, s.head.MinSize().Height+s.text.MinSize().Height+s.st.Px(32))
}

func (s *Strip) place(size fyne.Size) {
	st := s.st
	put(s.ground, 0, 0, size.Width, size.Height)
	put(s.edge, 0, size.Height-st.Px(3), size.Width, st.Px(3))
	side := st.Px(64)
	put(s.icon, st.Px(look.Margin), (size.Height-side)/2, side, side)
	x, y := st.Px(look.Margin+88), st.Px(14)
	put(s.head, x, y, s.head.width, s.head.MinSize().Height)
	put(s.text, x, y+s.head.MinSize().Height, s.text.width, s.text.MinSize().Height)
}
