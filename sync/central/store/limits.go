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
//
// A bucket that was counted into more than a window later than now counts as
// empty: then the clock was ahead and has been set back. So much the clocks of
// instances may differ.

// LimitError tells which limit is reached and when the next use fits.
type LimitError struct {
	access.Limit
	Wait time.Duration
}

func (e *LimitError) Error() string { return "limit reached: " + e.Name }

// Take counts uses, all of them or none: a *LimitError says which does not fit.
func (s *Store) Take(ctx context.Context, now time.Time, uses ...access.Use) error {
	return s.counting(ctx, func(tx *transaction) error { return count(ctx, tx, now, uses...) })
}

// Return takes uses back that came to nothing.
func (s *Store) Return(ctx context.Context, uses ...access.Use) error {
	return s.counting(ctx, func(tx *transaction) error { return uncount(ctx, tx, uses...) })
}

// Fit is a *LimitError when a use would not fit. Nothing is counted and nothing
// written.
func (s *Store) Fit(ctx context.Context, now time.Time, uses ...access.Use) error {
	for _, u := range uses {
		if err := fits(ctx, s.db, now, u); err != nil {
			return err
		}
	}
	return nil
}

// The statements of a bucket: ?1 is its key, ?2 now, ?3 the window, ?4 how long one use
// fills it. What is in it lasts until full.
const (
	moment  = `CAST(?2 AS BIGINT)`
	ahead   = `(` + moment + ` + CAST(?3 AS BIGINT))`
	share   = `CAST(?4 AS BIGINT)`
	full    = `(CASE WHEN limits.counted > ` + ahead + ` OR limits.empty < ` + moment + ` THEN ` + moment + ` ELSE limits.empty END)`
	readOne = `SELECT ` + full + ` FROM limits WHERE key = ?1`
	addOne  = `INSERT INTO limits (key, empty, counted) VALUES (?1, ` + moment + ` + ` + share + `, ` + moment + `)
		ON CONFLICT (key) DO UPDATE SET empty = ` + full + ` + ` + share + `, counted = ` + moment + ` `
	countOne = addOne + `WHERE ` + full + ` + ` + share + ` <= ` + ahead
	turnOne  = addOne + `RETURNING empty`
)

// bucket are the values of these statements.
func bucket(u access.Use, now time.Time) []any {
	return []any{u.Key, now.UnixMilli(), u.Window.Milliseconds(), u.Each().Milliseconds()}
}

func count(ctx context.Context, tx *transaction, now time.Time, uses ...access.Use) error {
	for _, u := range uses {
		if u.Key == nil {
			continue
		}
		done, err := tx.ExecContext(ctx, countOne, bucket(u, now)...)
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
func fits(ctx context.Context, from source, now time.Time, u access.Use) error {
	if u.Key == nil {
		return nil
	}
	var empty int64
	err := from.QueryRowContext(ctx, readOne, bucket(u, now)[:3]...).Scan(&empty)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if wait := time.UnixMilli(empty).Add(u.Each() - u.Window).Sub(now); err == nil && wait > 0 {
		return &LimitError{u.Limit, wait}
	}
	return err
}

// turn counts a use that is never refused, and tells how long it has to wait.
func turn(ctx context.Context, tx *transaction, now time.Time, u access.Use) (wait time.Duration, err error) {
	if u.Key == nil {
		return 0, nil
	}
	var empty int64
	err = tx.QueryRowContext(ctx, turnOne, bucket(u, now)...).Scan(&empty)
	return max(0, time.UnixMilli(empty).Add(-u.Window).Sub(now)), err
}

func uncount(ctx context.Context, tx *transaction, uses ...access.Use) error {
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
