package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// Kind is how strong a button is.
type Kind int

// The kinds of button.
const (
	Secondary Kind = iota // outlined
	Primary               // the one strong button of a screen
	Choice                // a card: icon, title and a line below, left aligned
	Item                  // a line of a list: a Choice that is less high
	Small                 // as high as a target, for Change, Up and Down
	OnBar                 // in the top bar
)

// Spec describes a button.
type Spec struct {
	Tag   string
	Kind  Kind
	Icon  string // of assets/icons, may be empty
	Title string // may be empty in the top bar
	Sub   string // of a Choice
	Width float32
	Least float32 // height in design pixels, when more than usual
	Tap   func()

	Erases bool   // it ends the visit: of the stops last but for the bar, and nothing begins with it
	Sure   string // asked when a key presses it, and only the second press erases; a touch erases at once
}

// Button is what a finger touches.
type Button struct {
	control
	spec       Spec
	picked     bool
	sure       bool // asked, the next press of a key does it
	marked     bool // touched, and what it leads to is not there yet
	ring, face *canvas.Rectangle
	tint       *canvas.Rectangle
	icon       *canvas.Image
	title, sub *Text
}

// NewButton returns a button.
func NewButton(st look.Style, spec Spec) *Button {
	b := &Button{
		spec: spec,
		ring: canvas.NewRectangle(color.Transparent), face: canvas.NewRectangle(color.Transparent),
		tint: canvas.NewRectangle(color.Transparent),
	}
	b.st, b.tag, b.refresh = st, spec.Tag, b.Refresh
	if spec.Tap != nil {
		b.tap = b.touch
	}
	if spec.Sure != "" {
		b.strike = b.askFirst
	}
	b.ring.StrokeWidth = st.Px(look.Ring)
	b.face.CornerRadius, b.face.StrokeWidth = st.Px(look.Radius), st.Px(look.Stroke)
	b.tint.CornerRadius = st.Px(16)
	b.ExtendBaseWidget(b)
	b.build()
	return b
}

// build makes text and icon for the spec.
func (b *Button) build() {
	st, s := b.st, b.spec
	b.objects = []fyne.CanvasObject{b.ring, b.face}
	if s.Icon != "" {
		b.icon = canvas.NewImageFromResource(look.Icon(s.Icon, b.ink()))
		b.icon.FillMode = canvas.ImageFillContain
		b.objects = append(b.objects, b.tint, b.icon)
	}
	typ := Type{Size: st.Large(look.ButtonSize), Bold: true, Align: fyne.TextAlignCenter}
	switch s.Kind {
	case Choice:
		typ.Align = fyne.TextAlignLeading
	case Item:
		typ.Align, typ.Size = fyne.TextAlignLeading, st.Font(look.LeadSize)
	case Small, OnBar:
		typ.Size = st.Fixed(look.LeadSize)
	case Primary, Secondary:
	}
	if s.Title != "" {
		typ.Color = b.ink()
		b.title = NewText(st, typ, b.textWidth(), s.Title)
		b.objects = append(b.objects, b.title)
	}
	if s.Sub != "" {
		sub := Type{Size: st.Font(look.BodySize), Color: st.Muted}
		b.sub = NewText(st, sub, b.textWidth(), s.Sub)
		b.objects = append(b.objects, b.sub)
	}
	b.paint()
}

// Pick marks a button as the one that is chosen.
func (b *Button) Pick(on bool) {
	if b.picked != on {
		b.picked = on
		b.Refresh()
	}
}

// touch acts. The button stays marked while the next screen loads.
func (b *Button) touch() {
	b.mark(true)
	b.spec.Tap()
}

func (b *Button) mark(on bool) {
	if b.marked != on {
		b.marked = on
		b.Refresh()
	}
}

// down reports whether the button looks pressed: its colours change places.
func (b *Button) down() bool { return !b.off && (b.marked || b.press.shown()) }

// Picked reports whether the button is marked.
func (b *Button) Picked() bool { return b.picked }

// Rename replaces the title.
func (b *Button) Rename(title string) {
	if b.title != nil {
		b.title.Set(title)
		b.Refresh()
	}
}

// Turn turns the button on or off.
func (b *Button) Turn(on bool) { b.turn(!on) }

// Erases reports whether the button ends the visit.
func (b *Button) Erases() bool { return b.spec.Erases }

// Lines is how many lines the title takes.
func (b *Button) Lines() int { return len(b.title.lines) }

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer { return drawing{b} }

func (b *Button) strong() bool { return b.spec.Kind == Primary || b.picked }

// listed reports whether the button is one of several to choose from, left aligned.
func (b *Button) listed() bool { return b.spec.Kind == Choice || b.spec.Kind == Item }

func (b *Button) ink() color.NRGBA {
	fill, ink := b.colors()
	if b.down() {
		return fill
	}
	return ink
}

// colors are the ground and the words of a button that nobody touches.
func (b *Button) colors() (fill, ink color.NRGBA) {
	st := b.st
	switch {
	case b.off && b.spec.Kind == OnBar:
		return st.Bar, st.BarLine
	case b.off:
		return st.Off, st.OnOff
	case b.strong():
		return st.Action, st.OnAction
	case b.spec.Kind == OnBar:
		return st.Bar, st.OnBar
	}
	return st.Card, st.Title
}

func (b *Button) paint() {
	st := b.st
	fill, ink := b.colors()
	line, ring := st.Frame, st.Focus
	switch {
	case b.off, b.strong():
		line = fill
	case b.spec.Kind == OnBar:
		line, ring = st.BarLine, st.FocusBar
	case b.listed():
		line = st.Edge
	}
	if b.down() {
		fill = ink
	}
	b.face.FillColor, b.face.StrokeColor = fill, line
	b.ring.StrokeColor = color.Transparent
	if b.focused {
		b.ring.StrokeColor = ring
	}
	if b.title != nil {
		b.title.Recolour(b.ink())
	}
	if b.sub != nil {
		sub := st.Muted
		if b.strong() || b.off || b.down() {
			sub = b.ink()
		}
		b.sub.Recolour(sub)
	}
	b.paintIcon()
}

func (b *Button) paintIcon() {
	if b.icon == nil {
		return
	}
	ink := b.ink()
	b.tint.FillColor = color.Transparent
	if b.listed() && !b.off {
		b.tint.FillColor, ink = b.st.Tint, b.st.OnTint
		if b.picked {
			b.tint.FillColor, ink = b.st.OnAction, b.st.Action
		}
	}
	b.icon.Resource = look.Icon(b.spec.Icon, ink)
	if b.spec.Icon == "check" { // an empty box until it is picked
		b.icon.Hidden = !b.picked
		b.tint.StrokeColor, b.tint.StrokeWidth = b.st.Edge, b.st.Px(look.Stroke)
		if !b.picked {
			b.tint.FillColor = b.st.Card
		}
	}
	b.icon.Refresh()
}

// Room around and between, in design pixels.
const (
	buttonPad  = 28
	choicePad  = 40
	choiceTint = 104
	itemTint   = 64
	choiceGap  = 36
	iconSide   = 56
)

// tintSide is how large the square behind the icon of a choice is.
func (b *Button) tintSide() float32 {
	if b.st.Tight {
		return 80
	}
	return choiceTint
}

func (b *Button) iconWidth() float32 {
	switch {
	case b.spec.Icon == "":
		return 0
	case b.spec.Kind == Choice:
		return b.st.Px(b.tintSide()) + b.st.Room(choiceGap)
	case b.spec.Kind == Item:
		return b.st.Px(itemTint + buttonPad)
	case b.spec.Title == "", b.spec.Kind == OnBar:
		return b.st.Px(iconSide)
	}
	return b.st.Px(iconSide + 20)
}

func (b *Button) pad() float32 {
	switch b.spec.Kind {
	case Choice:
		return b.st.Px(choicePad)
	case OnBar:
		return b.st.Px(8)
	case Small:
		return b.st.Px(20)
	case Primary, Secondary, Item:
	}
	return b.st.Px(buttonPad)
}

func (b *Button) textWidth() float32 { return b.spec.Width - 2*b.pad() - b.iconWidth() }

func (b *Button) textHeight() float32 {
	var h float32
	if b.title != nil {
		h += b.title.MinSize().Height
	}
	if b.sub != nil {
		h += b.sub.MinSize().Height + b.st.Px(4)
	}
	return h
}

func (b *Button) measure() fyne.Size {
	least, pad := float32(look.Tall), float32(12)
	switch b.spec.Kind {
	case Choice:
		least, pad = 168, 36
		if b.st.Tight {
			least, pad = 112, 12
		}
	case Item:
		least, pad = 112, 24
	case Small, OnBar:
		least = look.Target
	case Primary, Secondary:
	}
	least = max(least, b.spec.Least)
	return fyne.NewSize(b.spec.Width, max(b.st.High(least), b.textHeight()+2*b.st.Room(pad)))
}

func (b *Button) place(size fyne.Size) {
	st := b.st
	put(b.face, 0, 0, size.Width, size.Height)
	ringAround(st, b.ring, 0, 0, size.Width, size.Height)
	side, x := st.Px(iconSide), b.pad()
	textX, shift := b.pad()+b.iconWidth(), (size.Width-b.spec.Width)/2
	if b.listed() {
		shift = 0
		t := st.Px(b.tintSide())
		if b.spec.Kind == Item {
			t = st.Px(itemTint)
		}
		put(b.tint, x, (size.Height-t)/2, t, t)
		x += (t - side) / 2
	} else if b.title != nil && b.icon != nil { // icon right before the centred words
		free := b.textWidth() - b.widest()
		x += free/2 + shift
	} else if b.icon != nil {
		x = (size.Width - side) / 2
	}
	if b.icon != nil {
		put(b.icon, x, (size.Height-side)/2, side, side)
	}
	y := (size.Height - b.textHeight()) / 2
	if b.title != nil {
		h := b.title.MinSize().Height
		put(b.title, textX+shift, y, b.textWidth(), h)
		y += h + st.Px(4)
	}
	if b.sub != nil {
		put(b.sub, textX, y, b.textWidth(), b.sub.MinSize().Height)
	}
}

// widest is the width of the widest line of the title.
func (b *Button) widest() float32 {
	var w float32
	for _, l := range b.title.lines {
		w = max(w, l.MinSize().Width)
	}
	return w
}
