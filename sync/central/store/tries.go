package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/retention"
)

// The rule of tries (promise P6): whoever wants to compare a proof takes a try
// first, in one atomic statement; without one, nothing is compared. However
// many guesses come at once, five are compared. The limits of kiosks and of all
// together (access) are counted in the same transaction. A right proof gives
// everything back. An error counts as no try left.

// Try is the right to compare one proof.
type Try struct {
	ID      string
	Left    int // tries left after this one
	Lock    access.Lock
	Person  int       // whose record it opens, 0 for nobody's
	Expires time.Time // of the pickup code
	Stray   bool      // ID is a receipt that nobody has
	Own     bool      // asked for by the person the record is of, in the one name that an ID shows

	uses []access.Use
}

// TakeTry takes a try of a request and counts the uses with it. ErrUnknown,
// ErrExpired, ErrOver and *LimitError say why there is none, and then nothing is
// counted.
func (s *Store) TakeTry(ctx context.Context, id string, now time.Time, uses ...access.Use) (Try, error) {
	var t Try
	err := s.counting(ctx, func(tx *transaction) error {
		t = Try{ID: id, uses: uses}
		if err := count(ctx, tx, now, uses...); err != nil {
			return err
		}
		return takeTry(ctx, tx, &t, now)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Try{}, s.whyNoTry(ctx, id, now)
	}
	return t, err
}

// takeTry is the statement that counts: sql.ErrNoRows when no try is left.
func takeTry(ctx context.Context, tx *transaction, t *Try, now time.Time) error {
	var tries int
	var person sql.NullInt64
	var expires int64
	err := tx.QueryRowContext(ctx, `UPDATE requests SET tries = tries + 1 WHERE id = ? AND tries < ? AND expires > ?
		RETURNING tries, pin_hash, code_hash, code_expires, person, relation = 'self' AND renamed = 0`, t.ID, MaxTries, now.Unix()).
		Scan(&tries, &t.Lock.PIN, &t.Lock.Code, &expires, &person, &t.Own)
	t.Left, t.Person, t.Expires = MaxTries-tries, int(person.Int64), time.Unix(expires, 0)
	return err
}

func (s *Store) whyNoTry(ctx context.Context, id string, now time.Time) error {
	switch state, err := s.StateOf(ctx, id, now); {
	case err != nil:
		return err
	case state == Expired:
		return ErrExpired
	}
	return ErrOver
}

// TakeTryByReceipt takes a try of the request with a receipt (byReceipt). A receipt
// that nobody has is counted in the same way, and its Try opens with nothing:
// it looks like a request without a record until memory of it ends. It counts as
// one of unknown, too, and when these do not fit any more nobody gets a try, or
// the answer would tell which receipts there are.
func (s *Store) TakeTryByReceipt(ctx context.Context, receipt string, now time.Time, memory time.Duration, unknown access.Use, uses ...access.Use) (Try, error) {
	var t Try
	err := s.counting(ctx, func(tx *transaction) error {
		t = Try{uses: uses}
		if err := fits(ctx, tx, now, unknown); err != nil {
			return err
		}
		if err := count(ctx, tx, now, uses...); err != nil {
			return err
		}
		var err error
		if t.ID, err = byReceipt(ctx, tx, receipt, now); err == nil {
			return takeTry(ctx, tx, &t, now)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		return takeStray(ctx, tx, &t, receipt, now.Add(memory), unknown, now)
	})
	switch {
	case !errors.Is(err, sql.ErrNoRows):
		return t, err
	case t.ID == receipt:
		return Try{}, ErrOver
	}
	return Try{}, s.whyNoTry(ctx, t.ID, now)
}

// takeStray is takeTry for a receipt that nobody has.
func takeStray(ctx context.Context, tx *transaction, t *Try, receipt string, until time.Time, unknown access.Use, now time.Time) error {
	t.ID, t.Stray = receipt, true
	var tries int
	err := tx.QueryRowContext(ctx, `INSERT INTO strays (receipt, tries, expires) VALUES (?1, 1, ?2)
		ON CONFLICT (receipt) DO UPDATE SET tries = strays.tries + 1 WHERE strays.tries < ?3
		RETURNING tries`, receipt, until.Unix(), MaxTries).Scan(&tries)
	t.Left = MaxTries - tries
	if err != nil {
		return err
	}
	return count(ctx, tx, now, unknown)
}

// A token opens nothing after its end. It still serves for PrintGrace to note a
// print that it allowed, and for TokenGrace to tell who asks for an amendment.
const (
	PrintGrace = time.Hour
	TokenGrace = retention.Tokens
)

// Token is what a right proof opens, for one kiosk.
type Token struct {
	Hash    []byte
	Request string
	Person  int
	Kiosk   string
	Expires time.Time
}

// Vouch says which staff member stands in for the pickup code, and what kind of
// photo ID they have seen.
type Vouch struct{ Staff, IDKind string }

// AddToken keeps the token of a right proof, gives its try back, counts the uses, and
// notes who vouched for it; the zero Vouch is nobody's. It is ErrUnknown, and the try
// stays spent, when the request does not open this person's record any more: the number
// may have become somebody else's since the try was taken.
//
// Everybody who unlocks counts into the same limits, so it must not be one of those transactions
// that compare: many at once would be in each other's way until some are refused. It holds the
// request instead. Whoever takes it back from the person either was first, and then it is none of
// theirs here; or waits, and then finds the token.
func (s *Store) AddToken(ctx context.Context, t Token, spent Try, by Vouch, now time.Time, uses ...access.Use) error {
	return s.actBeside(ctx, func(tx *transaction) error {
		err := count(ctx, tx, now, uses...)
		if err == nil {
			err = uncount(ctx, tx, spent.uses...)
		}
		if err != nil {
			return err
		}
		back := asInt(spent.ID == t.Request)
		done, err := tx.ExecContext(ctx, `UPDATE requests SET tries = CASE WHEN tries > 0 THEN tries - CAST(? AS BIGINT) ELSE 0 END WHERE id = ? AND person = ?`, back, t.Request, t.Person)
		if err = one(done, err, ErrUnknown); err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO tokens (hash, request, person, kiosk, expires) VALUES (?, ?, ?, ?, ?)`,
				t.Hash, t.Request, t.Person, t.Kiosk, t.Expires.Unix())
		}
		if err != nil {
			return err
		}
		row := audit.Row{At: now, Kind: audit.Unlocked, Request: t.Request, Person: t.Person}
		if by == (Vouch{}) {
			return tx.audit(ctx, row)
		}
		who := audit.Of(ctx)
		who.Staff = by.Staff
		row.Kind, row.Outcome = audit.Vouched, by.IDKind
		if err := tx.audit(audit.As(ctx, who), row); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO releases (request, staff, id_kind, kiosk, at) VALUES (?, ?, ?, ?, ?)`, t.Request, by.Staff, by.IDKind, t.Kiosk, now.Unix())
		return err
	})
}

// TokenOf returns the token with a hash if it is this kiosk's; else ErrUnknown.
// Whether it is still valid is the caller's question.
func (s *Store) TokenOf(ctx context.Context, hash []byte, kiosk string) (Token, error) {
	t := Token{Hash: hash, Kiosk: kiosk}
	var expires int64
	err := s.db.QueryRowContext(ctx, `SELECT request, person, expires FROM tokens WHERE hash = ? AND kiosk = ?`, hash, kiosk).
		Scan(&t.Request, &t.Person, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return Token{}, ErrUnknown
	}
	t.Expires = time.Unix(expires, 0)
	return t, err
}
