package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"vaxkiosk/sync/central/access"
)

// What waits to be worked on. A request is due at once, or when it has been put off
// until; of those that are due the one with the earliest turn goes first. Both are the
// time of its arrival, unless its kiosk hands in more than anybody types: then its
// turns come one by one (access.KioskTurns), behind those of all other kiosks but before
// nobody's, and when it is far too much it waits (access.KioskRequests). A told request
// is answered before it dies: what could not be is not taken.
//
// What this program cannot read is held: it keeps its place, and nobody works on it
// until Unhold.

// MaxWait is the longest that a request waits for its kiosk's limit. It lives for much
// longer, so that it is answered.
const MaxWait = 24 * time.Hour

// Most that waits of one kiosk: more than it can have from a month without a network.
// What does not fit is not taken, and rests as safely in the kiosk.
const (
	MostWaiting      = 20_000
	MostWaitingBytes = 64 << 20
)

// fullPause is how long a kiosk of which too much waits keeps what it has.
const fullPause = 5 * time.Minute

// admit puts a new request in its place, or refuses it.
func admit(ctx context.Context, tx *transaction, r Request) error {
	var n, size int
	err := tx.QueryRowContext(ctx, `SELECT n, bytes FROM waiting WHERE kiosk = ?`, r.Kiosk).Scan(&n, &size)
	if err == nil && r.Work.Key != nil && (n > MostWaiting || size > MostWaitingBytes) {
		err = &LimitError{access.KioskWaiting, fullPause}
	}
	if err != nil {
		return err
	}
	wait, err := turn(ctx, tx, r.Made, r.Work)
	if err == nil && wait > MaxWait {
		err = &LimitError{r.Work.Limit, wait - MaxWait}
	}
	if err != nil {
		return err
	}
	behind, err := turn(ctx, tx, r.Made, r.Turn)
	if behind = max(behind, wait); err == nil && behind > 0 {
		_, err = tx.ExecContext(ctx, `UPDATE requests SET due = ?, turn = ? WHERE id = ?`, r.Made.Add(wait).Unix(), r.Made.Add(behind).Unix(), r.ID)
	}
	return err
}

// Job is a request to work on.
type Job struct {
	ID       string
	Envelope []byte
	Failures int  // notices that could not be handed over before
	Told     bool // see Tell
	Chosen   int  // whom staff has chosen in a case for review
}

// TakeJob marks the request whose turn it is as processing and returns it, whatever its
// contacts are; false when none is due but some that are left out. See TakeWork.
func (s *Store) TakeJob(ctx context.Context, now time.Time, but ...string) (j Job, ok bool, err error) {
	err = s.counting(ctx, func(tx *transaction) error {
		if j, ok, err = nextJob(ctx, tx, now, but); ok && err == nil {
			err = beginJob(ctx, tx, j.ID)
		}
		return err
	})
	return j, ok && err == nil, err
}

// nextJob is the job whose turn it is, of those that nobody works on and that are not left out.
func nextJob(ctx context.Context, tx *transaction, now time.Time, but []string) (Job, bool, error) {
	var j Job
	err := tx.QueryRowContext(ctx, `SELECT id, envelope, failures, told, coalesce(chosen, 0) FROM requests WHERE id = (
			SELECT id FROM (SELECT id FROM requests WHERE state IN ('received', 'processing') AND held = '' AND due <= ?1 AND expires > ?1
				AND `+elsewhere+` ORDER BY turn, due, rowid LIMIT 1) AS waits
			UNION ALL SELECT id FROM (SELECT id FROM requests WHERE chosen IS NOT NULL AND held = '' AND due <= ?1 AND expires > ?1
				AND `+elsewhere+` ORDER BY due, rowid LIMIT 1) AS decided
			LIMIT 1)`, now.Unix(), idList(but)).Scan(&j.ID, &j.Envelope, &j.Failures, &j.Told, &j.Chosen)
	if errors.Is(err, sql.ErrNoRows) {
		return Job{}, false, nil
	}
	return j, err == nil, err
}

// beginJob marks a job as processing. A case for review that staff has decided stays answered
// meanwhile.
func beginJob(ctx context.Context, tx *transaction, id string) error {
	_, err := tx.ExecContext(ctx, `UPDATE requests SET state = 'processing' WHERE id = ? AND chosen IS NULL`, id)
	return err
}

// elsewhere is true of requests, by their id, that nobody works on and that are not in a list of
// idList, ?2.
const elsewhere = `id NOT IN (SELECT request FROM claims) AND replace(CAST(?2 AS TEXT), '/' || id || '/', '') = ?2`

// idList is a list of ids of requests, which have no stroke.
func idList(ids []string) string { return "/" + strings.Join(ids, "//") + "/" }

// inWork is what a job is while it is worked on.
const inWork = `(state = 'processing' OR chosen IS NOT NULL)`

// PutOff keeps a job for later, after its notice could not be handed over.
func (s *Store) PutOff(ctx context.Context, id string, until time.Time) error {
	_, err := s.one.ExecContext(ctx, `UPDATE requests SET due = ?, failures = failures + 1
		WHERE id = ? AND `+inWork, until.Unix(), id)
	return err
}

// Hold keeps a job that this program cannot read, with the reason, which is no value of
// a visitor's.
func (s *Store) Hold(ctx context.Context, id, why string) error {
	_, err := s.one.ExecContext(ctx, `UPDATE requests SET held = ? WHERE id = ? AND `+inWork, why, id)
	return err
}

// Unhold lets what is held be tried again, and tells how much that was.
func (s *Store) Unhold(ctx context.Context) (int, error) {
	done, err := s.one.ExecContext(ctx, `UPDATE requests SET held = '' WHERE held <> ''`)
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	return int(n), err
}

// Held tells how many requests are held that still live.
func (s *Store) Held(ctx context.Context, now time.Time) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM requests WHERE held <> '' AND expires > ?`, now.Unix()).Scan(&n)
	return n, err
}

// Unanswered tells how many requests wait whose life ends by then.
func (s *Store) Unanswered(ctx context.Context, by time.Time) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM requests WHERE state IN ('received', 'processing') AND expires <= ?`, by.Unix()).Scan(&n)
	return n, err
}

// MendDues makes due now what waits for a time that only a clock which was ahead
// can have set: later than slack from now for what has just been put off or made
// later than that. What waits for its turn for long is left alone.
func (s *Store) MendDues(ctx context.Context, now time.Time, slack time.Duration) error {
	return s.write(ctx, func(tx *transaction) error {
		for _, q := range []string{
			`UPDATE requests SET due = ?1, turn = CASE WHEN turn < ?1 THEN turn ELSE ?1 END WHERE state IN ('received', 'processing') AND due > ?2 AND (made > ?2 OR failures > 0)`,
			`UPDATE requests SET due = ?1 WHERE chosen IS NOT NULL AND due > ?2`,
			`UPDATE reminders SET due = ?1 WHERE due > ?2`,
		} {
			if _, err := tx.ExecContext(ctx, q, now.Unix(), now.Add(slack).Unix()); err != nil {
				return err
			}
		}
		return nil
	})
}

// NextDue tells when a job is due next that is not worked on already; false when nothing
// waits.
func (s *Store) NextDue(ctx context.Context, now time.Time, but ...string) (time.Time, bool, error) {
	var due sql.NullInt64
	err := s.db.QueryRowContext(ctx, `SELECT min(due) FROM (
			SELECT * FROM (SELECT due FROM requests WHERE state IN ('received', 'processing') AND held = '' AND expires > ?1
				AND `+elsewhere+` ORDER BY due LIMIT 1) AS waits
			UNION ALL SELECT due FROM requests WHERE chosen IS NOT NULL AND held = '' AND expires > ?1 AND `+elsewhere+`
			UNION ALL SELECT m.due FROM reminders m JOIN requests q ON q.id = m.request WHERE q.state IN ('answered', 'expired')
				AND `+elsewhere+`) AS all_of_them`,
		now.Unix(), idList(but)).Scan(&due)
	return time.Unix(due.Int64, 0), due.Valid && err == nil, err
}
