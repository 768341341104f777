package worker

import (
	"errors"
	"fmt"
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

// paces are those of all channels. Several instances have one gateway, and tell each other.
type paces struct {
	mu   sync.Mutex
	last map[request.ContactKind]pace
	tell func(word string) // nil: there is nobody
}

func (p *paces) note(c request.ContactKind, at time.Time, took time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set(c, pace{at, took, err != nil})
}

// set sets the last one of a channel, and tells the other instances.
func (p *paces) set(c request.ContactKind, last pace) {
	if p.last == nil {
		p.last = map[request.ContactKind]pace{}
	}
	p.last[c] = last
	if p.tell == nil {
		return
	}
	word := fmt.Sprintf("%s%s %d taken", WordPace, c, last.took.Milliseconds())
	if last.failed {
		word = fmt.Sprintf("%s%s 0 failed", WordPace, c)
	}
	p.tell(word)
}

// refused notes one that was refused for good, which is an answer: it ends as the last one of its
// channel that was taken, and tells how much longer that took.
func (p *paces) refused(c request.ContactKind, at time.Time, took time.Duration) (more time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	whole := max(took, p.last[c].took)
	p.set(c, pace{at: at, took: whole})
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

// WordPace is what begins what instances tell each other of the gateway: it holds a channel, how
// long a notice took, and whether it failed.
const WordPace = "pace "

// TellPaces has other instances hear how the gateway does. It comes before Run.
func (c *Worker) TellPaces(tell func(word string)) {
	c.paces.mu.Lock()
	defer c.paces.mu.Unlock()
	c.paces.tell = tell
}

// HearPace takes what another instance tells of the gateway for its own; what is none is left.
func (c *Worker) HearPace(word string) {
	var to, how string
	var took int64
	_, err := fmt.Sscanf(word, WordPace+"%s %d %s", &to, &took, &how)
	kind, failed := request.ContactKind(to), how == "failed"
	if err != nil || took < 0 || took > (2*SendLimit).Milliseconds() || !failed && how != "taken" || kind != request.ByPhone && kind != request.ByEmail {
		return
	}
	p := &c.paces
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil {
		p.last = map[request.ContactKind]pace{}
	}
	p.last[kind] = pace{c.Now(), time.Duration(took) * time.Millisecond, failed}
}
