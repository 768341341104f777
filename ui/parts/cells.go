package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/keypad"
	"vaxkiosk/ui/look"
)

// cells are the keys of a keyboard or a pad as one stop, "keyboard", for whoever has no finger
// for them. Select goes in: then the arrows move a cursor from key to key, around at the ends,
// and Select types. Back in the first column, Escape and Tab leave. It has no size: a finger never
// meets it. What a real keyboard types meanwhile goes where the keys type.
type cells struct {
	control
	rows   func() [][]*key
	target func() fyne.Focusable // what the keys type into, may be nil
	mark   func()                // shows where they type
	ring   *canvas.Rectangle     // around the keys, or the one that the cursor is on
	in     bool
	busy   bool // a key is being touched, which takes the focus for a moment
	row    int
	column int
	high   float32 // of the keys
}

const cellsTag = "keyboard"

func newCells(st look.Style, rows func() [][]*key, target func() fyne.Focusable, refresh func()) *cells {
	c := &cells{rows: rows, target: target, mark: func() {}, ring: canvas.NewRectangle(color.Transparent)}
	c.st, c.tag, c.refresh = st, cellsTag, refresh
	c.ring.StrokeWidth = st.Px(look.Ring)
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer implements fyne.Widget.
func (c *cells) CreateRenderer() fyne.WidgetRenderer { return drawing{c} }

func (c *cells) measure() fyne.Size { return fyne.Size{} }
func (c *cells) place(fyne.Size)    {}

// extent is how high what must be seen of it is.
func (c *cells) extent() float32 { return c.high }

// draw places the ring: around the keys as a whole, whose box is given, or around one.
func (c *cells) draw(x, y, w, h float32) {
	c.high = y + h
	c.ring.StrokeColor = color.Transparent
	if c.focused {
		c.ring.StrokeColor = c.st.Focus
	}
	c.ring.CornerRadius = c.st.Px(look.Radius)
	if k := c.at(); c.in && k != nil {
		d := c.st.Px(look.Ring)
		x, y = k.Position().X-d, k.Position().Y-d
		w, h = k.Size().Width+2*d, k.Size().Height+2*d
	}
	put(c.ring, x, y, w, h)
	canvas.Refresh(c.ring)
}

// at is the key that the cursor is on: there may be fewer of them than before.
func (c *cells) at() *key {
	rows := c.rows()
	if len(rows) == 0 {
		return nil
	}
	c.row = min(c.row, len(rows)-1)
	c.column = min(c.column, len(rows[c.row])-1)
	return rows[c.row][c.column]
}

// enter goes in, at the first key.
func (c *cells) enter() {
	c.in, c.row, c.column = true, 0, 0
	c.mark()
	c.refresh()
	c.tell()
}

func (c *cells) leave() {
	c.in = false
	c.refresh()
	c.tell()
}

// tell says which key the cursor is on.
func (c *cells) tell() {
	k := c.keys()
	if k == nil || k.Over == nil {
		return
	}
	words := ""
	if key := c.at(); c.in && key != nil {
		if words = key.spec.label; key.spec.says != nil {
			words = key.spec.says()
		}
	}
	k.Over(words)
}

// selected goes in, or touches the key that the cursor is on.
func (c *cells) selected() {
	if !c.in {
		c.enter()
		return
	}
	c.busy = true
	c.at().Tapped(nil)
	c.busy = false
	if !shown(c) {
		c.in = false
		return
	}
	fyne.CurrentApp().Driver().CanvasForObject(c).Focus(c)
	c.mark()
	c.refresh()
}

// FocusLost leaves.
func (c *cells) FocusLost() {
	c.in = c.in && c.busy
	c.control.FocusLost()
}

// KeyDown takes a key. One that writes is for where the keys type.
func (c *cells) KeyDown(e *fyne.KeyEvent) {
	k := c.keys()
	switch {
	case !k.press(c, e):
	case enters(e), e.Name == fyne.KeySpace:
		c.selected()
	case keypad.Writes(string(e.Name)) && c.target() != nil:
	case e.Name == fyne.KeyTab, k == nil:
		k.command(c, e)
	case c.in && e.Name == fyne.KeyEscape:
		c.leave()
	case !c.in || !c.move(k.commandOf(e)):
		k.command(c, e)
	}
}

// TypedRune types where the keys do.
func (c *cells) TypedRune(r rune) {
	to := c.target()
	if to == nil || r == ' ' {
		return
	}
	fyne.CurrentApp().Driver().CanvasForObject(c).Focus(to)
	to.TypedRune(r)
}

// move moves the cursor, or leaves, and reports whether a command is for that.
func (c *cells) move(to keypad.Command) bool {
	rows := c.rows()
	switch to {
	case keypad.Next:
		c.turnTo((c.row + 1) % len(rows))
	case keypad.Previous:
		c.turnTo((c.row + len(rows) - 1) % len(rows))
	case keypad.Forward:
		c.column = (c.column + 1) % len(rows[c.row])
	case keypad.Back:
		if c.column == 0 {
			c.in = false
		} else {
			c.column--
		}
	default:
		return false
	}
	c.refresh()
	c.tell()
	return true
}

// turnTo goes to the key of another row that is nearest below or above.
func (c *cells) turnTo(row int) {
	from := centre(c.at())
	c.row, c.column = row, 0
	for i, k := range c.rows()[row] {
		if abs(centre(k)-from) < abs(centre(c.at())-from) {
			c.column = i
		}
	}
}

func centre(k *key) float32 { return k.Position().X + k.Size().Width/2 }

func abs(f float32) float32 { return max(f, -f) }

// into goes into the keys that type into a part, and reports whether there are any.
func (k *Keys) into(on fyne.Focusable) bool {
	o, _ := on.(fyne.CanvasObject)
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if k == nil || !k.steered || c == nil {
		return false
	}
	var found *cells
	Each(c.Content(), func(o fyne.CanvasObject) {
		if keys, is := o.(*cells); is && keys.target() == on {
			found = keys
		}
	})
	if found == nil {
		return false
	}
	c.Focus(found)
	found.enter()
	return true
}
