package worker

import (
	"errors"
	"sync"
	"time"

	"vaxkiosk/app/request"
)

// pace is how long the gateway took for the last notice of a channel, and whether it
// took it. A notice that is held back takes no time and cannot fail, and codes are held back
// apart from all else: whoever has a contact's other notices used up would see by a slow
// gateway, or by one that is away, which of them a request would have caused. So one that
// is held back ends as the last one of its channel did: the answer shows as much later,
// or the request is put off. A failure counts for as long as what really failed is surely
// tried again; else, with nothing else to send, it would count for ever.
type pace struct {
	at     time.Time
	took   time.Duration
	failed bool
}

// failureLife is how long a failure counts: real notices are put off for half of it at most.
const failureLife = 2 * LastPutOff

// paces are those of all channels.
type paces struct {
	mu   sync.Mutex
	last map[request.ContactKind]pace
}

func (p *paces) note(c request.ContactKind, at time.Time, took time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil {
		p.last = map[request.ContactKind]pace{}
	}
	p.last[c] = pace{at, took, err != nil}
}

// refused notes one that was refused for good, which is an answer: it ends as the last one of its
// channel that was taken, and tells how much longer that took.
func (p *paces) refused(c request.ContactKind, at time.Time, took time.Duration) (more time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil {
		p.last = map[request.ContactKind]pace{}
	}
	whole := max(took, p.last[c].took)
	p.last[c] = pace{at: at, took: whole}
	return whole - took
}

func (p *paces) of(c request.ContactKind, now time.Time) (time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last[c].failed && now.Sub(p.last[c].at).Abs() < failureLife {
		return 0, errors.New("the gateway did not take the last notice of this channel")
	}
	return p.last[c].took, nil
}
