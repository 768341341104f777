package notify

import (
	"log/slog"
	"sync"
	"sync/atomic"

	"vaxkiosk/sync/central/watch"
)

// State is what the rooms of one process know of each other. The zero State is that
// of a service in order.
type State struct {
	Changed Bell // a request has a new state, or a kiosk may have been revoked
	Work    Bell // there is something to work on
	Keys    Bell // another instance has changed keys

	Rests    atomic.Bool // nothing is sent until the folder is resumed
	Damaged  atomic.Bool // the database is
	Troubled atomic.Bool // requests cannot be worked on
	Leaving  atomic.Bool // it stops soon, so nobody new is to be sent here
	Closing  atomic.Bool // long polls end now
	BadCodes atomic.Bool // a code table of the folder cannot be used

	Alarms Alarms
	Counts watch.Counts // for those who watch the service

	heldFor sync.Map // reasons for which requests are held that have been said
}

// SayHeld logs once why requests are held, and at which kiosk the first was typed if that
// is known.
func (s *State) SayHeld(log *slog.Logger, why error, kiosk string) {
	if _, said := s.heldFor.LoadOrStore(why.Error(), true); !said {
		log.Error("requests cannot be read; they are kept, unanswered", "event", "requests.held", "why", why.Error(), "kiosk", kiosk)
	}
}
