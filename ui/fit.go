package ui

import (
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// What somebody chooses from, or has to read before they leave, stands on one page:
// people do not look for a choice that they cannot see. A screen that would have to
// scroll is built again with less room between things. One that scrolls even so, a
// list or large letters, keeps its room.

// A tight screen may be wider where nothing stands beside, and lying, the columns may
// be parted elsewhere, in design pixels.
const tightWide = 1560

var tightSides = []float32{sideAt, 700, 600, 960}

// fitting is the page of the visit, with as much room as there is.
func (u *UI) fitting(k *kit) *page {
	plain := *k
	roomy := u.lay(k)
	if roomy.fits || roomy.lacks() > u.size.Height { // or nothing would help
		return roomy
	}
	sides := tightSides
	if !k.st.Wide || roomy.board != nil || roomy.alone() {
		sides = sides[:1] // there is nothing to part
	}
	for _, terse := range []bool{false, true} {
		if terse && !roomy.wordy {
			break
		}
		for _, side := range sides {
			p := u.lay(plain.tight(side, terse))
			if p.fits {
				roomy.retire()
				return p
			}
			p.retire()
		}
	}
	return roomy
}

// tight is a kit for a page with less room.
func (k kit) tight(side float32, terse bool) *kit {
	k.st.Tight, k.terse = true, terse
	k.oneWide = k.st.Px(min(k.st.W-2*look.Margin, tightWide))
	k.divide(side)
	return &k
}

// lay builds a page, and places everything on it.
func (u *UI) lay(k *kit) *page {
	p := k.screen()
	p.bar, p.strip = k.bar(), k.strip(u.messages)
	p.box()
	p.whole.Resize(u.size)
	p.refresh(u.v, u.now)
	p.fits, p.ill = !p.scrolls(), p.wrong()
	return p
}

// lacks is how much room is missing.
func (p *page) lacks() float32 { return max(p.left.Lacks(), p.right.Lacks()) }

// scrolls reports whether not everything of a page can be seen at once.
func (p *page) scrolls() bool { return p.left.Over() || p.right.Over() }

// outgrown reports whether a page that could be seen at once cannot any more, or was
// not made for what is told now. One that is typed into stays as it is under the hand,
// until an attempt says what is wrong: the hand is on the strong button then.
func (p *page) outgrown() bool {
	if p.wrong() {
		return p.scrolls() && (p.fits || !p.ill)
	}
	_, button := p.focus.(*parts.Button)
	typed := p.board != nil || p.focus != nil && !button
	return p.fits && !typed && p.scrolls()
}
