package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry"
)

// testdata/version-23.sql is a database as version 23 wrote it: people from CSV and from
// NDJSON, with doses and recommendations, cards, codes of the check page, some
// superseded or withdrawn, tokens, and an import that was not finished.

// before23 makes that database.
func before23(t *testing.T) (path string, db *sql.DB) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "central.db")
	text, err := os.ReadFile("testdata/version-23.sql")
	if err == nil {
		err = os.WriteFile(path, nil, 0o600)
	}
	if err == nil {
		db, err = sql.Open("sqlite3", path)
	}
	if err == nil {
		t.Cleanup(func() { db.Close() })
		_, err = db.Exec(string(text))
	}
	if err != nil {
		t.Fatal(err)
	}
	return path, db
}

// as23 are all people, as version 23 read them.
func as23(t *testing.T, db *sql.DB) (all []registry.Person) {
	t.Helper()
	read := func(f func(scanner) error, query string, args ...any) {
		if err := each(t.Context(), db, f, query, args...); err != nil {
			t.Fatal(err)
		}
	}
	read(func(row scanner) error {
		p, err := scanPerson(row)
		all = append(all, p)
		return err
	}, selectPerson+`ORDER BY number`)
	for i := range all {
		p := &all[i]
		read(func(row scanner) error {
			var d record.Dose
			err := row.Scan(&d.Date, &d.CVX, &d.Product, &d.Manufacturer, &d.Lot, &d.Performer, &d.Status, &d.NotValid, &d.Historical)
			p.Doses = append(p.Doses, d)
			return err
		}, `SELECT date, cvx, product, manufacturer, lot, performer, status, not_valid, historical
			FROM doses WHERE person = ? ORDER BY date DESC, cvx DESC, n`, p.Number)
		read(func(row scanner) error {
			var r record.Recommendation
			err := row.Scan(&r.CVX, &r.Status, &r.Date, &r.AsOf)
			p.Recommendations = append(p.Recommendations, r)
			return err
		}, `SELECT cvx, status, date, as_of FROM recommendations WHERE person = ? ORDER BY n`, p.Number)
	}
	return all
}

// handedOut is all that stands of cards, codes and tokens.
func handedOut(t *testing.T, db *sql.DB) (all []string) {
	t.Helper()
	err := each(t.Context(), db, func(row scanner) error {
		var text string
		err := row.Scan(&text)
		all = append(all, text)
		return err
	}, `SELECT 'card ' || kid || rid || coalesce(person, 'none') || issued || coalesce(revoked, 'stands') FROM cards
		UNION ALL SELECT 'list ' || kid || ctr FROM card_lists
		UNION ALL SELECT 'check ' || hex(code) || hex(birth) || coalesce(person, 'none') || issued || expires || state || tries || coalesce(hex(printed), 'none') FROM checks
		UNION ALL SELECT 'token ' || hex(hash) || request || person || expires FROM tokens ORDER BY 1`)
	if err != nil || len(all) < 15 {
		t.Fatalf("%d, %v", len(all), err)
	}
	return all
}

func TestADatabaseOfVersion23SaysTheSameOfEverybody(t *testing.T) {
	path, db := before23(t)
	want := as23(t, db)
	s := migrated(t, path)
	if n, err := s.CountPeople(t.Context()); n != len(want) || n < 20 || err != nil {
		t.Errorf("%d people, %v", n, err)
	}
	doses, recommended := 0, 0
	for _, p := range want {
		got, ok, err := s.Person(t.Context(), p.Number)
		if !ok || err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("%v is another: %d doses of %d, %d unread, %v", p, len(got.Doses), len(p.Doses), got.Unread, err)
		}
		doses, recommended = doses+len(p.Doses), recommended+len(p.Recommendations)
		found, err := s.Candidates(t.Context(), identityOf(p))
		if !slices.ContainsFunc(found, func(c match.Candidate) bool { return c.Number == p.Number }) || err != nil {
			t.Errorf("%v is not found: %v", p, err)
		}
	}
	if doses < 100 || recommended < 5 {
		t.Errorf("only %d doses and %d recommendations", doses, recommended)
	}
}

func TestWhatVersion23HandedOutStandsAndWhatItBeganGoesOn(t *testing.T) {
	path, db := before23(t)
	given := handedOut(t, db)
	s := migrated(t, path)
	if now := handedOut(t, s.db.DB); !slices.Equal(now, given) {
		t.Errorf("what was handed out has changed:\n%s\nwas\n%s", strings.Join(now, "\n"), strings.Join(given, "\n"))
	}
	if number, ok, err := s.NumberOf(t.Context(), "", "mrn-13"); number != lastPlain+1 || !ok || err != nil {
		t.Errorf("the id of the source is of %d: %v, %v", number, ok, err)
	}
	if i, err := s.UnfinishedImport(t.Context(), "more.csv", ""); i.Run != 4 || i.Bytes != 188 || i.Kept != 3 || err != nil {
		t.Errorf("the run that was not finished is %+v, %v", i, err)
	}
}

func migrated(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// The files of before come again, now with ids of doses: nothing that was handed out is
// touched, and no dose is there twice.
func TestWhatVersion23KeptComesAgainAsItWas(t *testing.T) {
	path, db := before23(t)
	want, given := as23(t, db), handedOut(t, db)
	s := migrated(t, path)
	i, err := s.StartImport(t.Context(), "again", "")
	if err != nil {
		t.Fatal(err)
	}
	var all []registry.Entry
	for _, p := range want {
		if p.Number > lastPlain {
			continue
		}
		id := p.String()[len("resident "):]
		all = append(all, registry.Entry{ID: id, Person: &p})
		for n, d := range p.Doses {
			all = append(all, registry.Entry{ID: id, Dose: &registry.Report{ID: id + "-" + d.Date + d.CVX, Dose: p.Doses[n]}})
		}
	}
	if refused, err := s.Import(t.Context(), &i, all); len(refused) > 0 || err != nil {
		t.Fatalf("refused %v, %v", refused, err)
	}
	if i.People.Unchanged != i.Kept-i.Doses.Changed || i.Doses.New+i.Doses.Merged > 0 {
		t.Errorf("people %+v, doses %+v", i.People, i.Doses)
	}
	for _, p := range want {
		if got, _, err := s.Person(t.Context(), p.Number); err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("%v is another, %v", p, err)
		}
	}
	if now := handedOut(t, s.db.DB); !slices.Equal(now, given) {
		t.Errorf("what was handed out has changed:\n%s\nwas\n%s", strings.Join(now, "\n"), strings.Join(given, "\n"))
	}
}
