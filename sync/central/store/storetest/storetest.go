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
// file or the URL, and each method is one thing that happens to a database or one thing that is
// looked up in it. It is the only place outside the store and its own tests that knows
// tables and columns, so that another database, or another column, is a change here and
// not in a hundred tests. Statements have $1 to $n in that order, which SQLite and
// PostgreSQL both take. Whatever goes wrong ends the test.
//
// OnServer makes an empty database of PostgreSQL on a server of its own, which the first call
// starts for all tests of a program and StopServer, in its TestMain, stops. It needs Debian's
// postgresql-15. The package refuses to be in a program: only tests import it.
package storetest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	_ "github.com/mattn/go-sqlite3"    // the other one

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
)

// DB is a database. A service may run on it.
type DB struct {
	t  testing.TB
	at string // a file, or a URL
}

// At is the database in a file, or that of a URL.
func At(t testing.TB, at string) DB { return DB{t, at} }

// Where is the file or the URL.
func (d DB) Where() string { return d.at }

// onServer reports whether the database is one of PostgreSQL.
func (d DB) onServer() bool { return strings.HasPrefix(d.at, "postgres://") }

func (d DB) open() *sql.DB {
	d.t.Helper()
	driver, where := "sqlite3", "file:"+d.at+"?_busy_timeout=5000"
	if d.onServer() {
		driver, where = "pgx", d.at
	}
	db, err := sql.Open(driver, where)
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

// BeNewer makes it one that a newer program has written.
func (d DB) BeNewer() { d.t.Helper(); d.exec("INSERT INTO version (n, applied) VALUES (9999, 0)") }

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
	d.exec("UPDATE requests SET code_expires = 1 WHERE id = $1", id)
}

// Exhaust uses up the tries of a request.
func (d DB) Exhaust(id string) {
	d.t.Helper()
	d.exec("UPDATE requests SET tries = $1 WHERE id = $2", store.MaxTries, id)
}

// LoseEnvelopes erases what all requests say.
func (d DB) LoseEnvelopes() { d.t.Helper(); d.exec("UPDATE requests SET envelope = NULL") }

// AddCase puts a case for review there, with what was asked sealed.
func (d DB) AddCase(id string, envelope []byte, made, expires time.Time) {
	d.t.Helper()
	d.exec(`INSERT INTO requests (id, receipt, body_hash, state, made, expires, envelope, due, verdict)
		VALUES ($1, 'r', $2, 'answered', $3, $4, $5, 0, 'review')`, id, []byte{}, made.Unix(), expires.Unix(), envelope)
}

// AddToken opens somebody's record, without a request; once is enough.
func (d DB) AddToken(k store.Token) {
	d.t.Helper()
	d.exec("INSERT INTO tokens (hash, request, person, kiosk, expires) VALUES ($1, '', $2, '', 0) ON CONFLICT DO NOTHING", k.Hash, k.Person)
}

// SetKioskWaiting makes so much wait of a kiosk.
func (d DB) SetKioskWaiting(kiosk string, n, bytes int) {
	d.t.Helper()
	d.exec("INSERT INTO waiting (kiosk, n, bytes) VALUES ($1, $2, $3) ON CONFLICT (kiosk) DO UPDATE SET n = $2, bytes = $3", kiosk, n, bytes)
}

// SetListCounts sets the counts of all lists of revoked cards.
func (d DB) SetListCounts(n int) { d.t.Helper(); d.exec("UPDATE card_lists SET ctr = $1", n) }

// SetImportsAhead makes all imports so far have begun at a time that has not come.
func (d DB) SetImportsAhead(to time.Time) {
	d.t.Helper()
	d.exec("UPDATE imports SET began = $1", to.UnixMilli())
	d.exec("UPDATE people SET updated = $1", to.UnixMilli())
}

// SetPrinted makes a code of the check page that of a print with these hashes of doses,
// or, nil, of one from before they were kept.
func (d DB) SetPrinted(code, doses []byte) {
	d.t.Helper()
	d.exec("UPDATE checks SET printed = $1 WHERE code = $2", doses, code)
}

// AgeCheck ends the life of a code of the check page.
func (d DB) AgeCheck(code []byte) {
	d.t.Helper()
	d.exec("UPDATE checks SET expires = 1 WHERE code = $1", code)
}

// ExhaustCheck uses up the tries of a code of the check page.
func (d DB) ExhaustCheck(code []byte) {
	d.t.Helper()
	d.exec("UPDATE checks SET tries = $1 WHERE code = $2", store.MaxTries, code)
}

// RenewChecks gives every code of the check page its tries again.
func (d DB) RenewChecks() { d.t.Helper(); d.exec("UPDATE checks SET tries = 0") }

// WithdrawCheck makes a code of the check page that of somebody who was removed.
func (d DB) WithdrawCheck(code []byte) {
	d.t.Helper()
	d.exec("UPDATE checks SET state = 'withdrawn', person = NULL WHERE code = $1", code)
}

// Fill fills the bucket of a use by so much, on top of what is in it.
func (d DB) Fill(u access.Use, now time.Time, by time.Duration) {
	d.t.Helper()
	d.exec(`INSERT INTO limits (key, empty, counted) VALUES ($1, CAST($2 AS BIGINT), CAST($3 AS BIGINT)) ON CONFLICT (key) DO UPDATE
		SET empty = CASE WHEN limits.empty > $3 THEN limits.empty ELSE $3 END + CAST($4 AS BIGINT), counted = $3`,
		u.Key, now.Add(by).UnixMilli(), now.UnixMilli(), by.Milliseconds())
}

// SetFill fills the bucket of a use to just so much.
func (d DB) SetFill(u access.Use, now time.Time, to time.Duration) {
	d.t.Helper()
	d.exec("INSERT INTO limits (key, empty, counted) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET empty = $2, counted = $3", u.Key, now.Add(to).UnixMilli(), now.UnixMilli())
}

// Filled is how much was in the bucket of a use when it was counted last, and until when.
func (d DB) Filled(u access.Use) (by time.Duration, until time.Time) {
	d.t.Helper()
	empty := d.number("SELECT empty FROM limits WHERE key = $1", u.Key)
	counted := d.number("SELECT counted FROM limits WHERE key = $1", u.Key)
	return time.Duration(empty-counted) * time.Millisecond, time.UnixMilli(int64(empty))
}

// Rest makes the database rest, as one that was restored.
func (d DB) Rest(now time.Time) {
	d.t.Helper()
	if d.onServer() {
		d.exec("UPDATE folder SET rests = $1", now.Unix())
		return
	}
	if err := store.Rest(d.at, now); err != nil {
		d.t.Fatal(err)
	}
}

// ForgetKeys forgets which keys belong to the folder, as a database of before has it.
func (d DB) ForgetKeys() { d.t.Helper(); d.exec("DELETE FROM folder; DELETE FROM folder_keys") }

// ForgetAuditKey makes the database one of before the audit was signed.
func (d DB) ForgetAuditKey() { d.t.Helper(); d.exec("DELETE FROM folder_keys WHERE kind = 'audit'") }

// ForgetMigrations makes the next start migrate from a version.
func (d DB) ForgetMigrations(from int) {
	d.t.Helper()
	d.exec("DELETE FROM version WHERE n >= $1", from)
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
	d.exec("DELETE FROM kiosk_certs WHERE kiosk = (SELECT fingerprint FROM kiosks WHERE name = $1)", name)
	d.exec("DELETE FROM kiosks WHERE name = $1", name)
	d.exec("UPDATE kiosks SET name = $1", name)
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
	begin := "BEGIN IMMEDIATE"
	if d.onServer() {
		begin = `BEGIN; DO $$ DECLARE name text; BEGIN
			FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE format('LOCK TABLE %I IN EXCLUSIVE MODE', name); END LOOP;
		END $$`
	}
	if _, err := db.Exec(begin); err != nil {
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
	count := "BEGIN INSERT INTO counted (n) VALUES (1); END"
	d.exec("CREATE TABLE counted (n INTEGER)")
	if d.onServer() {
		d.exec("CREATE FUNCTION count_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO counted (n) VALUES (1); RETURN NULL; END $$")
		count = "FOR EACH ROW EXECUTE FUNCTION count_one()"
	}
	events := []string{"INSERT", "UPDATE"}
	if column != "" {
		events = []string{"UPDATE OF " + column}
	}
	for i, event := range events {
		d.exec(fmt.Sprintf("CREATE TRIGGER counting%d AFTER %s ON %s %s", i, event, table, count))
	}
	return func() int { d.t.Helper(); return d.number("SELECT count(*) FROM counted") }
}
