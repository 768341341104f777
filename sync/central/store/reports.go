package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/retention"
)

// How old reports may be that are taken.
const (
	ProblemLife = retention.Problems
	UsageLife   = retention.Counts
)

// What kiosks report about themselves, never about a visitor.

// Report is what every report has: its idempotency key, and what a new one counts
// as. The same again changes nothing; the same key with another body is ErrReused,
// and one over its limit a *LimitError.
type Report struct {
	Key      string
	BodyHash []byte
	Made     time.Time
	Use      access.Use
}

// Problem is a technical problem that a visitor reported.
type Problem struct {
	Kind, Screen string
	Kiosk        string // its name
	Hour         time.Time
}

// AddProblem keeps a problem and reports whether it is new.
func (s *Store) AddProblem(ctx context.Context, r Report, p Problem) (added bool, err error) {
	err = s.write(ctx, func(tx *transaction) (err error) {
		added, err = once(ctx, tx, r, `SELECT body_hash FROM problems WHERE key = ?`)
		if !added || err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO problems (key, body_hash, kind, screen, hour, kiosk, made) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			r.Key, r.BodyHash, p.Kind, p.Screen, p.Hour.Unix(), p.Kiosk, r.Made.Unix())
		return err
	})
	return added, err
}

// once reports whether a report is new, and counts it then.
func once(ctx context.Context, tx *transaction, r Report, query string) (bool, error) {
	var kept []byte
	err := tx.QueryRowContext(ctx, query, r.Key).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) {
		return true, count(ctx, tx, r.Made, r.Use)
	}
	if err != nil {
		return false, err
	}
	return false, sameBody(kept, r.BodyHash)
}

// Problems lists the reports, oldest first.
func (s *Store) Problems(ctx context.Context) ([]Problem, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT kind, screen, kiosk, hour FROM problems ORDER BY hour, made, key`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Problem
	for rows.Next() {
		var p Problem
		var hour int64
		if err := rows.Scan(&p.Kind, &p.Screen, &p.Kiosk, &hour); err != nil {
			return nil, err
		}
		p.Hour = time.Unix(hour, 0)
		all = append(all, p)
	}
	return all, rows.Err()
}

// PurgeReports forgets problems after one time and usage after another.
func (s *Store) PurgeReports(ctx context.Context, now time.Time, problems, usage time.Duration) error {
	return s.write(ctx, func(tx *transaction) error {
		for _, q := range []struct {
			text   string
			before time.Time
		}{
			{forgetProblems, now.Add(-problems)},
			{forgetBatches, now.Add(-usage)},
		} {
			if _, err := tx.ExecContext(ctx, q.text, q.before.Unix()); err != nil {
				return err
			}
		}
		return forgetUsage(ctx, tx, now.Add(-usage))
	})
}
