package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/sync/central/access"
)

// Staff sign-in follows the rule of tries: a failure is counted in one atomic
// statement before anything is compared, and a right PIN ends the row of them.
// Ids that nobody has are counted in the same table by the same statement, so
// that a lock tells nothing about an id. The table is bounded: the counters
// whose last failure or lock is longest ago are forgotten, whoever they belong to.

// How often staff may fail in a row, and for how long that locks their account.
const (
	MaxStaffFailures = 5
	StaffLock        = 15 * time.Minute
)

// rememberedIDs is how many counters are kept, of a few dozen bytes each. Making
// central forget one takes as many slow hashes. A variable for the tests.
var rememberedIDs = 100_000

// Errors of staff accounts.
var (
	ErrStaffLocked  = errors.New("staff account is locked")
	ErrStaffTaken   = errors.New("staff account is there already")
	ErrStaffUnknown = errors.New("no such staff account")
)

// Staff is an account.
type Staff struct {
	ID          string
	IDHash, PIN []byte
}

// AddStaff makes an account; ErrStaffTaken when there is one.
func (s *Store) AddStaff(ctx context.Context, a Staff) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO staff VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, a.ID, a.IDHash, a.PIN)
		if err := one(done, err, ErrStaffTaken); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM staff_tries WHERE id_hash = ?`, a.IDHash)
		return err
	})
}

// RemoveStaff removes an account and signs it out everywhere; ErrStaffUnknown
// when there is none. What it vouched for stays in the audit.
func (s *Store) RemoveStaff(ctx context.Context, id string) error {
	done, err := s.one.ExecContext(ctx, `DELETE FROM staff WHERE id = ?`, id)
	return one(done, err, ErrStaffUnknown)
}

// one wants that a statement changed a row, and else returns otherwise.
func one(done sql.Result, err, otherwise error) error {
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); n != 0 || err != nil {
		return err
	}
	return otherwise
}

// StaffState is what may be told of an account.
type StaffState struct {
	ID          string
	Failures    int       // in a row
	LockedUntil time.Time // zero when not locked
}

// StaffStates lists the accounts by id.
func (s *Store) StaffStates(ctx context.Context, now time.Time) ([]StaffState, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, coalesce(failures, 0), coalesce(locked_until, 0)
		FROM staff LEFT JOIN staff_tries USING (id_hash) ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []StaffState
	for rows.Next() {
		var a StaffState
		var until int64
		if err := rows.Scan(&a.ID, &a.Failures, &until); err != nil {
			return nil, err
		}
		switch {
		case until > now.Unix():
			a.LockedUntil = time.Unix(until, 0)
		case until > 0: // the lock is over, and the next failure is the first
			a.Failures = 0
		}
		all = append(all, a)
	}
	return all, rows.Err()
}

// TakeStaffTry counts a failure of an id, with the uses, and returns the PIN to
// compare with, nil when nobody has the id. ErrStaffLocked, or a *LimitError:
// nothing may be compared, and nothing is counted.
func (s *Store) TakeStaffTry(ctx context.Context, idHash []byte, now time.Time, uses ...access.Use) (pin []byte, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := count(ctx, tx, now, uses...); err != nil {
			return err
		}
		var failures int
		err := tx.QueryRowContext(ctx, `INSERT INTO staff_tries VALUES (?1, 1, 0, ?2)
			ON CONFLICT (id_hash) DO UPDATE SET failures = iif(locked_until = 0, failures + 1, 1),
				locked_until = iif(locked_until = 0 AND failures + 1 >= ?3, ?4, 0),
				at = iif(locked_until = 0 AND failures + 1 >= ?3, ?4, ?2)
			WHERE locked_until <= ?2 RETURNING failures`,
			idHash, now.Unix(), MaxStaffFailures, now.Add(StaffLock).Unix()).Scan(&failures)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrStaffLocked
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM staff_tries WHERE rowid IN (SELECT rowid FROM staff_tries
			ORDER BY at, rowid LIMIT max(0, (SELECT count(*) FROM staff_tries) - ?))`, rememberedIDs)
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `SELECT pin FROM staff WHERE id_hash = ?`, idHash).Scan(&pin)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return pin, err
}

// StaffSession is a staff member who has signed in at one kiosk.
type StaffSession struct {
	Hash    []byte // of the token
	Kiosk   string
	Expires time.Time
}

// SignIn keeps the session of an account whose PIN has been found right, gives
// the uses back and ends the row of its failures; ErrStaffUnknown when the
// account has been removed or changed since.
func (s *Store) SignIn(ctx context.Context, idHash, pin []byte, n StaffSession, uses ...access.Use) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO staff_sessions SELECT ?, id, ?, ? FROM staff WHERE id_hash = ? AND pin = ?`,
			n.Hash, n.Kiosk, n.Expires.Unix(), idHash, pin)
		if err := one(done, err, ErrStaffUnknown); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM staff_tries WHERE id_hash = ?`, idHash)
		return errors.Join(err, uncount(ctx, tx, uses...))
	})
}

// StaffOf tells who signed in with a token at this kiosk; ErrStaffUnknown when
// nobody did or it is too long ago.
func (s *Store) StaffOf(ctx context.Context, hash []byte, kiosk string, now time.Time) (id string, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT staff FROM staff_sessions WHERE hash = ? AND kiosk = ? AND expires > ?`,
		hash, kiosk, now.Unix()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrStaffUnknown
	}
	return id, err
}
