package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// talia is somebody with a phone.
func talia() registry.Person {
	return registry.Person{Given: "Talia", Family: "Woodrow", Birth: request.Date{Year: 1984, Month: 7, Day: 9}, Gender: request.Female, Phone: "+16175550142"}
}

func iris() registry.Person {
	return registry.Person{Given: "Iris", Family: "Marsh", Birth: request.Date{Year: 1990, Month: 1, Day: 2}, Gender: request.Female, Phone: "+15085550188"}
}

// dose is a report of somebody, with an id.
func dose(of, id, date, cvx string, more ...func(*registry.Entry)) registry.Entry {
	e := registry.Entry{ID: of, Dose: &registry.Report{ID: id, Dose: record.Dose{Date: date, CVX: cvx, Status: record.StatusCompleted}}}
	for _, f := range more {
		f(&e)
	}
	return e
}

func withLot(lot string) func(*registry.Entry) { return func(e *registry.Entry) { e.Dose.Lot = lot } }
func inError(e *registry.Entry)                { e.Dose.Status = record.StatusError }
func unread(why registry.Reason) func(*registry.Entry) {
	return func(e *registry.Entry) { e.Dose.Unread = why }
}

func asOf(day string) func(*registry.Entry) {
	return func(e *registry.Entry) {
		var err error
		if e.At, err = time.Parse(time.DateOnly, day); err != nil {
			panic(err)
		}
	}
}

// run imports entries as one file of a source, from its begin to its end.
func (s *subject) run(t *testing.T, source string, entries ...registry.Entry) (store.Import, []string) {
	t.Helper()
	i, err := s.StartImport(t.Context(), "file", source)
	if err != nil {
		t.Fatal(err)
	}
	for n := range entries {
		entries[n].Line = n + 1
	}
	refused, err := s.Import(t.Context(), &i, entries)
	if err == nil {
		err = s.FinishImport(t.Context(), i, now)
	}
	if err != nil {
		t.Fatal(err)
	}
	var why []string
	for _, r := range refused {
		why = append(why, fmt.Sprint(r.Line, " ", r.Reason))
	}
	return i, why
}

// doses says what is on file of the one with an id.
func (s *subject) doses(t *testing.T, source, id string) []string {
	t.Helper()
	p := s.whose(t, source, id)
	var all []string
	for _, d := range p.Doses {
		text := d.Date + " " + d.CVX
		for _, more := range []string{d.Lot, d.Performer} {
			if more != "" {
				text += " " + more
			}
		}
		if d.Status != record.StatusCompleted {
			text += " " + d.Status
		}
		all = append(all, text)
	}
	if p.Unread > 0 {
		all = append(all, fmt.Sprint(p.Unread, " unread"))
	}
	return all
}

// whose is the person with an id.
func (s *subject) whose(t *testing.T, source, id string) registry.Person {
	t.Helper()
	number, ok, err := s.NumberOf(t.Context(), source, id)
	if !ok || err != nil {
		t.Fatalf("nobody has the id: %v", err)
	}
	p, _, err := s.Person(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Each is a row of runs over files, and what is on file of "a" and of "b" after them.
var reported = map[string]struct {
	runs    [][]registry.Entry
	a, b    []string
	refused []string    // in the last run
	tally   store.Tally // of its doses
}{
	"an entry in error takes back that one only": {
		runs: [][]registry.Entry{{
			dose("a", "good", "2021-03-05", "207", withLot("EK5730")), dose("a", "bad", "2021-03-05", "207", withLot("EK5730"), inError),
			dose("a", "other", "2022-03-05", "207"),
		}, {dose("a", "other", "2022-03-05", "207", inError)}},
		a: []string{"2022-03-05 207 entered-in-error", "2021-03-05 207 EK5730"}, tally: store.Tally{Changed: 1},
	},
	"an entry in error that says no more than that": {
		runs: [][]registry.Entry{
			{dose("a", "1", "2021-03-05", "207"), dose("a", "2", "2022-03-05", "207")},
			{dose("a", "1", "", "", inError, unread("date-wrong")), dose("a", "2", "", "207", inError), dose("a", "3", "", "", inError)},
		},
		a: []string{"2022-03-05 207 entered-in-error", "2021-03-05 207 entered-in-error"}, tally: store.Tally{Changed: 2, Unchanged: 1},
	},
	"a code that is not known comes again as it was": {
		runs: [][]registry.Entry{
			{dose("a", "1", "2021-03-05", "335", func(e *registry.Entry) { e.Dose.Unknown = true })},
			{dose("a", "1", "2021-03-05", "335", func(e *registry.Entry) { e.Dose.Unknown = true })},
		},
		a: []string{"2021-03-05 335"}, tally: store.Tally{Unchanged: 1},
	},
	"a corrected day": {
		runs: [][]registry.Entry{{dose("a", "imm-77", "2021-03-05", "207")}, {dose("a", "imm-77", "2021-03-15", "207")}},
		a:    []string{"2021-03-15 207"}, tally: store.Tally{Changed: 1},
	},
	"a corrected day and vaccine in one file, with dates, the newer first": {
		runs: [][]registry.Entry{{dose("a", "1", "2021-03-15", "208", asOf("2022-02-01")), dose("a", "1", "2021-03-05", "207", asOf("2022-01-01"))}},
		a:    []string{"2021-03-15 208"}, tally: store.Tally{New: 1, Older: 1},
	},
	"the newer last": {
		runs: [][]registry.Entry{{dose("a", "1", "2021-03-05", "207", asOf("2022-01-01")), dose("a", "1", "2021-03-15", "208", asOf("2022-02-01"))}},
		a:    []string{"2021-03-15 208"}, tally: store.Tally{New: 1, Changed: 1},
	},
	"an older version in a later file": {
		runs: [][]registry.Entry{{dose("a", "1", "2021-03-15", "208", asOf("2022-02-01"))}, {dose("a", "1", "2021-03-05", "207", asOf("2022-01-01"))}},
		a:    []string{"2021-03-15 208"}, tally: store.Tally{Older: 1},
	},
	"a dose was another person's": {
		runs: [][]registry.Entry{{dose("a", "1", "2021-03-05", "207")}, {dose("b", "1", "2021-03-05", "207")}},
		b:    []string{"2021-03-05 207"}, tally: store.Tally{Changed: 1},
	},
	"ids that mean nothing": {
		runs: [][]registry.Entry{{dose("a", "i1", "2021-03-05", "207"), dose("a", "i1", "2022-03-05", "207"), dose("b", "i1", "2021-03-05", "207"), dose("a", "i1", "2021-03-05", "140")}},
		a:    []string{"2022-03-05 207", "2021-03-05 207", "2021-03-05 140"}, b: []string{"2021-03-05 207"}, tally: store.Tally{New: 4},
	},
	"ids that mean nothing, the file again with another dose first": {
		runs: [][]registry.Entry{
			{dose("a", "i1", "2021-03-05", "207"), dose("a", "i1", "2022-03-05", "207")},
			{dose("a", "i1", "2023-03-05", "207"), dose("a", "i1", "2021-03-05", "207"), dose("a", "i1", "2022-03-05", "207")},
		},
		a: []string{"2023-03-05 207", "2022-03-05 207", "2021-03-05 207"}, tally: store.Tally{New: 1, Unchanged: 2},
	},
	"a file without ids, twice": {
		runs: [][]registry.Entry{
			{dose("a", "", "2021-03-05", "207", withLot("A")), dose("a", "", "2021-03-05", "207", withLot("B")), dose("a", "", "2021-03-05", "207")},
			{dose("a", "", "2021-03-05", "207", withLot("A")), dose("a", "", "2021-03-05", "207", withLot("B")), dose("a", "", "2021-03-05", "207")},
		},
		a: []string{"2021-03-05 207 A", "2021-03-05 207 B"}, tally: store.Tally{Unchanged: 3},
	},
	"ids come later": {
		runs: [][]registry.Entry{
			{dose("a", "", "2021-03-05", "207")}, {dose("a", "1", "2021-03-05", "207", withLot("A"))}, {dose("a", "1", "2021-03-15", "207", withLot("A"))},
		},
		a: []string{"2021-03-15 207 A"}, tally: store.Tally{Changed: 1},
	},
	"two reports of one dose": {
		runs: [][]registry.Entry{{dose("a", "1", "2021-03-05", "207", withLot("A")), dose("a", "2", "2021-03-05", "213")}},
		a:    []string{"2021-03-05 207 A"}, tally: store.Tally{New: 1, Merged: 1},
	},
	"what cannot be read is counted once, and until it can be": {
		runs: [][]registry.Entry{
			{dose("a", "1", "", "207", unread("date-wrong")), dose("a", "2", "2021-03-05", "", unread("cvx-unknown")), dose("a", "2", "2021-03-05", "", unread("cvx-unknown"))},
			{dose("a", "1", "2021-03-05", "207"), dose("a", "2", "2021-03-05", "", unread("cvx-unknown"))},
		},
		a: []string{"2021-03-05 207", "1 unread"}, refused: []string{"2 cvx-unknown"}, tally: store.Tally{Changed: 1},
	},
	"what cannot be read and has no id": {
		runs: [][]registry.Entry{
			{dose("a", "", "", "207", withLot("A"), unread("date-wrong")), dose("a", "", "", "208", unread("date-wrong"))},
			{dose("a", "", "", "208", unread("date-wrong")), dose("a", "", "2021-03-05", "207", withLot("A"))},
		},
		a: []string{"2021-03-05 207 A", "1 unread"}, refused: []string{"1 date-wrong"}, tally: store.Tally{Changed: 1},
	},
	"two that cannot be read and look alike are two": {
		runs: [][]registry.Entry{
			{dose("a", "", "", "207", unread("date-wrong")), dose("a", "", "", "207", unread("date-wrong"))},
			{dose("a", "", "", "207", unread("date-wrong")), dose("a", "", "", "207", unread("date-wrong"))},
		},
		a: []string{"2 unread"}, refused: []string{"1 date-wrong", "2 date-wrong"},
	},
	"and are until both can be": {
		runs: [][]registry.Entry{
			{dose("a", "", "", "207", unread("date-wrong")), dose("a", "", "", "207", unread("date-wrong"))},
			{dose("a", "", "2021-03-05", "207"), dose("a", "", "2021-04-02", "207")},
		},
		a: []string{"2021-04-02 207", "2021-03-05 207"}, tally: store.Tally{Changed: 2},
	},
	"a version that cannot be read takes nothing away": {
		runs: [][]registry.Entry{{dose("a", "1", "2021-03-05", "207")}, {dose("a", "1", "", "", unread("cvx-unknown"))}},
		a:    []string{"2021-03-05 207"}, refused: []string{"1 cvx-unknown"},
	},
	"what cannot have been is said and counted": {
		runs: [][]registry.Entry{{
			dose("a", "1", "1984-07-08", "08"), dose("a", "2", "1900-01-01", "03"), dose("a", "3", "1999-01-01", "207"), dose("a", "4", "1999-01-01", "03"),
		}},
		a: []string{"1999-01-01 207", "1999-01-01 03", "2 unread"}, refused: []string{"1 date-before-birth", "2 date-placeholder"}, tally: store.Tally{New: 2},
	},
	"what was deleted": {
		runs: [][]registry.Entry{
			{dose("a", "1", "2021-03-05", "207"), dose("a", "2", "2022-03-05", "207")},
			{{ID: "1", Remove: &registry.Removal{Dose: true}}, {ID: "nothing", Remove: &registry.Removal{Dose: true}}},
		},
		a: []string{"2022-03-05 207"}, tally: store.Tally{Removed: 1, Unchanged: 1},
	},
	"what was deleted before it was changed": {
		runs: [][]registry.Entry{
			{dose("a", "1", "2021-03-05", "207", asOf("2026-05-01"))},
			{{ID: "1", Remove: &registry.Removal{Dose: true}, At: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)}},
		},
		a: []string{"2021-03-05 207"}, tally: store.Tally{Older: 1},
	},
}

// Each is of a source of its own, so that one database does.
func (on suite) TestReportsHaveAnIdentity(t *testing.T) {
	s := on.open(t)
	for name, tt := range reported {
		s.run(t, name, personEntry(0, "a", talia()), personEntry(0, "b", iris()))
		var last store.Import
		var refused []string
		for _, entries := range tt.runs {
			last, refused = s.run(t, name, entries...)
		}
		if a, b := s.doses(t, name, "a"), s.doses(t, name, "b"); !slices.Equal(a, tt.a) || !slices.Equal(b, tt.b) {
			t.Errorf("%s: on file are %q and %q, want %q and %q", name, a, b, tt.a, tt.b)
		}
		tt.tally.Refused = len(tt.refused)
		if last.Doses != tt.tally || !slices.Equal(refused, tt.refused) {
			t.Errorf("%s: counted %+v, refused %q, want %+v and %q", name, last.Doses, refused, tt.tally, tt.refused)
		}
	}
}

func (on suite) TestAFileThatComesAgainChangesNothing(t *testing.T) {
	s := on.open(t)
	for name, tt := range reported {
		file := append([]registry.Entry{personEntry(0, "a", talia()), personEntry(0, "b", iris())}, tt.runs[len(tt.runs)-1]...)
		s.run(t, name, file...)
		before := s.doses(t, name, "a")
		again, _ := s.run(t, name, file...)
		if after := s.doses(t, name, "a"); !slices.Equal(after, before) || again.People != (store.Tally{Unchanged: 2}) {
			t.Errorf("%s: %q, then %q; people %+v", name, before, after, again.People)
		}
		if d := again.Doses; d.New+d.Merged+d.Removed > 0 {
			t.Errorf("%s: counted %+v", name, d)
		}
	}
}

func (on suite) TestACorrectedReportSupersedesThePrints(t *testing.T) {
	s, p, before := on.carded(t)
	s.run(t, "", dose("1", "new", "2026-11-20", "140", withLot("A1")))
	if l := list(t, s, kid); !stands(t, l, before) {
		t.Error("an id for what is there supersedes")
	}
	s.run(t, "", dose("1", "new", "2026-11-19", "140", withLot("A1")))
	if l := list(t, s, kid); stands(t, l, before) {
		t.Error("the card of before stands")
	}
	after := takeCard(t, s, kid, now.Add(time.Hour))
	s.run(t, "", dose("2", "new", "2026-11-19", "140", withLot("A1"))) // it was another person's
	if l := list(t, s, kid); stands(t, l, after) || len(s.whose(t, "", "1").Doses) != len(p.Doses)-1 {
		t.Error("what went to somebody else is on the first one's card")
	}
}

func (on suite) TestAReportIsRemovedByItsID(t *testing.T) {
	s := on.open(t)
	s.run(t, "mercy", personEntry(0, "1", talia()), dose("1", "x", "2021-03-05", "207"), dose("1", "i", "2021-03-06", "207"), dose("1", "i", "2021-03-07", "207"))
	for _, tt := range []struct {
		source, id string
		found      bool
	}{{"", "x", false}, {"mercy", "none", false}, {"nowhere", "x", false}, {"mercy", "i", false}, {"mercy", "x", true}, {"mercy", "x", false}, {"mercy", "", false}} {
		if found, err := s.RemoveDose(t.Context(), tt.source, tt.id); found != tt.found || err != nil {
			t.Errorf("%s %s: %v, %v", tt.source, tt.id, found, err)
		}
	}
	if got := s.doses(t, "mercy", "1"); !slices.Equal(got, []string{"2021-03-07 207", "2021-03-06 207"}) {
		t.Errorf("%q", got)
	}
}
