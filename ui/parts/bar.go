package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// Bar is the top of every screen: whose service this is, help, text size,
// contrast and language, always at the same place.
type Bar struct {
	base
	ground  *canvas.Rectangle
	name    *Text
	buttons []*Button
}

// BarSpec describes the top bar. Language is the name of the language that a
// touch changes to; "" leaves the button out. Without OnHelp its button is left
// out, and its place stays free.
type BarSpec struct {
	Name, Help, Smaller, Bigger, Language string
	OnHelp, OnSmaller, OnBigger           func()
	OnContrast, OnLanguage                func()
	AtSmallest, AtBiggest                 bool
}

// NewBar returns the top bar.
func NewBar(st look.Style, spec BarSpec) *Bar {
	b := &Bar{ground: canvas.NewRectangle(st.Bar)}
	b.st = st
	b.ground.StrokeColor, b.ground.StrokeWidth = st.Bar, 0
	b.objects = []fyne.CanvasObject{b.ground}
	side := st.Px(104)
	b.add(Spec{Tag: "top.help", Icon: "help", Title: spec.Help, Width: barWidth(st, spec.Help) + st.Px(iconSide-8), Tap: spec.OnHelp}, false)
	b.buttons[0].Hidden = spec.OnHelp == nil
	b.add(Spec{Tag: "top.smaller", Title: spec.Smaller, Width: side, Tap: spec.OnSmaller}, spec.AtSmallest)
	b.add(Spec{Tag: "top.bigger", Title: spec.Bigger, Width: side, Tap: spec.OnBigger}, spec.AtBiggest)
	b.add(Spec{Tag: "top.contrast", Icon: "contrast", Width: side, Tap: spec.OnContrast}, false)
	if spec.Language != "" {
		w := max(barWidth(st, spec.Language), st.Px(168))
		b.add(Spec{Tag: "top.language", Title: spec.Language, Width: w, Tap: spec.OnLanguage}, false)
	}
	typ := Type{Size: st.Fixed(look.LeadSize), Bold: true, Color: st.OnBar}
	b.name = NewText(st, typ, st.Px(st.W)-b.used()-st.Px(32), spec.Name)
	if len(b.name.lines) > 2 { // a long name on a narrow screen
		typ.Size = st.Px(look.SmallSize)
		b.name = NewText(st, typ, b.name.width, spec.Name)
	}
	b.objects = append(b.objects, b.name)
	b.ExtendBaseWidget(b)
	return b
}

// barWidth is how wide a button with a word is.
func barWidth(st look.Style, word string) float32 {
	return textWidth(word, st.Fixed(look.LeadSize), true) + st.Px(36)
}

func (b *Bar) add(spec Spec, off bool) {
	spec.Kind = OnBar
	button := NewButton(b.st, spec)
	if off {
		button.Disable()
	}
	b.buttons, b.objects = append(b.buttons, button), append(b.objects, button)
}

// used is the room for the buttons and the edge.
func (b *Bar) used() float32 {
	w := b.st.Px(40)
	for _, button := range b.buttons {
		w += button.spec.Width + b.st.Px(look.Near)
	}
	return w
}

// Sizes is where the buttons for the size of the text are, in the bar.
func (b *Bar) Sizes() (fyne.Position, fyne.Size) {
	from, to := b.buttons[1], b.buttons[2]
	at := from.Position()
	return at, fyne.NewSize(to.Position().X+to.Size().Width-at.X, from.Size().Height)
}

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer { return drawing{b} }

func (b *Bar) measure() fyne.Size { return fyne.NewSize(0, b.st.Px(look.BarHeight)) }

func (b *Bar) place(size fyne.Size) {
	put(b.ground, 0, 0, size.Width, size.Height)
	h := b.name.MinSize().Height
	put(b.name, b.st.Px(40), (size.Height-h)/2, b.name.width, h)
	x := size.Width - b.st.Px(40)
	side := b.st.Px(look.Target)
	for i := len(b.buttons) - 1; i >= 0; i-- {
		w := b.buttons[i].spec.Width
		x -= w
		put(b.buttons[i], x, (size.Height-side)/2, w, side)
		x -= b.st.Px(look.Near)
	}
}

// Progress says in words which question this is, and shows it beside them: a row
// of segments, one a question. One that is still ahead is an empty frame.
type Progress struct {
	base
	words    *Text
	segments []*canvas.Rectangle
}

// ProgressSpec describes the progress: N questions, of which the ones before At are
// answered.
type ProgressSpec struct {
	Words string
	N, At int
	Width float32
}

// NewProgress returns the progress.
func NewProgress(st look.Style, spec ProgressSpec) *Progress {
	p := &Progress{}
	p.st = st
	typ := Type{Size: st.Fixed(look.SmallSize), Bold: true, Color: st.Title}
	p.words = NewText(st, typ, min(textWidth(spec.Words, typ.Size, true)+1, spec.Width/2), spec.Words)
	p.objects = []fyne.CanvasObject{p.words}
	for i := range spec.N {
		s := empty(st)
		s.CornerRadius = st.Px(progressHigh / 2)
		switch {
		case i < spec.At:
			s.FillColor, s.StrokeColor = st.Done, st.Done
		case i == spec.At:
			s.FillColor, s.StrokeColor = st.Title, st.Title
		}
		p.segments, p.objects = append(p.segments, s), append(p.objects, s)
	}
	p.ExtendBaseWidget(p)
	return p
}

const progressHigh = 18

// empty is the frame of what is still to come.
func empty(st look.Style) *canvas.Rectangle {
	r := canvas.NewRectangle(st.Page)
	r.StrokeColor, r.StrokeWidth = st.Edge, st.Px(look.Stroke)
	return r
}

// CreateRenderer implements fyne.Widget.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer { return drawing{p} }

func (p *Progress) measure() fyne.Size { return fyne.NewSize(0, p.words.MinSize().Height) }

func (p *Progress) place(size fyne.Size) {
	n, gap, x := float32(len(p.segments)), p.st.Px(14), p.words.width+p.st.Px(24)
	w, h := (size.Width-x-(n-1)*gap)/n, p.st.Px(progressHigh)
	put(p.words, 0, 0, p.words.width, size.Height)
	for i, s := range p.segments {
		put(s, x+float32(i)*(w+gap), (size.Height-h)/2, w, h)
	}
}

// Meter shows how far something is, from 0 to 1.
type Meter struct {
	base
	back, front *canvas.Rectangle
	part        float32
}

// NewMeter returns an empty meter.
func NewMeter(st look.Style) *Meter {
	m := &Meter{back: empty(st), front: canvas.NewRectangle(st.Done)}
	m.st = st
	m.back.CornerRadius, m.front.CornerRadius = st.Px(14), st.Px(14)
	m.objects = []fyne.CanvasObject{m.back, m.front}
	m.ExtendBaseWidget(m)
	return m
}

// Set fills the meter.
func (m *Meter) Set(part float32) {
	m.part = max(0, min(part, 1))
	m.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (m *Meter) CreateRenderer() fyne.WidgetRenderer { return drawing{m} }

func (m *Meter) measure() fyne.Size { return fyne.NewSize(0, m.st.Px(28)) }

func (m *Meter) place(size fyne.Size) {
	put(m.back, 0, 0, size.Width, size.Height)
	put(m.front, 0, 0, size.Width*m.part, size.Height)
}
