package operator

import (
	"context"
	"time"

	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/sealing"
)

// The keys of health cards, and those that kiosks seal to. Their rules are in packages card
// and sealing.

// CardKeys lists the keys of health cards, the newest first, and says which signs.
func (o *Operator) CardKeys(context.Context) (all []card.Key, signing string) {
	return o.f.Cards.List(), o.f.Cards.Signer().Thumbprint()
}

// AnnounceKey makes the next key of health cards now; it signs in card.KeyAhead.
func (o *Operator) AnnounceKey(ctx context.Context) error {
	return o.f.ChangeKeys(ctx, func() error { return o.f.Cards.Announce(ctx, o.now()) })
}

// DistrustKey takes a key of health cards out of the published ones (card.Ring).
func (o *Operator) DistrustKey(ctx context.Context, kid string) error {
	return o.f.ChangeKeys(ctx, func() error { return o.f.Cards.Distrust(ctx, kid, o.now()) })
}

// RotateSealing makes a new key for kiosks to seal to, and lets the one before go on opening.
func (o *Operator) RotateSealing(ctx context.Context) error {
	return o.f.ChangeKeys(ctx, func() error { return o.f.Sealing.Rotate(ctx) })
}

// SealingKeys returns the id of the key that kiosks seal to, of the one before, "" when there
// is none, and until when that opens; zero when no service has published the new one yet.
func (o *Operator) SealingKeys(ctx context.Context) (now, before string, until time.Time, err error) {
	now, before = o.f.Sealing.Public().ID, o.f.Sealing.Before()
	if before == "" {
		return now, before, until, nil
	}
	since, known, err := o.f.Store.SealingReplaced(ctx, before)
	if known {
		until = since.Add(sealing.Overlap)
	}
	return now, before, until, err
}
