package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// without is a registry with two people of whom one has a dose, and one that was removed by hand.
func (on suite) without(t *testing.T) *subject {
	t.Helper()
	s := on.open(t)
	s.run(t, "mercy", personEntry(0, "1", talia()), personEntry(0, "2", iris()), dose("1", "covid", "2021-03-05", "207"), dose("1", "flu", "2024-10-01", "140"))
	if found, err := s.RemoveDose(t.Context(), "mercy", "flu"); !found || err != nil {
		t.Fatalf("%v, %v", found, err)
	}
	return s
}

func (on suite) TestADoseRemovedByHandStaysRemovedWhateverComes(t *testing.T) {
	s := on.without(t)
	flu := func(day string, more ...func(*registry.Entry)) registry.Entry {
		return dose("1", "flu", day, "140", more...)
	}
	deleted := registry.Entry{ID: "flu", Remove: &registry.Removal{Dose: true}}
	for _, tt := range []struct {
		name  string
		entry registry.Entry
		tally store.Tally
	}{
		{"it comes again", flu("2024-10-01"), store.Tally{Passed: 1}},
		{"it is corrected", flu("2024-10-02", withLot("A1")), store.Tally{Passed: 1}},
		{"an older version comes", flu("2024-10-03", asOf("2020-01-01")), store.Tally{Older: 1}},
		{"it cannot be read", flu("", unread("date-wrong")), store.Tally{Passed: 1}},
		{"it is somebody else's", dose("2", "flu", "2024-10-02", "140"), store.Tally{Passed: 1}},
		{"its source deletes it", deleted, store.Tally{Removed: 1}},
		{"its source begins anew", flu("2024-10-02"), store.Tally{Passed: 1}},
		{"in error", flu("2024-10-02", inError), store.Tally{Changed: 1}},
		{"and not any more", flu("2024-10-02"), store.Tally{Passed: 1}},
	} {
		i, refused := s.run(t, "mercy", tt.entry)
		if a, b := s.doses(t, "mercy", "1"), s.doses(t, "mercy", "2"); !slices.Equal(a, []string{"2021-03-05 207"}) || len(b) > 0 {
			t.Errorf("%s: %q, of the other %q", tt.name, a, b)
		}
		if len(refused) > 0 || i.Refused > 0 || i.Doses != tt.tally || i.Reasons[store.RemovedByHand] != tt.tally.Passed {
			t.Errorf("%s: refused %q, counted %+v, for %v", tt.name, refused, i.Doses, i.Reasons)
		}
		if n := s.whose(t, "mercy", "1").Unread; n > 0 {
			t.Errorf("%s: %d not read", tt.name, n)
		}
	}
}

func (on suite) TestADoseThatIsRestoredCountsAsItCameLast(t *testing.T) {
	s := on.without(t)
	s.run(t, "mercy", dose("1", "flu", "2024-10-02", "140"))
	if person, removed, err := s.DoseOf(t.Context(), "mercy", "flu"); person != s.number(t, "mercy", "1") || !removed || err != nil {
		t.Errorf("it is of %d, removed: %v, %v", person, removed, err)
	}
	for _, want := range []bool{true, false} {
		if found, err := s.RestoreDose(t.Context(), "mercy", "flu"); found != want || err != nil {
			t.Errorf("%v, %v", found, err)
		}
	}
	if got := s.doses(t, "mercy", "1"); !slices.Equal(got, []string{"2024-10-02 140", "2021-03-05 207"}) {
		t.Errorf("%q", got)
	}
}

// An id that turns out to be of several tells nothing: what is real is not hidden by it.
func (on suite) TestARemovalEndsWithTheMeaningOfItsID(t *testing.T) {
	s := on.open(t)
	s.run(t, "", personEntry(0, "1", talia()), dose("1", "x", "2021-03-05", "207"))
	if found, err := s.RemoveDose(t.Context(), "", "x"); !found || err != nil {
		t.Fatalf("%v, %v", found, err)
	}
	i, _ := s.run(t, "", dose("1", "x", "2021-03-05", "207"), dose("1", "x", "2024-10-01", "140"))
	if got := s.doses(t, "", "1"); len(got) != 2 || i.Doses.New != 1 {
		t.Errorf("%q, counted %+v", got, i.Doses)
	}
}

func (on suite) TestARemovalAndItsEndSupersedeThePrints(t *testing.T) {
	s, p, before := on.carded(t)
	s.run(t, "", dose("1", "late", "2020-01-02", "140", withLot("A1")))
	if stands(t, list(t, s, kid), before) {
		t.Fatal("a dose of before the card takes nothing from it")
	}
	for n, change := range []func() (bool, error){
		func() (bool, error) { return s.RemoveDose(t.Context(), "", "late") },
		func() (bool, error) { return s.RestoreDose(t.Context(), "", "late") },
	} {
		card := takeCard(t, s, kid, now.Add(time.Duration(n+1)*time.Hour))
		if found, err := change(); !found || err != nil {
			t.Fatalf("%v, %v", found, err)
		}
		if stands(t, list(t, s, kid), card) {
			t.Errorf("the card of before change %d stands", n+1)
		}
	}
	if got := s.whose(t, "", "1"); len(got.Doses) != len(p.Doses)+1 {
		t.Errorf("%d doses of %d", len(got.Doses), len(p.Doses)+1)
	}
}

func restricted(e *registry.Entry) { e.Dose.Restricted = true }

// Staff decide before a record with a restricted dose is given out, and only as long as there is one.
func (on suite) TestARestrictedDoseMakesTheRecordRestricted(t *testing.T) {
	s := on.open(t)
	hpv := func(more ...func(*registry.Entry)) registry.Entry {
		return dose("1", "hpv", "2021-03-05", "165", more...)
	}
	s.run(t, "", personEntry(0, "1", talia()), personEntry(0, "2", iris()), dose("1", "flu", "2024-10-01", "140"))
	whole := talia()
	whole.Restricted = true
	for _, tt := range []struct {
		name string
		do   func()
		want bool
	}{
		{"no such dose", func() {}, false},
		{"one", func() { s.run(t, "", hpv(restricted)) }, true},
		{"it comes again", func() { s.run(t, "", hpv(restricted)) }, true},
		{"the person comes again", func() { s.run(t, "", personEntry(0, "1", talia())) }, true},
		{"it is not restricted any more", func() { s.run(t, "", hpv()) }, false},
		{"it is again", func() { s.run(t, "", hpv(restricted)) }, true},
		{"somebody removes it", func() { _, _ = s.RemoveDose(t.Context(), "", "hpv") }, false},
		{"somebody restores it", func() { _, _ = s.RestoreDose(t.Context(), "", "hpv") }, true},
		{"it was somebody else's", func() { s.run(t, "", dose("2", "hpv", "2021-03-05", "165", restricted)) }, false},
		{"one that cannot be read", func() { s.run(t, "", hpv(restricted, unread("date-wrong"), asOf("2020-01-01"))) }, false},
		{"the person is", func() { s.run(t, "", personEntry(0, "1", whole)) }, true},
		{"and is not any more", func() { s.run(t, "", personEntry(0, "1", talia())) }, false},
	} {
		tt.do()
		found := s.found(t, talia(), talia().Phone, "")
		if p := s.whose(t, "", "1"); p.Restricted != tt.want || len(found) != 1 || found[0].Restricted != tt.want {
			t.Errorf("%s: restricted is %v, of %d candidates", tt.name, p.Restricted, len(found))
		}
	}
	if p := s.whose(t, "", "2"); !p.Restricted {
		t.Error("who has it now is not restricted")
	}
	if there, err := s.RemovePerson(t.Context(), s.number(t, "", "2")); !there || err != nil {
		t.Errorf("%v, %v", there, err)
	}
}

// What was released before it became known that something is restricted is not handed out.
func (on suite) TestWhatBecomesRestrictedTakesBackWhatIsNotHandedOut(t *testing.T) {
	whole := talia()
	whole.Restricted = true
	for name, file := range map[string][]registry.Entry{
		"a dose":                   {dose("1", "hpv", "2021-03-05", "165", restricted)},
		"a dose that was there":    {dose("1", "flu", "2024-10-01", "140", restricted)},
		"the person":               {personEntry(0, "1", whole)},
		"nothing":                  {personEntry(0, "1", talia()), dose("1", "flu", "2024-10-01", "140")},
		"the restricted one again": {dose("1", "zoster", "2024-10-01", "187", restricted)},
	} {
		s := on.open(t)
		s.run(t, "", personEntry(0, "1", talia()), dose("1", "flu", "2024-10-01", "140"), dose("1", "zoster", "2024-10-01", "187", restricted))
		number := s.number(t, "", "1")
		token := opened(t, s, number)
		s.run(t, "", file...)
		_, _, ok, err := s.TakeRecord(t.Context(), token, kid, store.NewCheck{}, now)
		if want := name == "nothing" || strings.HasSuffix(name, "again"); ok != want || err != nil {
			t.Errorf("%s: the record is handed out: %v, %v", name, ok, err)
		}
	}
}

// A dose of a linked person counts for both, and what was released of either before is taken back.
func (on suite) TestARestrictedDoseOfALinkedPersonRestrictsBoth(t *testing.T) {
	for _, guarded := range []bool{true, false} {
		s, one, other := on.apart(t)
		if guarded {
			s.run(t, "mercy", dose("m", "hpv", "2021-03-05", "165", restricted))
		}
		tokens := []store.Token{opened(t, s, one), opened(t, s, other)}
		if err := s.Link(t.Context(), one, other); err != nil {
			t.Fatal(err)
		}
		p, _, err := s.Contact(t.Context(), one)
		if err != nil || p.Restricted != guarded {
			t.Errorf("restricted is %v, %v", p.Restricted, err)
		}
		for _, token := range tokens {
			if _, _, ok, err := s.TakeRecord(t.Context(), token, kid, store.NewCheck{}, now); ok == guarded || err != nil {
				t.Errorf("restricted: %v; the record of %d is handed out: %v, %v", guarded, token.Person, ok, err)
			}
		}
	}
}
