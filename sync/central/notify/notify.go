// Package notify is how the rooms of one process of central tell each other what has
// happened. Calls, worker and operator never call one another: a Bell wakes whoever
// waits, State says what the service can do at present, and Alarms keep a log from
// saying the same again and again.
//
// Nothing of it outlives the process and nothing of it is about a visitor. What must
// not be lost is in the database; a bell only makes somebody look there sooner.
package notify

import "sync"

// Bell wakes everybody who waits. The zero Bell is ready.
type Bell struct {
	mu sync.Mutex
	ch chan struct{}
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

// Ring wakes them.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}

// Awaited reports whether somebody waits for the next ring.
func (b *Bell) Awaited() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ch != nil
}
