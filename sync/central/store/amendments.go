package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/audit"
)

// Amendments rest as the kiosk sealed them. Whoever opens one is noted before
// its content leaves the store. Closing erases the content, and so does the end
// of its life.

// ErrClosed tells that an amendment is closed.
var ErrClosed = errors.New("correction is closed")

// AmendmentState is how far an amendment is, as the API says it.
type AmendmentState string

// The states of an amendment.
const (
	AmendmentReceived AmendmentState = "received"
	AmendmentInReview AmendmentState = "in-review" // somebody of staff has opened it
	AmendmentClosed   AmendmentState = "closed"
)

// Amendment is an amendment. The key is its idempotency key.
type Amendment struct {
	Key, Ref      string
	BodyHash      []byte
	Envelope      []byte // sealed; nil when closed
	Kind          string
	Verified      bool   // asked for from the open record
	Person        int    // whose record was open, 0 for nobody's
	Opened        []byte // hash of the token that opened it, of a new one
	State         AmendmentState
	Made, Expires time.Time
	Use           access.Use // what a new one counts as
}

// AddAmendment keeps an amendment and returns when its life ends. The same again
// returns what was kept the first time; the same key with another body is ErrReused,
// and one over its limit a *LimitError. It is verified when the token is still
// that person's: the number may have become somebody else's since it was looked at.
func (s *Store) AddAmendment(ctx context.Context, a Amendment) (expires time.Time, err error) {
	err = s.write(ctx, func(tx *transaction) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO amendments (key, ref, body_hash, kind, verified, person, made, expires, envelope)
			SELECT ?, ?, ?, ?, CASE WHEN max(person) IS NULL THEN 0 ELSE 1 END, max(person), ?, ?, ? FROM tokens WHERE hash = ? AND person = ? ON CONFLICT (key) DO NOTHING`,
			a.Key, a.Ref, a.BodyHash, a.Kind, a.Made.Unix(), a.Expires.Unix(), a.Envelope, a.Opened, a.Person)
		if err = one(done, err, errKept); err == nil {
			err = count(ctx, tx, a.Made, a.Use)
		}
		if err != nil && !errors.Is(err, errKept) {
			return err
		}
		var hash []byte
		var end int64
		if err := tx.QueryRowContext(ctx, `SELECT body_hash, expires FROM amendments WHERE key = ?`, a.Key).Scan(&hash, &end); err != nil {
			return err
		}
		expires = time.Unix(end, 0)
		return sameBody(hash, a.BodyHash)
	})
	return expires, err
}

// sameBody is ErrReused when a key came with another body before.
func sameBody(kept, sent []byte) error {
	if !bytes.Equal(kept, sent) {
		return ErrReused
	}
	return nil
}

// Numbers of 35 bits may meet. The oldest that is open counts, so that each gets
// its turn.
const (
	selectAmendment = `SELECT key, ref, kind, verified, coalesce(person, 0), state, made, expires, envelope FROM amendments `
	byRef           = `WHERE ref = ?1 AND expires > ?2 ORDER BY state = 'closed', made, key LIMIT 1`
)

func scanAmendment(row scanner) (a Amendment, err error) {
	var made, expires int64
	err = row.Scan(&a.Key, &a.Ref, &a.Kind, &a.Verified, &a.Person, &a.State, &made, &expires, &a.Envelope)
	a.Made, a.Expires = time.Unix(made, 0), time.Unix(expires, 0)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	return a, err
}

// AmendmentStateOf tells a kiosk how far an amendment is. Numbers that nobody has
// count as unknown; when these do not fit any more (*LimitError) nothing is told
// about any number.
func (s *Store) AmendmentStateOf(ctx context.Context, ref string, now time.Time, unknown access.Use) (state AmendmentState, err error) {
	var missed bool
	err = s.write(ctx, func(tx *transaction) error {
		missed = false
		if err := fits(ctx, tx, now, unknown); err != nil {
			return err
		}
		a, err := scanAmendment(tx.QueryRowContext(ctx, selectAmendment+byRef, ref, now.Unix()))
		if state = a.State; !errors.Is(err, ErrUnknown) {
			return err
		}
		missed = true
		return count(ctx, tx, now, unknown)
	})
	if err == nil && missed {
		err = ErrUnknown
	}
	return state, err
}

// Amendments lists amendments, oldest first, without content; closed ones only when asked for.
func (s *Store) Amendments(ctx context.Context, closed bool, now time.Time) ([]Amendment, error) {
	rows, err := s.db.QueryContext(ctx, selectAmendment+`WHERE expires > ? AND (? <> 0 OR state <> 'closed') ORDER BY made, key`, now.Unix(), closed)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Amendment
	for rows.Next() {
		a, err := scanAmendment(rows)
		if err != nil {
			return nil, err
		}
		a.Envelope = nil
		all = append(all, a)
	}
	return all, rows.Err()
}

// Looker is who works on an amendment or a case for review: a user of the machine,
// and the staff account they name, if any.
type Looker struct{ Staff, OSUser string }

// as has what is done with ctx be done by them.
func (l Looker) as(ctx context.Context) context.Context {
	return audit.As(ctx, audit.Actor{Staff: l.Staff, Login: l.OSUser})
}

// known is ErrStaffUnknown when nobody has the account.
func known(ctx context.Context, tx *transaction, l Looker) error {
	known := l.Staff == ""
	if !known {
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM staff WHERE id = ?)`, l.Staff).Scan(&known); err != nil {
			return err
		}
	}
	if !known {
		return ErrStaffUnknown
	}
	return nil
}

// LookAt notes who looks at an amendment and returns it. ErrUnknown,
// ErrStaffUnknown, or ErrClosed: its content is erased.
func (s *Store) LookAt(ctx context.Context, ref string, by Looker, now time.Time) (Amendment, error) {
	return s.workOn(ctx, ref, audit.Amending, by, now, `UPDATE amendments SET state = 'in-review' WHERE key = ?`)
}

// CloseAmendment closes an amendment and erases its content.
func (s *Store) CloseAmendment(ctx context.Context, ref string, by Looker, now time.Time) error {
	_, err := s.workOn(ctx, ref, audit.Amended, by, now, `UPDATE amendments SET state = 'closed', envelope = NULL, person = NULL WHERE key = ?`)
	return err
}

// amending are the words of the table of looks.
var amending = map[audit.Kind]string{audit.Amending: "show", audit.Amended: "close"}

func (s *Store) workOn(ctx context.Context, ref string, what audit.Kind, by Looker, now time.Time, change string) (a Amendment, err error) {
	ctx = by.as(ctx)
	err = s.act(ctx, func(tx *transaction) error {
		if err := known(ctx, tx, by); err != nil {
			return err
		}
		if a, err = scanAmendment(tx.QueryRowContext(ctx, selectAmendment+byRef, ref, now.Unix())); err != nil {
			return err
		}
		if a.State == AmendmentClosed {
			return ErrClosed
		}
		if _, err := tx.ExecContext(ctx, change, a.Key); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO amendment_looks (amendment, action, staff, os_user, at) VALUES (?, ?, ?, ?, ?)`, a.Key, amending[what], by.Staff, by.OSUser, now.Unix())
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{At: now, Kind: what, Request: a.Key, Person: a.Person})
	})
	return a, err
}

// PurgeAmendments erases the content of amendments whose life has ended, and
// after keep all that is left of them. It tells how many ended unclosed.
func (s *Store) PurgeAmendments(ctx context.Context, now time.Time, keep time.Duration) (lapsed int64, err error) {
	err = s.write(ctx, func(tx *transaction) error {
		done, err := tx.ExecContext(ctx, endAmendments, now.Unix())
		if err != nil {
			return err
		}
		if lapsed, err = done.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, forgetAmendments, now.Add(-keep).Unix())
		return err
	})
	return lapsed, err
}
