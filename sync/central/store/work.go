package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"
)

// What is worked on, by whatever number of programs that serve the database: nothing by two of
// them, and of two requests that share a contact the second is not begun before the first has
// ended, so that of two codes the one that comes last is the newer one. A claim says so, one for
// each request and each of its contacts, and ends with the instance that has it (instances.go).

// Work is what is to be done next: a wish for a new code, or else a job.
type Work struct {
	Wish *Resend
	Job  *Job // nil when there is a wish, or nothing

	Blocked []string // ids of requests that are due and wait for others with their contacts
	Freed   bool     // something that was waited for has ended
}

// MostBlocked is how many requests are looked at that wait for others, while what came later goes on.
const MostBlocked = 64

// TakeWork takes what is to be done next: a new code first, since somebody waits for it at a
// kiosk, or else the request whose turn it is and whose contacts nobody works for. keys are the
// keyed hashes of a job's contacts. All that this program has taken and is not among working, ids
// of requests, has ended. It comes again until it is answered, put off or held, so that what was
// cut short is not lost.
func (s *Store) TakeWork(ctx context.Context, now time.Time, working []string, keys func(Job) []string) (w Work, err error) {
	err = s.counting(ctx, func(tx *transaction) error {
		w = Work{}
		if s.d.turns != "" {
			if err := quiet(tx.ExecContext(ctx, s.d.turns)); err != nil {
				return err
			}
		}
		if w.Freed, err = s.endClaims(ctx, tx, working); err != nil {
			return err
		}
		if lives, err := s.lives(ctx, tx); !lives || err != nil {
			return err
		}
		wish, ok, err := nextResend(ctx, tx, now, working)
		switch {
		case err != nil:
			return err
		case ok:
			w.Wish = &wish
			return s.claim(ctx, tx, wish.ID, nil)
		}
		return s.takeFree(ctx, tx, now, working, &w, keys)
	})
	return w, err
}

// takeFree takes the first job that is due and shares no contact with what is worked on, nor
// with what waits before it.
func (s *Store) takeFree(ctx context.Context, tx *transaction, now time.Time, working []string, w *Work, keys func(Job) []string) error {
	var before []string // keys of those that wait
	for len(w.Blocked) < MostBlocked {
		j, ok, err := nextJob(ctx, tx, now, slices.Concat(working, w.Blocked))
		if !ok || err != nil {
			return err
		}
		contacts := keys(j)
		busy, err := await(ctx, tx, contacts)
		if err != nil {
			return err
		}
		if !busy && !slices.ContainsFunc(contacts, func(k string) bool { return slices.Contains(before, k) }) {
			w.Job = &j
			return errors.Join(beginJob(ctx, tx, j.ID), s.claim(ctx, tx, j.ID, contacts))
		}
		w.Blocked, before = append(w.Blocked, j.ID), append(before, contacts...)
	}
	return nil
}

// endClaims ends what this program has claimed and works on no more, and reports whether
// somebody waits for it.
func (s *Store) endClaims(ctx context.Context, tx *transaction, working []string) (awaited bool, err error) {
	err = each(ctx, tx, func(row scanner) error {
		var waits bool
		err := row.Scan(&waits)
		awaited = awaited || waits
		return err
	}, `DELETE FROM claims WHERE coalesce(instance, 0) = ?1 AND replace(CAST(?2 AS TEXT), '/' || request || '/', '') = ?2 RETURNING awaited <> 0`, s.self.Load(), idList(working))
	return awaited, err
}

// lives reports whether others know that this program lives; one that does not serve is not asked.
func (s *Store) lives(ctx context.Context, tx *transaction) (lives bool, err error) {
	self := s.self.Load()
	err = tx.QueryRowContext(ctx, `SELECT CAST(?1 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM instances WHERE id = ?1)`, self).Scan(&lives)
	return lives, err
}

// claim claims a request with its contacts.
func (s *Store) claim(ctx context.Context, tx *transaction, id string, contacts []string) error {
	all := slices.Compact(slices.Sorted(slices.Values(append([]string{id}, contacts...))))
	for _, key := range all {
		_, err := tx.ExecContext(ctx, `INSERT INTO claims (key, request, instance) VALUES (?, ?, nullif(CAST(? AS BIGINT), 0))`, key, id, s.self.Load())
		if err != nil {
			return err
		}
	}
	return nil
}

// await reports whether one of these contacts is worked for, and then waits for its end.
func await(ctx context.Context, tx *transaction, contacts []string) (busy bool, err error) {
	for _, key := range contacts {
		var awaited bool
		err := tx.QueryRowContext(ctx, `SELECT awaited FROM claims WHERE key = ?`, key).Scan(&awaited)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			continue
		case err == nil && !awaited:
			_, err = tx.ExecContext(ctx, `UPDATE claims SET awaited = 1 WHERE key = ?`, key)
		}
		if err != nil {
			return false, err
		}
		busy = true
	}
	return busy, nil
}

// ErrTaken tells that another instance works on what this one did, because this one was taken
// for dead. What the other does counts.
var ErrTaken = errors.New("another instance works on it")

// mine wants a request to be claimed by this program, if it is one that serves.
func (s *Store) mine(ctx context.Context, tx *transaction, id string) error {
	self := s.self.Load()
	if self == 0 {
		return nil
	}
	var is bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM claims WHERE key = ? AND instance = ?)`, id, self).Scan(&is)
	if err == nil && !is {
		err = ErrTaken
	}
	return err
}
