package storetest

import (
	"slices"
	"testing"

	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// What a source no longer uses may be no more than an id, and that.
func (on suite) TestAnEntryThatIsGoneNeedsNoName(t *testing.T) {
	s := on.open(t)
	s.run(t, "", personEntry(0, "old", talia()), personEntry(0, "new", talia()), dose("old", "1", "1999-04-01", "03"), dose("new", "2", "2021-03-05", "207"))
	merged := personEntry(1, "old", registry.Person{Inactive: true, ReplacedBy: "new"})
	i, refused := s.run(t, "", merged, personEntry(2, "nobody", registry.Person{Inactive: true}))
	if want := []string{"2 " + store.Unknown}; !slices.Equal(refused, want) || i.People != (store.Tally{Merged: 1, Refused: 1}) {
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
