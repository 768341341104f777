package storetest

import (
	"slices"
	"testing"

	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// An entry that is replaced gives its doses to the other one, whichever comes first, and
// finds nobody any more.
func (on suite) TestAMergedEntryIsPartOfTheOneThatStays(t *testing.T) {
	old, young := talia(), talia()
	old.Phone, old.Inactive, old.ReplacedBy = "+16175550100", true, "new"
	for name, entries := range map[string][]registry.Entry{
		"the survivor first": {personEntry(0, "new", young), personEntry(0, "old", old)},
		"the survivor last":  {personEntry(0, "old", old), personEntry(0, "new", young)},
	} {
		s := on.open(t)
		i, refused := s.run(t, "", append(entries, dose("old", "1", "1999-04-01", "03"), dose("new", "2", "2021-03-05", "207"))...)
		if len(refused) > 0 || i.People != (store.Tally{New: 1, Merged: 1}) {
			t.Errorf("%s: refused %q, counted %+v", name, refused, i.People)
		}
		for _, id := range []string{"old", "new"} {
			if p := s.whose(t, "", id); p.Number != s.number(t, "", "new") || len(p.Doses) != 2 {
				t.Errorf("%s: by the id %s it is %v with %d doses", name, id, p, len(p.Doses))
			}
		}
		if a, b := s.found(t, young, young.Phone, ""), s.found(t, young, old.Phone, ""); len(a) != 1 || len(b) != 0 {
			t.Errorf("%s: %d by the contact that counts, %d by that of the entry that is gone", name, len(a), len(b))
		}
		if n, err := s.CountPeople(t.Context()); n != 1 || err != nil {
			t.Errorf("%s: %d people, %v", name, n, err)
		}
		if there, err := s.RemovePerson(t.Context(), s.number(t, "", "new")); !there || err != nil {
			t.Errorf("%s: %v, %v", name, there, err)
		}
		if n, err := s.CountPeople(t.Context()); n != 0 || err != nil {
			t.Errorf("%s: %d people when it is removed, %v", name, n, err)
		}
	}
}

// Nothing goes over to somebody else by a merge, and the one of the two that comes last says so.
func (on suite) TestNothingGoesOverToSomebodyElseByAMerge(t *testing.T) {
	old, moved := talia(), iris()
	old.ReplacedBy, moved.Phone = "new", "+16175550100"
	for name, tt := range map[string]struct {
		files   [][]registry.Entry
		refused []string // of the last file
		tally   store.Tally
	}{
		"the survivor first":          {[][]registry.Entry{{personEntry(0, "new", iris())}, {personEntry(0, "old", old)}}, []string{"1 " + store.MergedWithSomebodyElse}, store.Tally{Refused: 1}},
		"the survivor last":           {[][]registry.Entry{{personEntry(0, "old", old)}, {personEntry(0, "new", iris())}}, []string{"1 " + store.MergedWithSomebodyElse}, store.Tally{New: 1}},
		"the survivor last, once":     {[][]registry.Entry{{personEntry(0, "old", old)}, {personEntry(0, "new", iris())}, {personEntry(0, "new", moved)}}, nil, store.Tally{Changed: 1}},
		"the survivor last, one file": {[][]registry.Entry{{personEntry(0, "old", old), personEntry(0, "new", iris())}}, []string{"2 " + store.MergedWithSomebodyElse}, store.Tally{New: 1, Merged: 1}},
	} {
		s := on.open(t)
		var last store.Import
		var refused []string
		for _, file := range tt.files {
			last, refused = s.run(t, "", file...)
		}
		if !slices.Equal(refused, tt.refused) || last.People != tt.tally || last.Reasons[store.MergedWithSomebodyElse] != len(tt.refused) {
			t.Errorf("%s: refused %q, counted %+v for %v", name, refused, last.People, last.Reasons)
		}
		s.run(t, "", dose("old", "1", "1999-04-01", "03"))
		if got := s.doses(t, "", "new"); len(got) > 0 {
			t.Errorf("%s: it has %q", name, got)
		}
		if got := s.found(t, old, old.Phone, ""); len(got) > 0 {
			t.Errorf("%s: the entry that is replaced is found: %d", name, len(got))
		}
	}
}

func (on suite) TestAMergeThatIsTakenBackPartsThem(t *testing.T) {
	s := on.open(t)
	old := talia()
	old.ReplacedBy = "new"
	s.run(t, "", personEntry(0, "old", old), personEntry(0, "new", talia()), dose("old", "1", "1999-04-01", "03"))
	root := s.number(t, "", "new")
	_, c, ok, err := s.TakeRecord(t.Context(), opened(t, s, s.number(t, "", "old")), kid, store.NewCheck{}, now)
	if !ok || err != nil || c.RID == "" {
		t.Fatalf("the number of before opens nothing: %v", err)
	}
	s.run(t, "", personEntry(0, "old", talia()))
	if len(s.doses(t, "", "new")) != 0 || len(s.doses(t, "", "old")) != 1 || len(s.found(t, old, old.Phone, "")) != 2 {
		t.Error("they are one still")
	}
	if l := list(t, s, kid); !slices.Equal(l.RIDs, []string{c.RID}) {
		t.Errorf("of what was handed out %q is withdrawn", l.RIDs)
	}
	if _, _, ok, err := s.TakeRecord(t.Context(), opened(t, s, root), kid, store.NewCheck{}, now); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}
