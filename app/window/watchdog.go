package window

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"vaxkiosk/ui"
)

// The watchdog guards what a visitor relies on: that the window shows what the visit
// is. It knows what the desk has shown last, and what the window has painted last.
// When these differ for three seconds and nothing new is painted meanwhile, the
// window is built anew; when that does not help either, the program ends with a
// status of its own, and whoever supervises it starts it again. Better a dark screen
// for a moment than the record of somebody who has left.
//
// It counts its own looks, not time: after a stop of the whole program everybody is
// as late as everybody else. With each look it also asks the window's goroutine for a
// sign of life, and with some for a frame: a screen that stands still, as the welcome
// screen does all night, has to be painted all the same. Whoever supervises the program
// hears of frames alone (supervisor.go).
const (
	lookEvery   = 250 * time.Millisecond
	frameLook   = 40  // looks from one frame that is asked for to the next: 10 s
	rebuildLook = 13  // looks in a row that find nothing new until the window is built anew: 3 s
	giveUpLook  = 60  // and until it is given up: 15 s
	openLook    = 240 // while a window opens, which may take a minute
)

type watchdog struct {
	mu       sync.Mutex
	due      ui.Sight // what the desk has shown last
	painted  ui.Sight // what the window has painted last
	shown    bool     // the desk has shown anything
	began    bool     // the window has painted anything
	opened   bool     // that was what was shown
	progress bool     // something was painted since the last look
	asked    bool     // for a sign of life that has not come
	frame    bool     // it is a frame that was asked for
	asks     int      // so far
	looks    int      // without what is due
}

// does is what a watchdog needs of its window and of whoever guards the program.
type does struct {
	do    func(func()) // something on the window's goroutine, later
	paint func()       // asks for a frame, there
	anew  func()       // builds the window anew, there
	alive func()       // hears that there are frames
}

// show notes what is to be seen. It is called on the desk's goroutine.
func (d *watchdog) show(s ui.Sight) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.due, d.shown = s, true
}

// seen notes what was painted. It is called on the main goroutine.
func (d *watchdog) seen(s ui.Sight) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.painted, d.began, d.progress = s, true, true
	if d.frame {
		d.asked, d.frame = false, false
	}
}

// verdict is what to do after a look.
type verdict int

const (
	fine verdict = iota
	rebuild
	giveUp
)

// look looks once, and reports whether anything was painted since the look before; the empty
// window that comes first is not.
func (d *watchdog) look() (v verdict, painted bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened = d.opened || d.shown && d.began && d.painted == d.due
	painted = d.progress && d.opened
	if d.progress || d.began && d.painted == d.due && !d.asked {
		d.looks, d.progress = 0, false
		return fine, painted
	}
	switch d.looks++; {
	case d.began && d.looks == rebuildLook:
		return rebuild, false
	case d.began && d.looks == giveUpLook, d.looks == openLook:
		return giveUp, false
	}
	return fine, false
}

// ask asks the window's goroutine for a sign of life, one at a time.
func (d *watchdog) ask(do func(func()), paint func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.asked {
		return
	}
	d.asked = true
	if d.asks++; d.asks%frameLook == 0 {
		d.frame = true
		do(paint)
		return
	}
	do(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.asked = false
	})
}

// guard looks until ctx ends. It returns false once the window is given up.
func (d *watchdog) guard(ctx context.Context, log *slog.Logger, to does) bool {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return true
		case <-tick.C:
		}
		v, painted := d.look()
		if painted {
			to.alive()
		}
		switch v {
		case rebuild:
			log.Warn("the window does not show what it should and is built anew", "event", "window.rebuilt")
			to.do(to.anew)
		case giveUp:
			return false
		case fine:
			d.ask(to.do, to.paint)
		}
	}
}
