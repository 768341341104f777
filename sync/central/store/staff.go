package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/audit"
)

// Staff sign-in follows the rule of tries: a failure is counted in one atomic
// statement before anything is compared, and a right PIN ends the row of them.
// Ids that nobody has are counted in the same table by the same statement, so
// that a lock tells nothing about an id. The table is bounded: the counters
// whose last failure or lock is longest ago are forgotten, whoever they belong to.
//
// A lock is for one id at one kiosk, or whoever stands at one screen could lock out
// every nurse of the state. Each further one in a row is twice as long, so that one
// kiosk has 35 failures in its first day and 10 in each after it, below
// access.StaffTries, the limit of an id at all kiosks. A day without forgets the row.

// How often staff may fail in a row at one kiosk, and for how long that locks their
// account there, first and at most.
const (
	MaxStaffFailures = 5
	StaffLock        = 15 * time.Minute
	maxDoubled       = 6 // 16 hours
	locksRemembered  = 24 * time.Hour
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

// AddStaff makes an account, without failures from before and with none of the uses;
// ErrStaffTaken when there is one.
func (s *Store) AddStaff(ctx context.Context, a Staff, uses ...access.Use) error {
	return s.act(ctx, func(tx *transaction) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO staff (id, id_hash, pin) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, a.ID, a.IDHash, a.PIN)
		if err := one(done, err, ErrStaffTaken); err != nil {
			return err
		}
		for _, u := range uses {
			if _, err := tx.ExecContext(ctx, `DELETE FROM limits WHERE key = ?`, u.Key); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM staff_tries WHERE id_hash = ?`, a.IDHash)
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{Kind: audit.StaffIn, Outcome: a.ID})
	})
}

// RemoveStaff removes an account and signs it out everywhere; ErrStaffUnknown
// when there is none. What it vouched for stays in the audit.
func (s *Store) RemoveStaff(ctx context.Context, id string) error {
	return s.act(ctx, func(tx *transaction) error {
		done, err := tx.ExecContext(ctx, `DELETE FROM staff WHERE id = ?`, id)
		if err := one(done, err, ErrStaffUnknown); err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{Kind: audit.StaffOut, Outcome: id})
	})
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
	Failures    int       // in a row, at the kiosk with most of them
	LockedUntil time.Time // the latest; zero when not locked
	LockedAt    string    // names of kiosks, with commas
}

// StaffStates lists the accounts by id.
func (s *Store) StaffStates(ctx context.Context, now time.Time) (all []StaffState, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var id, kiosk string
		var failures int
		var until int64
		if err := row.Scan(&id, &failures, &until, &kiosk); err != nil {
			return err
		}
		if len(all) == 0 || all[len(all)-1].ID != id {
			all = append(all, StaffState{ID: id})
		}
		all[len(all)-1].add(failures, time.Unix(until, 0), kiosk, now)
		return nil
	}, `SELECT id, coalesce(failures, 0), coalesce(locked_until, 0), coalesce(name, substr(kiosk, 1, 8), '')
		FROM staff LEFT JOIN staff_tries USING (id_hash) LEFT JOIN kiosks ON fingerprint = kiosk ORDER BY id, locked_until DESC, 4`)
	return all, err
}

// add adds what is counted at one kiosk.
func (a *StaffState) add(failures int, until time.Time, kiosk string, now time.Time) {
	switch {
	case until.After(now):
		if a.LockedAt != "" {
			a.LockedAt += ", "
		}
		a.LockedAt += kiosk
		if until.After(a.LockedUntil) {
			a.LockedUntil = until
		}
	case until.Unix() > 0: // the lock is over, and the next failure is the first
		failures = 0
	}
	a.Failures = max(a.Failures, failures)
}

// StaffTry is somebody who signs in at a kiosk.
type StaffTry struct {
	IDHash []byte
	Kiosk  string // SHA-256 of its certificate
}

// failStaff counts a failure: ?1 the id, ?2 now, ?3 how many lock, ?4 and for how long,
// ?5 the kiosk, ?6 how long locks count, ?7 how often they are doubled.
const failStaff = `INSERT INTO staff_tries (id_hash, kiosk, failures, locks, locked_until, at) VALUES (?1, ?5, 1, 0, 0, ?2)
	ON CONFLICT (id_hash, kiosk) DO UPDATE SET
		failures = CASE WHEN staff_tries.locked_until = 0 THEN staff_tries.failures + 1 ELSE 1 END,
		locks = ` + locksSoFar + ` + CASE WHEN ` + failureLocks + ` THEN 1 ELSE 0 END,
		locked_until = CASE WHEN ` + failureLocks + ` THEN ` + lockEnds + ` ELSE 0 END,
		at = CASE WHEN ` + failureLocks + ` THEN ` + lockEnds + ` ELSE ?2 END
	WHERE staff_tries.locked_until <= ?2 RETURNING locked_until > 0`

const (
	failureLocks = `staff_tries.locked_until = 0 AND staff_tries.failures + 1 >= ?3`
	locksSoFar   = `CASE WHEN staff_tries.at + ?6 <= ?2 THEN 0 ELSE staff_tries.locks END`
	lockEnds     = `?2 + (CAST(?4 AS BIGINT) << CAST(CASE WHEN staff_tries.at + ?6 <= ?2 THEN 0 WHEN staff_tries.locks < ?7 THEN staff_tries.locks ELSE ?7 END AS INTEGER))`
)

// TakeStaffTry counts a failure of an id, with the uses, and returns the PIN to
// compare with, nil when nobody has the id, and whether this failure locks the id at
// its kiosk. ErrStaffLocked, or a *LimitError: nothing may be compared, and nothing
// is counted.
func (s *Store) TakeStaffTry(ctx context.Context, who StaffTry, now time.Time, uses ...access.Use) (pin []byte, locks bool, err error) {
	err = s.counting(ctx, func(tx *transaction) error {
		pin, locks = nil, false
		if err := count(ctx, tx, now, uses...); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, failStaff, who.IDHash, now.Unix(), MaxStaffFailures, int64(StaffLock.Seconds()), who.Kiosk,
			int64(locksRemembered.Seconds()), maxDoubled).Scan(&locks)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrStaffLocked
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM staff_tries WHERE rowid IN (SELECT rowid FROM staff_tries
			ORDER BY at, rowid LIMIT (SELECT CASE WHEN count(*) > ?1 THEN count(*) - ?1 ELSE 0 END FROM staff_tries))`, rememberedIDs)
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `SELECT pin FROM staff WHERE id_hash = ?`, who.IDHash).Scan(&pin)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return pin, locks, err
}

// StaffSession is a staff member who has signed in at one kiosk.
type StaffSession struct {
	Hash    []byte // of the token
	Kiosk   string
	Expires time.Time
}

// SignIn keeps the session of an account whose PIN has been found right, gives
// the uses back and ends the row of its failures there; ErrStaffUnknown when the
// account has been removed or changed since.
func (s *Store) SignIn(ctx context.Context, idHash, pin []byte, n StaffSession, uses ...access.Use) error {
	return s.act(ctx, func(tx *transaction) error {
		who := audit.Of(ctx)
		err := tx.QueryRowContext(ctx, `INSERT INTO staff_sessions (hash, staff, kiosk, expires) SELECT ?, id, ?, ? FROM staff WHERE id_hash = ? AND pin = ? RETURNING staff`,
			n.Hash, n.Kiosk, n.Expires.Unix(), idHash, pin).Scan(&who.Staff)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrStaffUnknown
		}
		if err == nil {
			err = tx.audit(audit.As(ctx, who), audit.Row{Kind: audit.SignedIn})
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM staff_tries WHERE id_hash = ? AND kiosk = ?`, idHash, n.Kiosk)
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
