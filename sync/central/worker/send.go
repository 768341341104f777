package worker

import (
	"context"
	"errors"
	"fmt"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
)

// heldBack notes a notice that was not sent: its contact has had enough of them.
const heldBack notice.Kind = "held-back"

// send hands one message over; false when it is held back. Codes count apart from
// what anybody can have sent to a number: who asks in invented names must not keep
// its owner's codes back.
func (c *Worker) send(ctx context.Context, k notice.Kind, m notice.Message) (sent bool, err error) {
	to := c.Keeper.Use(access.PerContact, fmt.Sprint(k == notice.Found, " ", notice.ContactKey(m.To)))
	if fits, err := c.fits(ctx, to, c.Now()); err != nil || !fits {
		return false, err
	}
	limited, cancel := context.WithTimeout(ctx, SendLimit)
	defer cancel()
	start := c.Now()
	err = c.Sender.Send(limited, m)
	end := c.Now()
	c.paces.note(channel(m), end, end.Sub(start), err)
	if err != nil {
		return false, errors.Join(fmt.Errorf("hand over a notice: %w", err), c.Store.Return(context.WithoutCancel(ctx), to))
	}
	return true, nil
}
