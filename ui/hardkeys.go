package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vaxkiosk/app/keypad"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// The real keyboard. Every key that goes down is a sign of life, Tab and Shift
// included; what a held key does again says that it is held.

// listen makes the window's keys come here.
func (u *UI) listen() {
	u.keys = parts.Keys{Pressed: u.pressed, Focused: u.focused, Beside: u.beside, Do: u.command, Over: u.over, Bound: u.keys.Bound}
	c := u.win.Canvas()
	c.SetOnTypedRune(u.strayRune)
	c.SetOnTypedKey(u.strayKey)
	if real, ok := c.(desktop.Canvas); ok {
		real.SetOnKeyDown(u.keys.DownBeside)
		real.SetOnKeyUp(u.keys.Up)
	}
}

// Keys is the real keyboard; parts find it here.
func (u *UI) Keys() *parts.Keys { return &u.keys }

// pressed is a key that goes down, whatever it is for.
func (u *UI) pressed() {
	u.hush()
	if u.page != nil {
		u.page.k.touch()
	}
}

// beside gives the focus, which nothing has, to what a key is for.
func (u *UI) beside(e *fyne.KeyEvent) fyne.Focusable {
	if u.reads(e) {
		return nil
	}
	return u.strayTo()
}

// reads reports whether a key is for a text that is read, which nothing can be done with.
func (u *UI) reads(e *fyne.KeyEvent) bool {
	return u.hears() && u.ear.at != nil && !keypad.Writes(string(e.Name))
}

// SetKeypad says what the keys are for.
func (u *UI) SetKeypad(b keypad.Bindings) { u.keys.Bound = b }

// A touch beside everything takes the focus away, and a scanner or a real
// keyboard knows nothing of that: what they type then goes where the touch
// keyboard and the pad type.

func (u *UI) strayRune(r rune) {
	if f := u.strayTo(); f != nil {
		f.TypedRune(r)
	}
}

func (u *UI) strayKey(e *fyne.KeyEvent) {
	if u.reads(e) {
		return
	}
	if f := u.strayTo(); f != nil {
		f.TypedKey(e)
	}
}

// strayTo gives the focus back, nil when there is nothing to type into or
// something lies over the screen.
func (u *UI) strayTo() fyne.Focusable {
	c := u.win.Canvas()
	if u.page == nil || c.Overlays().Top() != nil {
		return nil
	}
	to := u.page.focus
	if b, ok := u.page.board.(interface{ Target() fyne.Focusable }); ok {
		to = b.Target()
	}
	if to != nil {
		c.Focus(to)
	}
	return to
}

// event is what the visitor does, by whatever means.
func (u *UI) event(number uint64, a visit.Action) visit.Event {
	return visit.Event{Visit: number, Held: u.keys.Held(), Do: a}
}
