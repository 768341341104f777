package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// firstCoded is the first number of somebody whose id at the registry is none.
const firstCoded = 1<<40 + 1

// personEntry and doseEntry are lines of a file.
func personEntry(line int, id string, p registry.Person) registry.Entry {
	return registry.Entry{Line: line, ID: id, Person: &p}
}

func doseEntry(line int, id, date, cvx string) registry.Entry {
	return registry.Entry{Line: line, ID: id, Dose: &registry.Report{Dose: record.Dose{Date: date, CVX: cvx, Status: record.StatusCompleted}}}
}

// begun is a run over a file with two people, one of them with two doses, and four lines refused.
func begun(t *testing.T, s *subject) (i store.Import, ana, bo registry.Person) {
	t.Helper()
	two := madeup.Generate(2, 1, today)
	ana, bo = two[0], two[1]
	moved := func(p registry.Person) registry.Person { p.Email = "moved@example.org"; return p }
	i, err := s.StartImport(t.Context(), "people.csv", "")
	if err != nil || !i.Bulk {
		t.Fatalf("%+v, %v", i, err)
	}
	i.Bytes, i.Line, i.Digest, i.Refused = 100, 9, []byte("digest"), 2
	refused, err := s.Import(t.Context(), &i, []registry.Entry{
		personEntry(1, "7", ana), personEntry(2, "7", moved(ana)), personEntry(3, "id-1", bo), personEntry(4, "id-1", moved(bo)),
		doseEntry(5, "id-1", "2001-02-03", "03"), doseEntry(6, "id-1", "2001-02-03", "03"), doseEntry(7, "id-1", "2002-02-03", "03"),
		doseEntry(8, "nobody", "2001-02-03", "03"), doseEntry(9, "99", "2001-02-03", "03"),
	})
	if want := []store.Refusal{{Line: 2, Reason: store.Twice}, {Line: 4, Reason: store.Twice}, {Line: 8, Reason: store.Unknown}, {Line: 9, Reason: store.Unknown}}; err != nil || !reflect.DeepEqual(refused, want) {
		t.Fatalf("%v, refused %v, want %v", err, refused, want)
	}
	return i, ana, bo
}

func (on suite) TestAnImportKeepsWhatItCanAndRecordsHowFarItCame(t *testing.T) {
	s := on.open(t)
	i, _, bo := begun(t, s)
	if i.Kept != 5 || i.Refused != 6 {
		t.Errorf("%d kept, %d refused", i.Kept, i.Refused)
	}
	again, err := s.UnfinishedImport(t.Context(), "people.csv", "")
	if err != nil || !reflect.DeepEqual(again, i) {
		t.Errorf("it is recorded as %+v, want %+v, %v", again, i, err)
	}
	p, ok, err := s.Person(t.Context(), firstCoded)
	if err != nil || !ok || p.Given != bo.Given || len(p.Doses) != 2 || p.Doses[0].Date != "2002-02-03" {
		t.Errorf("%v %v, %d doses", ok, err, len(p.Doses))
	}
}

func (on suite) TestTheLastRecommendationsForSomebodyReplaceThoseBefore(t *testing.T) {
	s := on.open(t)
	i, _, _ := begun(t, s)
	next := func(year string) []record.Recommendation {
		return []record.Recommendation{
			{CVX: "140", Status: record.StatusOverdue, Date: year + "-09-01", AsOf: "2026-11-01"},
			{CVX: "03", Status: record.StatusComplete, AsOf: "2026-11-01"},
		}
	}
	for n, all := range [][]record.Recommendation{next("2025"), next("2026"), nil} {
		f := &registry.Forecast{AsOf: fmt.Sprint("2026-11-0", n+1), All: all}
		refused, err := s.Import(t.Context(), &i, []registry.Entry{{Line: 1, ID: "id-1", Forecast: f}, {Line: 2, ID: "99", Forecast: f}})
		if want := []store.Refusal{{Line: 2, Reason: store.Unknown}}; err != nil || !reflect.DeepEqual(refused, want) {
			t.Errorf("refused %v, %v", refused, err)
		}
		p, _, err := s.Person(t.Context(), firstCoded)
		if err != nil || !reflect.DeepEqual(p.Recommendations, all) || len(p.Doses) != 2 {
			t.Errorf("%v, %d doses, %v", p.Recommendations, len(p.Doses), err)
		}
	}
}

func (on suite) TestTheNextRunOverAFileReplacesItsPeopleAndKeepsTheirDoses(t *testing.T) {
	s := on.open(t)
	if _, err := s.StartImport(t.Context(), "people.csv", ""); err != nil { // given up
		t.Fatal(err)
	}
	i, ana, bo := begun(t, s)
	if err := s.FinishImport(t.Context(), i, now); err != nil {
		t.Fatal(err)
	}
	if again, err := s.UnfinishedImport(t.Context(), "people.csv", ""); err != nil || again.Run != 0 {
		t.Errorf("a finished run is still there: %+v, %v", again, err)
	}
	next, err := s.StartImport(t.Context(), "people.csv", "")
	if err != nil || next.Bulk || next.Run == i.Run {
		t.Errorf("the next run is %+v, %v", next, err)
	}
	bo.Email = "new@example.org"
	if refused, err := s.Import(t.Context(), &next, []registry.Entry{personEntry(1, "7", ana), personEntry(2, "id-1", bo)}); err != nil || len(refused) > 0 {
		t.Errorf("refused %v, %v", refused, err)
	}
	if p, _, err := s.Person(t.Context(), firstCoded); err != nil || p.Email != bo.Email || len(p.Doses) != 2 {
		t.Errorf("%d doses, %v", len(p.Doses), err)
	}
}

func (on suite) TestAFailedImportRecordsNothing(t *testing.T) {
	s := on.open(t)
	i, err := s.StartImport(t.Context(), "people.csv", "")
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
	again, err2 := s.UnfinishedImport(t.Context(), "people.csv", "")
	if n != 0 || again.Bytes != 0 || again.Kept != 0 || errors.Join(err, err2) != nil {
		t.Errorf("%d people, %+v, %v, %v", n, again, err, err2)
	}
}
