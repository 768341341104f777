package store

import (
	"context"
	"time"
)

// Release is the audit of one record that a staff member opened on a photo ID. It says
// nothing of the person.
type Release struct {
	Request   string
	Staff     string
	IDKind    string
	Kiosk     string // SHA-256 of its certificate
	KioskName string // "" when no kiosk of the table has it
	At        time.Time
}

// Releases lists the audit since a time, oldest first.
func (s *Store) Releases(ctx context.Context, from time.Time) (all []Release, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var r Release
		var at int64
		err := row.Scan(&r.Request, &r.Staff, &r.IDKind, &r.Kiosk, &r.KioskName, &at)
		r.At = time.Unix(at, 0)
		all = append(all, r)
		return err
	}, `SELECT request, staff, id_kind, kiosk, coalesce(name, ''), at
		FROM releases LEFT JOIN kiosks ON fingerprint = kiosk WHERE at >= ? ORDER BY at, releases.rowid`, from.Unix())
	return all, err
}
