// Package parts is what the screens are made of: text, buttons, fields, the
// touch keyboard, pads, the entry of a date and the bars around them.
//
// A part is made for one look.Style and one width, and says how high it wants to
// be; it never holds the truth about the visit. A new style means new parts. What
// a finger can touch has a tag, a stable name such as "consent.agree", by which
// the robot finds it; what holds other objects shows them through Inside.
//
// On a desktop a finger is a mouse whose press takes the focus away from what is
// typed into. Keys and pads give it back after every touch, and later than
// Fyne's own handling of the release. What is touched looks pressed from the moment
// the finger comes down, and a button until the screen has settled; a touch acts once,
// whatever mouse button a driver takes it for (press.go). What a finger does by
// staying (letters in a fan, deleting) ends with the finger, and with the screen.
//
// Parts refuse to know screens: they report touches to the functions they are
// given. They use no clipboard, no pop-up menu and no variable of the package
// that changes, because all of these would outlive the visitor.
package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vaxkiosk/ui/look"
)

// Holder is a part that shows other objects inside.
type Holder interface{ Inside() []fyne.CanvasObject }

// Tagged is a part that a finger can touch.
type Tagged interface {
	fyne.CanvasObject
	Tag() string
}

// shape is a part as its drawing needs it.
type shape interface {
	fyne.Widget
	Holder
	measure() fyne.Size
	place(fyne.Size)
	paint()
}

// drawing is the renderer of every part.
type drawing struct{ part shape }

func (d drawing) Objects() []fyne.CanvasObject { return d.part.Inside() }
func (d drawing) MinSize() fyne.Size           { return d.part.measure() }
func (d drawing) Layout(s fyne.Size)           { d.part.place(s) }
func (d drawing) Destroy()                     {}

func (d drawing) Refresh() {
	d.part.paint()
	d.part.place(d.part.Size())
	canvas.Refresh(d.part)
}

// base is embedded by every part.
type base struct {
	widget.BaseWidget
	st      look.Style
	objects []fyne.CanvasObject
}

// Inside returns what the part shows.
func (b *base) Inside() []fyne.CanvasObject { return b.objects }

// paint is replaced by parts whose colours change.
func (b *base) paint() {}

// control is embedded by every part that a finger can touch.
type control struct {
	base
	self    fyne.Focusable // the part itself
	tag     string
	tap     func()
	strike  func() // what a key does, when it is not the same as a touch
	off     bool
	focused bool
	press   press
	refresh func()
	reveal  func() // scrolls to the control, set by the scroll it is in
}

// ExtendBaseWidget is told which part this is.
func (c *control) ExtendBaseWidget(w fyne.Widget) {
	c.self, _ = w.(fyne.Focusable)
	c.base.ExtendBaseWidget(w)
}

// Tag names the control.
func (c *control) Tag() string { return c.tag }

// Tapped does what the control is for, unless it is off.
func (c *control) Tapped(*fyne.PointEvent) {
	if !c.off && c.tap != nil && c.press.acts() {
		c.tap()
	}
}

// Disabled reports whether the control is off.
func (c *control) Disabled() bool { return c.off }

// Enable turns the control on.
func (c *control) Enable() { c.turn(false) }

// Disable turns the control off.
func (c *control) Disable() { c.turn(true) }

func (c *control) turn(off bool) {
	if c.off != off {
		c.off = off
		c.refresh()
	}
}

// FocusGained shows the ring.
func (c *control) FocusGained() {
	c.focused = true
	c.refresh()
	c.keys().gained(c.self)
	if c.reveal != nil {
		c.reveal()
	}
}

func (c *control) onReveal(do func()) { c.reveal = do }

// FocusLost hides the ring.
func (c *control) FocusLost() { c.focused = false; c.refresh() }

// keys is the real keyboard of the window.
func (c *control) keys() *Keys {
	if o, ok := c.self.(fyne.CanvasObject); ok {
		return keysOf(o)
	}
	return nil
}

// KeyDown lets Enter and the space bar touch the focused control; other keys do what
// they are for. A key that is held comes here once.
func (c *control) KeyDown(e *fyne.KeyEvent) {
	k := c.keys()
	switch {
	case !k.press(c.self, e):
	case !enters(e) && e.Name != fyne.KeySpace:
		k.command(c.self, e)
	case k.ends(e):
	default:
		c.selected()
	}
}

// selected is a key that touches the control.
func (c *control) selected() {
	if c.strike != nil {
		c.strike()
		return
	}
	c.Tapped(nil)
}

// AcceptsTab keeps the Tab key from Fyne: it goes through the order of the page.
func (c *control) AcceptsTab() bool { return true }

// KeyUp implements desktop.Keyable.
func (c *control) KeyUp(e *fyne.KeyEvent) { c.keys().Up(e) }

// TypedKey does nothing: it comes again and again.
func (c *control) TypedKey(e *fyne.KeyEvent) { c.keys().typed(c.self, e) }

// TypedRune does nothing on what is not typed into, but remembers that.
func (c *control) TypedRune(rune) { c.keys().stray() }

// put places an object.
func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

// ringRoom is how far a focus ring reaches beyond what it is around, whether its
// line is painted inside of its box or over its edge.
func ringRoom(st look.Style) float32 { return st.Px(4 + look.Ring*3/2) }

// ringAround places a focus ring outside a face.
func ringAround(st look.Style, ring *canvas.Rectangle, x, y, w, h float32) {
	d := st.Px(4 + look.Ring)
	ring.CornerRadius = st.Px(look.Radius) + d
	put(ring, x-d, y-d, w+2*d, h+2*d)
}
