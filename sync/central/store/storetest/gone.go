package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// What a source no longer uses may be no more than an id, and that.
func (on suite) TestAnEntryThatIsGoneNeedsNoName(t *testing.T) {
	s := on.open(t)
	s.run(t, "", personEntry(0, "old", talia()), personEntry(0, "new", talia()), dose("old", "1", "1999-04-01", "03"), dose("new", "2", "2021-03-05", "207"))
	merged := personEntry(1, "old", registry.Person{Inactive: true, ReplacedBy: "new"})
	i, refused := s.run(t, "", merged, personEntry(2, "nobody", registry.Person{Inactive: true}))
	if len(refused) > 0 || i.People != (store.Tally{Merged: 1, Unchanged: 1}) {
		t.Errorf("refused %q, counted %+v", refused, i.People)
	}
	if p := s.whose(t, "", "old"); p.Number != s.number(t, "", "new") || len(p.Doses) != 2 || p.Family != talia().Family {
		t.Errorf("by the id that is gone it is %v with %d doses", p, len(p.Doses))
	}
	if i, _ := s.run(t, "", merged); i.People.Unchanged != 1 {
		t.Errorf("again it counts as %+v", i.People)
	}
	s.run(t, "", personEntry(0, "new", registry.Person{Inactive: true}))
	if got := s.found(t, talia(), talia().Phone, ""); len(got) != 0 {
		t.Errorf("%d are found by what is no longer used", len(got))
	}
}

// Whoever is merged one way and then, when that was wrong, the other way is found all the same.
func (on suite) TestOfThoseWhoReplaceEachOtherTheLastOneSaidStays(t *testing.T) {
	by := func(id, survivor, phone string) registry.Entry {
		p := talia()
		p.Phone, p.ReplacedBy = phone, survivor
		return personEntry(0, id, p)
	}
	one, two, three := "+16175550101", "+16175550102", "+16175550103"
	for name, tt := range map[string]struct {
		runs  [][]registry.Entry
		stays string
	}{
		"two in a file":     {[][]registry.Entry{{by("1", "2", one), by("2", "1", two)}}, one},
		"two in two files":  {[][]registry.Entry{{by("1", "2", one), by("2", "", two)}, {by("2", "1", two)}}, one},
		"three in a circle": {[][]registry.Entry{{by("1", "2", one), by("2", "3", two), by("3", "1", three)}}, one},
		"and once more":     {[][]registry.Entry{{by("1", "2", one), by("2", "1", two)}, {by("1", "2", three)}}, two},
	} {
		s := on.open(t)
		for _, entries := range tt.runs {
			s.run(t, "", entries...)
			s.run(t, "", dose("1", "i1", "1999-04-01", "03"), dose("2", "i2", "2021-03-05", "207"))
		}
		for _, phone := range []string{one, two, three} {
			got := s.found(t, talia(), phone, "")
			if (len(got) == 1) != (phone == tt.stays) {
				t.Errorf("%s: by the phone %s %d are found", name, phone, len(got))
			}
		}
		if p := s.whose(t, "", "1"); p.Phone != tt.stays || len(p.Doses) != 2 {
			t.Errorf("%s: the one who stays has %d doses", name, len(p.Doses))
		}
	}
}

func (on suite) TestAPersonWhoWasDeletedBeforeTheyWereChangedStays(t *testing.T) {
	s := on.open(t)
	p := personEntry(0, "1", talia())
	asOf("2026-05-01")(&p)
	s.run(t, "", p)
	gone := registry.Entry{ID: "1", Remove: &registry.Removal{}, At: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)}
	if i, _ := s.run(t, "", gone); i.People != (store.Tally{Older: 1}) || len(s.found(t, talia(), talia().Phone, "")) != 1 {
		t.Errorf("counted %+v", i.People)
	}
	gone.At = time.Time{}
	if i, _ := s.run(t, "", gone); i.People != (store.Tally{Removed: 1}) {
		t.Errorf("counted %+v", i.People)
	}
}

func (on suite) TestEitherOfTwoWhoAreLinkedMayBeUnlinked(t *testing.T) {
	for _, first := range []bool{true, false} {
		s, one, other := on.apart(t)
		number := other
		if first {
			number = one
		}
		if err := errors.Join(s.Link(t.Context(), one, other), s.Unlink(t.Context(), number)); err != nil {
			t.Errorf("the first: %v, %v", first, err)
		}
		if a, b := s.doses(t, "", "1"), s.doses(t, "mercy", "m"); len(a) != 1 || len(b) != 2 {
			t.Errorf("the first: %v, they have %q and %q", first, a, b)
		}
	}
}

// A source says more of a name than it did, as when FHIR comes where a spreadsheet came before.
func (on suite) TestWithTheSameBirthDateANameWrittenOtherwiseIsNobodyElses(t *testing.T) {
	s := on.open(t)
	p := func(given, family string, day int) registry.Entry {
		p := talia()
		p.Given, p.Family, p.Birth.Day = given, family, day
		return personEntry(1, "1", p)
	}
	for _, tt := range []struct {
		before, now registry.Entry
		refused     bool
	}{
		{p("Milo", "Woodrow", 9), p("Milo James", "Woodrow Jr.", 9), false},
		{p("Jose", "Munoz", 9), p("José Luis", "Muñoz-Ortiz", 9), false},
		{p("Ana", "Muñoz", 9), p("Anna", "MUNOZ III", 9), false},
		{p("Milo", "Woodrow", 9), p("Iris", "Marsh", 9), true},
		{p("Milo", "Woodrow", 9), p("Milo", "Woodrow Jr.", 10), true}, // father and son
		{p("Milo", "Woodrow", 9), p("Milo James", "Woodrow", 10), true},
	} {
		s.run(t, "", registry.Entry{ID: "1", Remove: &registry.Removal{}}, tt.before)
		if _, refused := s.run(t, "", tt.now); (len(refused) > 0) != tt.refused {
			t.Errorf("%s %s after %s %s: refused %q", tt.now.Person.Given, tt.now.Person.Family, tt.before.Person.Given, tt.before.Person.Family, refused)
		}
	}
}

func (on suite) TestAMergeThatTakesNothingAlongIsSaidAndMayBeMadeByHand(t *testing.T) {
	s := on.open(t)
	twice := talia()
	twice.Family, twice.Birth.Month = "Wodrow", 9
	s.run(t, "", personEntry(0, "1", twice), personEntry(0, "2", talia()), dose("1", "i", "2021-03-05", "207"))
	twice.ReplacedBy = "2"
	i, refused := s.run(t, "", personEntry(1, "1", twice))
	if want := []string{"1 " + store.MergedWithSomebodyElse}; !slices.Equal(refused, want) || i.People != (store.Tally{Refused: 1}) {
		t.Errorf("refused %q, counted %+v", refused, i.People)
	}
	if got := s.doses(t, "", "2"); len(got) > 0 {
		t.Errorf("it has %q", got)
	}
	if err := s.Link(t.Context(), s.number(t, "", "2"), s.number(t, "", "1")); err != nil {
		t.Fatal(err)
	}
	if p := s.whose(t, "", "1"); p.Number != s.number(t, "", "2") || len(p.Doses) != 1 || p.Family != talia().Family {
		t.Errorf("by hand it is %v with %d doses", p, len(p.Doses))
	}
}
