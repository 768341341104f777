// Package storetest is the suite that central's store passes on every kind of database,
// and what tests do to a database past the service.
//
// Run takes an opener of empty databases, and tests a store on one after the other: what
// is kept, counted, let through and forgotten. It knows neither files nor folders nor
// plans of SQLite; the store's own tests do. One test alone:
//
//	go test ./sync/central/store -run TestSQLite/TestARequestIsKeptOnceUnderItsKey
//
// A DB changes and reads a database past the service, as only tests may: At takes the
// file, and each method is one thing that happens to a database or one thing that is
// looked up in it. It is the only place outside the store and its own tests that knows
// tables and columns, so that another database, or another column, is a change here and
// not in a hundred tests. Whatever goes wrong ends the test.
//
// A second kind of database is an opener beside the one in the store's suite_test.go, and
// what its DB does in another way. It refuses to be in a program: only tests import it.
package storetest

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
)

// DB is a database file. A service may run on it.
type DB struct {
	t    testing.TB
	path string
}

// At is the database in a file.
func At(t testing.TB, path string) DB { return DB{t, path} }

func (d DB) open() *sql.DB {
	d.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+d.path+"?_busy_timeout=5000")
	if err != nil {
		d.t.Fatal(err)
	}
	return db
}

func (d DB) exec(q string, args ...any) {
	d.t.Helper()
	db := d.open()
	defer db.Close()
	if _, err := db.Exec(q, args...); err != nil {
		d.t.Fatal(err)
	}
}

func (d DB) number(q string, args ...any) (n int) {
	d.t.Helper()
	db := d.open()
	defer db.Close()
	if err := db.QueryRow(q, args...).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d DB) texts(q string, args ...any) (all []string) {
	d.t.Helper()
	db := d.open()
	defer db.Close()
	rows, err := db.Query(q, args...)
	if err != nil {
		d.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			d.t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		d.t.Fatal(err)
	}
	return all
}

// ForgetTries empties every counter.
func (d DB) ForgetTries() {
	d.t.Helper()
	d.exec("UPDATE requests SET tries = 0; DELETE FROM strays; DELETE FROM limits")
}

// ForgetLimits empties the counters of limits.
func (d DB) ForgetLimits() { d.t.Helper(); d.exec("DELETE FROM limits") }

// ForgetStaffTries unlocks every staff id.
func (d DB) ForgetStaffTries() { d.t.Helper(); d.exec("DELETE FROM staff_tries") }

// RenewRequests gives every request all its tries and new codes again.
func (d DB) RenewRequests() { d.t.Helper(); d.exec("UPDATE requests SET tries = 0, reminded = 0") }

// Age ends the life of a request's pickup code.
func (d DB) Age(id string) {
	d.t.Helper()
	d.exec("UPDATE requests SET code_expires = 1 WHERE id = ?", id)
}

// Exhaust uses up the tries of a request.
func (d DB) Exhaust(id string) {
	d.t.Helper()
	d.exec("UPDATE requests SET tries = ? WHERE id = ?", store.MaxTries, id)
}

// LoseEnvelopes erases what all requests say.
func (d DB) LoseEnvelopes() { d.t.Helper(); d.exec("UPDATE requests SET envelope = NULL") }

// AddCase puts a case for review there, with what was asked sealed.
func (d DB) AddCase(id string, envelope []byte, made, expires time.Time) {
	d.t.Helper()
	d.exec(`INSERT INTO requests (id, receipt, body_hash, state, made, expires, envelope, due, verdict)
		VALUES (?, 'r', x'', 'answered', ?, ?, ?, 0, 'review')`, id, made.Unix(), expires.Unix(), envelope)
}

// AddToken opens somebody's record, without a request; once is enough.
func (d DB) AddToken(k store.Token) {
	d.t.Helper()
	d.exec("INSERT INTO tokens (hash, request, person, kiosk, expires) VALUES (?, '', ?, '', 0) ON CONFLICT DO NOTHING", k.Hash, k.Person)
}

// SetKioskWaiting makes so much wait of a kiosk.
func (d DB) SetKioskWaiting(kiosk string, n, bytes int) {
	d.t.Helper()
	d.exec("INSERT INTO waiting (kiosk, n, bytes) VALUES (?1, ?2, ?3) ON CONFLICT (kiosk) DO UPDATE SET n = ?2, bytes = ?3", kiosk, n, bytes)
}

// SetListCounts sets the counts of all lists of revoked cards.
func (d DB) SetListCounts(n int) { d.t.Helper(); d.exec("UPDATE card_lists SET ctr = ?", n) }

// SetImportsAhead makes all imports so far have begun at a time that has not come.
func (d DB) SetImportsAhead(to time.Time) {
	d.t.Helper()
	d.exec("UPDATE imports SET began = ?", to.UnixMilli())
	d.exec("UPDATE people SET updated = ?", to.UnixMilli())
}

// SetPrinted makes a code of the check page that of a print with these hashes of doses,
// or, nil, of one from before they were kept.
func (d DB) SetPrinted(code, doses []byte) {
	d.t.Helper()
	d.exec("UPDATE checks SET printed = ? WHERE code = ?", doses, code)
}

// AgeCheck ends the life of a code of the check page.
func (d DB) AgeCheck(code []byte) {
	d.t.Helper()
	d.exec("UPDATE checks SET expires = 1 WHERE code = ?", code)
}

// ExhaustCheck uses up the tries of a code of the check page.
func (d DB) ExhaustCheck(code []byte) {
	d.t.Helper()
	d.exec("UPDATE checks SET tries = ? WHERE code = ?", store.MaxTries, code)
}

// RenewChecks gives every code of the check page its tries again.
func (d DB) RenewChecks() { d.t.Helper(); d.exec("UPDATE checks SET tries = 0") }

// WithdrawCheck makes a code of the check page that of somebody who was removed.
func (d DB) WithdrawCheck(code []byte) {
	d.t.Helper()
	d.exec("UPDATE checks SET state = 'withdrawn', person = NULL WHERE code = ?", code)
}

// Fill fills the bucket of a use by so much, on top of what is in it.
func (d DB) Fill(u access.Use, now time.Time, by time.Duration) {
	d.t.Helper()
	d.exec(`INSERT INTO limits (key, empty, counted) VALUES (?1, ?2 + ?3, ?2) ON CONFLICT DO UPDATE SET empty = max(empty, ?2) + ?3, counted = ?2`,
		u.Key, now.UnixMilli(), by.Milliseconds())
}

// SetFill fills the bucket of a use to just so much.
func (d DB) SetFill(u access.Use, now time.Time, to time.Duration) {
	d.t.Helper()
	d.exec("INSERT OR REPLACE INTO limits (key, empty, counted) VALUES (?, ?, ?)", u.Key, now.Add(to).UnixMilli(), now.UnixMilli())
}

// Filled is how much was in the bucket of a use when it was counted last, and until when.
func (d DB) Filled(u access.Use) (by time.Duration, until time.Time) {
	d.t.Helper()
	empty := d.number("SELECT empty FROM limits WHERE key = ?", u.Key)
	counted := d.number("SELECT counted FROM limits WHERE key = ?", u.Key)
	return time.Duration(empty-counted) * time.Millisecond, time.UnixMilli(int64(empty))
}

// Rest makes the database rest, as one that was restored.
func (d DB) Rest(now time.Time) {
	d.t.Helper()
	if err := store.Rest(d.path, now); err != nil {
		d.t.Fatal(err)
	}
}

// ForgetKeys forgets which keys belong to the folder, as a database of before has it.
func (d DB) ForgetKeys() { d.t.Helper(); d.exec("DELETE FROM folder; DELETE FROM folder_keys") }

// ForgetMigrations makes the next start migrate from a version.
func (d DB) ForgetMigrations(from int) {
	d.t.Helper()
	d.exec("DELETE FROM version WHERE n >= ?", from)
}

// BeforeMigrations makes an empty file a database that is older than all migrations.
func (d DB) BeforeMigrations() {
	d.t.Helper()
	d.exec("CREATE TABLE version (n INTEGER PRIMARY KEY, applied INTEGER NOT NULL)")
}

// ForgetKiosk takes a kiosk out of the table, as if it were from before there was one, and
// gives all others its name.
func (d DB) ForgetKiosk(name string) {
	d.t.Helper()
	d.exec("DELETE FROM kiosk_certs WHERE kiosk = (SELECT fingerprint FROM kiosks WHERE name = ?)", name)
	d.exec("DELETE FROM kiosks WHERE name = ?", name)
	d.exec("UPDATE kiosks SET name = ?", name)
}

// Lose makes a table unreadable until back is called.
func (d DB) Lose(table string) (back func()) {
	d.t.Helper()
	d.exec(fmt.Sprintf("ALTER TABLE %s RENAME TO lost", table))
	return func() { d.t.Helper(); d.exec(fmt.Sprintf("ALTER TABLE lost RENAME TO %s", table)) }
}

// Lock keeps everybody else from writing until free is called.
func (d DB) Lock() (free func()) {
	d.t.Helper()
	db := d.open()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		d.t.Fatal(err)
	}
	return func() {
		d.t.Helper()
		_, err := db.Exec("ROLLBACK")
		if no := db.Close(); err != nil || no != nil {
			d.t.Fatal(err, no)
		}
	}
}

// Writes counts from now on what is written to a table, or to one column of it; read
// returns how often that was.
func (d DB) Writes(table, column string) (read func() int) {
	d.t.Helper()
	d.exec("CREATE TABLE counted (n)")
	events := []string{"INSERT", "UPDATE"}
	if column != "" {
		events = []string{"UPDATE OF " + column}
	}
	for i, event := range events {
		d.exec(fmt.Sprintf("CREATE TRIGGER counting%d AFTER %s ON %s BEGIN INSERT INTO counted (n) VALUES (1); END", i, event, table))
	}
	return func() int { d.t.Helper(); return d.number("SELECT count(*) FROM counted") }
}
