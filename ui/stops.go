package ui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/keypad"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// What keys do besides typing. Each page has an order of its stops; Tab, arrows and whatever
// a keypad or a switch sends go through the same one, and stop at its ends.

// forwardAgain is how soon a second press of Forward touches the strong button.
const forwardAgain = 3 * time.Second

// forward is a press of Forward that has brought the focus to the strong button.
type forward struct {
	to fyne.Focusable
	at time.Time
}

// order is what can have the focus, or could if it were not off, in the order of the keys: what is chosen and typed into,
// what scrolls it, what goes on, Back and the rest below, what erases, and last the top bar.
func (p *page) order() (all []fyne.Focusable) {
	var erase []fyne.Focusable
	bar, foot := made(p.bar), p.footer.stops()
	take := func(some []fyne.Focusable, but ...fyne.Focusable) {
		for _, f := range some {
			b, is := f.(*parts.Button)
			switch {
			case slices.Contains(all, f), slices.Contains(but, f):
			case is && b.Erases():
				erase = append(erase, f)
			default:
				all = append(all, f)
			}
		}
	}
	for _, group := range [][]fyne.CanvasObject{{p.progress}, p.head, p.body, p.tail} {
		take(made(group...))
	}
	take(made(p.whole), slices.Concat(erase, foot, bar)...)
	take(foot)
	return slices.Concat(all, erase, bar)
}

// stops are what can have the focus in a footer: the strong button, Back, and the rest.
func (f *footer) stops() (all []fyne.Focusable) {
	if f == nil {
		return nil
	}
	for _, b := range []*parts.Button{f.main, f.back} {
		if b != nil {
			all = append(all, made(b)...)
		}
	}
	for _, other := range made(f.CanvasObject) {
		if !slices.Contains(all, other) {
			all = append(all, other)
		}
	}
	return all
}

// leadsBack reports whether what stands in the place of Back leads to the screen before: some
// end the visit, or begin something else.
func (f *footer) leadsBack() bool {
	return f != nil && f.back != nil && !f.back.Erases() && strings.HasSuffix(f.back.Tag(), ".back")
}

// stops are where the keys can go now: over the screen may lie the question whether somebody
// is there.
func (u *UI) stops() []fyne.Focusable {
	if u.idle != nil {
		return made(u.idle.card)
	}
	return u.page.order()
}

// command does what a key is for.
func (u *UI) command(c keypad.Command) {
	if u.page == nil || u.commandByEar(c) {
		return
	}
	switch c {
	case keypad.Next, keypad.Move:
		u.step(1)
	case keypad.Previous:
		u.step(-1)
	case keypad.Forward:
		u.forwards()
	case keypad.Back:
		if f := u.page.footer; u.idle == nil && f.leadsBack() {
			f.back.Tapped(nil)
		}
	case keypad.Help:
		if u.idle == nil && u.v.Helpable() {
			u.page.k.do(visit.Help{})
		}
	default: // not built yet
	}
}

// step moves the focus by one stop. It goes on from where a touch took the focus away.
func (u *UI) step(by int) {
	if u.hears() {
		u.walk(by)
		return
	}
	all := u.stops()
	at := u.win.Canvas().Focused()
	if at == nil && u.idle == nil {
		at = u.at
	}
	for to := slices.Index(all, at) + by; to >= 0 && to < len(all); to += by {
		if !off(all[to]) {
			u.win.Canvas().Focus(all[to])
			return
		}
	}
}

// forwards brings the focus to the strong button, and touches it when pressed once more.
func (u *UI) forwards() {
	f := u.page.footer
	if u.idle != nil || f == nil || f.main == nil || f.main.Disabled() {
		return
	}
	now := u.clock()
	if u.forth.to == fyne.Focusable(f.main) && u.win.Canvas().Focused() == u.forth.to && now.Sub(u.forth.at) < forwardAgain {
		u.forth = forward{}
		f.main.Tapped(nil)
		return
	}
	u.forth = forward{f.main, now}
	u.aim(f.main)
}
