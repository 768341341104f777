package operator

import (
	"context"
	"errors"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
)

// Accounts of staff who help at the kiosks, and what they opened there.

// StaffState is what may be told of a staff account.
type StaffState = store.StaffState

// AddStaff makes a staff account with a PIN of six digits.
func (o *Operator) AddStaff(ctx context.Context, id, pin string) error {
	if err := access.NewStaff(id, pin); err != nil {
		return err
	}
	return o.f.Store.AddStaff(ctx, store.Staff{ID: id, IDHash: o.f.Keeper.StaffIDHash(id), PIN: o.f.Keeper.StaffPIN(id, pin)}, o.staffTries(id))
}

// staffTries is what a wrong PIN of a staff id counts as, wherever it is typed.
func (o *Operator) staffTries(id string) access.Use { return o.f.Keeper.Use(access.StaffTries, id) }

// RemoveStaff removes a staff account and signs it out.
func (o *Operator) RemoveStaff(ctx context.Context, id string) error {
	return o.f.Store.RemoveStaff(ctx, id)
}

// Staff lists the staff accounts.
func (o *Operator) Staff(ctx context.Context) ([]StaffState, error) {
	now := o.now()
	all, err := o.f.Store.StaffStates(ctx, now)
	for i, a := range all {
		var over *store.LimitError
		if errors.As(o.f.Store.Fit(ctx, now, o.staffTries(a.ID)), &over) {
			all[i].LockedAt, all[i].LockedUntil = everywhere, now.Add(over.Wait)
		}
	}
	return all, err
}

// everywhere is where an id is locked that is over access.StaffTries.
const everywhere = "every kiosk"

// Release is the audit of one record that a staff member opened on a photo ID.
type Release = store.Release

// Releases lists the records opened on photo IDs since a time, oldest first.
func (o *Operator) Releases(ctx context.Context, from time.Time) ([]Release, error) {
	return o.f.Store.Releases(ctx, from)
}
