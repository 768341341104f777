package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/retention"
)

// What becomes of notices. A request and a wish for a new code are what waits to be worked on, and
// hold what a notice needs; here is how its tries went, which staff sees and nobody outside. There
// is a row before anything is handed over, so that what comes back never comes too early.

// How long something counts.
const (
	ReturnLife = retention.Returns // what comes back does so by then
	DeadLife   = retention.Dead    // a mailbox that there is not may be there again
)

// Notice is the audit of one notice: its kind and channel, no value. Mark is kept with the
// request until it expires and tells which contact a code went to (access.ContactMark).
type Notice struct {
	Kind, Channel, Mark string

	Ref     string       // by which it comes back, one for all its tries (access.NoticeRef)
	Contact string       // the number or address that it goes to (access.ContactHash)
	Owner   string       // the same of all spellings of it (notice.ContactKey)
	State   notice.State // handed over, unless said
	Fault   string       // why it is not, in words of ours
	Dead    bool         // nothing is to be sent to the contact for DeadLife
}

// Out reports whether the notice has gone out, or may have.
func (n Notice) Out() bool {
	return n.State == "" || n.State == notice.HandedOver || n.State == notice.Unknown
}

// where is what a request keeps of where its notice went.
func (n Notice) where() string { return strings.TrimSpace(n.Channel + " " + n.Mark) }

// Before is what is known of a notice that is about to be tried.
type Before struct {
	Doubts  int  // tries of which nobody knows how they ended
	Refused bool // nothing is to be sent to its contact
}

// BeginNotice notes that a notice of a request is about to be tried.
func (s *Store) BeginNotice(ctx context.Context, id string, n Notice, now time.Time) (b Before, err error) {
	err = s.counting(ctx, func(tx *transaction) error {
		err := tx.QueryRowContext(ctx, `INSERT INTO notices (request, kind, channel, at, ref, contact, state, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?4)
			ON CONFLICT (ref) DO UPDATE SET kind = ?2, channel = ?3, at = ?4, contact = ?6, state = 'waiting', settled = 0, tries = notices.tries + 1,
				since = CASE WHEN notices.state = 'waiting' THEN notices.since ELSE ?4 END
			RETURNING doubts`, id, n.Kind, n.Channel, now.Unix(), n.Ref, n.Contact).Scan(&b.Doubts)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM refused
			WHERE (contact = ? AND why = 'dead' OR contact = ? AND why = 'stopped') AND (until = 0 OR until > ?))`, n.Contact, n.Owner, now.Unix()).Scan(&b.Refused)
	})
	return b, err
}

// PutOffNotice notes why a try failed; in doubt, when the notice may have gone out all the same.
func (s *Store) PutOffNotice(ctx context.Context, ref, fault string, doubt bool, now time.Time) error {
	_, err := s.one.ExecContext(ctx, `UPDATE notices SET fault = ?, doubts = doubts + ?, at = ? WHERE ref = ?`, fault, doubt, now.Unix(), ref)
	return err
}

// note adds a notice to the audit, or says there how its last try went. What has come back by
// then stays. A code that went out takes the place of those before it.
func note(ctx context.Context, tx *transaction, n Notice, id string, now time.Time) error {
	if n.State == "" {
		n.State = notice.HandedOver
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO notices (request, kind, channel, at, ref, contact, state, fault, since)
		VALUES (?1, ?2, ?3, ?4, nullif(?5, ''), nullif(?6, ''), ?7, ?8, ?4)
		ON CONFLICT (ref) DO UPDATE SET kind = ?2, channel = ?3, at = ?4, state = CASE WHEN notices.state = 'waiting' THEN ?7 ELSE notices.state END,
			fault = CASE WHEN notices.state = 'waiting' THEN ?8 ELSE notices.fault END`,
		id, n.Kind, n.Channel, now.Unix(), n.Ref, n.Contact, string(n.State), n.Fault)
	if err == nil && n.Dead {
		err = refuse(ctx, tx, n.Ref, now)
	}
	if err != nil || n.State != notice.HandedOver || n.Kind != string(notice.Found) {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE notices SET settled = 1 WHERE request = ? AND kind = ? AND state IN ('failed', 'unknown') AND ref <> ?`, id, n.Kind, n.Ref)
	return err
}

// letGo ends what is tried no more: what a request caused before it was decided otherwise.
func letGo(ctx context.Context, tx *transaction, id string) error {
	_, err := tx.ExecContext(ctx, `UPDATE notices SET state = 'held-back' WHERE request = ? AND state = 'waiting'
		AND NOT EXISTS (SELECT 1 FROM reminders WHERE reminders.request = notices.request)`, id)
	return err
}

// refuse has nothing sent to the contact of a notice for a while.
func refuse(ctx context.Context, tx *transaction, ref string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO refused (contact, why, until) SELECT contact, 'dead', CAST(?2 AS BIGINT) FROM notices WHERE ref = ?1 AND contact IS NOT NULL
		ON CONFLICT (contact, why) DO UPDATE SET until = CAST(?2 AS BIGINT)`, ref, now.Add(DeadLife).Unix())
	return err
}

// forward are the states that a receipt moves a notice on from.
var forward = map[notice.State][3]notice.State{
	notice.HandedOver: {notice.Unknown},
	notice.Unknown:    {notice.HandedOver},
	notice.Delivered:  {notice.Waiting, notice.HandedOver, notice.Unknown},
	notice.Failed:     {notice.Waiting, notice.HandedOver, notice.Unknown},
}

// Receipt notes what has come back for a notice; dead has nothing sent to its contact for a while.
// The first word that ends it counts. notice.ErrNoRef when there is no such notice.
func (s *Store) Receipt(ctx context.Context, ref string, to notice.State, fault string, dead bool, now time.Time) error {
	from, is := forward[to]
	if !is {
		return fmt.Errorf("no receipt says %q", to)
	}
	return s.write(ctx, func(tx *transaction) error {
		var state notice.State
		err := tx.QueryRowContext(ctx, `SELECT state FROM notices WHERE ref = ?`, ref).Scan(&state)
		if errors.Is(err, sql.ErrNoRows) {
			return notice.ErrNoRef
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE notices SET state = ?, fault = ?, at = ? WHERE ref = ? AND state IN (?, ?, ?)`,
				string(to), fault, now.Unix(), ref, string(from[0]), string(from[1]), string(from[2]))
		}
		if err == nil && dead {
			err = refuse(ctx, tx, ref, now)
		}
		return err
	})
}

// Unheard is after how long a text message without a receipt may as well not have arrived.
const Unheard = 24 * time.Hour

// LackReceipts makes unknown what was handed over a day ago, of which no receipt came, and nothing
// was opened. What went out before the first receipt of all is passed over: none were sent then.
func (s *Store) LackReceipts(ctx context.Context, channel string, now time.Time) error {
	_, err := s.one.ExecContext(ctx, `UPDATE notices SET state = 'unknown', fault = 'no receipt came within a day'
		WHERE state = 'handed-over' AND channel = ?1 AND at <= ?2 AND contact IS NOT NULL
		AND EXISTS (SELECT 1 FROM notices told WHERE told.channel = ?1 AND told.state = 'delivered' AND told.since <= notices.at)
		AND NOT EXISTS (SELECT 1 FROM tokens WHERE tokens.request = notices.request)`, channel, now.Add(-Unheard).Unix())
	return s.d.explain(err)
}

// OptOut has nothing sent to whoever has a contact, in any spelling, until it is told otherwise.
func (s *Store) OptOut(ctx context.Context, owner string, out bool) error {
	statement := `DELETE FROM refused WHERE contact = ? AND why = 'stopped'`
	if out {
		statement = `INSERT INTO refused (contact, why, until) VALUES (?, 'stopped', 0) ON CONFLICT DO NOTHING`
	}
	kind := audit.Stopped
	if !out {
		kind = audit.Started
	}
	return s.act(ctx, func(tx *transaction) error { // whose contact it is nobody can tell from its hash
		if _, err := tx.ExecContext(ctx, statement, owner); err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{Kind: kind})
	})
}
