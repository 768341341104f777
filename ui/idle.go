package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// idle is the question whether somebody is still there. It is an overlay, so
// that nothing below can be touched or get the focus.
type idle struct {
	card *parts.IdleCard
	box  *fyne.Container
}

// syncIdle opens, updates or closes the question.
func (u *UI) syncIdle() {
	if !u.v.IdleWarning {
		u.closeIdle()
		return
	}
	if u.idle == nil {
		k := u.kit()
		u.idle = &idle{card: parts.NewIdleCard(u.st, parts.IdleSpec{
			Title: k.w.Show("idle.title"), Lead: k.w.Show("idle.lead"), Stay: k.w.Show("idle.stay"), Erase: k.w.Show("button.erase"), Sure: k.w.Show("button.erase-sure"),
			OnStay: k.tap(visit.Stay{}), OnErase: k.tap(visit.Leave{}),
		})}
		over := u.newCover(fyne.Position{}, fyne.Size{})
		u.shield.covers = append(u.shield.covers, over)
		u.idle.box = container.NewWithoutLayout(u.idle.card, over)
		u.win.Canvas().Overlays().Add(u.idle.box)
		u.idle.box.Resize(u.size)
		u.idle.card.Resize(u.size)
		u.raise()
		u.win.Canvas().Focus(u.idle.card.First())
	}
	u.idle.card.Count(u.v.EndsIn(u.now))
}

func (u *UI) closeIdle() {
	if u.idle == nil {
		return
	}
	u.win.Canvas().Overlays().Remove(u.idle.box)
	parts.Retire(u.idle.card)
	u.idle, u.shield.covers = nil, u.shield.covers[:1]
	u.raise()
}

// retire lets go of the screen there was: Fyne may hold a part of it for long.
func (u *UI) retire() {
	u.closeIdle()
	if u.page != nil {
		u.page.retire()
	}
}

func (p *page) retire() {
	parts.Retire(p.whole)
	p.k.v = visit.Visit{}
}

var _ fyne.Layout = (*UI)(nil)
