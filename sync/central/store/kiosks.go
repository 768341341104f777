package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// The kiosks that are let in. A certificate that this CA has signed is not enough: its
// row must be there and not be revoked. What is revoked stays revoked, and its name
// stays taken: a line of the audit with that name means one kiosk only.

// Errors of kiosks.
var (
	ErrKioskTaken   = errors.New("the name of a kiosk is taken")
	ErrKioskUnknown = errors.New("no such kiosk")
	ErrKioskRevoked = errors.New("the kiosk is revoked already")
)

// Kiosk is one certificate that was issued to a kiosk.
type Kiosk struct {
	Fingerprint string // SHA-256 of the certificate, in hex
	Name        string
	Issued      time.Time
	LastSeen    time.Time // zero: never; a minute behind at most
	Revoked     time.Time // zero: let in
	Reason, By  string    // why it is revoked, and who did it
}

const selectKiosk = `SELECT fingerprint, name, issued, coalesce(last_seen, 0), coalesce(revoked, 0), reason, revoked_by FROM kiosks `

func scanKiosk(row scanner) (k Kiosk, err error) {
	var issued, seen, revoked int64
	err = row.Scan(&k.Fingerprint, &k.Name, &issued, &seen, &revoked, &k.Reason, &k.By)
	k.Issued = time.Unix(issued, 0)
	if seen != 0 {
		k.LastSeen = time.Unix(seen, 0)
	}
	if revoked != 0 {
		k.Revoked = time.Unix(revoked, 0)
	}
	return k, err
}

// AddKiosk lets a kiosk in; ErrKioskTaken when another one has, or had, its name.
func (s *Store) AddKiosk(ctx context.Context, k Kiosk) error {
	done, err := s.one.ExecContext(ctx, `INSERT INTO kiosks (fingerprint, name, issued) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		k.Fingerprint, k.Name, k.Issued.Unix())
	return one(done, explain(s.path, err), ErrKioskTaken)
}

// ForgetKiosk takes back AddKiosk for a kiosk that never got its certificate.
func (s *Store) ForgetKiosk(ctx context.Context, fingerprint string) error {
	_, err := s.one.ExecContext(ctx, `DELETE FROM kiosks WHERE fingerprint = ? AND last_seen IS NULL AND revoked IS NULL`, fingerprint)
	return explain(s.path, err)
}

// KioskOf returns the kiosk of a certificate; else ErrKioskUnknown.
func (s *Store) KioskOf(ctx context.Context, fingerprint string) (Kiosk, error) {
	k, err := scanKiosk(s.db.QueryRowContext(ctx, selectKiosk+`WHERE fingerprint = ?`, fingerprint))
	if errors.Is(err, sql.ErrNoRows) {
		return Kiosk{}, ErrKioskUnknown
	}
	return k, explain(s.path, err)
}

// Kiosks lists the kiosks by name.
func (s *Store) Kiosks(ctx context.Context) (all []Kiosk, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		k, err := scanKiosk(row)
		all = append(all, k)
		return err
	}, selectKiosk+`ORDER BY name`)
	return all, err
}

// RevokeKiosk takes a kiosk's certificate back permanently; ErrKioskUnknown, or
// ErrKioskRevoked when it was done before.
func (s *Store) RevokeKiosk(ctx context.Context, name, reason, by string, now time.Time) (k Kiosk, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		k, err = scanKiosk(tx.QueryRowContext(ctx, selectKiosk+`WHERE name = ?`, name))
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return ErrKioskUnknown
		case err != nil:
			return err
		case !k.Revoked.IsZero():
			return ErrKioskRevoked
		}
		k.Revoked, k.Reason, k.By = now, reason, by
		_, err = tx.ExecContext(ctx, `UPDATE kiosks SET revoked = ?, reason = ?, revoked_by = ? WHERE fingerprint = ?`,
			now.Unix(), reason, by, k.Fingerprint)
		return err
	})
	return k, err
}

// RevokedKiosks tells how many kiosks are revoked: it changes with each of them.
func (s *Store) RevokedKiosks(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM kiosks WHERE revoked IS NOT NULL`).Scan(&n)
	return n, explain(s.path, err)
}

// SawKiosks notes when kiosks called last, by fingerprint.
func (s *Store) SawKiosks(ctx context.Context, seen map[string]time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for fingerprint, at := range seen {
			if _, err := tx.ExecContext(ctx, `UPDATE kiosks SET last_seen = ? WHERE fingerprint = ?`, at.Unix(), fingerprint); err != nil {
				return err
			}
		}
		return nil
	})
}
