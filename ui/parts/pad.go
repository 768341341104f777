package parts

import (
	"slices"

	"fyne.io/fyne/v2"

	"vaxkiosk/ui/look"
)

// Pad is the number pad for PIN, pickup code, phone and dates. Its keys are
// "pin.0" to "pin.9" wherever they stand, "pin.clear", "pin.delete" and, when
// asked for, "pin.mix".
type Pad struct {
	base
	keys   []*key
	size   fyne.Size // of a key in design pixels
	mix    *key      // below the others, or nil
	stop   *cells
	target padTarget
}

// padTarget is what a pad types into. It keeps the focus while its pad is touched.
type padTarget interface {
	Type(digit rune)
	Delete()
	Clear()
	Target() fyne.Focusable
	focus()
	refocus() // as long as it is there
}

// PadSpec describes a pad. The order is what a stranger who watches the hand
// cannot know; the visit draws it, and the screen is built again for another.
type PadSpec struct {
	Target padTarget
	Key    fyne.Size // of a key in design pixels; zero for the usual
	Clear  string    // word on the key that clears
	Delete string    // words for the key that deletes, said only
	Order  string    // the ten digits as they stand, row by row; "" and what lacks a digit for InOrder
	Mix    string    // words on the key that asks for another order; "" for no such key
	OnMix  func()
}

// InOrder is how digits stand on a telephone.
const InOrder = "1234567890"

// NewPad returns a pad.
func NewPad(st look.Style, spec PadSpec) *Pad {
	p := &Pad{target: spec.Target, size: spec.Key}
	p.st = st
	if p.size.IsZero() {
		p.size = fyne.NewSize(padKeyWidth, padKeyHeight)
		if st.Wide {
			p.size.Height = padKeyLow // leaves room above it
		}
	}
	p.stop = newCells(st, p.rows, p.target.Target, p.Refresh)
	p.objects = []fyne.CanvasObject{p.stop}
	order := spec.Order
	if !isOrder(order) {
		order = InOrder
	}
	for _, d := range order[:9] {
		p.digit(d)
	}
	p.add(keySpec{tag: "pin.clear", label: spec.Clear, dim: true, tap: p.target.Clear})
	p.digit(rune(order[9]))
	p.add(keySpec{
		tag: "pin.delete", icon: "delete", dim: true, repeats: true, tap: p.target.Delete, says: func() string { return spec.Delete },
	})
	if spec.Mix != "" {
		p.mix = newKey(st, keySpec{
			tag: "pin.mix", label: spec.Mix, size: look.LeadSize, dim: true, tap: spec.OnMix, left: p.target.refocus,
		})
		p.objects = append(p.objects, p.mix)
	}
	p.objects = append(p.objects, p.stop.ring)
	p.ExtendBaseWidget(p)
	return p
}

// rows are the keys as they stand.
func (p *Pad) rows() [][]*key {
	rows := slices.Collect(slices.Chunk(p.keys, gridColumns))
	if p.mix != nil {
		rows = append(rows, []*key{p.mix})
	}
	return rows
}

// isOrder reports whether s is every digit once.
func isOrder(s string) bool {
	digits := []byte(s)
	slices.Sort(digits)
	return string(digits) == "0123456789"
}

func (p *Pad) digit(d rune) {
	p.add(keySpec{tag: "pin." + string(d), label: string(d), tap: func() { p.target.Type(d) }})
}

func (p *Pad) add(spec keySpec) {
	do := spec.tap
	spec.tap = func() {
		do()
		p.target.focus()
	}
	spec.left = p.target.refocus
	spec.size = look.FieldSize
	if len(spec.label) > 1 {
		spec.size = look.LeadSize
	}
	k := newKey(p.st, spec)
	p.keys, p.objects = append(p.keys, k), append(p.objects, k)
}

// CreateRenderer implements fyne.Widget.
func (p *Pad) CreateRenderer() fyne.WidgetRenderer { return drawing{p} }

// Room of the pad in design pixels.
const (
	padKeyWidth, padKeyHeight, padKeyLow, padGap, mixHeight = 236, 136, 116, 20, 88
)

func (p *Pad) measure() fyne.Size {
	size := gridSize(p.st, p.size, len(p.keys))
	if p.mix != nil {
		size.Height += p.st.Px(padGap + mixHeight)
	}
	return size
}

func (p *Pad) place(size fyne.Size) {
	placeGrid(p.st, p.size, p.keys, size.Width)
	if p.mix != nil {
		grid := gridSize(p.st, p.size, len(p.keys))
		put(p.mix, (size.Width-grid.Width)/2, grid.Height+p.st.Px(padGap), grid.Width, p.st.Px(mixHeight))
	}
	whole, d := p.measure(), p.st.Px(4+look.Ring)
	p.stop.draw((size.Width-whole.Width)/2-d, -d, whole.Width+2*d, whole.Height+2*d)
}
