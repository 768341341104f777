package window

import (
	"os"
	"sync"
	"time"
	_ "unsafe" // for go:linkname
)

// Fyne keeps what it has drawn - texts as textures, widgets and their renderers -
// for a minute after it was last shown. A visitor who leaves should not stay in
// memory that long, and somebody who changes sizes and colours fills hundreds of
// megabytes with it. Fyne takes another time only from the environment, FYNE_CACHE,
// and reads it before main; a kiosk must not depend on who starts it.
//
// What is on the screen must never age, because Fyne cannot find it again: it marks a
// frame with the time of the frame before, and after a longer gap than the life of
// its cache it drops the frame that it has just painted, from then on finds no window
// for any part of it, and the window stands still for ever (fyne-io/fyne#5131). So the
// cache ages by frames, not by clocks: while no frame is painted - the program is
// stopped, the machine sleeps, the clock is set - nothing grows older.
const drawnLife = 15 * time.Second // less than 11 s has Fyne walk all objects 60 times a second

// frameGap is the most that one frame ages what is remembered. Frames come 60 times
// a second; on a busy machine a few.
const frameGap = 250 * time.Millisecond

//go:linkname fyneCacheLife fyne.io/fyne/v2/internal/cache.ValidDuration
var fyneCacheLife time.Duration

//go:linkname fyneCleanEvery fyne.io/fyne/v2/internal/cache.cleanTaskInterval
var fyneCleanEvery time.Duration

//go:linkname fyneCacheNow fyne.io/fyne/v2/internal/cache.timeNow
var fyneCacheNow func() time.Time

func init() {
	fyneCacheNow = newFrameClock(time.Now).now
	if os.Getenv("FYNE_CACHE") == "" {
		fyneCacheLife, fyneCleanEvery = drawnLife, drawnLife/2
	}
}

// frameClock is asked at least once a frame, and goes on by no more than frameGap
// each time.
type frameClock struct {
	mu       sync.Mutex
	clock    func() time.Time
	asked, t time.Time // when it was asked last, and what it said
}

func newFrameClock(clock func() time.Time) *frameClock {
	now := clock()
	return &frameClock{clock: clock, asked: now, t: now}
}

func (c *frameClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock()
	c.t = c.t.Add(min(max(0, now.Sub(c.asked)), frameGap))
	c.asked = now
	return c.t
}
