package operator

import (
	"context"

	"vaxkiosk/sync/central/fleet"
	"vaxkiosk/sync/metrics"
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

// Gauges are the same as metrics.
func (o *Operator) Gauges(ctx context.Context) ([]metrics.Gauge, error) {
	all, err := o.Fleet(ctx)
	if err != nil {
		return nil, err
	}
	return fleet.Gauges(all, version.Number, o.now()), nil
}
