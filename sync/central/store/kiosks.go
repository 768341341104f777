package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/sync/central/audit"
)

// The kiosks that are let in. A certificate that this CA has signed is not enough: its
// row must be there, not have ended, and its kiosk be neither suspended nor revoked. A name
// is one place's: its kiosk may get another certificate, or another machine (invitations.go),
// and each such change is noted, with who did it.

// Errors of kiosks.
var (
	ErrKioskTaken     = errors.New("the name of a kiosk is taken")
	ErrKioskUnknown   = errors.New("no such kiosk")
	ErrKioskRevoked   = errors.New("the kiosk is revoked already")
	ErrKioskSuspended = errors.New("the kiosk is suspended already")
	ErrKioskInUse     = errors.New("the kiosk is not suspended")
)

// Kiosk is a kiosk with one of its certificates.
type Kiosk struct {
	ID          string // what it has at central is kept under it: SHA-256 of its first certificate, in hex
	Fingerprint string // SHA-256 of the certificate, in hex
	Name        string
	Issued      time.Time // the certificate
	Until       time.Time // the certificate's end
	Begun       time.Time // zero: the certificate was never used
	Ended       time.Time // zero: not; from then on the certificate is refused
	LastSeen    time.Time // zero: never; a minute behind at most
	Suspended   time.Time // zero: not
	Revoked     time.Time // zero: not
	Reason, By  string    // why it is suspended or revoked, and who did it
}

const selectKiosk = `SELECT c.kiosk, c.fingerprint, coalesce(k.name, c.name), c.issued, c.until, coalesce(c.begun, 0), coalesce(c.ended, 0),
	coalesce(k.last_seen, 0), coalesce(k.suspended, 0), coalesce(k.revoked, 0), coalesce(k.reason, ''), coalesce(k.revoked_by, '')
	FROM kiosk_certs c LEFT JOIN kiosks k ON k.fingerprint = c.kiosk `

// present is the certificate of a kiosk that was taken into use last.
const present = `JOIN kiosks p ON c.fingerprint = (SELECT fingerprint FROM kiosk_certs
	WHERE kiosk = p.fingerprint AND begun IS NOT NULL ORDER BY ended IS NULL DESC, rowid DESC LIMIT 1) `

func scanKiosk(row scanner) (k Kiosk, err error) {
	var at [7]int64
	err = row.Scan(&k.ID, &k.Fingerprint, &k.Name, &at[0], &at[1], &at[2], &at[3], &at[4], &at[5], &at[6], &k.Reason, &k.By)
	for i, into := range []*time.Time{&k.Issued, &k.Until, &k.Begun, &k.Ended, &k.LastSeen, &k.Suspended, &k.Revoked} {
		if at[i] != 0 {
			*into = time.Unix(at[i], 0)
		}
	}
	return k, err
}

// AddKiosk lets a kiosk in that was given its certificate; ErrKioskTaken when another one
// has, or had, its name. A code for the name ends. What and by are for the notes.
func (s *Store) AddKiosk(ctx context.Context, k Kiosk, what, by string) error {
	return s.act(ctx, func(tx *transaction) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO kiosks (fingerprint, name, issued) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
			k.Fingerprint, k.Name, k.Issued.Unix())
		if err := one(done, err, ErrKioskTaken); err != nil {
			return err
		}
		if _, err := withdraw(ctx, tx, k.Name, k.Issued); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO kiosk_certs (fingerprint, kiosk, name, issued, until, begun) VALUES (?1, ?1, ?2, ?3, ?4, ?3)`,
			k.Fingerprint, k.Name, k.Issued.Unix(), k.Until.Unix())
		return errors.Join(err, noteKiosk(ctx, tx, k.Issued, k.Name, what, by, ""))
	})
}

// ForgetKiosk takes back AddKiosk for a kiosk that never got its certificate.
func (s *Store) ForgetKiosk(ctx context.Context, fingerprint string) error {
	return s.act(ctx, func(tx *transaction) error {
		done, err := tx.ExecContext(ctx, `DELETE FROM kiosks WHERE fingerprint = ? AND last_seen IS NULL AND revoked IS NULL`, fingerprint)
		if err := one(done, err, ErrKioskUnknown); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM kiosk_certs WHERE fingerprint = ?`, fingerprint)
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{Kind: audit.KioskDone, Outcome: "forgotten: it never got its certificate"})
	})
}

// KioskOf returns the kiosk of a certificate; else ErrKioskUnknown.
func (s *Store) KioskOf(ctx context.Context, fingerprint string) (Kiosk, error) {
	k, err := scanKiosk(s.db.QueryRowContext(ctx, selectKiosk+`WHERE c.fingerprint = ?`, fingerprint))
	if errors.Is(err, sql.ErrNoRows) {
		return Kiosk{}, ErrKioskUnknown
	}
	return k, s.d.explain(err)
}

// Kiosks lists the kiosks by name, each with its present certificate.
func (s *Store) Kiosks(ctx context.Context) (all []Kiosk, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		k, err := scanKiosk(row)
		all = append(all, k)
		return err
	}, selectKiosk+present+`ORDER BY k.name`)
	return all, err
}

// RevokeKiosk takes the certificates of a kiosk back permanently, and a code for its name;
// ErrKioskUnknown, or ErrKioskRevoked when it was done before. Of a name that is only
// invited it takes the code back, and the name is free.
func (s *Store) RevokeKiosk(ctx context.Context, name, reason, by string, now time.Time) (k Kiosk, err error) {
	err = s.act(ctx, func(tx *transaction) error {
		invited, err := withdraw(ctx, tx, name, now)
		if err != nil {
			return err
		}
		k, err = kioskNamed(ctx, tx, name)
		switch {
		case errors.Is(err, ErrKioskUnknown) && invited:
			k = Kiosk{Name: name}
			return noteKiosk(ctx, tx, now, name, "invitation withdrawn", by, reason)
		case err != nil:
			return err
		case !k.Revoked.IsZero():
			return ErrKioskRevoked
		}
		k.Revoked, k.Reason, k.By = now, reason, by
		_, err = tx.ExecContext(ctx, `UPDATE kiosks SET revoked = ?, reason = ?, revoked_by = ? WHERE fingerprint = ?`, now.Unix(), reason, by, k.ID)
		return errors.Join(err, forgetHeartbeat(ctx, tx, k.ID), noteKiosk(ctx, tx, now, name, "revoked", by, reason))
	})
	return k, err
}

// SuspendKiosk lets a kiosk in no more until ResumeKiosk, and takes back a code for its name;
// ErrKioskUnknown, ErrKioskRevoked or ErrKioskSuspended.
func (s *Store) SuspendKiosk(ctx context.Context, name, reason, by string, now time.Time) error {
	return s.act(ctx, func(tx *transaction) error {
		k, err := kioskNamed(ctx, tx, name)
		switch {
		case err != nil:
			return err
		case !k.Revoked.IsZero():
			return ErrKioskRevoked
		case !k.Suspended.IsZero():
			return ErrKioskSuspended
		}
		_, gone := withdraw(ctx, tx, name, now)
		_, err = tx.ExecContext(ctx, `UPDATE kiosks SET suspended = ?, reason = ?, revoked_by = ? WHERE fingerprint = ?`, now.Unix(), reason, by, k.ID)
		return errors.Join(gone, err, noteKiosk(ctx, tx, now, name, "suspended", by, reason))
	})
}

// ResumeKiosk ends SuspendKiosk; ErrKioskUnknown, ErrKioskRevoked or ErrKioskInUse.
func (s *Store) ResumeKiosk(ctx context.Context, name, by string, now time.Time) error {
	return s.act(ctx, func(tx *transaction) error {
		k, err := kioskNamed(ctx, tx, name)
		switch {
		case err != nil:
			return err
		case !k.Revoked.IsZero():
			return ErrKioskRevoked
		case k.Suspended.IsZero():
			return ErrKioskInUse
		}
		_, err = tx.ExecContext(ctx, `UPDATE kiosks SET suspended = NULL, reason = '', revoked_by = '' WHERE fingerprint = ?`, k.ID)
		return errors.Join(err, noteKiosk(ctx, tx, now, name, "resumed", by, ""))
	})
}

func kioskNamed(ctx context.Context, tx *transaction, name string) (Kiosk, error) {
	k, err := scanKiosk(tx.QueryRowContext(ctx, selectKiosk+present+`WHERE k.name = ?`, name))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrKioskUnknown
	}
	return k, err
}

// noteKiosk notes a change of a kiosk, with its row in the audit.
func noteKiosk(ctx context.Context, tx *transaction, at time.Time, kiosk, what, by, reason string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO kiosk_changes (n, at, kiosk, what, by_whom, reason)
		SELECT coalesce(max(n), 0) + 1, ?, ?, ?, ?, ? FROM kiosk_changes`, at.Unix(), kiosk, what, by, reason)
	if err != nil {
		return err
	}
	who := audit.Of(ctx)
	if who.Login == "" {
		who.Login = by
	}
	row := audit.Row{At: at, Actor: "kiosk", Kiosk: kiosk, Kind: audit.KioskDone, Outcome: what}
	if who.Login != "" {
		row.Actor = audit.Actor{Login: who.Login}.String()
	}
	return tx.audit(ctx, row)
}

// KioskChange is something that was done to a kiosk.
type KioskChange struct {
	At     time.Time
	Kiosk  string // its name
	What   string
	By     string // empty: the kiosk itself
	Reason string
}

// KioskChanges lists what was done to kiosks, of one name or of all (""), the first first.
func (s *Store) KioskChanges(ctx context.Context, name string) (all []KioskChange, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var c KioskChange
		var at int64
		err := row.Scan(&at, &c.Kiosk, &c.What, &c.By, &c.Reason)
		c.At = time.Unix(at, 0)
		all = append(all, c)
		return err
	}, `SELECT at, kiosk, what, by_whom, reason FROM kiosk_changes WHERE ?1 IN ('', kiosk) ORDER BY n`, name)
	return all, err
}

// LastKioskChange is a number that is another one after each change of a kiosk.
func (s *Store) LastKioskChange(ctx context.Context) (n int64, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) FROM kiosk_changes`).Scan(&n)
	return n, s.d.explain(err)
}

// SawKiosks notes when kiosks called last, by their IDs.
func (s *Store) SawKiosks(ctx context.Context, seen map[string]time.Time) error {
	return s.write(ctx, func(tx *transaction) error {
		for id, at := range seen {
			if _, err := tx.ExecContext(ctx, `UPDATE kiosks SET last_seen = ? WHERE fingerprint = ?`, at.Unix(), id); err != nil {
				return err
			}
		}
		return nil
	})
}
