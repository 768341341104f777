package parts

import "vaxkiosk/ui/look"

// A key reaches a button without a look at where it is. So a button that erases asks
// first, in its own place, when a key presses it. The question is cleared when the
// focus leaves.

// askFirst is a key on a button that asks.
func (b *Button) askFirst() {
	if b.off {
		return
	}
	if b.sure {
		b.Tapped(nil)
		return
	}
	b.ask(true)
}

// ask shows the question, or the title again.
func (b *Button) ask(on bool) {
	if b.sure == on {
		return
	}
	b.sure = on
	b.title.resize(b.st.Large(look.ButtonSize))
	if !on {
		b.title.Set(b.spec.Title)
	} else {
		b.title.Set(b.spec.Sure)
		b.fitTitle()
	}
	b.Refresh()
}

// fitTitle makes the title so small that the button need not grow, never smaller
// than the smallest letters.
func (b *Button) fitTitle() {
	least := b.st.Px(look.SmallSize)
	for size := b.title.typ.Size; size > least && b.measure().Height > b.Size().Height; {
		size = max(least, size-b.st.Px(1))
		b.title.resize(size)
	}
}

// FocusLost takes the question back.
func (b *Button) FocusLost() {
	b.ask(false)
	b.control.FocusLost()
}
