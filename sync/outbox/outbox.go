// Package outbox keeps sealed requests on the kiosk's disk until central has them.
//
// Open gives the Box of one SQLite file. Save takes a sealed envelope and returns
// after it is committed with synchronous=FULL: only then may a visitor be told
// that the request is saved (promise P3). The courier asks Next for what waits
// and ends with Sent (the envelope is erased, central's id stays for the unlock),
// Postpone, or Refuse (central can never take it; kept and counted for staff).
// KeepBootstrap keeps the signed bootstrap for work without a network.
//
// The file holds nothing personal: random keys, sealed envelopes, central's ids,
// times and codes. Save refuses everything that is not an envelope sealed for
// its key, so no plain text gets here by mistake (promise P1).
//
// One process at a time owns the file, by SQLite's exclusive lock; the lock goes
// with the process, however it ends. Open refuses a file that another process
// has, that is damaged, that is not an outbox, that a newer release wrote or that
// cannot be written, with an *OpenError that says what to do. A damaged file is
// never repaired, changed or removed. Older files are carried forward, in one
// transaction for each step.
package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"regexp"
	"time"

	"vaxkiosk/sync/seal"
)

// RefusedFor is how long a request that central refused is kept for staff.
const RefusedFor = 30 * 24 * time.Hour

// Errors of the calls on a box.
var (
	ErrUnknown = errors.New("no such request in the outbox")
	ErrNotKept = errors.New("not a sealed request for its key")
)

// State is how far a request is.
type State string

// The states of a request.
const (
	Waiting State = "waiting" // not yet taken by central
	Sent    State = "sent"    // central has it, the envelope is erased
	Refused State = "refused" // central can never take it
)

// Item is a request that waits.
type Item struct {
	Key      string // idempotency key
	Envelope []byte // as saved
	Tries    int    // how often it was postponed
	Due      time.Time
}

// Counts is how many requests are in each state, for staff.
type Counts struct {
	Waiting, Sent, Refused int
	Oldest                 time.Time // when the oldest waiting request was saved; zero when none waits
}

// Box is an open outbox. It is safe for concurrent use.
type Box struct {
	db  *sql.DB
	now func() time.Time
}

// keys is what the API admits as idempotency key (openapi.yaml, postRequest).
var keys = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// Save commits a sealed request. Nil means it is on the disk; an error means
// nothing was kept. It never waits for a network.
func (b *Box) Save(ctx context.Context, key string, envelope []byte) error {
	e, err := seal.Decode(envelope)
	if err != nil || !keys.MatchString(key) || e.Key != key || e.Purpose != seal.ForRequest || len(e.Encap) == 0 || len(e.Ciphertext) == 0 {
		return ErrNotKept
	}
	now := b.now().UnixMilli()
	_, err = b.db.ExecContext(ctx,
		`INSERT INTO request (key, envelope, state, saved, due) VALUES (?, ?, 'waiting', ?, ?)`, key, envelope, now, now)
	if err != nil {
		return fmt.Errorf("save request: %w", err)
	}
	return nil
}

// Next returns at most n waiting requests, those that are due first, even when
// they are not due yet; none when none waits.
func (b *Box) Next(ctx context.Context, n int) ([]Item, error) {
	rows, err := b.db.QueryContext(ctx,
		`SELECT key, envelope, tries, due FROM request WHERE state = 'waiting' ORDER BY due, seq LIMIT ?`, n)
	if err != nil {
		return nil, fmt.Errorf("next requests: %w", err)
	}
	defer rows.Close()
	var items []Item
	for rows.Next() {
		var it Item
		var due int64
		if err := rows.Scan(&it.Key, &it.Envelope, &it.Tries, &due); err != nil {
			return nil, fmt.Errorf("next requests: %w", err)
		}
		it.Due = time.UnixMilli(due)
		items = append(items, it)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("next requests: %w", err)
	}
	return items, nil
}

// Sent notes that central has a request under id until expires, and erases the
// envelope. Noting it again changes nothing.
func (b *Box) Sent(ctx context.Context, key, id string, expires time.Time) error {
	return b.change(ctx, "note as sent",
		`UPDATE request SET state = 'sent', envelope = NULL, reason = '', id = ?, expires = ? WHERE key = ?`,
		id, expires.UnixMilli(), key)
}

// Postpone keeps a waiting request back until a time; reason is a code.
func (b *Box) Postpone(ctx context.Context, key string, until time.Time, reason string) error {
	return b.change(ctx, "postpone",
		`UPDATE request SET due = ?, tries = tries + 1, reason = ? WHERE key = ? AND state = 'waiting'`,
		until.UnixMilli(), reason, key)
}

// Refuse sets a waiting request aside that central can never take; code is the
// problem code. The envelope is kept for RefusedFor, for IT to look into.
func (b *Box) Refuse(ctx context.Context, key, code string) error {
	return b.change(ctx, "set aside",
		`UPDATE request SET state = 'refused', reason = ?, expires = ? WHERE key = ? AND state = 'waiting'`,
		code, b.now().Add(RefusedFor).UnixMilli(), key)
}

func (b *Box) change(ctx context.Context, what, query string, args ...any) error {
	res, err := b.db.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("%s: %w", what, ErrUnknown)
	}
	return nil
}

// ID returns how far a request is and, once sent, central's id for it.
func (b *Box) ID(ctx context.Context, key string) (id string, s State, err error) {
	err = b.db.QueryRowContext(ctx, `SELECT id, state FROM request WHERE key = ?`, key).Scan(&id, &s)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", ErrUnknown
	}
	if err != nil {
		return "", "", fmt.Errorf("look up request: %w", err)
	}
	return id, s, nil
}

// Counts counts the requests.
func (b *Box) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	var oldest sql.NullInt64
	err := b.db.QueryRowContext(ctx, `SELECT
		count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'sent'),
		count(*) FILTER (WHERE state = 'refused'), min(saved) FILTER (WHERE state = 'waiting') FROM request`).
		Scan(&c.Waiting, &c.Sent, &c.Refused, &oldest)
	if err != nil {
		return Counts{}, fmt.Errorf("count requests: %w", err)
	}
	if oldest.Valid {
		c.Oldest = time.UnixMilli(oldest.Int64)
	}
	return c, nil
}

// PurgeExpired removes what is sent or refused and past its time, also from the
// write-ahead log. It never removes what waits.
func (b *Box) PurgeExpired(ctx context.Context, now time.Time) error {
	_, err := b.db.ExecContext(ctx, `DELETE FROM request WHERE state <> 'waiting' AND expires <= ?`, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	if _, err := b.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	return nil
}

// KeepBootstrap replaces the kept bootstrap, which must have been verified.
func (b *Box) KeepBootstrap(ctx context.Context, jws []byte, etag string) error {
	_, err := b.db.ExecContext(ctx,
		`INSERT INTO bootstrap (one, jws, etag) VALUES (1, ?, ?)
		ON CONFLICT (one) DO UPDATE SET jws = excluded.jws, etag = excluded.etag`, jws, etag)
	if err != nil {
		return fmt.Errorf("keep bootstrap: %w", err)
	}
	return nil
}

// Bootstrap returns the kept bootstrap; jws is nil when there is none. Verify it
// again before use: the disk is not trusted.
func (b *Box) Bootstrap(ctx context.Context) (jws []byte, etag string, err error) {
	err = b.db.QueryRowContext(ctx, `SELECT jws, etag FROM bootstrap`).Scan(&jws, &etag)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, "", fmt.Errorf("kept bootstrap: %w", err)
	}
	return jws, etag, nil
}

// Backup writes a consistent copy to a path where no file is yet.
func (b *Box) Backup(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // SQLite's own would be 0644
	if err != nil {
		return fmt.Errorf("copy outbox: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("copy outbox: %w", err)
	}
	if _, err := b.db.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return fmt.Errorf("copy outbox: %w", errors.Join(err, os.Remove(path)))
	}
	return nil
}

// Close folds the write-ahead log into the file and lets go of it.
func (b *Box) Close() error { return b.db.Close() }
