package store

import (
	"context"
	"errors"
	"time"

	"vaxkiosk/sync/central/audit"
)

// Act is what somebody has done to people on file by hand. It holds numbers, no value of
// a person, and is not erased.
type Act struct {
	At            time.Time
	What          string
	Person, Other int // numbers; 0 for none
	By            Looker
}

// What people do by hand.
const (
	ActLink        = "link"
	ActUnlink      = "unlink"
	ActRemoveDose  = "remove-dose"
	ActRestoreDose = "restore-dose"
)

// kindOf is an act in the audit.
var kindOf = map[string]audit.Kind{ActLink: audit.Linked, ActUnlink: audit.Unlinked, ActRemoveDose: audit.DoseOut, ActRestoreDose: audit.DoseBack}

// byHand is writing for what f does to people by hand, and notes it as what f says, by who acts
// with ctx. ErrStaffUnknown when nobody has the account.
func (s *Store) byHand(ctx context.Context, f func(*writer) (Act, error)) error {
	by := audit.Of(ctx)
	return s.acting(ctx, func(w *writer) error {
		if err := known(ctx, w.tx, Looker{Staff: by.Staff}); err != nil {
			return err
		}
		a, err := f(w)
		if err != nil || a.What == "" {
			return err
		}
		now := time.Now()
		_, err = w.exec(`INSERT INTO acts (at, what, person, other, staff, os_user) VALUES (?, ?, ?, ?, ?, ?)`,
			now.Unix(), a.What, a.Person, a.Other, by.Staff, by.Login)
		return errors.Join(err, w.tx.audit(ctx, audit.Row{At: now, Kind: kindOf[a.What], Person: a.Person, Other: a.Other}))
	})
}

// Acts lists what was done since a time, oldest first.
func (s *Store) Acts(ctx context.Context, since time.Time) (all []Act, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var a Act
		var at int64
		err := row.Scan(&at, &a.What, &a.Person, &a.Other, &a.By.Staff, &a.By.OSUser)
		a.At = time.Unix(at, 0)
		all = append(all, a)
		return err
	}, `SELECT at, what, person, other, staff, os_user FROM acts WHERE at >= ? ORDER BY n`, since.Unix())
	return all, err
}
