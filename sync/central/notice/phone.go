package notice

import (
	"context"
	"slices"
	"sync"
)

// phoneHolds is how many messages a Phone keeps, so that a demo may run for weeks.
const phoneHolds = 200

// Phone keeps the newest messages in memory: the other end of every number and
// address. The zero Phone is ready.
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
	if p.messages = append(p.messages, m); len(p.messages) > phoneHolds {
		p.messages = slices.Delete(p.messages, 0, len(p.messages)-phoneHolds)
	}
	tell := slices.Clone(p.tell)
	p.mu.Unlock()
	for _, f := range tell {
		f(m)
	}
	return nil
}

// Messages returns what is kept, oldest first.
func (p *Phone) Messages() []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.messages)
}

// Subscribe asks for a call of f with every message from now on, on the sender's goroutine.
func (p *Phone) Subscribe(f func(Message)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tell = append(p.tell, f)
}
