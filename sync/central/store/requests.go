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
	"vaxkiosk/sync/central/audit"
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
	Kiosk         string     // who handed it in: the SHA-256 of its certificate
	Held          string     // why this program cannot read it, "" when it can
	Turn          access.Use // a request that is over this limit goes behind all that are not
	Work          access.Use // one that is over this limit waits, MaxWait at most
}

// AddRequest keeps a request. The same request again returns what was kept the
// first time; the same ID with another body is ErrReused, and one that there is no
// room for a *LimitError.
func (s *Store) AddRequest(ctx context.Context, r Request) (Request, error) {
	var kept Request
	err := s.counting(ctx, func(tx *transaction) error {
		kept = r
		kept.Expires = time.Unix(r.Expires.Unix(), 0) // as it comes back
		done, err := tx.ExecContext(ctx, `INSERT INTO requests (id, receipt, body_hash, state, made, expires, envelope, due, turn, kiosk, held, arrived)
			VALUES (?1, ?2, ?3, 'received', ?5, ?6, ?4, ?5, ?5, ?7, ?8, ?9) ON CONFLICT (id) DO NOTHING`,
			r.ID, r.Receipt, r.BodyHash, r.Envelope, r.Made.Unix(), r.Expires.Unix(), r.Kiosk, r.Held, r.Made.UnixMilli())
		if err := one(done, err, errKept); err == nil {
			return admit(ctx, tx, r)
		} else if !errors.Is(err, errKept) {
			return err
		}
		kept, err = again(ctx, tx, r)
		return err
	})
	return kept, err
}

var errKept = errors.New("kept before")

// again is a request that was kept before, if this is the same.
func again(ctx context.Context, from oneRow, r Request) (Request, error) {
	var expires int64
	var hash []byte
	err := from.QueryRowContext(ctx, `SELECT receipt, body_hash, expires FROM requests WHERE id = ?`, r.ID).Scan(&r.Receipt, &hash, &expires)
	r.Expires = time.Unix(expires, 0)
	if err == nil && !bytes.Equal(hash, r.BodyHash) {
		err = ErrReused
	}
	return r, err
}

// oneRow is a database or a transaction that is asked for one row.
type oneRow interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Kept returns a request that was kept before. ErrUnknown when there is none of this
// ID, ErrReused when it has another body.
func (s *Store) Kept(ctx context.Context, id string, bodyHash []byte) (Request, error) {
	kept, err := again(ctx, s.db, Request{ID: id, BodyHash: bodyHash})
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	return kept, err
}

// Answer is what came of a request.
type Answer struct {
	ID          string
	Lock        access.Lock
	CodeExpires time.Time
	Decision    match.Decision
	Found       match.Candidate // on whom it was decided, if somebody was found
	Notice      Notice          // a new code goes where the first one went; none when Tell has noted the only one
	Lang        string          // of the notice
	Relation    request.Relation
	Renamed     bool      // another name was given, too, which no ID shows
	Done        time.Time // when all was done that a visitor could notice; see shownFrom
}

// Tell notes for a job that the contact named first has been told that no code
// comes there, so that it is told once, however often the code is tried.
func (s *Store) Tell(ctx context.Context, id string, n Notice, now time.Time) error {
	return s.write(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `UPDATE requests SET told = 1, shown = `+shownFrom+` WHERE id = ?3`, now.UnixMilli(), AnswerStep.Milliseconds(), id)
		return errors.Join(err, note(ctx, tx, n, id, now))
	})
}

// ErrChanged tells that whoever was found has changed since, or is somebody else.
var ErrChanged = errors.New("the registry has changed: decide again")

// PutAnswer keeps the outcome of a job and erases the sealed request, which only a
// case for review keeps. When whoever was found is not as they were decided on, it
// is ErrChanged and the job comes again; ErrTaken when another instance works on it by now.
func (s *Store) PutAnswer(ctx context.Context, a Answer, now time.Time) error {
	reasons := make([]string, len(a.Decision.Reasons))
	for i, r := range a.Decision.Reasons {
		reasons[i] = string(r)
	}
	return s.act(ctx, func(tx *transaction) error {
		if err := s.mine(ctx, tx, a.ID); err != nil {
			return err
		}
		is, err := candidate(ctx, tx, a.Decision.Person) // also nobody's: it takes the same time
		if err == nil && a.Decision.Person != 0 && !reflect.DeepEqual(is, a.Found) {
			err = ErrChanged
		}
		if err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `UPDATE requests SET state = 'answered', shown = `+shownFrom+`,
			envelope = CASE WHEN ?3 = 'review' THEN envelope END, verdict = ?3, chosen = NULL, pin_hash = ?, code_hash = ?, code_expires = ?, person = nullif(CAST(? AS BIGINT), 0), reasons = ?, candidates = ?,
			lang = ?, channel = ?, relation = ?, renamed = ? WHERE id = ? AND `+inWork,
			a.Done.UnixMilli(), AnswerStep.Milliseconds(), string(a.Decision.Verdict), a.Lock.PIN, a.Lock.Code, a.CodeExpires.Unix(), a.Decision.Person, strings.Join(reasons, " "), candidatesOf(a.Decision),
			a.Lang, a.Notice.where(), string(a.Relation), a.Renamed, a.ID)
		if err = one(done, err, errNoWork); err == nil {
			err = tx.audit(ctx, audit.Row{At: now, Kind: audit.Decided, Request: a.ID, Person: a.Decision.Person, Outcome: string(a.Decision.Verdict)})
		} else if errors.Is(err, errNoWork) { // its life has ended meanwhile
			err = nil
		}
		if err == nil && a.Notice != (Notice{}) {
			err = note(ctx, tx, a.Notice, a.ID, now)
		}
		return errors.Join(err, letGo(ctx, tx, a.ID))
	})
}

var errNoWork = errors.New("not in work")

// The statements that erase what is too old: see also Old.
const (
	endRequests = `UPDATE requests SET state = 'expired', envelope = NULL, pin_hash = NULL, code_hash = NULL, person = NULL, candidates = '', chosen = NULL,
		channel = CASE WHEN channel LIKE 'phone %' THEN 'phone' WHEN channel LIKE 'email %' THEN 'email' ELSE channel END
		WHERE expires <= ? AND state <> 'expired'`
	forgetRequests   = `DELETE FROM requests WHERE expires <= ?`
	forgetTokens     = `DELETE FROM tokens WHERE expires <= ?`
	forgetStrays     = `DELETE FROM strays WHERE expires <= ?`
	forgetContacts   = `UPDATE notices SET contact = NULL WHERE at <= ? AND contact IS NOT NULL`
	endAmendments    = `UPDATE amendments SET state = 'closed', envelope = NULL, person = NULL WHERE expires <= ? AND state <> 'closed'`
	forgetProblems   = `DELETE FROM problems WHERE made <= ?`
	forgetBatches    = `DELETE FROM usage_batches WHERE made <= ?`
	forgetChecks     = `DELETE FROM checks WHERE expires <= ?`
	forgetAmendments = `DELETE FROM amendments WHERE expires <= ?`
)

// Purge erases what is too old: secrets and links of expired requests, expired
// tokens and staff sessions, counters of stray receipts, empty buckets, whom notices went to
// and who is refused no longer, and requests after keep. It notes when (LastPurge).
func (s *Store) Purge(ctx context.Context, now time.Time, keep time.Duration) error {
	return s.write(ctx, func(tx *transaction) error {
		for _, q := range []struct {
			text   string
			before time.Time
		}{
			{endRequests, now},
			{forgetRequests, now.Add(-keep)},
			{forgetTokens, now.Add(-TokenGrace)},
			{forgetStrays, now},
			{forgetContacts, now.Add(-ReturnLife)},
			{`DELETE FROM refused WHERE until > 0 AND until <= ?`, now},
			{`DELETE FROM staff_sessions WHERE expires <= ?`, now},
			{`DELETE FROM limits WHERE empty <= CAST(? AS BIGINT) * 1000`, now},
			{`DELETE FROM purged WHERE at <> ?`, now},
			{`INSERT INTO purged (at) SELECT CAST(? AS BIGINT) WHERE NOT EXISTS (SELECT 1 FROM purged)`, now},
		} {
			if _, err := tx.ExecContext(ctx, q.text, q.before.Unix()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Doubtful is how long after the last Purge a clock is in doubt: what is erased never comes back,
// so one that is far ahead must not erase it.
const Doubtful = 24 * time.Hour

// LastPurge is when Purge was last, by the clock of then; false when never.
func (s *Store) LastPurge(ctx context.Context) (at time.Time, ok bool, err error) {
	var unix sql.NullInt64
	err = s.db.QueryRowContext(ctx, `SELECT max(at) FROM purged`).Scan(&unix)
	return time.Unix(unix.Int64, 0), unix.Valid && err == nil, err
}
