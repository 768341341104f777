package window

import (
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// What a visitor leaves in memory after the wipe, and how it goes.
//
// Nothing reaches it any more, but Go leaves the bytes of what nobody uses where
// they are until their place is needed again. So the program runs with a collector
// that writes over what it frees and moves no stacks (OverwriteFreed); libraries that keep something
// for ever do so before the first visitor (warmUp), because Go packs small values
// into one block that stays as long as one of them; connections, whose buffers hold
// pieces of the record, go (hangUp); and once after each visit everything is
// collected twice, stacks are written over, and memory goes back to the system.
//
// TestAVisitLeavesNothingInMemory counts beginnings and ends of what was typed and
// of what the record says, in six encodings, in the memory of the program.
// November 23, 2026: 200 to 1,500 with the record on the screen; after the wipe
// 337 before all this, 0 with it, in ten runs of ten on a busy machine.

// RestAfter is when, after a visit, the window has forgotten it (ui) and Fyne has
// cleaned up, which it does every ten seconds.
const RestAfter = 42 * time.Second

// rest knows when a visit can be cleared away.
type rest struct {
	number uint64
	since  time.Time // when the visit before ended; zero when it has been cleared away
	hangUp func()    // lets go of idle connections: their buffers hold pieces of the record
}

// hangUpAfter is when, after a visit, connections go. Something in net/http holds
// them until it would have asked whether the other end is alive, 15 s later.
const hangUpAfter = RestAfter - 25*time.Second

// seen gets every snapshot, and is true once after each visit.
func (r *rest) seen(v visit.Visit, now time.Time) (rested bool) {
	if v.Number != r.number {
		r.number, r.since = v.Number, now
		time.AfterFunc(hangUpAfter, r.hangUp)
	}
	if now.Before(r.since) { // the clock was put back: count anew
		r.since = now
	}
	if r.since.IsZero() || now.Sub(r.since) < RestAfter {
		return false
	}
	r.since = time.Time{}
	return true
}

// warmUp has libraries fill the caches that they keep for ever.
func warmUp() {
	for _, notation := range []string{"+12015550123", "2015550123"} {
		request.NormalPhone(notation)
	}
}

// clearAway leaves nothing of what is not in use, and gives memory back to the
// system: the screens of a visit are textures of all sizes in the C heap, and
// freeing them leaves holes of a hundred megabytes. It goes on beside the window.
func clearAway() {
	overwriteStacks()
	runtime.GC() // what pools keep, they keep for one collection
	debug.FreeOSMemory()
	trimHeap()
}

// overwriteStacks writes over the stacks that nobody uses. A goroutine that ends or
// outgrows its stack leaves it to others as it is. So a crowd takes them all, of one
// size after the other, and fills each to its end by growing out of it.
func overwriteStacks() {
	const crowd = 256 // more than ever run at a time
	sizes := []int{1, 3, 7, 14, 20}
	taken := make([]sync.WaitGroup, len(sizes))
	var all sync.WaitGroup
	for i := range taken {
		taken[i].Add(crowd)
	}
	for range crowd {
		all.Go(func() {
			for i, kB := range sizes {
				overwriteStack(kB << 10)
				taken[i].Done()
				taken[i].Wait()
			}
		})
	}
	all.Wait()
}

// deepest is more stack than a visit is passed about on, in bytes. The desk's
// goroutine and the window's use it once before the first visit, and so never
// outgrow theirs in one: stacks do not shrink (see collector).
const deepest = 60 << 10

// overwriteStack writes over so many bytes of the unused stack of its caller.
//
//go:noinline
func overwriteStack(size int) {
	var zeros [256]byte
	use(&zeros)
	if size > len(zeros) {
		overwriteStack(size - len(zeros))
	}
}

// use keeps what it gets from being optimized away.
//
//go:noinline
func use(*[256]byte) {}
