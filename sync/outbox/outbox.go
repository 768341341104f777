// Package outbox keeps what a kiosk hands in on its disk until central has it:
// requests, corrections, problem reports and counts of usage, all sealed.
//
// Open gives the Box of one SQLite file. Save takes a sealed envelope and returns
// after it is committed with synchronous=FULL: only then may a visitor be told
// that the request is saved (promise P3). The courier asks Next for what waits
// and ends with Sent (the envelope is erased, central's id stays for the unlock),
// Postpone, or Refuse (central can never take it; kept and counted for staff).
// KeepBootstrap keeps the signed bootstrap for work without a network.
//
// What a visitor waits for, requests and corrections, comes out before reports
// and counts; these fall behind by no more than Behind, so that they get out too.
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
	"slices"
	"time"

	"github.com/mattn/go-sqlite3"

	"vaxkiosk/sync/seal"
)

// Limits of the outbox.
const (
	RefusedFor = 30 * 24 * time.Hour // how long what central refused is kept for staff
	Behind     = 24 * time.Hour      // a report or count comes before requests that are due so much later
)

// Errors of the calls on a box.
var (
	ErrUnknown = errors.New("nothing in the outbox has this key")
	ErrNotKept = errors.New("not sealed for its key and for what the outbox keeps")
	ErrFull    = errors.New("the disk of this kiosk is full")
)

// failed says what could not be done; a full disk by its name.
func failed(what string, err error) error {
	var lite sqlite3.Error
	if errors.As(err, &lite) && lite.Code == sqlite3.ErrFull {
		err = fmt.Errorf("%w: %w", ErrFull, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// kept is what the outbox takes.
var kept = []seal.Purpose{seal.ForRequest, seal.ForAmend, seal.ForReport, seal.ForUsage}

// State is how far an item is.
type State string

// The states of an item.
const (
	Waiting State = "waiting" // not yet taken by central
	Sent    State = "sent"    // central has it, the envelope is erased
	Refused State = "refused" // central can never take it
)

// Item is what waits.
type Item struct {
	Purpose  seal.Purpose
	Key      string // idempotency key
	Envelope []byte // as saved
	Tries    int    // how often it was postponed
	Due      time.Time
}

// Counts is how many items of one purpose are in each state, for staff.
type Counts struct {
	Waiting, Sent, Refused int
	Oldest                 time.Time // when the oldest that waits was saved; zero when none waits
}

// Box is an open outbox. It is safe for concurrent use.
type Box struct {
	db  *sql.DB
	now func() time.Time

	from, to int // schema that Open found and left
}

// Migrated are the versions of the schema that Open found in the file, 0 for a new
// one, and left in it.
func (b *Box) Migrated() (from, to int) { return b.from, b.to }

// keys is what the API admits as idempotency key (openapi.yaml, postRequest).
var keys = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// Save commits a sealed envelope. Nil means it is on the disk; an error means
// nothing was kept. It never waits for a network.
func (b *Box) Save(ctx context.Context, key string, envelope []byte) error {
	e, err := seal.Decode(envelope)
	if err != nil || !keys.MatchString(key) || e.Key != key || !slices.Contains(kept, e.Purpose) || len(e.Encap) == 0 || len(e.Ciphertext) == 0 {
		return ErrNotKept
	}
	now := b.now().UnixMilli()
	_, err = b.db.ExecContext(ctx,
		`INSERT INTO request (purpose, key, envelope, state, saved, due) VALUES (?, ?, ?, 'waiting', ?, ?)`,
		e.Purpose, key, envelope, now, now)
	if err != nil {
		return failed("save "+string(e.Purpose), err)
	}
	return nil
}

// nextQuery takes the first of both kinds, each by its index, and puts them in order.
const nextQuery = `SELECT purpose, key, envelope, tries, due FROM (
		SELECT * FROM (SELECT * FROM request WHERE state = 'waiting' AND later = 0 ORDER BY due, seq LIMIT @n)
		UNION ALL
		SELECT * FROM (SELECT * FROM request WHERE state = 'waiting' AND later = 1 ORDER BY due, seq LIMIT @n))
	ORDER BY due > @now, due + later * @behind, seq LIMIT @n`

// Next returns at most n that wait: first those that are due, in the order of
// the package comment, then those that are due soonest; none when none waits.
func (b *Box) Next(ctx context.Context, n int) ([]Item, error) {
	rows, err := b.db.QueryContext(ctx, nextQuery,
		sql.Named("n", n), sql.Named("now", b.now().UnixMilli()), sql.Named("behind", Behind.Milliseconds()))
	if err != nil {
		return nil, fmt.Errorf("next: %w", err)
	}
	defer rows.Close()
	var items []Item
	for rows.Next() {
		var it Item
		var due int64
		if err := rows.Scan(&it.Purpose, &it.Key, &it.Envelope, &it.Tries, &due); err != nil {
			return nil, fmt.Errorf("next: %w", err)
		}
		it.Due = time.UnixMilli(due)
		items = append(items, it)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("next: %w", err)
	}
	return items, nil
}

// Sent notes that central has an item under id until expires, and erases the
// envelope. With no id and the zero time the rest goes with the next purge; until
// then, as with the others, noting it again changes nothing.
func (b *Box) Sent(ctx context.Context, key, id string, expires time.Time) error {
	return b.change(ctx, "note as sent",
		`UPDATE request SET state = 'sent', envelope = NULL, reason = '', id = ?, expires = ? WHERE key = ?`,
		id, expires.UnixMilli(), key)
}

// Postpone keeps a waiting item back until a time; reason is a code.
func (b *Box) Postpone(ctx context.Context, key string, until time.Time, reason string) error {
	return b.change(ctx, "postpone",
		`UPDATE request SET due = ?, tries = tries + 1, reason = ? WHERE key = ? AND state = 'waiting'`,
		until.UnixMilli(), reason, key)
}

// Refuse sets a waiting item aside that central can never take; code is the
// problem code. The envelope is kept for RefusedFor, for IT to look into.
func (b *Box) Refuse(ctx context.Context, key, code string) error {
	return b.change(ctx, "set aside",
		`UPDATE request SET state = 'refused', reason = ?, expires = ? WHERE key = ? AND state = 'waiting'`,
		code, b.now().Add(RefusedFor).UnixMilli(), key)
}

func (b *Box) change(ctx context.Context, what, query string, args ...any) error {
	res, err := b.db.ExecContext(ctx, query, args...)
	if err != nil {
		return failed(what, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("%s: %w", what, ErrUnknown)
	}
	return nil
}

// ID returns how far an item is and, once sent, central's id for it.
func (b *Box) ID(ctx context.Context, key string) (id string, s State, err error) {
	err = b.db.QueryRowContext(ctx, `SELECT id, state FROM request WHERE key = ?`, key).Scan(&id, &s)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", ErrUnknown
	}
	if err != nil {
		return "", "", fmt.Errorf("look up: %w", err)
	}
	return id, s, nil
}

// Counts counts the items of one purpose.
func (b *Box) Counts(ctx context.Context, p seal.Purpose) (Counts, error) {
	var c Counts
	var oldest sql.NullInt64
	err := b.db.QueryRowContext(ctx, `SELECT
		count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'sent'),
		count(*) FILTER (WHERE state = 'refused'), min(saved) FILTER (WHERE state = 'waiting') FROM request WHERE purpose = ?`, p).
		Scan(&c.Waiting, &c.Sent, &c.Refused, &oldest)
	if err != nil {
		return Counts{}, fmt.Errorf("count: %w", err)
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
		return failed("purge", err)
	}
	if _, err := b.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return failed("purge", err)
	}
	return nil
}

// KeepBootstrap replaces the kept bootstrap, which must have been verified.
func (b *Box) KeepBootstrap(ctx context.Context, jws []byte, etag string) error {
	_, err := b.db.ExecContext(ctx,
		`INSERT INTO bootstrap (one, jws, etag) VALUES (1, ?, ?)
		ON CONFLICT (one) DO UPDATE SET jws = excluded.jws, etag = excluded.etag`, jws, etag)
	if err != nil {
		return failed("keep the settings", err)
	}
	return nil
}

// Bootstrap returns the kept bootstrap; jws is nil when there is none. Verify it
// again before use: the disk is not trusted.
func (b *Box) Bootstrap(ctx context.Context) (jws []byte, etag string, err error) {
	err = b.db.QueryRowContext(ctx, `SELECT jws, etag FROM bootstrap`).Scan(&jws, &etag)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, "", fmt.Errorf("kept settings: %w", err)
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
