package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/sync/central/access"
)

// The rule of limits: what may happen only so often is counted before it
// happens, in one atomic statement that all instances share. An error counts as
// no. Of each bucket the table holds when it will be empty, under a keyed hash:
// what does not fit is refused or, for requests, put off.

// LimitError tells which limit is reached and when the next use fits.
type LimitError struct {
	access.Limit
	Wait time.Duration
}

func (e *LimitError) Error() string { return "limit reached: " + e.Name }

// Take counts uses, all of them or none: a *LimitError says which does not fit.
func (s *Store) Take(ctx context.Context, now time.Time, uses ...access.Use) error {
	return s.write(ctx, func(tx *sql.Tx) error { return count(ctx, tx, now, uses...) })
}

// Return takes uses back that came to nothing.
func (s *Store) Return(ctx context.Context, uses ...access.Use) error {
	return s.write(ctx, func(tx *sql.Tx) error { return uncount(ctx, tx, uses...) })
}

// A bucket that will be empty only after two windows was filled before the clock
// was set back: counting cannot fill it so, even if the clocks of instances differ.
// It counts as empty.
const countOne = `INSERT INTO limits VALUES (?1, ?2 + ?3) ON CONFLICT (key) DO UPDATE
	SET empty = iif(empty > ?2 + 2 * ?4, ?2, max(empty, ?2)) + ?3
	WHERE empty > ?2 + 2 * ?4 OR max(empty, ?2) + ?3 <= ?2 + ?4`

func count(ctx context.Context, tx *sql.Tx, now time.Time, uses ...access.Use) error {
	for _, u := range uses {
		if u.Key == nil {
			continue
		}
		done, err := tx.ExecContext(ctx, countOne, u.Key, now.UnixMilli(), u.Each().Milliseconds(), u.Window.Milliseconds())
		if err := one(done, err, errFull); errors.Is(err, errFull) {
			return fits(ctx, tx, now, u)
		} else if err != nil {
			return err
		}
	}
	return nil
}

var errFull = errors.New("limit reached")

// fits is a *LimitError when a use would not fit; nothing is counted.
func fits(ctx context.Context, tx *sql.Tx, now time.Time, u access.Use) error {
	if u.Key == nil {
		return nil
	}
	var empty int64
	err := tx.QueryRowContext(ctx, `SELECT empty FROM limits WHERE key = ? AND empty <= ?`,
		u.Key, now.Add(2*u.Window).UnixMilli()).Scan(&empty)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if wait := time.UnixMilli(empty).Add(u.Each() - u.Window).Sub(now); err == nil && wait > 0 {
		return &LimitError{u.Limit, wait}
	}
	return err
}

// turn counts a use that is never refused, and tells how long it has to wait.
func turn(ctx context.Context, tx *sql.Tx, now time.Time, u access.Use) (wait time.Duration, err error) {
	if u.Key == nil {
		return 0, nil
	}
	var empty int64
	err = tx.QueryRowContext(ctx, `INSERT INTO limits VALUES (?1, ?2 + ?3) ON CONFLICT (key) DO UPDATE
		SET empty = max(empty, ?2) + ?3 RETURNING empty`, u.Key, now.UnixMilli(), u.Each().Milliseconds()).Scan(&empty)
	return max(0, time.UnixMilli(empty).Add(-u.Window).Sub(now)), err
}

func uncount(ctx context.Context, tx *sql.Tx, uses ...access.Use) error {
	for _, u := range uses {
		if u.Key == nil {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE limits SET empty = empty - ? WHERE key = ?`, u.Each().Milliseconds(), u.Key); err != nil {
			return err
		}
	}
	return nil
}
