package operator

import (
	"context"
	"crypto/rand"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/fleet"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/version"
)

// Fleet lists the kiosks and how they do, those first that need a person.
func (o *Operator) Fleet(ctx context.Context) ([]fleet.Kiosk, error) {
	beats, err := o.f.Store.Heartbeats(ctx) // before the kiosks, whose last calls are then no older
	if err != nil {
		return nil, err
	}
	kiosks, err := o.f.Store.Kiosks(ctx)
	if err != nil {
		return nil, err
	}
	return fleet.Of(kiosks, beats, version.Number, o.now()), nil
}

// OrderLife is how long a kiosk has to do what is asked of it: as long as a visit may last.
const OrderLife = 30 * time.Minute

// AskKiosk asks something of a kiosk, signed for it alone; the kiosk does it with its next
// heartbeat, or once nobody is there. store.ErrKioskUnknown, ErrKioskRevoked or
// ErrKioskSuspended.
func (o *Operator) AskKiosk(ctx context.Context, name string, what api.OrderWhat, by string) error {
	now := o.now()
	order := api.Order{Id: rand.Text(), What: what, Expires: now.Add(OrderLife).UTC().Truncate(time.Second)}
	kept := store.Order{ID: order.Id, Kiosk: name, What: string(what), Expires: order.Expires, By: by}
	err := o.f.Store.AddOrder(ctx, kept, func(fingerprint string) (string, error) {
		order.Kiosk = fingerprint
		return o.f.Root.SignOrder(order)
	}, now)
	if err != nil {
		return err
	}
	o.log.Info("something is asked of a kiosk", "event", "kiosk.asked", "kiosk", name, "what", string(what))
	return nil
}

// Diagnostics are what a kiosk said last when it was asked for them, and when; store.ErrUnknown
// when there are none.
func (o *Operator) Diagnostics(ctx context.Context, name string) (text string, at time.Time, err error) {
	return o.f.Store.Diagnostics(ctx, name, o.now())
}
