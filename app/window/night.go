package window

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"vaxkiosk/app/visit"
)

// darkAfter is how long nobody is there, outside of the hours, until the screen goes dark.
const darkAfter = time.Minute

// night has the screen dark outside of its hours while nobody is there. Dark is what does it:
// until somebody touches it, when it returns nil, or its context ends. The nil night never comes.
type night struct {
	lit  func(time.Time) bool // whether a time is in the hours
	dark func(context.Context) error
	log  *slog.Logger

	mu     sync.Mutex
	alone  time.Time          // since when nobody is there; zero: somebody is
	end    context.CancelFunc // of the darkness; nil: it is lit
	failed bool               // to be dark, and said so
}

// seen gets every snapshot, one a second at least.
func (n *night) seen(ctx context.Context, v visit.Visit, now time.Time) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case !v.Touched.IsZero():
		n.alone = time.Time{}
	case n.alone.IsZero() || now.Before(n.alone): // the clock was put back: count anew
		n.alone = now
	}
	due := !n.lit(now) && !n.alone.IsZero() && now.Sub(n.alone) >= darkAfter && !n.failed
	switch {
	case due && n.end == nil:
		ctx, n.end = context.WithCancel(ctx)
		go n.run(ctx)
	case !due && n.end != nil:
		n.end()
	}
}

// run is one darkness.
func (n *night) run(ctx context.Context) {
	err := n.dark(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.end()
	n.end, n.alone = nil, time.Time{} // somebody has touched it, and gets a minute
	if err != nil {
		n.failed = true
		n.log.Warn("the screen stays lit outside of its hours", "event", "window.not-dark", "cause", err)
	}
}

// isDark reports whether the screen is dark.
func (n *night) isDark() bool {
	if n == nil {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.end != nil
}
