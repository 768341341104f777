package parts

import (
	"time"

	"fyne.io/fyne/v2"
)

// How long a touch must last to count as held, and how what is held repeats. A
// limit stops a button whose release was lost.
const (
	holdLetter = 450 * time.Millisecond
	holdFirst  = 500 * time.Millisecond
	holdNext   = 120 * time.Millisecond
	holdLimit  = 200
)

// hold tells a touch from a finger that stays. The touch acts when the finger
// leaves; staying acts after a while, and then the touch does not. All fields
// belong to the main goroutine.
type hold struct {
	on    fyne.CanvasObject // what is held; gone from the screen it acts no more
	touch func()
	stay  func()
	first time.Duration // until stay acts
	next  time.Duration // until it acts again; 0 for once
	timer *time.Timer
	turn  int // grows with each press, so that a late timer is known as late
	times int
}

// repeating does the same for a touch and again and again for a finger that stays.
func repeating(on fyne.CanvasObject, do func()) *hold {
	return &hold{on: on, touch: do, stay: do, first: holdFirst, next: holdNext}
}

// tap is the touch; after a finger that stayed it would be one too many.
func (h *hold) tap() {
	if h.times == 0 {
		h.touch()
	}
	h.times = 0
}

func (h *hold) press() {
	h.release()
	h.times = 0
	if h.stay != nil {
		h.after(h.first, h.turn)
	}
}

func (h *hold) after(wait time.Duration, turn int) {
	h.timer = time.AfterFunc(wait, func() { fyne.Do(func() { h.act(turn) }) })
}

func (h *hold) act(turn int) {
	if turn != h.turn || h.times >= holdLimit || !shown(h.on) {
		return
	}
	h.times++
	h.stay()
	if h.next > 0 {
		h.after(h.next, turn)
	}
}

func (h *hold) release() {
	h.turn++
	if h.timer != nil {
		h.timer.Stop()
	}
}

// shown reports whether o is in its window and nothing lies over the screen. Fyne
// itself knows the window of an object long after it left it.
func shown(o fyne.CanvasObject) bool {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return false
	}
	layer := c.Content()
	if top := c.Overlays().Top(); top != nil {
		layer = top
	}
	return within(layer, o)
}

func within(tree, o fyne.CanvasObject) bool {
	if tree == nil || !tree.Visible() {
		return false
	}
	if tree == o {
		return true
	}
	var inner []fyne.CanvasObject
	switch t := tree.(type) {
	case *fyne.Container:
		inner = t.Objects
	case Holder:
		inner = t.Inside()
	}
	for _, child := range inner {
		if within(child, o) {
			return true
		}
	}
	return false
}
