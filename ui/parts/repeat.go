package parts

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// How a held button repeats. A limit stops a button whose release was lost.
const (
	holdFirst = 500 * time.Millisecond
	holdNext  = 120 * time.Millisecond
	holdLimit = 200
)

// repeater does something once for a touch and again while the touch lasts.
// All its fields belong to the main goroutine.
type repeater struct {
	do    func()
	held  *time.Timer
	turn  int // grows with each press, so that a late timer is known as late
	times int
	from  fyne.Position
}

// tap is the touch itself; after repeats it would be one too many.
func (r *repeater) tap() {
	if r.times == 0 {
		r.do()
	}
	r.times = 0
}

func (r *repeater) press() {
	r.release()
	r.times = 0
	r.after(holdFirst, r.turn)
}

func (r *repeater) after(wait time.Duration, turn int) {
	r.held = time.AfterFunc(wait, func() { fyne.Do(func() { r.again(turn) }) })
}

func (r *repeater) again(turn int) {
	if turn != r.turn || r.times >= holdLimit {
		return
	}
	r.times++
	r.do()
	r.after(holdNext, turn)
}

func (r *repeater) release() {
	r.turn++
	if r.held != nil {
		r.held.Stop()
	}
}

// MouseDown begins to repeat; a finger counts as a mouse on a desktop.
func (s *stepper) MouseDown(e *desktop.MouseEvent) {
	s.repeat.from = e.AbsolutePosition
	s.repeat.press()
}

// MouseUp ends it.
func (s *stepper) MouseUp(*desktop.MouseEvent) { s.repeat.release() }

// MouseIn implements desktop.Hoverable.
func (s *stepper) MouseIn(*desktop.MouseEvent) {}

// MouseMoved ends it when the finger scrolls instead.
func (s *stepper) MouseMoved(e *desktop.MouseEvent) {
	if gone := e.AbsolutePosition.Subtract(s.repeat.from); max(gone.X, gone.Y, -gone.X, -gone.Y) > s.st.Px(14) {
		s.repeat.release()
	}
}

// MouseOut ends it, too: the finger has slid off.
func (s *stepper) MouseOut() { s.repeat.release() }
