package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

const kid = "key-of-this-year"

// carded is a registry in which resident 1, with three doses, was given cards on
// day, and resident 2 was not.
func (on suite) carded(t *testing.T) (s *subject, p registry.Person, c store.Card) {
	t.Helper()
	s = on.open(t)
	two := madeup.Generate(2, 1, today)
	p = two[0]
	p.Doses = []record.Dose{
		{Date: "2026-11-20", CVX: "140", Lot: "A1", Status: record.StatusCompleted},
		{Date: "2021-04-01", CVX: "208", Lot: "B2", Product: "Comirnaty", Status: record.StatusCompleted},
		{Date: "1990-01-02", CVX: "03", Status: record.StatusNotDone},
	}
	if err := s.ImportPeople(t.Context(), []registry.Person{p, two[1]}); err != nil {
		t.Fatal(err)
	}
	return s, p, takeCard(t, s, kid, now)
}

// opened is a token for somebody's record.
func opened(t *testing.T, s *subject, number int) store.Token {
	t.Helper()
	token := store.Token{Hash: fmt.Append(nil, "token ", number), Person: number}
	s.db.AddToken(token)
	return token
}

// The number becomes somebody else's between the look at the token and at the record.
func (on suite) TestATokenDoesNotOpenTheRecordOfWhoHasGotTheNumberSince(t *testing.T) {
	s, _, before := on.carded(t)
	token := opened(t, s, 1)
	if err := s.ImportPeople(t.Context(), madeup.Generate(1, 9, today)); err != nil {
		t.Fatal(err)
	}
	if p, c, ok, err := s.TakeRecord(t.Context(), token, kid, store.NewCheck{}, now); ok || err != nil || p.Number != 0 || c.RID != "" {
		t.Errorf("the record of %v, marked %q after %q, %v", p, c.RID, before.RID, err)
	}
}

// takeCard gives resident 1 cards.
func takeCard(t *testing.T, s *subject, kid string, at time.Time) store.Card {
	t.Helper()
	_, c, ok, err := s.TakeRecord(t.Context(), opened(t, s, 1), kid, store.NewCheck{}, at)
	if err != nil || !ok {
		t.Fatalf("%v, %v", ok, err)
	}
	return c
}

// stands reports whether a card stands, by a list: before the date it says, or by
// the reading of others not after it.
func stands(t *testing.T, l store.RevocationList, c store.Card) bool {
	t.Helper()
	for _, entry := range l.RIDs {
		rid, at, dated := strings.Cut(entry, ".")
		if rid != c.RID {
			continue
		}
		if !dated {
			return false
		}
		seconds, err := strconv.ParseInt(at, 10, 64)
		if err != nil || seconds == c.At.Unix() {
			t.Errorf("%s leaves open whether the card of %d stands", entry, c.At.Unix())
		}
		return c.At.Unix() > seconds
	}
	return true
}

func list(t *testing.T, s *subject, kid string) store.RevocationList {
	t.Helper()
	l, err := s.Revoked(t.Context(), kid)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := s.RevocationCounts(t.Context())
	if n := max(1, counts[kid]); err != nil || n != l.Count {
		t.Errorf("the list of %s has the count %d here and %d there, %v", kid, l.Count, n, err)
	}
	return l
}

func (on suite) TestWhatCardsSayNoMoreSupersedesThem(t *testing.T) {
	for name, c := range map[string]struct {
		change     func(p *registry.Person)
		supersedes bool
	}{
		"nothing":                        {func(*registry.Person) {}, false},
		"family name":                    {func(p *registry.Person) { p.Family = "Other" }, true},
		"given name":                     {func(p *registry.Person) { p.Given = "Other" }, true},
		"birth date":                     {func(p *registry.Person) { p.Birth = request.Date{Year: 1980, Month: 1, Day: 2} }, true},
		"phone and gender":               {func(p *registry.Person) { p.Phone, p.Gender = "+16175550199", request.Other }, false},
		"date of a dose":                 {func(p *registry.Person) { p.Doses[0].Date = "2026-11-19" }, true},
		"vaccine":                        {func(p *registry.Person) { p.Doses[1].CVX = "207" }, true},
		"lot":                            {func(p *registry.Person) { p.Doses[1].Lot = "B3" }, true},
		"clinic":                         {func(p *registry.Person) { p.Doses[1].Performer = "Elm Square" }, true},
		"clinic too long for cards":      {func(p *registry.Person) { p.Doses[1].Performer = strings.Repeat("x", 40) }, false},
		"trade name":                     {func(p *registry.Person) { p.Doses[1].Product = "Other" }, false},
		"a dose is gone":                 {func(p *registry.Person) { p.Doses = p.Doses[1:] }, true},
		"a dose was entered in error":    {func(p *registry.Person) { p.Doses[0].Status = record.StatusError }, true},
		"a refused dose is gone":         {func(p *registry.Person) { p.Doses = p.Doses[:2] }, false},
		"a refused dose was given":       {func(p *registry.Person) { p.Doses[2].Status = record.StatusCompleted }, true},
		"a dose turned out not valid":    {func(p *registry.Person) { p.Doses[0].NotValid = true }, true},
		"a dose is historical after all": {func(p *registry.Person) { p.Doses[0].Historical = true }, true},
		"a refused dose is historical":   {func(p *registry.Person) { p.Doses[2].Historical = true }, false},
		"a historical dose was missing":  {func(p *registry.Person) { withDose(now.AddDate(0, 0, -2))(p); p.Doses[3].Historical = true }, false},
		"a dose that was missing":        {withDose(now.AddDate(0, 0, -2)), true},
		"a dose of the day of the cards": {withDose(now.Add(-12 * time.Hour)), false}, // that day, in some place
		"a dose given since":             {withDose(now.AddDate(0, 0, 5)), false},
		"a recommendation": {func(p *registry.Person) {
			p.Recommendations = []record.Recommendation{{CVX: "140", Status: "due", Date: "2026-11-20", AsOf: "2026-11-20"}}
		}, false},
	} {
		s, p, before := on.carded(t)
		c.change(&p)
		if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
			t.Fatal(err)
		}
		l := list(t, s, kid)
		if got := !stands(t, l, before); got != c.supersedes || (l.Count > 1) != c.supersedes {
			t.Errorf("%s: superseded %v, count %d", name, got, l.Count)
		}
		if after := takeCard(t, s, kid, now); after.RID != before.RID || !stands(t, l, after) || after.At.Sub(now) > 2*time.Second {
			t.Errorf("%s: the next card, of %v, does not stand", name, after.At)
		}
	}
}

func withDose(day time.Time) func(*registry.Person) {
	return func(p *registry.Person) {
		p.Doses = append(p.Doses, record.Dose{Date: day.Format(time.DateOnly), CVX: "113", Status: record.StatusCompleted})
	}
}

func (on suite) TestAClockThatWasAheadDoesNotKeepAnybodyFromCards(t *testing.T) {
	s, p, _ := on.carded(t)
	ahead := takeCard(t, s, kid, now.AddDate(1, 0, 0))
	if c := takeCard(t, s, kid, now); !c.At.Equal(now) {
		t.Errorf("a card of %v, though it is %v", c.At, now)
	}
	p.Doses = p.Doses[1:]
	if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
		t.Fatal(err)
	}
	after := takeCard(t, s, kid, now)
	if l := list(t, s, kid); !after.At.Equal(now) || !stands(t, l, after) || stands(t, l, ahead) {
		t.Errorf("a card of %v with the list %+v", after.At, l)
	}
}

// However records and corrections take turns, no card stands that says what the
// registry says no more.
func (on suite) TestNoCardSlipsThroughWhileTheRecordChanges(t *testing.T) {
	s, p, _ := on.carded(t)
	type handedOut struct {
		lot string
		store.Card
	}
	prints, token := make(chan handedOut), opened(t, s, 1)
	done := make(chan struct{})
	go func() {
		defer close(prints)
		for {
			got, c, _, err := s.TakeRecord(context.Background(), token, kid, store.NewCheck{}, now)
			if err != nil {
				t.Error(err)
				return
			}
			select {
			case prints <- handedOut{got.Doses[0].Lot, c}:
			case <-done:
				return
			}
		}
	}()
	var all []handedOut
	for n := range 40 {
		p.Doses = slices.Clone(p.Doses)
		p.Doses[0].Lot = fmt.Sprint("B", n)
		imported := make(chan error, 1)
		go func() { imported <- s.ImportPeople(context.Background(), []registry.Person{p}) }()
		for waiting := true; waiting; {
			select {
			case c := <-prints:
				all = append(all, c)
			case err := <-imported:
				if waiting = false; err != nil {
					t.Error(err)
				}
			}
		}
	}
	close(done)
	all = append(all, rest(prints)...)
	l := list(t, s, kid)
	for _, c := range all {
		if c.lot != p.Doses[0].Lot && stands(t, l, c.Card) {
			t.Errorf("a card with the lot %s stands", c.lot)
		}
	}
	if c := takeCard(t, s, kid, now); len(all) == 0 || !stands(t, l, c) {
		t.Errorf("%d prints; the last one stands: %v", len(all), stands(t, l, c))
	}
}

// rest is what comes from a channel until it is closed.
func rest[T any](from <-chan T) (all []T) {
	for one := range from {
		all = append(all, one)
	}
	return all
}

func (on suite) TestSomebodyElsesNumberWithdrawsTheCards(t *testing.T) {
	s, _, before := on.carded(t)
	other := madeup.Generate(1, 9, today)[0]
	if err := s.ImportPeople(t.Context(), []registry.Person{other}); err != nil {
		t.Fatal(err)
	}
	if l := list(t, s, kid); !slices.Equal(l.RIDs, []string{before.RID}) || l.Count < 2 {
		t.Errorf("%+v, want %s alone", l, before.RID)
	}
	if after := takeCard(t, s, kid, now); after.RID == before.RID || !stands(t, list(t, s, kid), after) {
		t.Error("the cards of the other person have the same id, or do not stand")
	}
}

func (on suite) TestWhoWasNeverGivenCardsIsOnNoList(t *testing.T) {
	s, p, _ := on.carded(t)
	p.Number, p.Family = 2, "Other" // resident 2
	none := p
	none.Number, none.Doses = 3, p.Doses[2:]
	if err := s.ImportPeople(t.Context(), []registry.Person{p, none}); err != nil {
		t.Fatal(err)
	}
	if _, c, ok, err := s.TakeRecord(t.Context(), opened(t, s, 3), kid, store.NewCheck{}, now); err != nil || !ok || c.RID != "" {
		t.Errorf("a record without a completed dose has the id %q, %v", c.RID, err)
	}
	none.Doses = nil
	if err := s.ImportPeople(t.Context(), []registry.Person{none}); err != nil {
		t.Fatal(err)
	}
	if l := list(t, s, kid); len(l.RIDs) != 0 || l.Count != 1 {
		t.Errorf("%+v", l)
	}
	if _, _, ok, err := s.TakeRecord(t.Context(), opened(t, s, 4), kid, store.NewCheck{}, now); ok || err != nil {
		t.Errorf("nobody has a record: %v, %v", ok, err)
	}
}

func (on suite) TestLinesOfAFileSupersedeInTheTransactionThatWritesThem(t *testing.T) {
	s, p, before := on.carded(t)
	i, err := s.StartImport(t.Context(), "doses.csv", "")
	if err != nil {
		t.Fatal(err)
	}
	same := registry.Entry{Line: 1, ID: "1", Dose: &registry.Report{Dose: p.Doses[1]}}
	other := p.Doses[1]
	other.Performer = "Elm Square"
	moved := registry.Entry{Line: 2, ID: "1", Dose: &registry.Report{Dose: other}}
	for _, entries := range [][]registry.Entry{{same}, {moved, same}} { // the second puts it right again
		if _, err := s.Import(t.Context(), &i, entries); err != nil {
			t.Fatal(err)
		}
	}
	if l := list(t, s, kid); l.Count != 1 || len(l.RIDs) != 0 {
		t.Errorf("what came again as it was: %+v", l)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Import(ctx, &i, []registry.Entry{moved}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := s.Import(t.Context(), &i, []registry.Entry{moved, doseEntry(3, "1", "2022-04-01", "208")}); err != nil {
		t.Fatal(err)
	}
	l := list(t, s, kid)
	if want := fmt.Sprint(before.RID, ".", before.At.Unix()+1); l.Count < 2 || !slices.Equal(l.RIDs, []string{want}) {
		t.Errorf("%+v, want %s", l, want)
	}
	if _, err := s.Import(t.Context(), &i, []registry.Entry{moved}); err != nil {
		t.Fatal(err)
	}
	if again := list(t, s, kid); again.Count != l.Count {
		t.Errorf("nothing has changed since: %+v", again)
	}
}

func (on suite) TestEachKeyHasItsIdsAndItsList(t *testing.T) {
	s, p, old := on.carded(t)
	next := takeCard(t, s, "next", now.AddDate(1, 0, 0))
	if old.RID == next.RID || !record.RID.MatchString(old.RID) || len(old.RID) != 11 {
		t.Errorf("ids %q and %q", old.RID, next.RID)
	}
	p.Doses = p.Doses[1:]
	if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
		t.Fatal(err)
	}
	a, b := list(t, s, kid), list(t, s, "next")
	if stands(t, a, old) || stands(t, b, next) || len(a.RIDs) != 1 || len(b.RIDs) != 1 || a.Count < 2 || b.Count < 2 {
		t.Errorf("%+v and %+v", a, b)
	}
	if c := list(t, s, "third"); c.Count != 1 || c.RIDs == nil || len(c.RIDs) != 0 {
		t.Errorf("a key without revoked cards: %+v", c)
	}
}

// Verifiers fetch a list anew when its count is above the one they have.
func (on suite) TestTheCountOfAListGrowsAlsoAfterAnOlderBackup(t *testing.T) {
	s, p, _ := on.carded(t)
	change := func() int {
		p.Given += "x"
		if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
			t.Fatal(err)
		}
		takeCard(t, s, kid, now.Add(time.Minute))
		return list(t, s, kid).Count
	}
	first := change()
	if second := change(); second <= first {
		t.Errorf("%d, then %d", first, second)
	}
	s.db.SetListCounts(2) // as it was years ago
	if after := change(); after < first {
		t.Errorf("%d after the backup, and verifiers have %d", after, first)
	}
}

func (on suite) TestARemovedOrWithdrawnRecordIsRevokedForGood(t *testing.T) {
	s, _, first := on.carded(t)
	if err := s.WithdrawCards(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	second := takeCard(t, s, kid, now)
	if l := list(t, s, kid); stands(t, l, first) || !stands(t, l, second) {
		t.Errorf("after the withdrawal: %+v", l)
	}
	if there, err := s.RemovePerson(t.Context(), 1); !there || err != nil {
		t.Errorf("%v, %v", there, err)
	}
	l := list(t, s, kid)
	if want := []string{first.RID, second.RID}; len(l.RIDs) != 2 || !slices.Contains(want, l.RIDs[0]) || !slices.Contains(want, l.RIDs[1]) || l.Count < 3 {
		t.Errorf("after the removal: %+v", l)
	}
	if _, ok, err := s.Person(t.Context(), 1); ok || err != nil {
		t.Errorf("still there: %v", err)
	}
	if there, err := s.RemovePerson(t.Context(), 1); there || err != nil {
		t.Errorf("nobody was removed: %v", err)
	}
}
