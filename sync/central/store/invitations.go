package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/sync/central/audit"
)

// Invitations: codes that enrol a kiosk (package enrol), for a new name or in place of a
// kiosk that has it. A code may be used again until the kiosk has called with the certificate
// it was given: whoever lost the answer asks once more, and only the certificate that was
// given out last counts. Its first call uses the code up, in one transaction: so of several
// who have the same code one wins. The certificate before is refused from then on.

// PendingLife is how long a certificate that a code was exchanged for waits for its first
// call.
const PendingLife = 24 * time.Hour

// RenewedOver is how long the certificate before is let in when a kiosk has renewed its own,
// for calls that are under way.
const RenewedOver = time.Minute

// ErrNoInvitation is returned for a code that is unknown, used or expired.
var ErrNoInvitation = errors.New("no such invitation")

// Invitation is a code that enrols.
type Invitation struct {
	ID       []byte // derived from the code
	Name     string // of the kiosk
	Replaces string // ID of the kiosk that has the name; empty: a new one
	Secret   []byte // derived from the code, under the pepper

	Printer, PrinterPin, Paper string // for its configuration; empty: not said

	Made, Expires time.Time
	By            string
	Taken         time.Time // when a certificate was given out for it last; zero: never
}

// Invite keeps invitations, each in place of an earlier one for its name: all of them, or none.
// ErrKioskTaken when a kiosk has, or had, a name; to replace that one, ErrKioskUnknown when none
// has; Refused says which they are.
func (s *Store) Invite(ctx context.Context, replace bool, all ...Invitation) error {
	return s.act(ctx, func(tx *transaction) error {
		var refused Refused
		for n, i := range all {
			err := invite(ctx, tx, i, replace)
			switch {
			case errors.Is(err, ErrKioskTaken), errors.Is(err, ErrKioskUnknown):
				refused.At, refused.error = append(refused.At, n), err
			case err != nil:
				return err
			}
		}
		if refused.error != nil {
			return refused
		}
		return nil
	})
}

// Refused is why invitations are not kept, and which of those that were asked for are to blame.
type Refused struct {
	error
	At []int
}

// Unwrap is why.
func (r Refused) Unwrap() error { return r.error }

func invite(ctx context.Context, tx *transaction, i Invitation, replace bool) error {
	k, err := kioskNamed(ctx, tx, i.Name)
	switch {
	case errors.Is(err, ErrKioskUnknown) && !replace:
	case err != nil:
		return err
	case !replace:
		return ErrKioskTaken
	}
	if _, err := withdraw(ctx, tx, i.Name, i.Made); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO invitations (id, name, kiosk, secret, printer, printer_pin, paper, made, expires, by_whom)
		VALUES (?, ?, nullif(?, ''), ?, ?, ?, ?, ?, ?, ?)`,
		i.ID, i.Name, k.ID, i.Secret, i.Printer, i.PrinterPin, i.Paper, i.Made.Unix(), i.Expires.Unix(), i.By)
	what := "invited"
	if replace {
		what = "replacement invited"
	}
	return errors.Join(err, noteKiosk(ctx, tx, i.Made, i.Name, what, i.By, ""))
}

const selectInvitation = `SELECT id, name, coalesce(kiosk, ''), secret, printer, printer_pin, paper, made, expires, by_whom, coalesce(taken, 0) FROM invitations `

func scanInvitation(row scanner) (i Invitation, err error) {
	var made, expires, taken int64
	err = row.Scan(&i.ID, &i.Name, &i.Replaces, &i.Secret, &i.Printer, &i.PrinterPin, &i.Paper, &made, &expires, &i.By, &taken)
	i.Made, i.Expires = time.Unix(made, 0), time.Unix(expires, 0)
	if taken != 0 {
		i.Taken = time.Unix(taken, 0)
	}
	return i, err
}

// InvitationOf finds an invitation that can be used now, or ErrNoInvitation.
func (s *Store) InvitationOf(ctx context.Context, id []byte, now time.Time) (Invitation, error) {
	i, err := scanInvitation(s.db.QueryRowContext(ctx, selectInvitation+`WHERE id = ? AND expires > ?`, id, now.Unix()))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoInvitation
	}
	return i, s.d.explain(err)
}

// Invitations lists by name those that can still be used, or whose certificate can.
func (s *Store) Invitations(ctx context.Context, now time.Time) (all []Invitation, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		i, err := scanInvitation(row)
		all = append(all, i)
		return err
	}, selectInvitation+`WHERE expires > ?1 OR taken > ?2 ORDER BY name`, now.Unix(), now.Add(-PendingLife).Unix())
	return all, err
}

// PurgeInvitations erases what no longer enrols.
func (s *Store) PurgeInvitations(ctx context.Context, now time.Time) error {
	_, err := s.one.ExecContext(ctx, `DELETE FROM invitations WHERE expires <= ? AND (taken IS NULL OR taken <= ?)`,
		now.Unix(), now.Add(-PendingLife).Unix())
	return s.d.explain(err)
}

// TakeInvitation keeps the certificate that an invitation is exchanged for, in place of one
// that it was exchanged for before; ErrNoInvitation when it can no longer be used.
func (s *Store) TakeInvitation(ctx context.Context, id []byte, fingerprint string, now, until time.Time) error {
	return s.act(ctx, func(tx *transaction) error {
		i, err := scanInvitation(tx.QueryRowContext(ctx, `UPDATE invitations SET taken = ? WHERE id = ? AND expires > ?
			RETURNING id, name, coalesce(kiosk, ''), secret, printer, printer_pin, paper, made, expires, by_whom, taken`, now.Unix(), id, now.Unix()))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoInvitation
		}
		if err != nil {
			return err
		}
		if i.Replaces == "" {
			i.Replaces = fingerprint
		}
		_, err = tx.ExecContext(ctx, `UPDATE kiosk_certs SET ended = ? WHERE invitation = ? AND begun IS NULL AND ended IS NULL`, now.Unix(), id)
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO kiosk_certs (fingerprint, kiosk, name, issued, until, invitation) VALUES (?, ?, ?, ?, ?, ?)`,
				fingerprint, i.Replaces, i.Name, now.Unix(), until.Unix(), id)
		}
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{At: now, Actor: "kiosk", Kiosk: i.Name, Kind: audit.KioskDone, Outcome: "certified for its code"})
	})
}

// AddRenewal keeps a new certificate of a kiosk, in place of one that it never used.
func (s *Store) AddRenewal(ctx context.Context, k Kiosk, fingerprint string, now, until time.Time) error {
	return s.act(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `UPDATE kiosk_certs SET ended = ? WHERE kiosk = ? AND invitation IS NULL AND begun IS NULL AND ended IS NULL`, now.Unix(), k.ID)
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO kiosk_certs (fingerprint, kiosk, name, issued, until) VALUES (?, ?, ?, ?, ?)`,
				fingerprint, k.ID, k.Name, now.Unix(), until.Unix())
		}
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{At: now, Actor: "kiosk", Kiosk: k.Name, Kind: audit.KioskDone, Outcome: "certified anew"})
	})
}

// BeginKiosk takes a certificate into use that calls for the first time, and ends the one
// before. A code that it was given for is used up; a kiosk that was suspended or revoked
// before the code was made is let in again. What may not begin is returned as it is.
func (s *Store) BeginKiosk(ctx context.Context, fingerprint string, now time.Time) (k Kiosk, err error) {
	err = s.act(ctx, func(tx *transaction) (err error) {
		var invitation []byte
		if k, err = scanKiosk(tx.QueryRowContext(ctx, selectKiosk+`WHERE c.fingerprint = ?`, fingerprint)); err != nil {
			return err
		}
		if err = tx.QueryRowContext(ctx, `SELECT invitation FROM kiosk_certs WHERE fingerprint = ?`, fingerprint).Scan(&invitation); err != nil {
			return err
		}
		enrols := invitation != nil
		out := !k.Revoked.IsZero() || !k.Suspended.IsZero()
		if !k.Begun.IsZero() || !k.Ended.IsZero() || !enrols && out {
			return nil
		}
		if enrols && now.After(k.Issued.Add(PendingLife)) {
			k.Ended = now
			_, err = tx.ExecContext(ctx, `UPDATE kiosk_certs SET ended = ? WHERE fingerprint = ?`, now.Unix(), fingerprint)
			return err
		}
		err = begin(ctx, tx, k, invitation, now)
		k.Begun = now
		if enrols {
			k.Revoked, k.Suspended, k.Reason, k.By = time.Time{}, time.Time{}, "", ""
		}
		return err
	})
	return k, err
}

func begin(ctx context.Context, tx *transaction, k Kiosk, invitation []byte, now time.Time) error {
	what, over := "renewed", now.Add(RenewedOver)
	if invitation != nil {
		what, over = "enrolled", now
		_, err := tx.ExecContext(ctx, `INSERT INTO kiosks (fingerprint, name, issued) VALUES (?, ?, ?)
			ON CONFLICT (fingerprint) DO UPDATE SET suspended = NULL, revoked = NULL, reason = '', revoked_by = ''`, k.ID, k.Name, k.Issued.Unix())
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM invitations WHERE id = ?`, invitation)
		}
		if err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE kiosk_certs SET ended = CASE WHEN begun IS NULL THEN CAST(?1 AS BIGINT) ELSE CAST(?2 AS BIGINT) END WHERE kiosk = ?3 AND fingerprint <> ?4 AND (ended IS NULL OR ended > ?2)`,
		now.Unix(), over.Unix(), k.ID, k.Fingerprint)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE kiosk_certs SET begun = ? WHERE fingerprint = ?`, now.Unix(), k.Fingerprint)
	}
	return errors.Join(err, noteKiosk(ctx, tx, now, k.Name, what, "", ""))
}

// withdraw takes back a code for a name, and the certificate that it was exchanged for
// unless that is in use; it reports whether there was one.
func withdraw(ctx context.Context, tx *transaction, name string, now time.Time) (was bool, err error) {
	_, err = tx.ExecContext(ctx, `UPDATE kiosk_certs SET ended = ? WHERE name = ? AND invitation IS NOT NULL AND begun IS NULL AND ended IS NULL`, now.Unix(), name)
	if err != nil {
		return false, err
	}
	done, err := tx.ExecContext(ctx, `DELETE FROM invitations WHERE name = ?`, name)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n > 0, err
}
