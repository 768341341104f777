package notify

import (
	"sync"
	"time"

	"vaxkiosk/sync/central/access"
)

// Alarms are when each limit was reached last, by name and whoever reached it. The
// zero Alarms are ready.
type Alarms struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// New reports whether a limit has not been reached by somebody for its window, and
// notes that it is now.
func (a *Alarms) New(l access.Limit, who string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := l.Name + " " + who
	last, before := a.last[key]
	if a.last == nil {
		a.last = map[string]time.Time{}
	}
	a.last[key] = now
	return !before || now.Sub(last) > l.Window
}
