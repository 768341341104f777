package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/match"
)

// Cases for review: requests that agree with somebody only in part, or with several
// people. Each rests as the kiosk sealed it, with the numbers of those who may be
// meant, until staff has decided or its life ends. Whoever opens one is noted before
// its content leaves the store. The kiosk sees an answered request all the time.

// ErrNoCandidate tells that a case for review is not about a person.
var ErrNoCandidate = errors.New("not one of those who may be meant")

// Review is a case for review.
type Review struct {
	ID, Receipt   string
	Envelope      []byte   // sealed
	Reasons       []string // codes, no values
	Candidates    []int    // numbers of the people who may be meant
	Made, Expires time.Time

	chosen int // by whoever releases it
}

const (
	selectReview = `SELECT id, receipt, envelope, reasons, candidates, made, expires FROM requests
		WHERE verdict = 'review' AND envelope IS NOT NULL AND chosen IS NULL AND expires > ?1 `
	reviewByReceipt = selectReview + `AND receipt >= ?2 AND receipt < ?3 ORDER BY made, id LIMIT 1` // two may share one: each gets its turn
)

func scanReview(row scanner) (r Review, err error) {
	var reasons, candidates string
	var made, expires int64
	if err = row.Scan(&r.ID, &r.Receipt, &r.Envelope, &reasons, &candidates, &made, &expires); errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	r.Made, r.Expires = time.Unix(made, 0), time.Unix(expires, 0)
	r.Reasons = strings.Fields(reasons)
	for _, number := range strings.Fields(candidates) {
		n, bad := strconv.Atoi(number)
		r.Candidates, err = append(r.Candidates, n), errors.Join(err, bad)
	}
	return r, err
}

// Reviews lists the cases that wait for staff, oldest first, without content.
func (s *Store) Reviews(ctx context.Context, now time.Time) (all []Review, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		r, err := scanReview(row)
		r.Envelope = nil
		all = append(all, r)
		return err
	}, selectReview+`ORDER BY made, id`, now.Unix())
	return all, err
}

// LookAtReview notes who looks at a case and returns it. ErrUnknown or ErrStaffUnknown.
func (s *Store) LookAtReview(ctx context.Context, receipt string, by Looker, now time.Time) (Review, error) {
	return s.review(ctx, receipt, audit.Opened, by, now, func(*transaction, *Review) error { return nil })
}

// ReleaseReview asks for the request to be decided again, now for the person whom staff
// has chosen. ErrNoCandidate, or ErrOver: its tries are used up, and a code would open
// nothing.
func (s *Store) ReleaseReview(ctx context.Context, receipt string, person int, by Looker, now time.Time) error {
	_, err := s.review(ctx, receipt, audit.Chosen, by, now, func(tx *transaction, r *Review) error {
		r.chosen = person
		if !slices.Contains(r.Candidates, person) {
			return ErrNoCandidate
		}
		done, err := tx.ExecContext(ctx, `UPDATE requests SET chosen = ?, due = ?, failures = 0, told = 1
			WHERE id = ? AND tries < ?`, person, now.Unix(), r.ID, MaxTries)
		return one(done, err, ErrOver)
	})
	return err
}

// CloseReview ends a case: it stays a request that opens nothing, and what it says
// is erased.
func (s *Store) CloseReview(ctx context.Context, receipt string, by Looker, now time.Time) error {
	_, err := s.review(ctx, receipt, audit.Ended, by, now, func(tx *transaction, r *Review) error {
		_, err := tx.ExecContext(ctx, `UPDATE requests SET envelope = NULL, candidates = '' WHERE id = ?`, r.ID)
		return err
	})
	return err
}

// reviewing are the words of the table of looks.
var reviewing = map[audit.Kind]string{audit.Opened: "show", audit.Chosen: "release", audit.Ended: "close"}

func (s *Store) review(ctx context.Context, receipt string, what audit.Kind, by Looker, now time.Time, change func(*transaction, *Review) error) (r Review, err error) {
	ctx = by.as(ctx)
	err = s.act(ctx, func(tx *transaction) error {
		if err := known(ctx, tx, by); err != nil {
			return err
		}
		from, to := span(receipt)
		if r, err = scanReview(tx.QueryRowContext(ctx, reviewByReceipt, now.Unix(), from, to)); err != nil {
			return err
		}
		if err := change(tx, &r); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO review_looks (request, action, staff, os_user, at) VALUES (?, ?, ?, ?, ?)`, r.ID, reviewing[what], by.Staff, by.OSUser, now.Unix())
		if err != nil {
			return err
		}
		return noteReview(ctx, tx, r, what, now)
	})
	return r, err
}

// noteReview notes what is done with a case, and whoever is shown beside it.
func noteReview(ctx context.Context, tx *transaction, r Review, what audit.Kind, now time.Time) error {
	if err := tx.audit(ctx, audit.Row{At: now, Kind: what, Request: r.ID, Person: r.chosen}); err != nil {
		return err
	}
	for i := 0; what == audit.Opened && i < len(r.Candidates); i++ {
		if err := tx.audit(ctx, audit.Row{At: now, Kind: audit.Shown, Request: r.ID, Person: r.Candidates[i]}); err != nil {
			return err
		}
	}
	return nil
}

// candidatesOf is what a request keeps of those who may be meant.
func candidatesOf(d match.Decision) string {
	var numbers []string
	for _, n := range d.MayBe {
		numbers = append(numbers, strconv.Itoa(n))
	}
	return strings.Join(numbers, " ")
}
