package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// An error stands beside the explanation and takes nothing away that was to be read.
// Below a field it would, on a lying screen, where the question has little room: there
// it stands above keyboard or pad, which do not move for it.

// teller is something that is typed into and says what is wrong with it.
type teller interface {
	Beside(*parts.Fault)
	Wrong() bool
	Height() float32
	Aloft(bool)
}

// tells makes room for what is told about something.
func (p *page) tells(t teller) {
	p.told = append(p.told, t)
	if p.k.st.Wide {
		outer := parts.NewFault(p.k.st, p.k.bw)
		t.Beside(outer)
		p.outer = append(p.outer, outer)
	}
}

// wrong reports whether something is told.
func (p *page) wrong() bool { return p.crowded || slices.ContainsFunc(p.told, teller.Wrong) }

// total is how high a column is.
func (c flowing) total(st look.Style) float32 {
	return heights(c.head, st.Room(headGap)) + with(heights(c.body, st.Room(look.Gap)), st.Room(bodyGap)) +
		with(heights(c.tail, st.Room(look.Gap)), st.Room(look.Gap))
}

// lift says what is told above keyboard or pad, when there is room.
func (p *page) lift(size fyne.Size, top float32) {
	if len(p.outer) == 0 {
		return
	}
	st := p.k.st
	room := size.Height - top - st.Room(36)
	if p.board != nil {
		room -= p.board.MinSize().Height + st.Room(36) + st.Px(look.Near) + heights(p.tail, st.Px(look.Near))
	} else {
		room -= heights(p.body, st.Room(look.Gap)) + st.Room(48) + st.Room(look.Gap)
	}
	var all float32
	for _, t := range p.told {
		all += t.Height()
	}
	for _, t := range p.told {
		t.Aloft(all <= room)
	}
}
