package store

import (
	"context"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/notice"
)

// Dead letters: notices that did not go out, for staff.

// LateNotice is after how long a notice that is still tried is one.
const LateNotice = time.Hour

// Letter is a notice that has not gone out. Its request lives.
type Letter struct {
	Receipt       string // of its request
	Kind, Channel string
	State         notice.State
	Fault         string // in words of ours
	Tries         int
	Since, Last   time.Time // its first and its last try
	Again         bool      // RetryNotices does something about it
}

// Waits is what of one channel is tried until it goes out.
type Waits struct {
	Channel string
	Count   int
	Oldest  time.Time // first try of the oldest
}

// The letters: ?1 is now, ?2 from when on a notice is not late yet, ?3 how many tries of a code there are.
const (
	fromLetters = ` FROM notices n JOIN requests q ON q.id = n.request WHERE n.settled = 0 AND n.state IN ('waiting', 'failed', 'unknown')
		AND (n.state <> 'waiting' OR n.since <= ?2) AND q.expires > ?1`
	retried = `CASE WHEN n.state = 'waiting' OR q.state = 'answered' AND q.person IS NOT NULL AND n.kind = 'found' AND q.tries < ?3 THEN 1 ELSE 0 END`
)

// Letters lists the dead letters, the oldest first.
func (s *Store) Letters(ctx context.Context, now time.Time) (all []Letter, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var l Letter
		var since, last int64
		err := row.Scan(&l.Receipt, &l.Kind, &l.Channel, &l.State, &l.Fault, &l.Tries, &since, &last, &l.Again)
		l.Since, l.Last = time.Unix(since, 0), time.Unix(last, 0)
		all = append(all, l)
		return err
	}, `SELECT q.receipt, n.kind, n.channel, n.state, n.fault, n.tries, n.since, n.at, `+retried+fromLetters+` ORDER BY n.since, q.receipt, n.ref`,
		now.Unix(), now.Add(-LateNotice).Unix(), MaxTries)
	return all, err
}

// NoticesWaiting tells of each channel with notices that are tried until they go out.
func (s *Store) NoticesWaiting(ctx context.Context, now time.Time) (all []Waits, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var w Waits
		var oldest int64
		err := row.Scan(&w.Channel, &w.Count, &oldest)
		w.Oldest = time.Unix(oldest, 0)
		all = append(all, w)
		return err
	}, `SELECT n.channel, count(*), min(n.since) FROM notices n JOIN requests q ON q.id = n.request
		WHERE n.settled = 0 AND n.state IN ('waiting', 'failed', 'unknown') AND n.state = 'waiting' AND q.expires > ? GROUP BY n.channel ORDER BY n.channel`, now.Unix())
	return all, err
}

// letter is one to be tried again.
type letter struct {
	ref, request, contact string
	state                 notice.State
	again                 bool
}

// RetryNotices has the dead letters of a receipt tried again, or all of them when it is "": what is
// put off at once, and of what has failed a new code is sent to the contact on file. It tells how many that are,
// and of how many nothing is left to send.
func (s *Store) RetryNotices(ctx context.Context, receipt string, now time.Time) (again, lost int, err error) {
	err = s.act(ctx, func(tx *transaction) error {
		again, lost = 0, 0
		var all []letter
		err := each(ctx, tx, func(row scanner) error {
			var l letter
			err := row.Scan(&l.ref, &l.request, &l.contact, &l.state, &l.again)
			all = append(all, l)
			return err
		}, `SELECT coalesce(n.ref, ''), n.request, coalesce(n.contact, ''), n.state, `+retried+fromLetters+` AND (?4 = '' OR q.receipt = ?4) ORDER BY n.since, n.ref`,
			now.Unix(), now.Add(-LateNotice).Unix(), MaxTries, receipt)
		for _, l := range all {
			if !l.again {
				lost++
				continue
			}
			again++
			if err == nil {
				err = retry(ctx, tx, l, now)
			}
			if err == nil {
				err = tx.audit(ctx, audit.Row{At: now, Kind: audit.Retried, Request: l.request})
			}
		}
		return err
	})
	return again, lost, err
}

// firstRetry is above the numbers of all wishes of visitors.
const firstRetry = 1000

// retry has what is put off tried now, or asks for a new code in the place of what has failed.
func retry(ctx context.Context, tx *transaction, l letter, now time.Time) error {
	if l.state == notice.Waiting {
		_, err := tx.ExecContext(ctx, `UPDATE requests SET due = ?, failures = 0 WHERE id = ? AND state IN ('received', 'processing')`, now.Unix(), l.request)
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE reminders SET due = ?, failures = 0 WHERE request = ?`, now.Unix(), l.request)
		}
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM refused WHERE contact = ? AND why = 'dead'`, l.contact)
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO reminders (request, n, other, due) SELECT ?1, CAST(?2 AS BIGINT) + count(*), 0, CAST(?3 AS BIGINT)
			FROM notices WHERE request = ?1 ON CONFLICT DO NOTHING`, l.request, firstRetry, now.Unix())
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE notices SET settled = 1 WHERE ref = ?`, l.ref)
	}
	return err
}
