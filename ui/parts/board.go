package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"vaxkiosk/ui/look"
)

// Room of the keyboard in design pixels.
const (
	keyHeight = 104
	keyGap    = 16
	keyEdge   = 16
	keyFoot   = 8  // below the gap that follows the last row
	boardEdge = 48 // lying: the keys end about where the buttons beside them do
)

// most is how many rows the layers of the keyboard have at most, so that it does
// not grow under the hand.
func (k *Keyboard) most() int {
	if k.letters() {
		return len(k.rowsOf("names"))
	}
	return len(k.rows)
}

func (k *Keyboard) measure() fyne.Size {
	rows := float32(k.most())
	return fyne.NewSize(k.st.Px(10*88+11*keyGap), k.st.Px(rows*keyHeight+(rows-1)*keyGap+2*24))
}

// unit is how wide the key of a letter is.
func (k *Keyboard) unit(width float32) float32 {
	return (width - 2*k.st.Px(keyEdge) - 9*k.st.Px(keyGap)) / 10
}

// place puts the rows at the bottom, where they stay whatever comes and goes above the
// keyboard; a layer with fewer rows leaves the first out.
func (k *Keyboard) place(size fyne.Size) {
	put(k.ground, 0, 0, size.Width, size.Height)
	step := k.st.Px(keyHeight + keyGap)
	end := size.Height - k.st.Px(keyFoot)
	if k.st.Wide {
		end -= k.st.Px(boardEdge - keyGap)
	}
	y := end - float32(len(k.rows))*step
	for _, row := range k.rows {
		k.placeRow(row, y, size.Width)
		y += step
	}
	edge, top := k.st.Px(2+look.Ring/2), k.rows[0][0].Position().Y-k.st.Px(keyGap-2)
	k.stop.draw(edge, top, size.Width-2*edge, y-k.st.Px(2)-top)
	if k.fan != nil {
		put(k.fan, 0, 0, size.Width, size.Height)
	}
}

func (k *Keyboard) placeRow(row []*key, y, width float32) {
	gap, edge, unit := k.st.Px(keyGap), k.st.Px(keyEdge), k.unit(width)
	used, stretch := -gap, float32(0)
	for _, key := range row {
		w := keyUnits(key)
		stretch += w.stretch
		used += w.units*unit + (w.units-1)*gap + gap
	}
	spare := max(0, width-2*edge-used)
	x := edge
	if stretch == 0 {
		x, spare = edge+spare/2, 0
	}
	for _, key := range row {
		u := keyUnits(key)
		w := u.units*unit + (u.units-1)*gap
		if stretch > 0 {
			w += spare * u.stretch / stretch
		}
		put(key, x, y, w, k.st.Px(keyHeight))
		x += w + gap
	}
}

// ground is what a touch between the keys hits: it keeps the field.
type ground struct {
	base
	rect *canvas.Rectangle
	tap  func()
	left func() // a finger has left
}

func newGround(st look.Style, tap, left func()) *ground {
	g := &ground{rect: canvas.NewRectangle(st.Board), tap: tap, left: left}
	g.st = st
	g.objects = []fyne.CanvasObject{g.rect}
	g.ExtendBaseWidget(g)
	return g
}

// Tapped keeps the field focused.
func (g *ground) Tapped(*fyne.PointEvent) { g.tap() }

// TappedSecondary keeps it, too.
func (g *ground) TappedSecondary(e *fyne.PointEvent) { g.Tapped(e) }

// MouseDown implements desktop.Mouseable.
func (g *ground) MouseDown(*desktop.MouseEvent) {}

// MouseUp keeps the field focused when a finger slid here from a key.
func (g *ground) MouseUp(*desktop.MouseEvent) { fyne.Do(g.left) }

// CreateRenderer implements fyne.Widget.
func (g *ground) CreateRenderer() fyne.WidgetRenderer { return drawing{g} }

func (g *ground) measure() fyne.Size   { return fyne.Size{} }
func (g *ground) place(size fyne.Size) { put(g.rect, 0, 0, size.Width, size.Height) }
