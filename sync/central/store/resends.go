package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/audit"
)

// MaxResends is how often a new code can be asked for (design, section 5).
const MaxResends = 2

// ErrNoResends tells that new codes were asked for too often.
var ErrNoResends = errors.New("no new codes left")

// AddResend counts and keeps the wish for a new code, in one transaction, and
// returns how many wishes are left. It is the same whether or not the request
// matched. ErrUnknown, ErrExpired, ErrOver and ErrNoResends say why not.
func (s *Store) AddResend(ctx context.Context, id string, other bool, now time.Time) (left int, err error) {
	var n int
	err = s.act(ctx, func(tx *transaction) error {
		if n, err = resend(ctx, tx, id, other, now); err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{At: now, Kind: audit.CodeAsk, Request: id})
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, s.whyNoResend(ctx, id, now)
	}
	return MaxResends - n, err
}

// AddResendByReceipt is AddResend for the request with a receipt. A
// receipt that nobody has is counted in the same way, and nothing comes of it; see
// TakeTryByReceipt for memory and unknown.
func (s *Store) AddResendByReceipt(ctx context.Context, receipt string, other bool, now time.Time, memory time.Duration, unknown access.Use) (left int, err error) {
	var id string
	var n int
	err = s.act(ctx, func(tx *transaction) error {
		if err := fits(ctx, tx, now, unknown); err != nil {
			return err
		}
		var err error
		id, err = byReceipt(ctx, tx, receipt, now)
		switch {
		case err == nil:
			n, err = resend(ctx, tx, id, other, now)
		case errors.Is(err, sql.ErrNoRows):
			n, err = strayResend(ctx, tx, receipt, now, memory, unknown)
		}
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{At: now, Kind: audit.CodeAsk, Request: id}) // also of a receipt that nobody has: it is the same work
	})
	switch {
	case !errors.Is(err, sql.ErrNoRows):
		return MaxResends - n, err
	case id == "":
		return 0, s.whyNoStrayResend(ctx, receipt)
	}
	return 0, s.whyNoResend(ctx, id, now)
}

// resend counts and keeps a wish; sql.ErrNoRows when there can be none.
func resend(ctx context.Context, tx *transaction, id string, other bool, now time.Time) (n int, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE requests SET reminded = reminded + 1
		WHERE id = ? AND reminded < ? AND tries < ? AND expires > ? RETURNING reminded`,
		id, MaxResends, MaxTries, now.Unix()).Scan(&n)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO reminders (request, n, other, due) VALUES (?, ?, ?, ?)`, id, n, other, now.Unix())
	return n, err
}

// strayResend counts a wish for a receipt that nobody has.
func strayResend(ctx context.Context, tx *transaction, receipt string, now time.Time, memory time.Duration, unknown access.Use) (n int, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO strays (receipt, tries, expires, reminded) VALUES (?1, 0, ?2, 1)
		ON CONFLICT (receipt) DO UPDATE SET reminded = strays.reminded + 1 WHERE strays.reminded < ?3 AND strays.tries < ?4
		RETURNING reminded`, receipt, now.Add(memory).Unix(), MaxResends, MaxTries).Scan(&n)
	if err != nil {
		return 0, err
	}
	return n, count(ctx, tx, now, unknown)
}

func (s *Store) whyNoResend(ctx context.Context, id string, now time.Time) error {
	var reminded int
	err := s.db.QueryRowContext(ctx, `SELECT reminded FROM requests WHERE id = ?`, id).Scan(&reminded)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrUnknown
	case err != nil:
		return err
	case reminded >= MaxResends:
		return ErrNoResends
	}
	return s.whyNoTry(ctx, id, now)
}

// whyNoStrayResend says of a receipt that nobody has what whyNoResend says of a request.
func (s *Store) whyNoStrayResend(ctx context.Context, receipt string) error {
	var reminded int
	err := s.db.QueryRowContext(ctx, `SELECT reminded FROM strays WHERE receipt = ?`, receipt).Scan(&reminded)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return err
	case reminded >= MaxResends:
		return ErrNoResends
	}
	return ErrOver
}

// Resend is a wish for a new code with what a notice needs.
type Resend struct {
	ID       string
	N        int
	Other    bool
	Person   int // whose record the request opens, 0 for nobody's
	Lang     string
	Channel  string // where the notice before went
	Mark     string // which contact that was; "" when it is not known
	Relation request.Relation
	Failures int // to hand its notice over
}

// NextResend returns the wish that is due longest and whose request has been
// answered; false when there is none but of some that are worked on already. It comes again until it is ended or put off.
// An expired request is nobody's.
func (s *Store) NextResend(ctx context.Context, now time.Time, but ...string) (Resend, bool, error) {
	return nextResend(ctx, s.db, now, but)
}

func nextResend(ctx context.Context, from oneRow, now time.Time, but []string) (Resend, bool, error) {
	var r Resend
	err := from.QueryRowContext(ctx, `SELECT m.request, m.n, m.other, CASE WHEN q.expires > ?1 THEN coalesce(q.person, 0) ELSE 0 END, q.lang, q.channel, q.relation, m.failures
		FROM reminders m JOIN requests q ON q.id = m.request
		WHERE m.due <= ?1 AND q.state IN ('answered', 'expired')
			AND `+elsewhere+` ORDER BY m.due, m.request, m.n LIMIT 1`, now.Unix(), idList(but)).
		Scan(&r.ID, &r.N, &r.Other, &r.Person, &r.Lang, &r.Channel, &r.Relation, &r.Failures)
	if errors.Is(err, sql.ErrNoRows) {
		return Resend{}, false, nil
	}
	r.Channel, r.Mark, _ = strings.Cut(r.Channel, " ")
	return r, err == nil, err
}

// PutOffResend keeps a wish for later, after its notice could not be handed over.
func (s *Store) PutOffResend(ctx context.Context, r Resend, until time.Time) error {
	_, err := s.one.ExecContext(ctx, `UPDATE reminders SET due = ?, failures = failures + 1 WHERE request = ? AND n = ?`, until.Unix(), r.ID, r.N)
	return err
}

// EndResend ends a wish, notes its notice if there was one, and replaces the code of the request
// when it went out. ErrTaken when another instance works on it by now.
func (s *Store) EndResend(ctx context.Context, r Resend, lock access.Lock, codeExpires time.Time, sent Notice, now time.Time) error {
	return s.write(ctx, func(tx *transaction) error {
		if err := s.mine(ctx, tx, r.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM reminders WHERE request = ? AND n = ?`, r.ID, r.N); err != nil {
			return err
		}
		if sent == (Notice{}) {
			return letGo(ctx, tx, r.ID)
		}
		if sent.Out() {
			_, err := tx.ExecContext(ctx, `UPDATE requests SET code_hash = ?, code_expires = ?, channel = ?
				WHERE id = ? AND state = 'answered'`, lock.Code, codeExpires.Unix(), sent.where(), r.ID)
			if err != nil {
				return err
			}
		}
		return note(ctx, tx, sent, r.ID, now)
	})
}
