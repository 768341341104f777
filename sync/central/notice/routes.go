package notice

import "context"

// Routes hand each message to the sender for its kind of contact.
type Routes struct{ Email, Phone Sender }

// Send implements Sender.
func (r Routes) Send(ctx context.Context, m Message) error {
	if m.ByEmail() {
		return r.Email.Send(ctx, m)
	}
	return r.Phone.Send(ctx, m)
}
