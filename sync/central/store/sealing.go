package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"vaxkiosk/sync/central/audit"
)

// What rests sealed when the key that kiosks seal to is replaced (sealing.go of central).

// ReplaceSealing notes, once, that a key has been replaced, and returns since when it is.
func (s *Store) ReplaceSealing(ctx context.Context, kid string, now time.Time) (since time.Time, err error) {
	since, known, err := s.SealingReplaced(ctx, kid)
	if known || err != nil {
		return since, err
	}
	err = s.act(ctx, func(tx *transaction) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO sealing_replaced (kid, since) VALUES (?, ?) ON CONFLICT DO NOTHING`, kid, now.Unix())
		if err = one(done, err, errKept); errors.Is(err, errKept) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{At: now, Kind: audit.KeyOut, Outcome: "sealing " + kid + ": replaced"})
	})
	return now, err
}

// SealingReplaced tells since when a key has been replaced, if it is known.
func (s *Store) SealingReplaced(ctx context.Context, kid string) (since time.Time, known bool, err error) {
	var at int64
	err = s.db.QueryRowContext(ctx, `SELECT since FROM sealing_replaced WHERE kid = ?`, kid).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return time.Unix(at, 0), err == nil, err
}

// Sealed is an envelope that waits.
type Sealed struct {
	Key      string // of the request or amendment
	Envelope []byte
	table    string
}

// SealedTo returns all envelopes that are sealed to a key.
func (s *Store) SealedTo(ctx context.Context, kid string) (all []Sealed, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var r Sealed
		err := row.Scan(&r.table, &r.Key, &r.Envelope)
		var to struct {
			Kid string `json:"kid"`
		}
		if err == nil && json.Unmarshal(r.Envelope, &to) == nil && to.Kid == kid {
			all = append(all, r)
		}
		return err
	}, `SELECT 'requests', id, envelope FROM requests WHERE envelope IS NOT NULL
		UNION ALL
		SELECT 'amendments', key, envelope FROM amendments WHERE envelope IS NOT NULL`)
	return all, err
}

// SealAnew puts another envelope in the place of one, unless that is erased by now.
func (s *Store) SealAnew(ctx context.Context, r Sealed, envelope []byte) error {
	q := `UPDATE requests SET envelope = ? WHERE id = ? AND envelope = ?`
	if r.table == "amendments" {
		q = `UPDATE amendments SET envelope = ? WHERE key = ? AND envelope = ?`
	}
	return s.write(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, q, envelope, r.Key, r.Envelope)
		return err
	})
}
