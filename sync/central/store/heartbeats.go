package store

import (
	"context"
	"errors"
	"time"
)

// What kiosks say of themselves once a minute. The last of each is kept and no other, so that
// nobody reads from a row of them when people came; it goes when its kiosk is revoked.

// Heartbeat is what a kiosk said last.
type Heartbeat struct {
	Kiosk   string // its ID
	At      time.Time
	Version string // of its program
	Screen  string // what it offers: a code of the contract
	Waiting int    // that is saved there and not here
	Refused int    // that can never be taken here
	Oldest  time.Duration
	Printer string // ready, or why not: a code of the contract; empty: it was not asked yet

	Settings *int // seconds since it knew that it has the newest bootstrap; nil here and below: not known
	DiskFree *int // MiB
	Skew     *int // seconds that its clock is ahead of this service's
}

// KeepHeartbeat keeps a heartbeat in place of the one before. That of a kiosk that is not
// listed, or revoked, is not kept, which is no error.
func (s *Store) KeepHeartbeat(ctx context.Context, h Heartbeat) error {
	return s.write(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO heartbeats (kiosk, at, version, screen, waiting, refused, oldest, printer, settings, disk_free, skew)
			SELECT fingerprint, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM kiosks WHERE fingerprint = ? AND revoked IS NULL
			ON CONFLICT (kiosk) DO UPDATE SET at = excluded.at, version = excluded.version, screen = excluded.screen, waiting = excluded.waiting,
				refused = excluded.refused, oldest = excluded.oldest, printer = excluded.printer, settings = excluded.settings,
				disk_free = excluded.disk_free, skew = excluded.skew`,
			h.At.Unix(), h.Version, h.Screen, h.Waiting, h.Refused, int64(h.Oldest/time.Second), h.Printer, h.Settings, h.DiskFree, h.Skew, h.Kiosk)
		return err
	})
}

// Heartbeats are the last ones, by the ID of the kiosk.
func (s *Store) Heartbeats(ctx context.Context) (map[string]Heartbeat, error) {
	all := map[string]Heartbeat{}
	err := each(ctx, s.db, func(row scanner) error {
		var h Heartbeat
		var at, oldest int64
		err := row.Scan(&h.Kiosk, &at, &h.Version, &h.Screen, &h.Waiting, &h.Refused, &oldest, &h.Printer, &h.Settings, &h.DiskFree, &h.Skew)
		h.At, h.Oldest = time.Unix(at, 0), time.Duration(oldest)*time.Second
		all[h.Kiosk] = h
		return err
	}, `SELECT kiosk, at, version, screen, waiting, refused, oldest, printer, settings, disk_free, skew FROM heartbeats`)
	return all, err
}

// forgetHeartbeat erases what a kiosk said, and what is asked of it.
func forgetHeartbeat(ctx context.Context, tx *transaction, kiosk string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM heartbeats WHERE kiosk = ?`, kiosk)
	_, too := tx.ExecContext(ctx, `DELETE FROM kiosk_orders WHERE kiosk = ?`, kiosk)
	_, also := tx.ExecContext(ctx, `DELETE FROM diagnostics WHERE kiosk = ?`, kiosk)
	return errors.Join(err, too, also)
}
