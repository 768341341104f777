package notice

import (
	"context"
	"slices"
	"sync"
)

// Phone keeps messages in memory: the other end of every number and address.
// The zero Phone is ready.
type Phone struct {
	mu       sync.Mutex
	messages []Message
	tell     []func(Message)
}

// Send keeps the message and tells the subscribers, who must not block.
func (p *Phone) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.mu.Lock()
	p.messages = append(p.messages, m)
	tell := slices.Clone(p.tell)
	p.mu.Unlock()
	for _, f := range tell {
		f(m)
	}
	return nil
}

// Messages returns what has arrived, oldest first.
func (p *Phone) Messages() []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.messages)
}

// Subscribe has f called for every message from now on, on the sender's goroutine.
func (p *Phone) Subscribe(f func(Message)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tell = append(p.tell, f)
}
