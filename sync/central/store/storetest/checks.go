package storetest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

var (
	checkCode = bytes.Repeat([]byte{7}, 32)
	hashed    = store.NewCheck{Code: checkCode, Birth: func(birth string) []byte { return []byte("hash of " + birth) }, Dose: hashOf, Life: time.Hour}
)

func hashOf(dose string) []byte {
	sum := sha256.Sum256([]byte(dose))
	return sum[:]
}

// coded is a registry in which resident 1 was given a record with a code on day.
func (on suite) coded(t *testing.T) (s *subject, p registry.Person) {
	t.Helper()
	s = on.open(t)
	p = madeup.Generate(1, 1, today)[0]
	p.Doses = []record.Dose{{Date: "2021-04-01", CVX: "208", Lot: "B2", Status: record.StatusCompleted}}
	if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
		t.Fatal(err)
	}
	if _, _, ok, err := s.TakeRecord(t.Context(), opened(t, s, 1), kid, hashed, now); !ok || err != nil {
		t.Fatal(ok, err)
	}
	return s, p
}

func (s *subject) take(t *testing.T, code []byte, at time.Time) (c store.Check, fits bool) {
	t.Helper()
	c, err := s.TakeCheck(t.Context(), code, at, access.Use{}, access.Use{})
	if err != nil {
		t.Fatal(err)
	}
	return c, len(c.Birth) != 32 // the stand-in's
}

// Guesses that come at once over two instances are five in all.
func (on suite) TestATryOfACodeIsTakenBeforeItIsCompared(t *testing.T) {
	s, _ := on.coded(t)
	other := s.another(t)
	var all sync.WaitGroup
	var compared atomic.Int32
	for i := range 24 {
		all.Go(func() {
			c, err := []*subject{s, other}[i%2].TakeCheck(t.Context(), checkCode, now, access.Use{}, access.Use{})
			if err != nil {
				t.Error(err)
			}
			if len(c.Birth) != 32 {
				compared.Add(1)
			}
		})
	}
	all.Wait()
	if n := compared.Load(); n != store.MaxTries {
		t.Errorf("%d guesses are compared", n)
	}
}

func (on suite) TestACodeOpensWithItsHashUntilItsTimeIsOver(t *testing.T) {
	s, p := on.coded(t)
	c, fits := s.take(t, checkCode, now)
	if !fits || string(c.Birth) != "hash of "+p.Birth.String() || !c.Issued.Equal(now.Truncate(time.Second)) {
		t.Fatalf("%v, %v", fits, c.Issued)
	}
	for range 2 * store.MaxTries { // right ones come back
		c, fits = s.take(t, checkCode, now)
		state, got, err := s.OpenCheck(t.Context(), c)
		if !fits || state != store.Unchanged || got.Family != p.Family || len(got.Doses) != 1 || err != nil {
			t.Fatalf("%v, %s, %v", fits, state, err)
		}
	}
	if _, fits := s.take(t, checkCode, now.Add(time.Hour)); fits {
		t.Error("a code outlives its life")
	}
}

func (on suite) TestAForgottenCodeOpensNothing(t *testing.T) {
	s, _ := on.coded(t)
	c, _ := s.take(t, checkCode, now)
	if err := s.PurgeChecks(t.Context(), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if state, got, err := s.OpenCheck(t.Context(), c); !errors.Is(err, store.ErrUnknown) || state != "" || got.Family != "" {
		t.Errorf("forgotten in between: %s, %v", state, err)
	}
	if _, fits := s.take(t, checkCode, now); fits {
		t.Error("a forgotten code fits")
	}
}

// What has changed between the try and the answer counts.
func (on suite) TestAnAnswerIsOfTheMomentItIsGiven(t *testing.T) {
	s, p := on.coded(t)
	c, _ := s.take(t, checkCode, now)
	p.Doses[0].Lot = "C3"
	if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
		t.Fatal(err)
	}
	if state, got, err := s.OpenCheck(t.Context(), c); state != store.Superseded || got.Family != "" || got.Doses != nil || err != nil {
		t.Errorf("%s, %v", state, err)
	}
	c, _ = s.take(t, checkCode, now)
	if _, err := s.RemovePerson(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if state, got, err := s.OpenCheck(t.Context(), c); state != store.Withdrawn || got.Family != "" || got.Doses != nil || err != nil {
		t.Errorf("%s, %v", state, err)
	}
}

// Not even on the day of the print itself.
func (on suite) TestWhatWasReportedSinceIsNotAsPrinted(t *testing.T) {
	s, p := on.coded(t)
	was := slices.Clone(p.Doses)
	day := func(off time.Duration) string { return now.Add(off).UTC().Format(time.DateOnly) }
	p.Doses = append(p.Doses, record.Dose{Date: day(24 * time.Hour), CVX: "140", Status: record.StatusCompleted},
		record.Dose{Date: day(0), CVX: "140", Status: record.StatusCompleted})
	if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
		t.Fatal(err)
	}
	c, _ := s.take(t, checkCode, now)
	state, got, err := s.OpenCheck(t.Context(), c)
	if state != store.Unchanged || len(got.Doses) != 3 || err != nil {
		t.Fatalf("%s with %d doses, %v", state, len(got.Doses), err)
	}
	if shown := c.AsPrinted(got.Doses, hashOf); !slices.Equal(shown, was) {
		t.Errorf("shown are %v", shown)
	}
	twice := append(slices.Clone(was), was...)
	if shown := c.AsPrinted(twice, hashOf); !slices.Equal(shown, was) {
		t.Errorf("a dose that was printed once is shown as %v", shown)
	}
	s.db.SetPrinted(checkCode, nil) // of before
	c, _ = s.take(t, checkCode, now)
	if shown := c.AsPrinted(p.Doses, hashOf); len(shown) != 2 || slices.Contains(shown, p.Doses[1]) {
		t.Errorf("of a print of before are shown %v", shown)
	}
	s.db.SetPrinted(checkCode, []byte{}) // no dose was on it
	c, _ = s.take(t, checkCode, now)
	if shown := c.AsPrinted(p.Doses, hashOf); len(shown) != 0 {
		t.Errorf("of an empty print are shown %v", shown)
	}
}

// A print says more than its cards do.
func (on suite) TestAPrintIsSupersededByWhateverItSaysOfADoseAndNoCardHolds(t *testing.T) {
	for name, c := range map[string]struct {
		change func(d []record.Dose)
		want   store.CheckState
	}{
		"nothing":                        {func([]record.Dose) {}, store.Unchanged},
		"a dose turned out not valid":    {func(d []record.Dose) { d[0].NotValid = true }, store.Superseded},
		"a historical one is not valid":  {func(d []record.Dose) { d[1].NotValid = true }, store.Superseded},
		"a historical one was reported":  {func(d []record.Dose) { d[1].Historical = false }, store.Superseded},
		"a historical one is an error":   {func(d []record.Dose) { d[1].Status = record.StatusError }, store.Superseded},
		"one not valid is valid":         {func(d []record.Dose) { d[2].NotValid = false }, store.Superseded},
		"one not valid has another lot":  {func(d []record.Dose) { d[2].Lot = "C3" }, store.Superseded},
		"one not valid has another name": {func(d []record.Dose) { d[2].Product = "Other" }, store.Superseded},
		"a dose has another product":     {func(d []record.Dose) { d[0].Product = "Other" }, store.Superseded},
		"a dose has another maker":       {func(d []record.Dose) { d[0].Manufacturer = "Other" }, store.Superseded},
		"a dose has another place":       {func(d []record.Dose) { d[0].Performer = strings.Repeat("x", 60) }, store.Superseded},
	} {
		s, p := on.coded(t)
		p.Doses = append(p.Doses,
			record.Dose{Date: "2010-04-01", CVX: "03", Status: record.StatusCompleted, Historical: true},
			record.Dose{Date: "2009-04-01", CVX: "03", Status: record.StatusCompleted, NotValid: true})
		if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
			t.Fatal(err)
		}
		second := hashed
		second.Code = bytes.Repeat([]byte{8}, 32)
		_, card, ok, err := s.TakeRecord(t.Context(), opened(t, s, 1), kid, second, now)
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		c.change(p.Doses)
		if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
			t.Fatal(err)
		}
		took, _ := s.take(t, second.Code, now)
		state, got, err := s.OpenCheck(t.Context(), took)
		if state != c.want || (state == store.Unchanged) != slices.Equal(took.AsPrinted(got.Doses, hashOf), p.Doses) || err != nil {
			t.Errorf("%s: %s, %v", name, state, err)
		}
		if fits := p.Doses[0].FitsCard() && !p.Doses[1].FitsCard() && !p.Doses[2].FitsCard(); stands(t, list(t, s, kid), card) != fits {
			t.Errorf("%s: the card stands: %v", name, !fits)
		}
	}
}

func (on suite) TestWithdrawingCardsWithdrawsCodes(t *testing.T) {
	s, _ := on.coded(t)
	if err := s.WithdrawCards(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	c, _ := s.take(t, checkCode, now)
	if state, got, err := s.OpenCheck(t.Context(), c); state != store.Withdrawn || got.Family != "" || err != nil {
		t.Errorf("%s, %v", state, err)
	}
}
