package store

import (
	"context"
	"time"
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

// NoteAct notes an act before it is done. ErrStaffUnknown when nobody has the account.
func (s *Store) NoteAct(ctx context.Context, a Act) error {
	return s.write(ctx, func(tx *transaction) error {
		if err := known(ctx, tx, a.By); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO acts (at, what, person, other, staff, os_user) VALUES (?, ?, ?, ?, ?, ?)`,
			a.At.Unix(), a.What, a.Person, a.Other, a.By.Staff, a.By.OSUser)
		return err
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
