package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"reflect"
	"strings"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/match"
)

// MaxTries is how many proofs may be compared for one request, in all (promise P6).
const MaxTries = 5

// Errors of requests and tokens.
var (
	ErrUnknown = errors.New("no such request")
	ErrExpired = errors.New("request is too old")
	ErrReused  = errors.New("idempotency key was used with another body")
	ErrOver    = errors.New("no tries left")
)

// State is how far a request is, as the API says it.
type State string

// The states.
const (
	Received   State = "received"
	Processing State = "processing"
	Answered   State = "answered"
	Expired    State = "expired"
)

// Request is a request as it arrived. The ID is its idempotency key.
type Request struct {
	ID, Receipt   string
	BodyHash      []byte
	Envelope      []byte // sealed
	Made, Expires time.Time
	Turn          access.Use // a request that is over this limit waits for its turn
}

// AddRequest keeps a request. The same request again returns what was kept the
// first time; the same ID with another body is ErrReused.
func (s *Store) AddRequest(ctx context.Context, r Request) (Request, error) {
	kept := r
	kept.Expires = time.Unix(r.Expires.Unix(), 0) // as it comes back
	err := s.write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO requests (id, receipt, body_hash, state, made, expires, envelope, due)
			VALUES (?, ?, ?, 'received', ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			r.ID, r.Receipt, r.BodyHash, r.Made.Unix(), r.Expires.Unix(), r.Envelope, r.Made.Unix())
		if err := one(done, err, errKept); err == nil {
			return r.wait(ctx, tx)
		} else if !errors.Is(err, errKept) {
			return err
		}
		var expires int64
		row := tx.QueryRowContext(ctx, `SELECT receipt, body_hash, expires FROM requests WHERE id = ?`, r.ID)
		if err := row.Scan(&kept.Receipt, &kept.BodyHash, &expires); err != nil {
			return err
		}
		kept.Expires = time.Unix(expires, 0)
		if !bytes.Equal(kept.BodyHash, r.BodyHash) {
			return ErrReused
		}
		return nil
	})
	return kept, err
}

var errKept = errors.New("kept before")

// wait puts a new request off until its turn.
func (r Request) wait(ctx context.Context, tx *sql.Tx) error {
	wait, err := turn(ctx, tx, r.Made, r.Turn)
	if err == nil && wait > 0 {
		_, err = tx.ExecContext(ctx, `UPDATE requests SET due = ? WHERE id = ?`, r.Made.Add(wait).Unix(), r.ID)
	}
	return err
}

// StateOf tells how far a request is. It is answered once the contact named first
// has been told that no code comes there, whether or not one goes to the other:
// that one's channel must not show.
func (s *Store) StateOf(ctx context.Context, id string, now time.Time) (State, error) {
	var state State
	var expires int64
	err := s.db.QueryRowContext(ctx, `SELECT iif(told AND state = 'processing', 'answered', state), expires
		FROM requests WHERE id = ?`, id).Scan(&state, &expires)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", ErrUnknown
	case err == nil && expires <= now.Unix():
		return Expired, nil
	}
	return state, err
}

// Job is a request to work on.
type Job struct {
	ID       string
	Envelope []byte
	Failures int  // notices that could not be handed over before
	Told     bool // see Tell
	Chosen   int  // whom staff has chosen in a case for review
}

// TakeJob marks the request that is due longest as processing and returns it;
// false when none is due. It comes again until it is answered or put off, so a
// job that was cut short is not lost. A case for review that staff has decided stays
// answered meanwhile.
func (s *Store) TakeJob(ctx context.Context, now time.Time) (Job, bool, error) {
	var j Job
	err := s.one.QueryRowContext(ctx, `UPDATE requests SET state = iif(chosen IS NULL, 'processing', state) WHERE id = (
			SELECT id FROM (SELECT id, due FROM requests WHERE state IN ('received', 'processing') AND due <= ?1 AND expires > ?1 ORDER BY due LIMIT 1)
			UNION ALL SELECT id FROM (SELECT id, due FROM requests WHERE chosen IS NOT NULL AND due <= ?1 AND expires > ?1 ORDER BY due LIMIT 1)
			LIMIT 1)
		RETURNING id, envelope, failures, told, coalesce(chosen, 0)`, now.Unix()).Scan(&j.ID, &j.Envelope, &j.Failures, &j.Told, &j.Chosen)
	if errors.Is(err, sql.ErrNoRows) {
		return Job{}, false, nil
	}
	return j, err == nil, err
}

// inWork is what a job is while it is worked on.
const inWork = `(state = 'processing' OR chosen IS NOT NULL)`

// PutOff keeps a job for later, after its notice could not be handed over.
func (s *Store) PutOff(ctx context.Context, id string, until time.Time) error {
	_, err := s.one.ExecContext(ctx, `UPDATE requests SET due = ?, failures = failures + 1
		WHERE id = ? AND `+inWork, until.Unix(), id)
	return err
}

// MendDues makes due now what waits for a time that only a clock which was ahead
// can have set: later than slack from now for what has just been put off or made
// later than that. What waits for its turn for long is left alone.
func (s *Store) MendDues(ctx context.Context, now time.Time, slack time.Duration) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, q := range []string{
			`UPDATE requests SET due = ?1 WHERE state IN ('received', 'processing') AND due > ?2 AND (made > ?2 OR failures > 0)`,
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

// NextDue tells when a job is due next; false when nothing waits.
func (s *Store) NextDue(ctx context.Context, now time.Time) (time.Time, bool, error) {
	var due sql.NullInt64
	err := s.db.QueryRowContext(ctx, `SELECT min(due) FROM (
			SELECT due FROM requests WHERE state IN ('received', 'processing') AND expires > ?1
			UNION ALL SELECT due FROM requests WHERE chosen IS NOT NULL AND expires > ?1
			UNION ALL SELECT m.due FROM reminders m JOIN requests q ON q.id = m.request WHERE q.state IN ('answered', 'expired'))`,
		now.Unix()).Scan(&due)
	return time.Unix(due.Int64, 0), due.Valid && err == nil, err
}

// Answer is what came of a request.
type Answer struct {
	ID          string
	Lock        access.Lock
	CodeExpires time.Time
	Decision    match.Decision
	Found       match.Identity // on whom it was decided, if somebody was found
	Notice      Notice         // a new code goes where the first one went; none when Tell has noted the only one
	Lang        string         // of the notice
	Relation    request.Relation
	Renamed     bool // another name was given, too, which no ID shows
}

// Notice is the audit of one notice: its kind and channel, no value.
type Notice struct{ Kind, Channel string }

// Tell notes for a job that the contact named first has been told that no code
// comes there, so that it is told once, however often the code is tried.
func (s *Store) Tell(ctx context.Context, id string, n Notice, now time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE requests SET told = 1 WHERE id = ?`, id)
		return errors.Join(err, n.note(ctx, tx, id, now))
	})
}

// note adds a notice to the audit.
func (n Notice) note(ctx context.Context, tx *sql.Tx, id string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO notices VALUES (?, ?, ?, ?)`, id, n.Kind, n.Channel, now.Unix())
	return err
}

// ErrChanged tells that whoever was found has changed since, or is somebody else.
var ErrChanged = errors.New("the registry has changed: decide again")

// PutAnswer keeps the outcome of a job and erases the sealed request, which only a
// case for review keeps. When whoever was found is not as they were decided on, it
// is ErrChanged and the job comes again.
func (s *Store) PutAnswer(ctx context.Context, a Answer, now time.Time) error {
	reasons := make([]string, len(a.Decision.Reasons))
	for i, r := range a.Decision.Reasons {
		reasons[i] = string(r)
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		p, _, err := contact(ctx, tx, a.Decision.Person) // also nobody's: it takes the same time
		if err == nil && a.Decision.Person != 0 && !reflect.DeepEqual(identityOf(p), a.Found) {
			err = ErrChanged
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE requests SET state = 'answered', envelope = iif(?1 = 'review', envelope, NULL), verdict = ?1, chosen = NULL,
			pin_hash = ?, code_hash = ?, code_expires = ?, person = nullif(?, 0), reasons = ?, candidates = ?,
			lang = ?, channel = ?, relation = ?, renamed = ? WHERE id = ? AND `+inWork,
			string(a.Decision.Verdict), a.Lock.PIN, a.Lock.Code, a.CodeExpires.Unix(), a.Decision.Person, strings.Join(reasons, " "), candidatesOf(a.Decision),
			a.Lang, a.Notice.Channel, string(a.Relation), a.Renamed, a.ID)
		if err != nil || a.Notice == (Notice{}) {
			return err
		}
		return a.Notice.note(ctx, tx, a.ID, now)
	})
}

// The statements of Purge and PurgeAmendments that go through much.
const (
	endRequests = `UPDATE requests SET state = 'expired', envelope = NULL, pin_hash = NULL, code_hash = NULL, person = NULL, candidates = '', chosen = NULL
		WHERE expires <= ? AND state <> 'expired'`
	forgetRequests   = `DELETE FROM requests WHERE expires <= ?`
	forgetTokens     = `DELETE FROM tokens WHERE expires <= ?`
	forgetStrays     = `DELETE FROM strays WHERE expires <= ?`
	endAmendments    = `UPDATE amendments SET state = 'closed', envelope = NULL, person = NULL WHERE expires <= ? AND state <> 'closed'`
	forgetAmendments = `DELETE FROM amendments WHERE expires <= ?`
)

// Purge erases what is too old: secrets and links of expired requests, expired
// tokens and staff sessions, counters of stray receipts, empty buckets, and
// requests after keep. It notes when (LastPurge).
func (s *Store) Purge(ctx context.Context, now time.Time, keep time.Duration) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, q := range []struct {
			text   string
			before time.Time
		}{
			{endRequests, now},
			{forgetRequests, now.Add(-keep)},
			{forgetTokens, now.Add(-TokenGrace)},
			{forgetStrays, now},
			{`DELETE FROM staff_sessions WHERE expires <= ?`, now},
			{`DELETE FROM limits WHERE empty <= ? * 1000`, now},
			{`DELETE FROM purged WHERE at <> ?`, now},
			{`INSERT INTO purged SELECT ? WHERE NOT EXISTS (SELECT 1 FROM purged)`, now},
		} {
			if _, err := tx.ExecContext(ctx, q.text, q.before.Unix()); err != nil {
				return err
			}
		}
		return nil
	})
}

// LastPurge is when Purge was last, by the clock of then; false when never.
func (s *Store) LastPurge(ctx context.Context) (at time.Time, ok bool, err error) {
	var unix sql.NullInt64
	err = s.db.QueryRowContext(ctx, `SELECT max(at) FROM purged`).Scan(&unix)
	return time.Unix(unix.Int64, 0), unix.Valid && err == nil, err
}
