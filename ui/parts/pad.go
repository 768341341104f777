package parts

import (
	"fyne.io/fyne/v2"

	"vaxkiosk/ui/look"
)

// Pad is the number pad for PIN, pickup code and phone. Its keys are
// "pin.0" to "pin.9", "pin.clear" and "pin.delete".
type Pad struct {
	base
	keys   []*key
	target *Digits
}

// NewPad returns a pad that types into target.
func NewPad(st look.Style, target *Digits, clearWord string) *Pad {
	p := &Pad{target: target}
	p.st = st
	for _, d := range "123456789" {
		p.add(keySpec{tag: "pin." + string(d), label: string(d), tap: func() { target.Type(d) }})
	}
	p.add(keySpec{tag: "pin.clear", label: clearWord, dim: true, tap: target.Clear})
	p.add(keySpec{tag: "pin.0", label: "0", tap: func() { target.Type('0') }})
	p.add(keySpec{tag: "pin.delete", icon: "delete", dim: true, tap: target.Delete})
	p.ExtendBaseWidget(p)
	return p
}

func (p *Pad) add(spec keySpec) {
	do := spec.tap
	spec.tap = func() {
		do()
		p.target.focus()
	}
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
	padKeyWidth, padKeyHeight, padGap = 236, 136, 20
)

func (p *Pad) measure() fyne.Size {
	return fyne.NewSize(p.st.Px(3*padKeyWidth+2*padGap), p.st.Px(4*padKeyHeight+3*padGap))
}

func (p *Pad) place(size fyne.Size) {
	w, h, gap := p.st.Px(padKeyWidth), p.st.Px(padKeyHeight), p.st.Px(padGap)
	left := (size.Width - 3*w - 2*gap) / 2
	for i, k := range p.keys {
		put(k, left+float32(i%3)*(w+gap), float32(i/3)*(h+gap), w, h)
	}
}
