package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
)

// MaxReminders is how often a new code can be asked for (design, section 5).
const MaxReminders = 2

// ErrNoReminders tells that new codes were asked for too often.
var ErrNoReminders = errors.New("no new codes left")

// AddReminder counts and keeps the wish for a new code, in one transaction, and
// returns how many wishes are left. It is the same whether or not the request
// matched. ErrUnknown, ErrExpired, ErrOver and ErrNoReminders say why not.
func (s *Store) AddReminder(ctx context.Context, id string, other bool, now time.Time) (left int, err error) {
	var n int
	err = s.write(ctx, func(tx *sql.Tx) error {
		n, err = remind(ctx, tx, id, other, now)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, s.whyNoReminder(ctx, id, now)
	}
	return MaxReminders - n, err
}

// AddReminderByReceipt is AddReminder for the request with a receipt. A
// receipt that nobody has is counted in the same way, and nothing comes of it; see
// TakeTryByReceipt for memory and unknown.
func (s *Store) AddReminderByReceipt(ctx context.Context, receipt string, other bool, now time.Time, memory time.Duration, unknown access.Use) (left int, err error) {
	var id string
	var n int
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := fits(ctx, tx, now, unknown); err != nil {
			return err
		}
		var err error
		id, err = byReceipt(ctx, tx, receipt, now)
		switch {
		case err == nil:
			n, err = remind(ctx, tx, id, other, now)
		case errors.Is(err, sql.ErrNoRows):
			n, err = strayReminder(ctx, tx, receipt, now, memory, unknown)
		}
		return err
	})
	switch {
	case !errors.Is(err, sql.ErrNoRows):
		return MaxReminders - n, err
	case id == "":
		return 0, s.whyNoStrayReminder(ctx, receipt)
	}
	return 0, s.whyNoReminder(ctx, id, now)
}

// remind counts and keeps a wish; sql.ErrNoRows when there can be none.
func remind(ctx context.Context, tx *sql.Tx, id string, other bool, now time.Time) (n int, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE requests SET reminded = reminded + 1
		WHERE id = ? AND reminded < ? AND tries < ? AND expires > ? RETURNING reminded`,
		id, MaxReminders, MaxTries, now.Unix()).Scan(&n)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO reminders VALUES (?, ?, ?, ?)`, id, n, other, now.Unix())
	return n, err
}

// strayReminder counts a wish for a receipt that nobody has.
func strayReminder(ctx context.Context, tx *sql.Tx, receipt string, now time.Time, memory time.Duration, unknown access.Use) (n int, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO strays (receipt, tries, expires, reminded) VALUES (?1, 0, ?2, 1)
		ON CONFLICT (receipt) DO UPDATE SET reminded = reminded + 1 WHERE reminded < ?3 AND tries < ?4
		RETURNING reminded`, receipt, now.Add(memory).Unix(), MaxReminders, MaxTries).Scan(&n)
	if err != nil {
		return 0, err
	}
	return n, count(ctx, tx, now, unknown)
}

func (s *Store) whyNoReminder(ctx context.Context, id string, now time.Time) error {
	var reminded int
	err := s.db.QueryRowContext(ctx, `SELECT reminded FROM requests WHERE id = ?`, id).Scan(&reminded)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrUnknown
	case err != nil:
		return err
	case reminded >= MaxReminders:
		return ErrNoReminders
	}
	return s.whyNoTry(ctx, id, now)
}

// whyNoStrayReminder says of a receipt that nobody has what whyNoReminder says of a request.
func (s *Store) whyNoStrayReminder(ctx context.Context, receipt string) error {
	var reminded int
	err := s.db.QueryRowContext(ctx, `SELECT reminded FROM strays WHERE receipt = ?`, receipt).Scan(&reminded)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return err
	case reminded >= MaxReminders:
		return ErrNoReminders
	}
	return ErrOver
}

// Reminder is a wish for a new code with what a notice needs.
type Reminder struct {
	ID       string
	N        int
	Other    bool
	Person   int // whose record the request opens, 0 for nobody's
	Lang     string
	Channel  string // where the notice before went
	Relation request.Relation
}

// NextReminder returns the wish that is due longest and whose request has been
// answered; false when there is none but of some that are worked on already. It comes again until it is ended or put off.
// An expired request is nobody's.
func (s *Store) NextReminder(ctx context.Context, now time.Time, but ...string) (Reminder, bool, error) {
	var r Reminder
	err := s.db.QueryRowContext(ctx, `SELECT m.request, m.n, m.other, iif(q.expires > ?1, coalesce(q.person, 0), 0), q.lang, q.channel, q.relation
		FROM reminders m JOIN requests q ON q.id = m.request
		WHERE m.due <= ?1 AND q.state IN ('answered', 'expired')
			AND q.id NOT IN (SELECT value FROM json_each(?2)) ORDER BY m.due, m.request, m.n LIMIT 1`, now.Unix(), idList(but)).
		Scan(&r.ID, &r.N, &r.Other, &r.Person, &r.Lang, &r.Channel, &r.Relation)
	if errors.Is(err, sql.ErrNoRows) {
		return Reminder{}, false, nil
	}
	return r, err == nil, err
}

// PutOffReminder keeps a wish for later.
func (s *Store) PutOffReminder(ctx context.Context, r Reminder, until time.Time) error {
	_, err := s.one.ExecContext(ctx, `UPDATE reminders SET due = ? WHERE request = ? AND n = ?`, until.Unix(), r.ID, r.N)
	return err
}

// EndReminder replaces the code of the request and notes the notice; without a
// notice the wish is just ended.
func (s *Store) EndReminder(ctx context.Context, r Reminder, lock access.Lock, codeExpires time.Time, sent Notice, now time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM reminders WHERE request = ? AND n = ?`, r.ID, r.N); err != nil || sent == (Notice{}) {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE requests SET code_hash = ?, code_expires = ?, channel = ?
			WHERE id = ? AND state = 'answered'`, lock.Code, codeExpires.Unix(), sent.Channel, r.ID)
		if err != nil {
			return err
		}
		return sent.note(ctx, tx, r.ID, now)
	})
}
