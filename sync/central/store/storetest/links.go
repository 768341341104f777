package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// number is that of the row with an id.
func (s *subject) number(t *testing.T, source, id string) int {
	t.Helper()
	n, ok, err := s.NumberOf(t.Context(), source, id)
	if !ok || err != nil {
		t.Fatalf("nobody has the id: %v", err)
	}
	return n
}

// found are those who are found by a birth date and a contact.
func (s *subject) found(t *testing.T, p registry.Person, phone, email string) []match.Candidate {
	t.Helper()
	all, err := s.Candidates(t.Context(), match.Of(p.Given, p.Family, p.Birth.String(), p.Gender, phone, email))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (on suite) TestAnIDBelongsToItsSource(t *testing.T) {
	s := on.open(t)
	s.run(t, "north", personEntry(0, "1", talia()), dose("1", "i1", "2021-03-05", "207"))
	s.run(t, "south", personEntry(0, "1", iris()), dose("1", "i1", "2024-10-01", "140"))
	if a, b := s.doses(t, "north", "1"), s.doses(t, "south", "1"); !slices.Equal(a, []string{"2021-03-05 207"}) || !slices.Equal(b, []string{"2024-10-01 140"}) {
		t.Errorf("%q and %q", a, b)
	}
	if _, ok, err := s.NumberOf(t.Context(), "", "1"); ok || err != nil {
		t.Errorf("the default source has an id of another: %v", err)
	}
	if n, err := s.CountPeople(t.Context()); n != 2 || err != nil {
		t.Errorf("%d people, %v", n, err)
	}
}

func (on suite) TestAnIDOfSomebodyElseIsRefusedAndNothingGoesOver(t *testing.T) {
	s := on.open(t)
	s.run(t, "", personEntry(0, "1", talia()), dose("1", "i1", "2021-03-05", "207"))
	maiden := talia()
	maiden.Family, maiden.Also = "Field", []request.Name{{Given: "Talia", Family: "Woodrow"}}
	maiden.Birth = request.Date{Year: 1984, Month: 9, Day: 7}
	corrected := talia()
	corrected.Given = "Thalia"
	for _, tt := range []struct {
		name    string
		p       registry.Person
		refused []string
		family  string
	}{
		{"another name and birth date", iris(), []string{"1 " + store.IDOfSomebodyElse}, "Woodrow"},
		{"a name that is corrected", corrected, nil, "Woodrow"},
		{"another name and birth date, but the earlier name is said", func() registry.Person {
			maiden.Also[0].Given = "Thalia"
			return maiden
		}(), nil, "Field"},
	} {
		i, refused := s.run(t, "", personEntry(0, "1", tt.p))
		if p := s.whose(t, "", "1"); !slices.Equal(refused, tt.refused) || p.Family != tt.family || len(p.Doses) != 1 {
			t.Errorf("%s: refused %q, %d doses, counted %+v", tt.name, refused, len(p.Doses), i.People)
		}
	}
	if there, err := s.RemovePerson(t.Context(), s.number(t, "", "1")); !there || err != nil {
		t.Fatalf("%v, %v", there, err)
	}
	_, refused := s.run(t, "", personEntry(0, "1", iris()))
	if p := s.whose(t, "", "1"); len(refused) > 0 || p.Family != "Marsh" || len(p.Doses) > 0 {
		t.Errorf("after the removal: refused %q, %d doses", refused, len(p.Doses))
	}
}

// What comes with the id of two people may be of either.
func (on suite) TestDosesOfAnIDThatTwoPeopleHaveGoToNeither(t *testing.T) {
	old := personEntry(0, "1", iris())
	asOf("2020-01-01")(&old)
	for name, other := range map[string]registry.Entry{"a newer one": personEntry(0, "1", iris()), "an older one": old} {
		s := on.open(t)
		s.run(t, "", personEntry(0, "1", talia()), dose("1", "i1", "2021-03-05", "207"))
		flu := func() registry.Entry { return dose("1", "i2", "2024-10-01", "140") }
		advice := registry.Entry{ID: "1", Forecast: &registry.Forecast{AsOf: "2026-11-01"}}
		want := []string{"1 " + store.IDOfSomebodyElse, "2 " + store.IDOfSomebodyElse, "3 " + store.IDOfSomebodyElse}
		if _, refused := s.run(t, "", other, flu(), advice); !slices.Equal(refused, want) {
			t.Errorf("%s: refused %q", name, refused)
		}
		if _, refused := s.run(t, "", flu()); !slices.Equal(refused, want[:1]) {
			t.Errorf("%s: in the next file, refused %q", name, refused)
		}
		if got := s.doses(t, "", "1"); !slices.Equal(got, []string{"2021-03-05 207"}) {
			t.Errorf("%s: on file are %q", name, got)
		}
		if _, refused := s.run(t, "", personEntry(0, "1", talia()), flu()); len(refused) > 0 || len(s.doses(t, "", "1")) != 2 {
			t.Errorf("%s: whoever is on file again, refused %q", name, refused)
		}
	}
}

func (on suite) TestTheNewerVersionOfAPersonWinsByItsOwnDate(t *testing.T) {
	moved := talia()
	moved.Phone = "+16175550100"
	old, young := personEntry(0, "a", moved), personEntry(0, "a", talia())
	asOf("2020-01-01")(&old)
	asOf("2022-10-01")(&young)
	for name, tt := range map[string]struct {
		runs  [][]registry.Entry
		tally store.Tally
	}{
		"in one file":                     {[][]registry.Entry{{old, young}}, store.Tally{New: 1, Changed: 1}},
		"in one file, newer first":        {[][]registry.Entry{{young, old}}, store.Tally{New: 1, Older: 1}},
		"in two":                          {[][]registry.Entry{{old}, {young}}, store.Tally{Changed: 1}},
		"in two, newer first":             {[][]registry.Entry{{young}, {old}}, store.Tally{Older: 1}},
		"without a date it is as of now":  {[][]registry.Entry{{old}, {personEntry(0, "a", talia())}, {old}}, store.Tally{Older: 1}},
		"the same line twice in one file": {[][]registry.Entry{{young, young}}, store.Tally{New: 1, Unchanged: 1}},
	} {
		s := on.open(t)
		var last store.Import
		for _, entries := range tt.runs {
			last, _ = s.run(t, "", entries...)
		}
		if p := s.whose(t, "", "a"); p.Phone != talia().Phone || last.People != tt.tally {
			t.Errorf("%s: the phone is the newer one: %v, counted %+v", name, p.Phone == talia().Phone, last.People)
		}
	}
}

// Neither a clock of the source nor our own that was ahead keeps out what comes later.
func (on suite) TestADateInTheFutureKeepsNothingOut(t *testing.T) {
	s := on.open(t)
	ahead := personEntry(0, "a", iris())
	asOf("9000-01-01")(&ahead)
	s.run(t, "", ahead, dose("a", "1", "2021-03-05", "207", asOf("9000-01-01")))
	moved := iris()
	moved.Phone = "+16175550100"
	i, _ := s.run(t, "", personEntry(0, "a", moved), dose("a", "1", "2021-03-06", "207"))
	if p := s.whose(t, "", "a"); p.Phone != moved.Phone || i.People.Changed != 1 || i.Doses.Changed != 1 {
		t.Errorf("people %+v, doses %+v", i.People, i.Doses)
	}
	s.db.SetImportsAhead(time.Now().AddDate(1, 0, 0))
	ahead2, _ := s.run(t, "", personEntry(0, "a", iris()))
	later, _ := s.run(t, "", personEntry(0, "a", moved))
	if ahead2.People.Changed != 1 || later.People.Changed != 1 {
		t.Errorf("after a clock that was ahead: %+v, then %+v", ahead2.People, later.People)
	}
}

// apart is a registry of two sources that both have somebody, with a dose each.
func (on suite) apart(t *testing.T) (s *subject, one, other int) {
	t.Helper()
	s = on.open(t)
	married := talia()
	married.Family, married.Phone, married.Email = "Field", "", "talia@example.org"
	s.run(t, "", personEntry(0, "1", talia()), dose("1", "1", "2021-03-05", "207"))
	s.run(t, "mercy", personEntry(0, "m", married), dose("m", "1", "2021-03-05", "213"), dose("m", "2", "1999-04-01", "03"))
	return s, s.number(t, "", "1"), s.number(t, "mercy", "m")
}

func (on suite) TestLinkedPeopleAreOne(t *testing.T) {
	s, one, other := on.apart(t)
	for _, tt := range []struct {
		one, other int
		want       error
	}{{one, one, store.ErrOnePerson}, {one, 999, store.ErrNoPerson}, {999, other, store.ErrNoPerson}, {one, other, nil}, {one, other, store.ErrOnePerson}} {
		if err := s.Link(t.Context(), tt.one, tt.other); !errors.Is(err, tt.want) {
			t.Errorf("linking %d and %d: %v", tt.one, tt.other, err)
		}
	}
	if got := s.found(t, talia(), "", "talia@example.org"); len(got) != 1 || got[0].Number != one || len(got[0].Also) != 1 ||
		!slices.Equal(got[0].More, []match.Contact{{Key: "talia@example.org"}}) {
		t.Errorf("found are %d", len(got))
	}
	for _, number := range []int{one, other} {
		p, ok, err := s.Person(t.Context(), number)
		if !ok || err != nil || p.Number != one || p.Family != "Woodrow" || len(p.Doses) != 2 {
			t.Errorf("%d is %v, %d doses, %v", number, p, len(p.Doses), err)
		}
		if !slices.Equal(p.Also, []request.Name{{Given: "Talia", Family: "Field"}}) || !slices.Equal(p.More, []registry.Contact{{Email: "talia@example.org"}}) {
			t.Errorf("%d has %d names, %d contacts", number, len(p.Also), len(p.More))
		}
	}
}

func (on suite) TestLinkedPeopleThatAreUnlinkedAreTwo(t *testing.T) {
	s, one, other := on.apart(t)
	if err := s.Link(t.Context(), one, other); err != nil {
		t.Fatal(err)
	}
	if err := s.Unlink(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if a, b := s.doses(t, "", "1"), s.doses(t, "mercy", "m"); len(a) != 1 || len(b) != 2 || len(s.found(t, talia(), "", "talia@example.org")) != 1 {
		t.Errorf("apart again: %q and %q", a, b)
	}
	if err := s.Unlink(t.Context(), other); !errors.Is(err, store.ErrNotLinked) {
		t.Errorf("twice: %v", err)
	}
}

func (on suite) TestALinkSupersedesWhatItAddsToAndPartingWithdrawsIt(t *testing.T) {
	s, one, other := on.apart(t)
	take := func(number int) store.Card {
		_, c, ok, err := s.TakeRecord(t.Context(), opened(t, s, number), kid, store.NewCheck{}, now)
		if !ok || err != nil {
			t.Fatalf("%v, %v", ok, err)
		}
		return c
	}
	first, second := take(one), take(other)
	if err := s.Link(t.Context(), one, other); err != nil {
		t.Fatal(err)
	}
	if l := list(t, s, kid); stands(t, l, first) || stands(t, l, second) {
		t.Errorf("cards of the halves stand: %+v", l)
	}
	opened(t, s, other)
	both := take(other)
	if !stands(t, list(t, s, kid), both) {
		t.Error("the card of both does not stand")
	}
	if err := s.Unlink(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if stands(t, list(t, s, kid), both) {
		t.Error("the card of both stands when they have parted")
	}
	if _, _, ok, err := s.TakeRecord(t.Context(), store.Token{Hash: fmt.Append(nil, "token ", one), Person: one}, kid, store.NewCheck{}, now); ok || err != nil {
		t.Errorf("what was released to both opens the record of one, %v", err)
	}
}

func (on suite) TestASharedIndexLinksAndNothingElseDoes(t *testing.T) {
	s := on.open(t)
	in := func(p registry.Person, index string) registry.Person { p.Index = index; return p }
	s.run(t, "north", personEntry(0, "1", in(talia(), "E-1")), personEntry(0, "2", in(iris(), "E-2")), dose("1", "1", "2021-03-05", "207"))
	i, refused := s.run(t, "south", personEntry(0, "1", in(talia(), "E-1")), personEntry(0, "2", in(talia(), "E-2")), personEntry(0, "3", talia()),
		dose("1", "1", "2022-03-05", "140"))
	if want := []string{"2 " + store.IndexOfSomebodyElse}; !slices.Equal(refused, want) || i.People.New != 2 {
		t.Errorf("refused %q, counted %+v", refused, i.People)
	}
	if got := s.doses(t, "south", "1"); len(got) != 2 || !slices.Equal(got, s.doses(t, "north", "1")) {
		t.Errorf("it is %q", got)
	}
	if got := s.doses(t, "south", "3"); len(got) != 0 {
		t.Errorf("somebody without the id has %q", got)
	}
	s.run(t, "south", personEntry(0, "1", in(talia(), "E-9")))
	if a, b := s.doses(t, "north", "1"), s.doses(t, "south", "1"); len(a) != 1 || len(b) != 1 {
		t.Errorf("with another id in the index they are one: %q, %q", a, b)
	}
}

func (on suite) TestWhoIsNoLongerInUseIsFoundByNobody(t *testing.T) {
	s := on.open(t)
	p := talia()
	p.Inactive = true
	s.run(t, "", personEntry(0, "1", p))
	if got := s.found(t, p, p.Phone, ""); len(got) > 0 {
		t.Errorf("%d found", len(got))
	}
	s.run(t, "", personEntry(0, "1", talia()))
	if got := s.found(t, p, p.Phone, ""); len(got) != 1 {
		t.Errorf("in use again: %d found", len(got))
	}
	i, _ := s.run(t, "", registry.Entry{ID: "1", Remove: &registry.Removal{}}, registry.Entry{ID: "9", Remove: &registry.Removal{}})
	if got := s.found(t, p, p.Phone, ""); len(got) > 0 || i.People != (store.Tally{Removed: 1, Unchanged: 1}) {
		t.Errorf("removed: %d found, counted %+v", len(got), i.People)
	}
}

func (on suite) TestEveryContactAndNameOnFileCounts(t *testing.T) {
	s := on.open(t)
	p := talia()
	p.Also = []request.Name{{Given: "Talia", Family: "Field"}}
	p.More = []registry.Contact{{Phone: "+16175550100"}, {Email: "Talia+x@example.org"}, {Phone: "none"}, {Phone: "+16175550111", Guardian: true}}
	p.Deceased, p.Restricted = true, true
	s.run(t, "", personEntry(0, "1", p))
	p.Number = 1
	if got, ok, err := s.Contact(t.Context(), 1); !ok || err != nil || !slices.Equal(got.More, p.More) || !slices.Equal(got.Also, p.Also) || !got.Deceased || !got.Restricted {
		t.Errorf("on file are %d contacts and %d names, %v", len(got.More), len(got.Also), err)
	}
	for _, by := range [][2]string{{p.Phone, ""}, {"617-555-0100", ""}, {"", "talia@example.org"}, {"+16175550111", ""}} {
		got := s.found(t, p, by[0], by[1])
		want := []match.Contact{{Key: "+16175550100"}, {Key: "talia@example.org"}, {Key: "+16175550111", Guardian: true}}
		if len(got) != 1 || !slices.Equal(got[0].More, want) || len(got[0].Also) != 1 || !got[0].Deceased || !got[0].Restricted {
			t.Errorf("%d found", len(got))
		}
	}
	p.More = p.More[:1]
	s.run(t, "", personEntry(0, "1", p))
	if got := s.found(t, p, "", "talia@example.org"); len(got) > 0 {
		t.Errorf("by a contact that is gone: %d", len(got))
	}
}

// What a run has counted is there when it goes on.
func (on suite) TestARunThatGoesOnHasItsCounts(t *testing.T) {
	s := on.open(t)
	i, err := s.StartImport(t.Context(), "file", "mercy")
	if err != nil || i.Source != "mercy" {
		t.Fatal(err)
	}
	f := registry.Entry{ID: "1", Forecast: &registry.Forecast{AsOf: "2026-11-01", All: []record.Recommendation{{CVX: "140", Status: record.StatusImmune, AsOf: "2026-11-01"}}}}
	if _, err := s.Import(t.Context(), &i, []registry.Entry{personEntry(1, "1", talia()), dose("1", "1", "2021-03-05", "207"), f}); err != nil {
		t.Fatal(err)
	}
	again, err := s.UnfinishedImport(t.Context(), "file", "mercy")
	if one := (store.Tally{New: 1}); err != nil || again.Source != "mercy" || again.People != one || again.Doses != one || again.Forecasts != one || again.Kept != 3 {
		t.Errorf("%+v, %v", again, err)
	}
	if other, err := s.UnfinishedImport(t.Context(), "file", ""); other.Run != 0 || err != nil {
		t.Errorf("another source has it: %+v, %v", other, err)
	}
}
