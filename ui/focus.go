package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"vaxkiosk/ui/parts"
)

// Where the focus is. A screen begins with it on the first field or choice of its
// question, never on what erases; the same screen in another size, contrast or
// language keeps it where it was, cursor and all.

// place is a screen without how it looks and the language it is in.
func (s screenKey) place() screenKey {
	s.styleKey, s.lang, s.mixed = styleKey{}, "", false
	return s
}

// cursor is where a field is typed into.
type cursor interface {
	Cursor() int
	SetCursor(int)
}

// placeFocus gives the focus to a screen that was just built: where it was when the
// screen is the same as before, else where it begins.
func (u *UI) placeFocus(before fyne.Focusable) {
	to := u.again(before)
	if to == nil {
		to = u.page.start()
	}
	u.at = nil
	if to == nil {
		u.win.Canvas().Unfocus()
		return
	}
	u.win.Canvas().Focus(to)
	u.focused(to) // the window does not know a part yet that was never painted
}

// again finds what had the focus in the screen that stands for the one before.
func (u *UI) again(before fyne.Focusable) fyne.Focusable {
	old, ok := before.(parts.Tagged)
	if !ok {
		return nil
	}
	for _, f := range focusables(u.page.whole) {
		if f.(parts.Tagged).Tag() != old.Tag() {
			continue
		}
		if from, is := before.(cursor); is {
			f.(cursor).SetCursor(from.Cursor())
		}
		return f
	}
	return nil
}

// focused is told whenever something gets the focus. What lies over the screen
// is no place to return to. A field is marked as typed into only while no other
// part has the focus.
func (u *UI) focused(on fyne.Focusable) {
	if u.page == nil || u.idle != nil {
		return
	}
	u.at, u.ear.at = on, nil // whoever read a text has come to this
	if board, ok := u.page.board.(interface{ Rest() }); ok {
		if _, typed := on.(cursor); !typed {
			board.Rest()
		}
	}
}

// focusables are what can have the focus, as it stands on the page.
func focusables(o ...fyne.CanvasObject) []fyne.Focusable {
	return slices.DeleteFunc(made(o...), off)
}

// made are what can have the focus, or could if it were not off.
func made(o ...fyne.CanvasObject) (all []fyne.Focusable) {
	for _, o := range o {
		parts.Each(o, func(o fyne.CanvasObject) {
			if f, ok := o.(fyne.Focusable); ok {
				all = append(all, f)
			}
		})
	}
	return all
}

func off(f fyne.Focusable) bool {
	d, can := f.(fyne.Disableable)
	return can && d.Disabled()
}

// start is what has the focus first: what the screen says, the first thing to
// choose or to type into, or what goes on.
func (p *page) start() fyne.Focusable {
	if b, ok := p.focus.(*parts.Button); p.focus != nil && !(ok && b.Disabled()) {
		return p.focus
	}
	groups := [][]fyne.CanvasObject{p.body, p.head}
	if p.footer != nil {
		if p.footer.main != nil {
			groups = append(groups, []fyne.CanvasObject{p.footer.main})
		}
		groups = append(groups, []fyne.CanvasObject{p.footer.CanvasObject})
	}
	for _, group := range append(groups, p.tail) {
		for _, f := range focusables(group...) {
			if b, ok := f.(*parts.Button); !ok || !b.Erases() {
				return f
			}
		}
	}
	return nil
}
