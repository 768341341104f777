package store

import (
	"context"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

// indexed tells how many of the indexes for matching there are.
func indexed(t *testing.T, s *Store) (n int) {
	t.Helper()
	err := s.db.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name LIKE 'people_%' AND sql IS NOT NULL`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// With an index for each contact a match reads a few pages, however many people there are.
func TestCandidatesAreFoundByIndexOnly(t *testing.T) {
	s, _ := open(t)
	all := plan(t, s, candidatesQuery, "1980-05-06", "+16175550101", "a@example.org")
	for _, want := range []string{
		"SEARCH people USING COVERING INDEX people_phone (birth=? AND phone_key=?)",
		"SEARCH people USING COVERING INDEX people_email (birth=? AND email_key=?)",
		"SEARCH people USING INTEGER PRIMARY KEY (rowid=?)",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the plan lacks %q:\n%s", want, all)
		}
	}
	if strings.Contains(all, "SCAN people") {
		t.Errorf("everybody is read:\n%s", all)
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

func TestAFilledRegistryHasItsIndexesAndMigrationMakesTheSame(t *testing.T) {
	s, _ := open(t)
	schema := func() (all []string) {
		for _, i := range matchIndexes {
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
		if n := indexed(t, s); n != 2 {
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
	if _, err := s.one.Exec("DROP INDEX people_phone; DROP INDEX people_email"); err != nil {
		t.Fatal(err)
	}
	release, err := Hold(path + fillingSuffix)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{0, 2} {
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
	if !errors.Is(err, context.Canceled) || indexed(t, s) != 2 {
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

// personEntry and doseEntry are lines of a file.
func personEntry(line int, id string, p registry.Person) registry.Entry {
	return registry.Entry{Line: line, ID: id, Person: &p}
}

func doseEntry(line int, id, date, cvx string) registry.Entry {
	return registry.Entry{Line: line, ID: id, Dose: &record.Dose{Date: date, CVX: cvx, Status: record.StatusCompleted}}
}

// begun is a run over a file with two people, one of them with two doses, and four lines refused.
func begun(t *testing.T, s *Store) (i Import, ana, bo registry.Person) {
	t.Helper()
	two := madeup.Generate(2, 1, today)
	ana, bo = two[0], two[1]
	i, err := s.StartImport(t.Context(), "people.csv")
	if err != nil || !i.Bulk {
		t.Fatalf("%+v, %v", i, err)
	}
	i.Bytes, i.Line, i.Digest, i.Refused = 100, 9, []byte("digest"), 2
	refused, err := s.Import(t.Context(), &i, []registry.Entry{
		personEntry(1, "7", ana), personEntry(2, "7", bo), personEntry(3, "id-1", bo), personEntry(4, "id-1", bo),
		doseEntry(5, "id-1", "2001-02-03", "03"), doseEntry(6, "id-1", "2001-02-03", "03"), doseEntry(7, "id-1", "2002-02-03", "03"),
		doseEntry(8, "nobody", "2001-02-03", "03"), doseEntry(9, "99", "2001-02-03", "03"),
	})
	if want := []Refusal{{2, Twice}, {4, Twice}, {8, Unknown}, {9, Unknown}}; err != nil || !reflect.DeepEqual(refused, want) {
		t.Fatalf("%v, refused %v, want %v", err, refused, want)
	}
	return i, ana, bo
}

func TestAnImportKeepsWhatItCanAndRecordsHowFarItCame(t *testing.T) {
	s, _ := open(t)
	i, _, bo := begun(t, s)
	if i.Kept != 5 || i.Refused != 6 {
		t.Errorf("%d kept, %d refused", i.Kept, i.Refused)
	}
	again, err := s.UnfinishedImport(t.Context(), "people.csv")
	if err != nil || !reflect.DeepEqual(again, i) {
		t.Errorf("it is recorded as %+v, want %+v, %v", again, i, err)
	}
	p, ok, err := s.Person(t.Context(), lastPlain+1)
	if err != nil || !ok || p.Given != bo.Given || len(p.Doses) != 2 || p.Doses[0].Date != "2002-02-03" {
		t.Errorf("%v %v, %d doses", ok, err, len(p.Doses))
	}
}

func TestTheLastRecommendationsForSomebodyReplaceThoseBefore(t *testing.T) {
	s, _ := open(t)
	i, _, _ := begun(t, s)
	next := func(year string) *registry.Recommendations {
		return &registry.Recommendations{
			{CVX: "140", Status: record.StatusOverdue, Date: year + "-09-01", AsOf: "2026-11-01"},
			{CVX: "03", Status: record.StatusComplete, AsOf: "2026-11-01"},
		}
	}
	for _, c := range []struct {
		all  *registry.Recommendations
		want []record.Recommendation
	}{{next("2025"), *next("2025")}, {next("2026"), *next("2026")}, {&registry.Recommendations{}, nil}} {
		refused, err := s.Import(t.Context(), &i, []registry.Entry{{Line: 1, ID: "id-1", Recommendations: c.all}, {Line: 2, ID: "99", Recommendations: c.all}})
		if want := []Refusal{{2, Unknown}}; err != nil || !reflect.DeepEqual(refused, want) {
			t.Errorf("refused %v, %v", refused, err)
		}
		p, _, err := s.Person(t.Context(), lastPlain+1)
		if err != nil || !reflect.DeepEqual(p.Recommendations, c.want) || len(p.Doses) != 2 {
			t.Errorf("%v, %d doses, %v", p.Recommendations, len(p.Doses), err)
		}
	}
}

func TestTheNextRunOverAFileReplacesItsPeopleAndKeepsTheirDoses(t *testing.T) {
	s, _ := open(t)
	if _, err := s.StartImport(t.Context(), "people.csv"); err != nil { // given up
		t.Fatal(err)
	}
	i, ana, bo := begun(t, s)
	if err := s.FinishImport(t.Context(), i, now); err != nil {
		t.Fatal(err)
	}
	if again, err := s.UnfinishedImport(t.Context(), "people.csv"); err != nil || again.Run != 0 {
		t.Errorf("a finished run is still there: %+v, %v", again, err)
	}
	next, err := s.StartImport(t.Context(), "people.csv")
	if err != nil || next.Bulk || next.Run == i.Run {
		t.Errorf("the next run is %+v, %v", next, err)
	}
	bo.Email = "new@example.org"
	if refused, err := s.Import(t.Context(), &next, []registry.Entry{personEntry(1, "7", ana), personEntry(2, "id-1", bo)}); err != nil || len(refused) > 0 {
		t.Errorf("refused %v, %v", refused, err)
	}
	if p, _, err := s.Person(t.Context(), lastPlain+1); err != nil || p.Email != bo.Email || len(p.Doses) != 2 {
		t.Errorf("%d doses, %v", len(p.Doses), err)
	}
}

func TestAFailedImportRecordsNothing(t *testing.T) {
	s, _ := open(t)
	i, err := s.StartImport(t.Context(), "people.csv")
	if err != nil {
		t.Fatal(err)
	}
	i.Bytes = 50
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Import(ctx, &i, []registry.Entry{personEntry(1, "7", madeup.Generate(1, 1, today)[0])}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	n, err := s.CountPeople(t.Context())
	again, err2 := s.UnfinishedImport(t.Context(), "people.csv")
	if n != 0 || again.Bytes != 0 || again.Kept != 0 || errors.Join(err, err2) != nil {
		t.Errorf("%d people, %+v, %v, %v", n, again, err, err2)
	}
}

func TestTheLockOfFillHoldsNoPeople(t *testing.T) {
	s, path := open(t)
	if err := s.Fill(t.Context(), true, func() error { return s.ImportPeople(t.Context(), madeup.Generate(5, 1, today)) }); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path + fillingSuffix); err != nil || info.Size() != 0 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestALockThatIsNotLetGoOfIsSaid(t *testing.T) {
	s, _ := open(t)
	stuck := errors.New("stuck")
	hold = func(path string) (func() error, error) {
		release, err := Hold(path)
		return func() error { return errors.Join(release(), stuck) }, err
	}
	defer func() { hold = Hold }()
	for _, bulk := range []bool{false, true} {
		if err := s.Fill(t.Context(), bulk, func() error { return nil }); !errors.Is(err, stuck) {
			t.Errorf("in bulk %v: %v", bulk, err)
		}
	}
}
