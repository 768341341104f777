package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// Band marks a screen that is not for visitors.
type Band struct {
	base
	box  *canvas.Rectangle
	icon *canvas.Image
	text *Text
}

// NewBand returns a band with an icon and a few words.
func NewBand(st look.Style, width float32, icon, words string) *Band {
	b := &Band{
		box:  canvas.NewRectangle(st.Bar),
		icon: canvas.NewImageFromResource(look.Icon(icon, st.OnBar)),
		text: NewText(st, Type{Size: st.Fixed(look.BodySize), Bold: true, Color: st.OnBar}, width-st.Px(24+bandIcon+16+24), words),
	}
	b.st = st
	b.icon.FillMode = canvas.ImageFillContain
	b.box.StrokeColor, b.box.StrokeWidth, b.box.CornerRadius = st.BarLine, st.Px(2), st.Px(12)
	b.objects = []fyne.CanvasObject{b.box, b.icon, b.text}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *Band) CreateRenderer() fyne.WidgetRenderer { return drawing{b} }

const bandIcon = 44

func (b *Band) measure() fyne.Size { return fyne.NewSize(0, b.text.MinSize().Height+b.st.Px(16)) }

func (b *Band) place(size fyne.Size) {
	put(b.box, 0, 0, size.Width, size.Height)
	side := b.st.Px(bandIcon)
	put(b.icon, b.st.Px(24), (size.Height-side)/2, side, side)
	h := b.text.MinSize().Height
	put(b.text, b.st.Px(24+bandIcon+16), (size.Height-h)/2, b.text.width, h)
}

// Fact is a name and a value to compare with something in the hand.
type Fact struct{ Name, Value string }

// Facts shows facts below each other, the values large.
type Facts struct {
	base
	box   *canvas.Rectangle
	lines *Stack
}

// NewFacts returns a card with facts.
func NewFacts(st look.Style, width float32, facts ...Fact) *Facts {
	f := &Facts{box: canvas.NewRectangle(st.Card)}
	f.st = st
	f.box.StrokeColor, f.box.StrokeWidth, f.box.CornerRadius = st.Frame, st.Px(look.Stroke), st.Px(look.Radius)
	inner := width - st.Px(2*factPad)
	var lines []fyne.CanvasObject
	for _, fact := range facts {
		lines = append(lines, NewStack(st, 0,
			NewText(st, Type{Size: st.Font(look.SmallSize), Color: st.Muted}, inner, fact.Name),
			NewText(st, Type{Size: st.Large(factSize), Bold: true, Color: st.Title}, inner, fact.Value)))
	}
	f.lines = NewStack(st, look.Near, lines...)
	f.objects = []fyne.CanvasObject{f.box, f.lines}
	f.ExtendBaseWidget(f)
	return f
}

// CreateRenderer implements fyne.Widget.
func (f *Facts) CreateRenderer() fyne.WidgetRenderer { return drawing{f} }

const factPad, factSize = 32, 58

func (f *Facts) measure() fyne.Size {
	return fyne.NewSize(0, f.lines.MinSize().Height+2*f.st.Room(24))
}

func (f *Facts) place(size fyne.Size) {
	put(f.box, 0, 0, size.Width, size.Height)
	put(f.lines, f.st.Px(factPad), f.st.Room(24), size.Width-f.st.Px(2*factPad), f.lines.MinSize().Height)
}

// PadBoard is a pad where the keyboard stands on other screens, so that the two
// can take turns. A touch beside a key keeps its target.
type PadBoard struct {
	base
	ground *ground
	pad    *Pad
}

// NewPadBoard returns a board with a pad; touch is called by a touch that types
// nothing.
func NewPadBoard(st look.Style, pad *Pad, touch func()) *PadBoard {
	b := &PadBoard{pad: pad}
	b.st = st
	b.ground = newGround(st, func() {
		touch()
		pad.target.focus()
	}, pad.target.refocus)
	b.objects = []fyne.CanvasObject{b.ground, pad}
	b.ExtendBaseWidget(b)
	return b
}

// Target is what the pad types into.
func (b *PadBoard) Target() fyne.Focusable { return b.pad.target.Target() }

// CreateRenderer implements fyne.Widget.
func (b *PadBoard) CreateRenderer() fyne.WidgetRenderer { return drawing{b} }

func (b *PadBoard) measure() fyne.Size {
	return b.pad.MinSize().AddWidthHeight(0, b.st.Px(2*14)) // as high as the keyboard
}

func (b *PadBoard) place(size fyne.Size) {
	put(b.ground, 0, 0, size.Width, size.Height)
	h := b.pad.MinSize().Height
	y := (size.Height - h) / 2
	if b.st.Wide {
		y = size.Height - h - b.st.Px(boardEdge)
	}
	put(b.pad, 0, y, size.Width, h)
}
