package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// Answer is a row of the review: what was asked, what was answered, and a
// button to change it.
type Answer struct {
	base
	box         *canvas.Rectangle
	name, value *Text
	change      *Button
}

// AnswerSpec describes an answer.
type AnswerSpec struct {
	Tag, Name, Value, Change string
	Width                    float32
	Tap                      func()
}

// NewAnswer returns a row.
func NewAnswer(st look.Style, spec AnswerSpec) *Answer {
	a := &Answer{box: canvas.NewRectangle(st.Card)}
	a.st = st
	a.box.StrokeColor, a.box.StrokeWidth, a.box.CornerRadius = st.Line, st.Px(2), st.Px(look.Radius)
	bw := textWidth(spec.Change, st.Fixed(look.LeadSize), true) + st.Px(56)
	a.change = NewButton(st, Spec{Tag: spec.Tag, Kind: Small, Title: spec.Change, Width: bw, Tap: spec.Tap})
	w := spec.Width - bw - st.Px(32+24+24)
	a.name = NewText(st, Type{Size: st.Font(look.SmallSize), Color: st.Muted}, w, spec.Name)
	a.value = NewText(st, Type{Size: st.Font(look.LeadSize), Bold: true, Color: st.Ink}, w, spec.Value)
	a.objects = []fyne.CanvasObject{a.box, a.name, a.value, a.change}
	a.ExtendBaseWidget(a)
	return a
}

// CreateRenderer implements fyne.Widget.
func (a *Answer) CreateRenderer() fyne.WidgetRenderer { return drawing{a} }

func (a *Answer) measure() fyne.Size {
	text := a.name.MinSize().Height + a.value.MinSize().Height
	return fyne.NewSize(0, max(text, a.change.MinSize().Height)+a.st.Room(32))
}

func (a *Answer) place(size fyne.Size) {
	st := a.st
	put(a.box, 0, 0, size.Width, size.Height)
	text := a.name.MinSize().Height + a.value.MinSize().Height
	y := (size.Height - text) / 2
	put(a.name, st.Px(32), y, a.name.width, a.name.MinSize().Height)
	put(a.value, st.Px(32), y+a.name.MinSize().Height, a.value.width, a.value.MinSize().Height)
	h := a.change.MinSize().Height
	put(a.change, size.Width-a.change.spec.Width-st.Px(24), (size.Height-h)/2, a.change.spec.Width, h)
}

// ReceiptCard shows a receipt number as big as it can be.
type ReceiptCard struct {
	base
	box          *canvas.Rectangle
	name, number *Text
}

// NewReceiptCard returns a receipt.
func NewReceiptCard(st look.Style, width float32, name, number string) *ReceiptCard {
	r := &ReceiptCard{box: canvas.NewRectangle(st.Card)}
	r.st = st
	r.box.StrokeColor, r.box.StrokeWidth, r.box.CornerRadius = st.Frame, st.Px(look.Stroke), st.Px(look.Radius)
	inner := width - st.Px(64)
	r.name = NewText(st, Type{Size: st.Font(look.LeadSize), Color: st.Muted, Align: fyne.TextAlignCenter}, inner, name)
	typ := Type{Size: st.Px(96), Bold: true, Color: st.Title, Align: fyne.TextAlignCenter}
	r.number = NewText(st, typ, inner, number)
	r.objects = []fyne.CanvasObject{r.box, r.name, r.number}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *ReceiptCard) CreateRenderer() fyne.WidgetRenderer { return drawing{r} }

func (r *ReceiptCard) measure() fyne.Size {
	return fyne.NewSize(0, r.name.MinSize().Height+r.number.MinSize().Height+2*r.st.Room(32))
}

func (r *ReceiptCard) place(size fyne.Size) {
	x, y := r.st.Px(32), r.st.Room(32)
	put(r.box, 0, 0, size.Width, size.Height)
	put(r.name, x, y, r.name.width, r.name.MinSize().Height)
	put(r.number, x, y+r.name.MinSize().Height, r.number.width, r.number.MinSize().Height)
}
