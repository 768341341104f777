package central

import "sync"

// bell wakes everybody who waits. The zero bell is ready.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

// next returns a channel that is closed when the bell rings. Take it before
// looking, so that a ring after the look is not missed.
func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
