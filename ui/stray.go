package ui

import "fyne.io/fyne/v2"

// A touch beside everything takes the focus away, and a scanner or a real
// keyboard knows nothing of that: what they type then goes where the touch
// keyboard and the pad type.

func (u *UI) strayRune(r rune) {
	if f := u.strayTo(); f != nil {
		f.TypedRune(r)
	}
}

func (u *UI) strayKey(e *fyne.KeyEvent) {
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
