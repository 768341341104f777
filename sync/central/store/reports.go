package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// What kiosks report about themselves, never about a visitor.

// Problem is a technical problem that a visitor reported.
type Problem struct {
	Kind, Screen string
	Kiosk        string // its name
	Hour         time.Time
}

// AddProblem keeps a report. The same again changes nothing and is not new; the
// same key with another body is ErrReused.
func (s *Store) AddProblem(ctx context.Context, key string, bodyHash []byte, p Problem, now time.Time) (added bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		added, err = once(ctx, tx, `SELECT body_hash FROM problems WHERE key = ?`, key, bodyHash)
		if !added || err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?, ?)`,
			key, bodyHash, p.Kind, p.Screen, p.Hour.Unix(), p.Kiosk, now.Unix())
		return err
	})
	return added, err
}

// once tells whether a key is new; ErrReused when it came with another body before.
func once(ctx context.Context, tx *sql.Tx, query, key string, bodyHash []byte) (bool, error) {
	var kept []byte
	err := tx.QueryRowContext(ctx, query, key).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, sameBody(kept, bodyHash)
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

// AddUsage adds the counts of a kiosk's hour to those it has. The same batch
// again changes nothing; the same key with another body is ErrReused.
func (s *Store) AddUsage(ctx context.Context, key string, bodyHash []byte, kiosk string, hour time.Time, counts map[string]int, now time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		added, err := once(ctx, tx, `SELECT body_hash FROM usage_batches WHERE key = ?`, key, bodyHash)
		if !added || err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO usage_batches VALUES (?, ?, ?)`, key, bodyHash, now.Unix()); err != nil {
			return err
		}
		for name, n := range counts {
			_, err := tx.ExecContext(ctx, `INSERT INTO usage_counts VALUES (?, ?, ?, ?)
				ON CONFLICT (hour, kiosk, name) DO UPDATE SET n = n + excluded.n`, hour.Unix(), kiosk, name, n)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Usage is how often something happened in one hour, at all kiosks together.
type Usage struct {
	Hour time.Time
	Name string
	N    int64
}

// UsageSince adds up the counts of all kiosks, by hour and name, from a time on.
func (s *Store) UsageSince(ctx context.Context, from time.Time) ([]Usage, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT hour, name, sum(n) FROM usage_counts WHERE hour >= ?
		GROUP BY hour, name ORDER BY hour, name`, from.Unix())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Usage
	for rows.Next() {
		var u Usage
		var hour int64
		if err := rows.Scan(&hour, &u.Name, &u.N); err != nil {
			return nil, err
		}
		u.Hour = time.Unix(hour, 0)
		all = append(all, u)
	}
	return all, rows.Err()
}

// PurgeReports forgets problems after one time and usage after another.
func (s *Store) PurgeReports(ctx context.Context, now time.Time, problems, usage time.Duration) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, q := range []struct {
			text   string
			before time.Time
		}{
			{`DELETE FROM problems WHERE made <= ?`, now.Add(-problems)},
			{`DELETE FROM usage_counts WHERE hour <= ?`, now.Add(-usage)},
			{`DELETE FROM usage_batches WHERE made <= ?`, now.Add(-usage)},
		} {
			if _, err := tx.ExecContext(ctx, q.text, q.before.Unix()); err != nil {
				return err
			}
		}
		return nil
	})
}
