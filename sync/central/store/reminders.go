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
		err := tx.QueryRowContext(ctx, `UPDATE requests SET reminded = reminded + 1
			WHERE id = ? AND reminded < ? AND tries < ? AND expires > ? RETURNING reminded`,
			id, MaxReminders, MaxTries, now.Unix()).Scan(&n)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO reminders VALUES (?, ?, ?, ?)`, id, n, other, now.Unix())
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, s.whyNoReminder(ctx, id, now)
	}
	return MaxReminders - n, err
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
// answered; false when there is none. It comes again until it is ended or put off.
// An expired request is nobody's.
func (s *Store) NextReminder(ctx context.Context, now time.Time) (Reminder, bool, error) {
	var r Reminder
	err := s.db.QueryRowContext(ctx, `SELECT m.request, m.n, m.other, iif(q.expires > ?1, coalesce(q.person, 0), 0), q.lang, q.channel, q.relation
		FROM reminders m JOIN requests q ON q.id = m.request
		WHERE m.due <= ?1 AND q.state IN ('answered', 'expired') ORDER BY m.due, m.request, m.n LIMIT 1`, now.Unix()).
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
