package parts

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// Columns of months and digits.
const gridColumns = 3

// months are the twelve months, a key each: "month.1" to "month.12".
type months struct {
	base
	keys   []*key
	size   fyne.Size // of a key in design pixels
	ring   *canvas.Rectangle
	cursor int // where the arrow keys are, 0 for nowhere
}

func newMonths(st look.Style, size fyne.Size, names [12]string, pick func(int), left func()) *months {
	m := &months{size: size, ring: canvas.NewRectangle(color.Transparent)}
	m.st = st
	m.ring.StrokeWidth, m.ring.StrokeColor = st.Px(look.Ring), st.Focus
	m.ring.CornerRadius, m.ring.Hidden = st.Px(16), true
	for i, name := range names {
		k := newKey(st, keySpec{
			tag: fmt.Sprintf("month.%d", i+1), label: name, size: look.KeySize,
			tap: func() { pick(i + 1) }, left: left,
		})
		m.keys, m.objects = append(m.keys, k), append(m.objects, k)
	}
	m.objects = append(m.objects, m.ring)
	m.ExtendBaseWidget(m)
	return m
}

// show marks the month that is picked, and where the arrow keys are.
func (m *months) show(picked int) {
	for i, k := range m.keys {
		k.light(i+1 == picked)
	}
	m.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (m *months) CreateRenderer() fyne.WidgetRenderer { return drawing{m} }

func (m *months) measure() fyne.Size { return gridSize(m.st, m.size, len(m.keys)) }

func (m *months) place(size fyne.Size) {
	placeGrid(m.st, m.size, m.keys, size.Width)
	m.ring.Hidden = m.cursor == 0
	if !m.ring.Hidden {
		k, d := m.keys[m.cursor-1], m.st.Px(look.Ring)
		put(m.ring, k.Position().X-d, k.Position().Y-d, k.Size().Width+2*d, k.Size().Height+2*d)
	}
}

// gridSize is the room of n keys of a size in design pixels.
func gridSize(st look.Style, key fyne.Size, n int) fyne.Size {
	rows := float32(n / gridColumns)
	return fyne.NewSize(st.Px(gridColumns*key.Width+(gridColumns-1)*padGap), st.Px(rows*key.Height+(rows-1)*padGap))
}

// placeGrid puts keys row by row into the middle of a width.
func placeGrid(st look.Style, key fyne.Size, keys []*key, width float32) {
	w, h, gap := st.Px(key.Width), st.Px(key.Height), st.Px(padGap)
	left := (width - gridColumns*w - (gridColumns-1)*gap) / 2
	for i, k := range keys {
		put(k, left+float32(i%gridColumns)*(w+gap), float32(i/gridColumns)*(h+gap), w, h)
	}
}
