package store

import (
	"context"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

// How SQLite finds and fills: its plans and indexes, and the file that is its lock. What an
// import keeps and refuses is in storetest.

// indexed tells how many of the indexes there are that an empty registry is filled without.
func indexed(t *testing.T, s *Store) (n int) {
	t.Helper()
	for _, i := range bulkIndexes {
		var is int
		if err := s.db.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = ?`, i.name).Scan(&is); err != nil {
			t.Fatal(err)
		}
		n += is
	}
	return n
}

// With an index for each contact a match reads a few pages, however many people there are.
func TestCandidatesAreFoundByIndexOnly(t *testing.T) {
	s, _ := open(t)
	for query, also := range map[string][]string{
		candidatesQuery: {"SEARCH m USING COVERING INDEX people_root (root=?)"},
		groupedQuery:    {"SEARCH p USING COVERING INDEX people_root (root=?)"},
	} {
		all := plan(t, s, query, "1980-05-06", "+16175550101", "a@example.org") + "\n"
		for _, want := range append(also, "SEARCH people USING COVERING INDEX people_phone (birth=? AND phone_key=?)",
			"SEARCH people USING COVERING INDEX people_email (birth=? AND email_key=?)",
			"SEARCH contacts USING COVERING INDEX contacts_key (birth=? AND key=?)",
			"SEARCH p USING INTEGER PRIMARY KEY (rowid=?)") {
			if !strings.Contains(all, want) {
				t.Errorf("the plan lacks %q:\n%s", want, all)
			}
		}
		for _, not := range []string{"SCAN people", "SCAN p\n", "SCAN m\n", "SCAN contacts", "AUTOMATIC", "B-TREE FOR ORDER"} {
			if strings.Contains(all, not) {
				t.Errorf("all are read, or sorted:\n%s", all)
			}
		}
	}
}

// plan is how a statement finds its rows.
func plan(t *testing.T, s *Store, query string, args ...any) string {
	t.Helper()
	var all []string
	err := each(t.Context(), s.db, func(row scanner) error {
		var id, parent, unused int
		var detail string
		err := row.Scan(&id, &parent, &unused, &detail)
		all = append(all, detail)
		return err
	}, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil || len(all) == 0 {
		t.Fatalf("no plan of %s: %v", query, err)
	}
	return strings.Join(all, "\n")
}

// An import of somebody else, and the purge of each hour, do not read all that lives.
func TestWhatIsTakenBackOrErasedIsFoundByIndexOnly(t *testing.T) {
	s, _ := open(t)
	purged := []string{endRequests, forgetRequests, forgetTokens, forgetStrays, endAmendments, forgetAmendments}
	for _, query := range append(purged, takenBack...) {
		if all := plan(t, s, query, 7); strings.Contains(all, "SCAN") || !strings.Contains(all, "INDEX") {
			t.Errorf("%s\n%s", query, all)
		}
	}
	for query, index := range map[string]string{endRequests: "requests_living", endAmendments: "amendments_open"} {
		if all := plan(t, s, query, 7); !strings.Contains(all, index) {
			t.Errorf("what ended before is read again: %s\n%s", query, all)
		}
	}
}

// What an import looks for, for every line of a file.
func TestReportsAndLinksAreFoundByIndexOnly(t *testing.T) {
	s, _ := open(t)
	for query, want := range map[string]string{
		selectReport: "INDEX doses_id (id_key=?)",
		contactQuery: "SEARCH p USING COVERING INDEX people_root",
		`SELECT other, kind, one FROM links WHERE other = ?1 UNION SELECT other, kind, one FROM links WHERE one = ?1`: "INDEX links_one (one=?)",
		`SELECT number FROM people WHERE master = ? AND source <> ?`:                                                  "INDEX people_master (master=?)",
	} {
		if all := plan(t, s, query, 7, 7); !strings.Contains(all, want) || strings.Contains(all, "SCAN people") || strings.Contains(all, "SCAN links") {
			t.Errorf("%s\n%s", query, all)
		}
	}
}

// Without the index of ids a report is found again all the same, also by a program that goes on.
func TestARegistryThatIsFilledKnowsItsReports(t *testing.T) {
	s, _ := open(t)
	i, err := s.StartImport(t.Context(), "file", "")
	if err != nil {
		t.Fatal(err)
	}
	people := madeup.Generate(2, 1, today)
	report := func(of, id, date string) registry.Entry {
		return registry.Entry{ID: of, Dose: &registry.Report{ID: id, Dose: record.Dose{Date: date, CVX: "140", Status: record.StatusCompleted}}, At: time.Unix(1e9, 0)}
	}
	later := report("2", "x", "2024-10-02")
	later.At = time.Unix(1e9+1, 0)
	for n, entries := range [][]registry.Entry{
		{{ID: "1", Person: &people[0]}, {ID: "2", Person: &people[1]}, report("1", "x", "2024-10-01"), report("1", "y", "2025-10-01")},
		{report("2", "z", "2025-10-02"), later},
	} {
		err := s.Fill(t.Context(), true, func() error {
			if indexed(t, s) != 0 || len(*s.ids.Load()) != 2*n {
				t.Errorf("%d indexes, %d ids", indexed(t, s), len(*s.ids.Load()))
			}
			_, err := s.Import(t.Context(), &i, entries)
			return err
		})
		if err != nil || indexed(t, s) != len(bulkIndexes) || s.ids.Load() != nil {
			t.Fatalf("%d indexes, %v", indexed(t, s), err)
		}
	}
	one, _, err := s.Person(t.Context(), 1)
	two, _, err2 := s.Person(t.Context(), 2)
	if len(one.Doses) != 1 || len(two.Doses) != 2 || i.Doses != (Tally{New: 3, Changed: 1}) || errors.Join(err, err2) != nil {
		t.Errorf("%d and %d doses, counted %+v", len(one.Doses), len(two.Doses), i.Doses)
	}
}

func TestAFilledRegistryHasItsIndexesAndMigrationMakesTheSame(t *testing.T) {
	s, _ := open(t)
	schema := func() (all []string) {
		for _, i := range bulkIndexes {
			var sql string
			if err := s.db.QueryRow(`SELECT sql FROM sqlite_schema WHERE name = ?`, i.name).Scan(&sql); err != nil {
				t.Fatal(err)
			}
			all = append(all, strings.Replace(sql, " IF NOT EXISTS", "", 1))
		}
		return all
	}
	migrated := schema()
	all := madeup.Generate(50, 1, today)
	for _, fails := range []error{nil, errors.New("no more")} {
		err := s.Fill(t.Context(), true, func() error {
			if n := indexed(t, s); n != 0 {
				t.Errorf("%d indexes while it is filled", n)
			}
			return errors.Join(s.ImportPeople(t.Context(), all), fails)
		})
		if !errors.Is(err, fails) || !reflect.DeepEqual(schema(), migrated) {
			t.Errorf("after Fill: %v, indexes %q", err, schema())
		}
	}
}

func TestOnlyOneFillsARegistry(t *testing.T) {
	s, _ := open(t)
	err := s.Fill(t.Context(), false, func() error {
		if n := indexed(t, s); n != len(bulkIndexes) {
			t.Errorf("%d indexes while a registry in use is filled", n)
		}
		return s.Fill(t.Context(), false, func() error { return nil })
	})
	if !errors.Is(err, ErrLocked) {
		t.Errorf("got %v", err)
	}
}

// A killed Fill leaves no indexes; the next Open makes them, but not while another is at work.
func TestOpenMakesTheIndexesThatLack(t *testing.T) {
	s, path := open(t)
	if _, err := s.one.Exec("DROP INDEX people_phone; DROP INDEX people_email; DROP INDEX contacts_key; DROP INDEX people_master; DROP INDEX doses_id"); err != nil {
		t.Fatal(err)
	}
	release, err := Hold(path + "." + filling)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{0, len(bulkIndexes)} {
		again, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if n := indexed(t, again); n != want {
			t.Errorf("%d indexes, want %d", n, want)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
		if want == 0 {
			if err := release(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAnInterruptedFillLeavesARegistryThatWorks(t *testing.T) {
	s, _ := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Fill(ctx, true, func() error { cancel(); return ctx.Err() })
	if !errors.Is(err, context.Canceled) || indexed(t, s) != len(bulkIndexes) {
		t.Errorf("%v, %d indexes", err, indexed(t, s))
	}
}

// Sorting for the indexes must not leave people in a folder for temporary files.
func TestIndexesAreSortedInMemory(t *testing.T) {
	s, _ := open(t)
	if err := s.Fill(t.Context(), true, func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	var kind string
	if err := s.one.QueryRow("PRAGMA temp_store").Scan(&kind); err != nil || kind != "2" {
		t.Errorf("temp_store is %s, %v", kind, err)
	}
}

func TestTheLockOfFillHoldsNoPeople(t *testing.T) {
	s, path := open(t)
	if err := s.Fill(t.Context(), true, func() error { return s.ImportPeople(t.Context(), madeup.Generate(5, 1, today)) }); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path + "." + filling); err != nil || info.Size() != 0 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestALockThatIsNotLetGoOfIsSaid(t *testing.T) {
	s, _ := open(t)
	stuck := errors.New("stuck")
	hold := s.d.hold
	s.d.hold = func(ctx context.Context, name string) (func() error, error) {
		release, err := hold(ctx, name)
		return func() error { return errors.Join(release(), stuck) }, err
	}
	for _, bulk := range []bool{false, true} {
		if err := s.Fill(t.Context(), bulk, func() error { return nil }); !errors.Is(err, stuck) {
			t.Errorf("in bulk %v: %v", bulk, err)
		}
	}
}
