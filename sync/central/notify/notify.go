// Package notify is how the rooms of one process of central tell each other what has
// happened. Calls, worker and operator never call one another: a Bell wakes whoever
// waits, State says what the service can do at present, and Alarms keep a log from
// saying the same again and again.
//
// Bells may reach beyond: then the other instances of central hear of a ring, and theirs ring too.
//
// Nothing of it outlives the process and nothing of it is about a visitor. What must
// not be lost is in the database; a bell only makes somebody look there sooner.
package notify

import "sync"

// Bell wakes everybody who waits. The zero Bell is ready.
type Bell struct {
	mu     sync.Mutex
	ch     chan struct{}
	beyond func()
}

// Reach has others hear of every Ring from now on.
func (b *Bell) Reach(beyond func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.beyond = beyond
}

// Next returns a channel that is closed when the bell rings. Take it before
// looking, so that a ring after the look is not missed.
func (b *Bell) Next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

// Ring wakes them, and those beyond.
func (b *Bell) Ring() {
	if beyond := b.Heard(); beyond != nil {
		beyond()
	}
}

// Heard wakes them alone: the bell has rung beyond. It returns what tells those there.
func (b *Bell) Heard() (beyond func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
	return b.beyond
}

// Awaited reports whether somebody waits for the next ring.
func (b *Bell) Awaited() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ch != nil
}
