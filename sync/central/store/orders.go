package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/sync/central/retention"
)

// What operators ask of kiosks. It waits for the kiosk's next heartbeat, and is given out with
// each until the kiosk says what came of it: the kiosk does nothing twice.

// Order is something that is asked of a kiosk.
type Order struct {
	ID      string
	Kiosk   string // its name
	What    string // a code of the contract
	Expires time.Time
	By      string // who asks
}

// AddOrder keeps what is asked of a kiosk that is in use, signed by sign for its present
// certificate, in place of the same that waits; ErrKioskUnknown, ErrKioskRevoked or
// ErrKioskSuspended.
func (s *Store) AddOrder(ctx context.Context, o Order, sign func(fingerprint string) (jws string, err error), now time.Time) error {
	return s.act(ctx, func(tx *transaction) error {
		k, err := kioskNamed(ctx, tx, o.Kiosk)
		switch {
		case err != nil:
			return err
		case !k.Revoked.IsZero():
			return ErrKioskRevoked
		case !k.Suspended.IsZero():
			return ErrKioskSuspended
		}
		jws, err := sign(k.Fingerprint)
		if err != nil {
			return err
		}
		_, old := tx.ExecContext(ctx, `DELETE FROM kiosk_orders WHERE expires <= ? OR kiosk = ? AND what = ?`, now.Unix(), k.ID, o.What)
		_, err = tx.ExecContext(ctx, `INSERT INTO kiosk_orders (id, kiosk, what, jws, expires) VALUES (?, ?, ?, ?, ?)`, o.ID, k.ID, o.What, jws, o.Expires.Unix())
		return errors.Join(old, err, noteKiosk(ctx, tx, now, o.Kiosk, "asked: "+o.What, o.By, ""))
	})
}

// Orders are what is asked of a kiosk at a time, signed, by its ID.
func (s *Store) Orders(ctx context.Context, kiosk string, now time.Time) (all []string, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var jws string
		err := row.Scan(&jws)
		all = append(all, jws)
		return err
	}, `SELECT jws FROM kiosk_orders WHERE kiosk = ? AND expires > ? ORDER BY rowid`, kiosk, now.Unix())
	return all, err
}

// AnswerOrder notes what came of an order of a kiosk, which waits no longer. One that does not
// wait is no error: the kiosk may answer twice.
func (s *Store) AnswerOrder(ctx context.Context, k Kiosk, id, outcome string, now time.Time) error {
	return s.act(ctx, func(tx *transaction) error {
		var what string
		err := tx.QueryRowContext(ctx, `DELETE FROM kiosk_orders WHERE id = ? AND kiosk = ? RETURNING what`, id, k.ID).Scan(&what)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return errors.Join(err, noteKiosk(ctx, tx, now, k.Name, what+": "+outcome, "", ""))
	})
}

// DiagnosticsLife is how long what a kiosk said of itself is kept.
const DiagnosticsLife = retention.Diagnostics

// KeepDiagnostics keeps what a kiosk says that an order, by its ID, asks for diagnostics, in
// place of what it said before; ErrUnknown when no such order waits.
func (s *Store) KeepDiagnostics(ctx context.Context, k Kiosk, order, text string, now time.Time) error {
	return s.write(ctx, func(tx *transaction) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO diagnostics (kiosk, at, text) SELECT kiosk, ?, ? FROM kiosk_orders
			WHERE id = ? AND kiosk = ? AND what = 'diagnostics' AND expires > ?
			ON CONFLICT (kiosk) DO UPDATE SET at = excluded.at, text = excluded.text`, now.Unix(), text, order, k.ID, now.Unix())
		if err := one(done, err, ErrUnknown); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM diagnostics WHERE at <= ?`, now.Add(-DiagnosticsLife).Unix())
		return err
	})
}

// Diagnostics are the last ones of a kiosk, by its name; ErrUnknown when there are none.
func (s *Store) Diagnostics(ctx context.Context, name string, now time.Time) (text string, at time.Time, err error) {
	var seconds int64
	err = s.db.QueryRowContext(ctx, `SELECT text, at FROM diagnostics JOIN kiosks ON fingerprint = kiosk WHERE name = ? AND at > ?`,
		name, now.Add(-DiagnosticsLife).Unix()).Scan(&text, &seconds)
	if errors.Is(err, sql.ErrNoRows) {
		return "", at, ErrUnknown
	}
	return text, time.Unix(seconds, 0), s.d.explain(err)
}
