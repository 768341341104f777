package parts

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"vaxkiosk/ui/look"
)

// fan is the row of letters over a key held down. A finger slides to one of them
// and lets go, or lets go and touches one; a touch beside them closes the fan.
// Until then it takes every touch of the window.
type fan struct {
	base
	board  *Keyboard
	over   *key
	beside *beside
	veil   *canvas.Rectangle // the other keys are pale
	panel  *ground
	keys   []*key
}

// open opens a fan over a key.
func (k *Keyboard) open(over *key, letters []string) {
	veil := k.st.Board
	veil.A = 0xb4
	f := &fan{
		board: k, over: over, beside: newBeside(over.press.held, k.closed, k.refocus),
		veil: canvas.NewRectangle(veil),
	}
	f.st = k.st
	left := func() {
		f.beside.opener = 0
		k.refocus()
	}
	f.panel = newGround(k.st, k.missed, left)
	edge := f.panel.rect
	edge.StrokeColor, edge.StrokeWidth, edge.CornerRadius = k.st.Focus, k.st.Px(look.Ring), k.st.Px(look.Radius)
	f.objects = []fyne.CanvasObject{f.beside, f.veil, f.panel}
	for _, letter := range letters {
		choose := func() { k.choose(f, letter) }
		key := newKey(k.st, keySpec{
			tag: "variant." + letter, label: k.shows(letter), size: look.KeySize, tap: choose, slid: choose, left: left,
		})
		f.keys, f.objects = append(f.keys, key), append(f.objects, key)
	}
	f.ExtendBaseWidget(f)
	k.close()
	k.fan, k.objects = f, append(k.objects, f)
	k.Refresh()
	k.missed()
}

// choose types a letter of a fan, once.
func (k *Keyboard) choose(f *fan, letter string) {
	if k.fan == f {
		k.close()
		k.typeIn(letter)
	}
}

// close takes the fan away.
func (k *Keyboard) close() {
	if k.fan != nil {
		k.objects = slices.DeleteFunc(k.objects, func(o fyne.CanvasObject) bool { return o == k.fan })
		k.fan = nil
		k.Refresh()
	}
}

// closed is a touch beside the fan.
func (k *Keyboard) closed() {
	k.close()
	k.missed()
}

// CreateRenderer implements fyne.Widget.
func (f *fan) CreateRenderer() fyne.WidgetRenderer { return drawing{f} }

func (f *fan) measure() fyne.Size { return fyne.Size{} }

// place puts the row above the key. The letter needed most is at the end of the
// row that is nearer to the finger, right over the key when there is room.
func (f *fan) place(size fyne.Size) {
	st := f.st
	gap, edge, pad, unit := st.Px(keyGap), st.Px(keyEdge), st.Px(12), f.board.unit(size.Width)
	n := float32(len(f.keys))
	width, h := n*unit+(n-1)*gap, st.Px(keyHeight)
	left, x, step := f.over.Position().X, float32(0), unit+gap
	if left+unit/2 > size.Width/2 {
		left, x, step = left+unit-width, width-unit, -step
	}
	left = max(edge, min(left, size.Width-edge-width))
	y := f.over.Position().Y - h - gap - pad
	put(f.veil, 0, 0, size.Width, size.Height)
	put(f.panel, left-pad, y-pad, width+2*pad, h+2*pad)
	for _, k := range f.keys {
		put(k, left+x, y, unit, h)
		x += step
	}
	d := fyne.CurrentApp().Driver()
	if c := d.CanvasForObject(f.board); c != nil {
		at := d.AbsolutePositionForObject(f.board)
		put(f.beside, -at.X, -at.Y, c.Size().Width, c.Size().Height)
	}
}

// beside is everything beside an open fan.
type beside struct {
	base
	opener    desktop.MouseButton // the finger that opened the fan and has not left
	opening   bool                // what happens now is still that touch
	tap, left func()
}

func newBeside(opener desktop.MouseButton, tap, left func()) *beside {
	b := &beside{opener: opener, tap: tap, left: left}
	b.ExtendBaseWidget(b)
	return b
}

// Tapped closes the fan, unless it is the touch that has opened it.
func (b *beside) Tapped(*fyne.PointEvent) {
	if !b.opening {
		b.tap()
	}
}

// TappedSecondary closes it, too.
func (b *beside) TappedSecondary(e *fyne.PointEvent) { b.Tapped(e) }

// MouseDown begins a touch of its own, once the one that opened the fan is over.
func (b *beside) MouseDown(*desktop.MouseEvent) { b.opening = b.opener != 0 }

// MouseUp is the finger that held the key: the fan stays open.
func (b *beside) MouseUp(e *desktop.MouseEvent) {
	b.opener &^= buttonOf(e)
	fyne.Do(b.left)
}

// CreateRenderer implements fyne.Widget.
func (b *beside) CreateRenderer() fyne.WidgetRenderer { return drawing{b} }

func (b *beside) measure() fyne.Size { return fyne.Size{} }
func (b *beside) place(fyne.Size)    {}
