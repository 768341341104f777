package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// press is a finger on something that can be touched. Fyne reports a tap where a button
// of the mouse goes down and comes up again. For a finger that stays, some touch drivers
// click the second button, some of them while the first is still down. So any button
// touches, and a touch acts once, when the last button is up.
type press struct {
	held desktop.MouseButton // buttons that went down here and are not up
	over bool                // the finger is on it, not slid off
}

// shown reports whether a pressed look is due.
func (p *press) shown() bool { return p.held != 0 && p.over }

// acts reports whether a tap may act: no button is down any more.
func (p *press) acts() bool { return p.held == 0 }

func (p *press) begin(e *desktop.MouseEvent) {
	p.held |= buttonOf(e)
	p.over = true
}

func (p *press) end(e *desktop.MouseEvent) { p.held &^= buttonOf(e) }

// enter is a finger that slides here. When no button is down, those that went down here
// came up elsewhere.
func (p *press) enter(e *desktop.MouseEvent) {
	p.over = true
	if e.Button == 0 {
		p.held = 0
	}
}

// buttonOf is the button of an event, the first one when nobody says.
func buttonOf(e *desktop.MouseEvent) desktop.MouseButton {
	if e == nil || e.Button == 0 {
		return desktop.MouseButtonPrimary
	}
	return e.Button
}

// pressable is what shows that a finger is on it.
type pressable interface {
	fyne.CanvasObject
	fyne.Tappable
	pressed() bool
	letGo()
}

// see does something to the finger on a control, which shows what has changed.
func (c *control) see(change func()) {
	before := c.press.shown()
	if change(); c.press.shown() != before && !c.off {
		c.refresh()
	}
}

// MouseDown shows at once that a finger is there.
func (c *control) MouseDown(e *desktop.MouseEvent) { c.see(func() { c.press.begin(e) }) }

// MouseUp is the finger that leaves.
func (c *control) MouseUp(e *desktop.MouseEvent) { c.see(func() { c.press.end(e) }) }

// MouseIn is a finger that slides back.
func (c *control) MouseIn(e *desktop.MouseEvent) { c.see(func() { c.press.enter(e) }) }

// MouseMoved implements desktop.Hoverable: a finger may tremble.
func (c *control) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is a finger that slides off: nothing is touched there.
func (c *control) MouseOut() { c.see(func() { c.press.over = false }) }

func (c *control) pressed() bool { return c.press.held != 0 }

func (c *control) letGo() { c.see(func() { c.press.held = 0 }) }

// TappedSecondary is a finger that stayed, as some touch drivers report it.
func (c *control) TappedSecondary(e *fyne.PointEvent) { c.Tapped(e) }

// Settle takes the mark off everything inside o that was touched: what it has led
// to is on the screen.
func Settle(o fyne.CanvasObject) {
	if b, ok := o.(*Button); ok {
		b.mark(false)
	}
	for _, i := range inside(o) {
		Settle(i)
	}
}
