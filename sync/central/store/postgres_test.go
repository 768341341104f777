package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

// What is PostgreSQL's alone: its server, its connections, its plans. What any database must do is in storetest.

var at = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// served is a store on an empty database of the server of the tests, and that database past it.
func served(t *testing.T) (*store.Store, storetest.Base, *sql.DB) {
	t.Helper()
	b := storetest.OnServer(t)
	s, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", b.DB.Where())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(); db.Close() })
	return s, b, db
}

func asked(id string) store.Request {
	return store.Request{ID: id, Receipt: "R-" + id, BodyHash: []byte("hash"), Envelope: []byte("sealed"), Made: at, Expires: at.Add(time.Hour)}
}

// A migration is made for both kinds of databases, or the two drift apart.
func TestBothKindsOfDatabasesHaveTheSameTablesColumnsAndIndexes(t *testing.T) {
	_, _, server := served(t)
	b := sqlite(t)
	s, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	file, err := sql.Open("sqlite3", b.DB.Where())
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	in := lines(t, file, `SELECT m.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE lower(c.type) END
			|| CASE WHEN c."notnull" OR c.pk THEN ' not null' ELSE '' END
		FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'version'
		UNION ALL SELECT 'index ' || name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
		UNION ALL SELECT 'trigger ' || name FROM sqlite_schema WHERE type = 'trigger'`)
	out := lines(t, server, `SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
		FROM information_schema.columns WHERE table_schema = 'public' AND column_name <> 'rowid' AND table_name <> 'version'
		UNION ALL SELECT 'index ' || c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
			WHERE n.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = c.oid)
		UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal`)
	for _, l := range in {
		if !slices.Contains(out, l) {
			t.Errorf("PostgreSQL lacks %s", l)
		}
	}
	for _, l := range out {
		if !slices.Contains(in, l) {
			t.Errorf("SQLite lacks %s", l)
		}
	}
	if len(in) < 200 {
		t.Errorf("only %d are compared", len(in))
	}
	if from, to := s.Migrated(); from != 0 || lines(t, server, `SELECT CAST(max(n) AS TEXT) FROM version`)[0] != fmt.Sprint(to) {
		t.Errorf("SQLite is at %d", to)
	}
}

func lines(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestOnlyAnAddressThatIsSafeIsTaken(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://vax@/central?host=/run/postgresql":                    "",
		"postgres://vax@localhost/central":                                "",
		"postgres://vax@db.example.org/central?sslmode=verify-full":       "",
		"postgres://vax@db.example.org/central":                           "sslmode=verify-full",
		"postgres://vax@db.example.org/central?sslmode=require":           "sslmode=verify-full",
		"postgres://vax@localhost,db.example.org/central?sslmode=disable": "sslmode=verify-full",
		"postgres://vax:secret@localhost/central":                         "passfile=",
		"postgres://vax@localhost/central?password=secret":                "passfile=",
		"mysql://vax@localhost/central":                                   "postgres://USER@HOST",
		"host=localhost dbname=central password=secret":                   "postgres://USER@HOST",
		"postgres://vax:secret@localhost:port/central":                    "postgres://USER@HOST",
	} {
		err := store.AddressOf(url)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", url, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("a password is said: %v", err)
		}
	}
}

// A server that would lose what was told to be saved is refused, with the fix.
func TestAServerThatIsNotDurableIsRefused(t *testing.T) {
	_, b, db := served(t)
	for setting, fix := range map[string]string{"fsync": "fsync = on", "full_page_writes": "full_page_writes = on"} {
		change := func(to string) {
			if _, err := db.Exec("ALTER SYSTEM SET " + setting + " = " + to); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec("SELECT pg_reload_conf()"); err != nil {
				t.Fatal(err)
			}
			storetest.CrashServer(t) // which reads it for sure
		}
		change("off")
		if s, err := b.Open(); err == nil || !strings.Contains(err.Error(), fix) {
			t.Errorf("without %s: %v", setting, err)
			s.Close()
		}
		change("on")
	}
	if s, err := b.Open(); err != nil {
		t.Error(err)
	} else {
		s.Close()
	}
}

// The attack drill: however many guesses come at once, by however many instances, five are compared.
func TestFiveGuessesInAllAreComparedByTwoInstances(t *testing.T) {
	one, b, _ := served(t)
	two, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	if _, err := one.AddRequest(t.Context(), asked("a")); err != nil {
		t.Fatal(err)
	}
	var granted, refused atomic.Int64
	var all sync.WaitGroup
	for n := range 48 {
		all.Go(func() {
			_, err := []*store.Store{one, two}[n%2].TakeTry(t.Context(), "a", at, access.Use{})
			switch {
			case err == nil:
				granted.Add(1)
			case errors.Is(err, store.ErrOver):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if granted.Load() != store.MaxTries || refused.Load() != 48-store.MaxTries {
		t.Errorf("%d granted, %d refused", granted.Load(), refused.Load())
	}
}

// A connection that is cut in the middle of a try opens nothing, and no try is given away.
func TestATryWhoseConnectionIsCutFailsClosed(t *testing.T) {
	s, _, db := served(t)
	if _, err := s.AddRequest(t.Context(), asked("a")); err != nil {
		t.Fatal(err)
	}
	lock, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.Exec(`SELECT 1 FROM requests WHERE id = 'a' FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	tried := make(chan error, 1)
	go func() {
		_, err := s.TakeTry(context.WithoutCancel(t.Context()), "a", at, access.Use{})
		tried <- err
	}()
	for cut := 0; cut == 0; { // until it waits for the row
		if err := db.QueryRow(`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'vaxcentral'
			AND datname = current_database() AND wait_event_type = 'Lock'`).Scan(&cut); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-tried; !errors.Is(err, store.ErrAway) || !store.Passing(err) {
		t.Errorf("the try that was cut: %v", err)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if try, err := s.TakeTry(t.Context(), "a", at, access.Use{}); err != nil || try.Left != store.MaxTries-1 {
		t.Errorf("the next one has %d left, %v", try.Left, err)
	}
}

// The server crashes while requests come in: each one that was told to be saved is there afterwards.
func TestACrashOfTheServerLosesNoToldRequest(t *testing.T) {
	s, b, _ := served(t)
	var told []string
	var mu sync.Mutex
	var all sync.WaitGroup
	enough := make(chan struct{})
	for w := range 4 {
		all.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d-%d", w, n)
				if _, err := s.AddRequest(context.WithoutCancel(t.Context()), asked(id)); err != nil {
					return
				}
				mu.Lock()
				if told = append(told, id); len(told) == 40 {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	<-enough
	storetest.CrashServer(t)
	all.Wait()
	again, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for _, id := range told {
		if _, err := again.Kept(t.Context(), id, []byte("hash")); err != nil {
			t.Errorf("request %s: %v", id, err)
		}
	}
	if _, err := s.AddRequest(t.Context(), asked("after")); err != nil { // over connections that are new
		t.Errorf("the store does not come back: %v", err)
	}
}

// After a fail-over, or while its operator works on it, a server writes nothing for a while.
func TestAServerThatIsReadOnlyForAWhileIsWrittenToAfterIt(t *testing.T) {
	s, _, db := served(t)
	readOnly := func(on string) {
		if _, err := db.Exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ` + on + `', current_database()); END $$`); err != nil {
			t.Fatal(err)
		}
	}
	readOnly("on")
	if _, err := db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	_, err := s.AddRequest(t.Context(), asked("a"))
	for n := 0; err != nil && n < 40 && !strings.Contains(err.Error(), "read-only"); n++ { // what was cut off is noticed first
		_, err = s.AddRequest(t.Context(), asked("a"))
	}
	if !errors.Is(err, store.ErrAway) || !strings.Contains(err.Error(), "read-only") || !store.Passing(err) {
		t.Errorf("%v", err)
	}
	if _, err := db.Exec(`SET default_transaction_read_only = off`); err != nil {
		t.Fatal(err)
	}
	readOnly("off")
	if _, err := s.AddRequest(t.Context(), asked("a")); err != nil {
		t.Errorf("once it writes again: %v", err)
	}
}

func TestOneConnectionIsEnough(t *testing.T) {
	s, _, _ := served(t)
	s.OneConnection()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			id := fmt.Sprint(n)
			if _, err := s.AddRequest(ctx, asked(id)); err != nil {
				t.Error(err)
			}
			if _, err := s.TakeTry(ctx, id, at, access.Use{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := s.Fill(ctx, true, func() error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestANameIsHeldByOneInstanceUntilItEnds(t *testing.T) {
	one, b, _ := served(t)
	two, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	err = one.Fill(t.Context(), false, func() error { return two.Fill(t.Context(), false, func() error { return nil }) })
	if !errors.Is(err, store.ErrLocked) {
		t.Errorf("both fill: %v", err)
	}
	if err := two.Fill(t.Context(), false, func() error { return nil }); err != nil {
		t.Error(err)
	}
}

// With many people a match reads by index, whichever contact they have.
func TestCandidatesAreFoundByIndexOnAServer(t *testing.T) {
	_, _, db := served(t)
	for _, q := range []string{
		`INSERT INTO people (number, given, family, birth, gender, phone, email, phone_key, email_key)
			SELECT n, 'A', 'B', (DATE '1950-01-01' + CAST(n % 20000 AS INTEGER))::text, 'female', '', '', '+1' || n, CASE WHEN n % 3 = 0 THEN n || '@example.org' END
			FROM generate_series(1, 20000) AS n`,
		`ANALYZE people`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), `SET plan_cache_mode = force_generic_plan`); err != nil { // as one that is prepared has
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), `PREPARE candidates AS `+store.Numbered(store.MadeStatements()[0])); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.QueryContext(t.Context(), `EXPLAIN EXECUTE candidates ('1980-05-06', '+1617', 'a@example.org')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	for _, want := range []string{"people_phone", "people_email", "people_root"} {
		if !strings.Contains(plan.String(), want) {
			t.Errorf("the plan lacks %s:\n%s", want, plan.String())
		}
	}
	if strings.Contains(plan.String(), "Seq Scan on people") {
		t.Errorf("all people are read:\n%s", plan.String())
	}
}
