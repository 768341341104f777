package main

import (
	"runtime/debug"
	"time"

	"vaxkiosk/app/visit"
)

// restAfter is when, after a visit, the window has forgotten it (ui) and Fyne has
// cleaned up, which it does every ten seconds.
const restAfter = 42 * time.Second

// rest gives memory back to the system once after each visit. The screens of a
// visit are textures of all sizes in the C heap, and freeing leaves holes in it:
// a hundred megabytes that nobody uses.
type rest struct {
	number uint64
	since  time.Time // when the visit before ended; zero when all has been given back
}

// seen gets every snapshot, on the desk's goroutine.
func (r *rest) seen(v visit.Visit, now time.Time) (rested bool) {
	if v.Number != r.number {
		r.number, r.since = v.Number, now
	}
	if r.since.IsZero() || now.Sub(r.since) < restAfter {
		return false
	}
	r.since = time.Time{}
	debug.FreeOSMemory()
	trimHeap()
	return true
}
