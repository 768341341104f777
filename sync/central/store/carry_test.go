package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

var oneOf = regexp.MustCompile(`(\w+) IN \('([^']+)'`)

// everywhere puts rows into every table of a file, whichever there are, and counts them by table.
func everywhere(t *testing.T, path string) map[string]int {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_foreign_keys=on")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables := map[string]string{}
	rows, err := db.Query(`SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'version'`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			t.Fatal(err)
		}
		tables[name] = text
	}
	rows.Close()
	for round := range 3 { // what refers to others comes later
		for name, text := range tables {
			for n := 1; n <= 3; n++ {
				if err := putRow(db, name, text, n); err != nil && round == 2 {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
	}
	counts := map[string]int{}
	for name := range tables {
		var n int
		if err := db.QueryRow("SELECT count(*) FROM " + name).Scan(&n); err != nil || n == 0 {
			t.Fatalf("%s has %d rows, %v", name, n, err)
		}
		counts[name] = n
	}
	return counts
}

// putRow puts a row into a table, with the number n in every column.
func putRow(db *sql.DB, name, text string, n int) error {
	columns, err := db.Query("SELECT name, type, \"notnull\" FROM pragma_table_info(?)", name)
	if err != nil {
		return err
	}
	var names []string
	var values []any
	for columns.Next() {
		var column, kind string
		var must bool
		if err := columns.Scan(&column, &kind, &must); err != nil {
			return err
		}
		names = append(names, column)
		values = append(values, valueOf(column, kind, text, n, must))
	}
	columns.Close()
	marks := strings.TrimSuffix(strings.Repeat("?,", len(names)), ",")
	_, err = db.Exec(fmt.Sprintf("INSERT OR IGNORE INTO %s (%s) VALUES (%s)", name, strings.Join(names, ","), marks), values...)
	return err
}

func valueOf(column, kind, text string, n int, must bool) any {
	for _, m := range oneOf.FindAllStringSubmatch(text, -1) {
		if m[1] == column {
			return m[2]
		}
	}
	switch kind {
	case "INTEGER":
		return n
	case "BLOB":
		if n == 2 && !must {
			return nil
		}
		return []byte{0, 0xff, byte(n)}
	}
	return fmt.Sprintf("ä'\\\n%d", n)
}

// registryInFile is a file with rows in every table, closed.
func registryInFile(t *testing.T) (path string, counts map[string]int) {
	t.Helper()
	b := sqlite(t)
	s, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	counts = everywhere(t, b.DB.Where())
	b.DB.AddRootKey("whose")
	counts["folder_keys"]++
	return b.DB.Where(), counts
}

func quietly(string, int64, int64) {}

func done() error { return nil }

// carry carries a file over.
func carry(ctx context.Context, path, url string, say store.Carrying) error {
	s, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	return errors.Join(s.Carry(ctx, url, false, time.Now(), say, done), s.Close())
}

// holds wants so many rows in each table of a database.
func holds(t *testing.T, at string, counts map[string]int) {
	t.Helper()
	for name, want := range counts {
		if n := storetest.At(t, at).Rows(name); n != want {
			t.Errorf("%s has %d rows, want %d", name, n, want)
		}
	}
}

// Whatever tables there will be: each is asked of the schema, and carried over and back.
func TestEveryTableIsCarriedToAServerAndBack(t *testing.T) {
	path, counts := registryInFile(t)
	url := storetest.OnEmpty(t).DB.Where()
	if err := carry(t.Context(), path, url, quietly); err != nil {
		t.Fatal(err)
	}
	holds(t, url, counts)
	s, err := store.OpenServer(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	back := filepath.Join(t.TempDir(), "back.db")
	if err := s.Snapshot(t.Context(), back); err != nil {
		t.Fatal(err)
	}
	holds(t, back, counts)
	there := storetest.OnEmpty(t).DB.Where()
	if err := carry(t.Context(), back, there, quietly); err != nil {
		t.Fatal(err)
	}
	if err := carry(t.Context(), path, there, quietly); err != nil {
		t.Errorf("what came back differs from what went: %v", err)
	}
	if a, b := storetest.At(t, url).Shape(), storetest.At(t, storetest.OnServer(t).DB.Where()).Shape(); a != b {
		t.Errorf("the schema of a server that was filled is another one:\n%s\n\n%s", a, b)
	}
}

// A number that was given once is not given again to somebody else.
func TestNumbersGoOnWhereTheyWere(t *testing.T) {
	path, _ := registryInFile(t)
	storetest.At(t, path).SetLastImport(77)
	url := storetest.OnEmpty(t).DB.Where()
	if err := carry(t.Context(), path, url, quietly); err != nil {
		t.Fatal(err)
	}
	s, err := store.OpenServer(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if i, err := s.StartImport(t.Context(), "f", ""); err != nil || i.Run != 78 {
		t.Errorf("run %d, %v", i.Run, err)
	}
	back := filepath.Join(t.TempDir(), "back.db")
	if err := s.Snapshot(t.Context(), back); err != nil {
		t.Fatal(err)
	}
	f, err := store.Open(t.Context(), back)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if i, err := f.StartImport(t.Context(), "f", ""); err != nil || i.Run != 79 {
		t.Errorf("back in a file: run %d, %v", i.Run, err)
	}
}

// It is cut off at every step that says something, and at the end everything is there once.
func TestAMoveThatIsCutOffAnywhereGoesOn(t *testing.T) {
	path, counts := registryInFile(t)
	url := storetest.OnEmpty(t).DB.Where()
	cut := 0
	for steps := 1; ; steps++ {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		err := carry(ctx, path, url, func(string, int64, int64) {
			if n++; n == steps {
				cancel()
			}
		})
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("at step %d: %v", steps, err)
		}
		cut++
		if storetest.At(t, url).Tables() == 0 {
			continue // and whoever opens it makes the tables of a new registry
		}
		if _, err := store.OpenServer(t.Context(), url); !errors.Is(err, store.ErrHalf) {
			t.Fatalf("half of it is served: %v", err)
		}
	}
	holds(t, url, counts)
	if cut < 30 {
		t.Errorf("it was cut off %d times only", cut)
	}
}

// The server may still be at what a killed program told it last.
func TestAMoveWaitsForTheEndOfOneThatWasKilled(t *testing.T) {
	path, _ := registryInFile(t)
	url := storetest.OnEmpty(t).DB.Where()
	killed, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer killed.Close(t.Context())
	if _, err := killed.Exec(t.Context(), `SELECT pg_advisory_lock(hashtextextended('vaxcentral moving', 0))`); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- carry(t.Context(), path, url, quietly) }()
	for waits := false; !waits; {
		select {
		case err := <-ended:
			t.Fatalf("it does not wait: %v", err)
		default:
		}
		if err := killed.QueryRow(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`).Scan(&waits); err != nil {
			t.Fatal(err)
		}
	}
	killed.Close(t.Context())
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Somebody has let the service run again between two tries.
func TestAMoveOfWhatHasChangedMeanwhileIsMadeAnew(t *testing.T) {
	path, _ := registryInFile(t)
	url := storetest.OnEmpty(t).DB.Where()
	ctx, cancel := context.WithCancel(t.Context())
	err := carry(ctx, path, url, func(doing string, done, total int64) {
		if doing == "copied" && done > total/2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	storetest.At(t, path).ForgetLimits()
	if err := carry(t.Context(), path, url, quietly); err != nil {
		t.Fatal(err)
	}
	if n := storetest.At(t, url).Rows("limits"); n != 0 {
		t.Errorf("%d rows of before are there", n)
	}
}

func TestAnotherDatabaseIsNotMovedInto(t *testing.T) {
	path, _ := registryInFile(t)
	other, _ := registryInFile(t)
	storetest.At(t, other).ForgetKeys()
	storetest.At(t, other).AddRootKey("another's")
	used := storetest.OnServer(t).DB.Where()
	if err := carry(t.Context(), path, used, quietly); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("an empty registry: %v", err)
	}
	half := storetest.OnEmpty(t).DB.Where()
	ctx, cancel := context.WithCancel(t.Context())
	err := carry(ctx, other, half, func(doing string, _, _ int64) {
		if doing == "copied" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := carry(t.Context(), path, half, quietly); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("half of another one: %v", err)
	}
}

// PostgreSQL has no U+0000 in a text, and nothing that is not UTF-8.
func TestATextThatPostgreSQLDoesNotTakeIsSaidBeforeAnythingIsCopied(t *testing.T) {
	for name, value := range map[string]string{"U+0000": "a secret\x00value", "no UTF-8": "a secret \xff value"} {
		path, _ := registryInFile(t)
		storetest.At(t, path).SetGiven(value)
		url := storetest.OnEmpty(t).DB.Where()
		err := carry(t.Context(), path, url, quietly)
		if !errors.Is(err, store.ErrUnreadable) || !strings.Contains(err.Error(), "people.given (rows: ") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
		if n := storetest.At(t, url).Tables(); n != 0 {
			t.Errorf("%s: %d tables were made", name, n)
		}
	}
}

// What is read back is compared: a row that is lost, another one or twice there is seen.
func TestWhatDiffersOnTheServerIsSeen(t *testing.T) {
	for name, disturb := range map[string]func(storetest.DB){
		"lost": storetest.DB.ForgetLimits, "changed": func(d storetest.DB) { d.SetGiven("other") },
	} {
		path, _ := registryInFile(t)
		url := storetest.OnEmpty(t).DB.Where()
		disturbed := false
		err := carry(t.Context(), path, url, func(doing string, done, total int64) {
			if doing == "copied" && done == total && !disturbed {
				disturbed = true
				disturb(storetest.At(t, url))
			}
		})
		if err == nil || !strings.Contains(err.Error(), "not the same in both") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A snapshot of a server is of one instant, though others write meanwhile.
func TestASnapshotOfAServerThatFailsLeavesNoFile(t *testing.T) {
	s, err := storetest.OnServer(t).Open()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	to := filepath.Join(t.TempDir(), "s.db")
	if err := s.Snapshot(ctx, to); err == nil {
		t.Error("it is made")
	}
	if _, err := os.Stat(to); err == nil {
		t.Error("a file is left")
	}
}
