package worker

import (
	"context"

	"vaxkiosk/sync/central/notice"
)

// What comes back for notices, by bounces and receipts. It changes what staff is told, and whether
// anything is sent to a contact from now on; never what a kiosk hears, nor the tries.

// Receipt notes how far a notice is, and why. notice.ErrNoRef when it is none of ours.
func (c *Worker) Receipt(ctx context.Context, ref string, to notice.State, reason string) error {
	fault := ""
	if to == notice.Failed || to == notice.Unknown {
		fault = "it came back, " + reason
	}
	return c.Store.Receipt(ctx, ref, to, fault, to == notice.Failed && notice.Dead(reason), c.Now())
}

// OptOut notes that whoever has a contact wants no messages, or that they want them again.
func (c *Worker) OptOut(ctx context.Context, contact string, out bool) error {
	return c.Store.OptOut(ctx, c.Keeper.ContactHash(notice.Exactly(contact)), out)
}
