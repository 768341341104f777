package store

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/people"
)

var (
	checkCode = bytes.Repeat([]byte{7}, 32)
	hashed    = NewCheck{Code: checkCode, Birth: func(birth string) []byte { return []byte("hash of " + birth) }, Life: time.Hour}
)

// coded is a registry in which resident 1 was given a record with a code on day.
func coded(t *testing.T) (s *Store, path string, p people.Person) {
	t.Helper()
	s, path = open(t)
	p = people.Generate(1, 1, today)[0]
	p.Doses = []record.Dose{{Date: "2021-04-01", CVX: "208", Lot: "B2", Status: record.StatusCompleted}}
	if err := s.ImportPeople(t.Context(), []people.Person{p}); err != nil {
		t.Fatal(err)
	}
	if _, _, ok, err := s.TakeRecord(t.Context(), opened(t, s, 1), kid, hashed, now); !ok || err != nil {
		t.Fatal(ok, err)
	}
	return s, path, p
}

func (s *Store) take(t *testing.T, code []byte, at time.Time) (c Check, fits bool) {
	t.Helper()
	c, err := s.TakeCheck(t.Context(), code, at, access.Use{}, access.Use{})
	if err != nil {
		t.Fatal(err)
	}
	return c, len(c.Birth) != 32 // the stand-in's
}

// Guesses that come at once over two instances are five in all.
func TestATryOfACodeIsTakenBeforeItIsCompared(t *testing.T) {
	s, path, _ := coded(t)
	other, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var all sync.WaitGroup
	var compared atomic.Int32
	for i := range 24 {
		all.Go(func() {
			c, err := []*Store{s, other}[i%2].TakeCheck(t.Context(), checkCode, now, access.Use{}, access.Use{})
			if err != nil {
				t.Error(err)
			}
			if len(c.Birth) != 32 {
				compared.Add(1)
			}
		})
	}
	all.Wait()
	if n := compared.Load(); n != MaxTries {
		t.Errorf("%d guesses are compared", n)
	}
}

func TestACodeOpensWithItsHashUntilItsTimeIsOver(t *testing.T) {
	s, _, p := coded(t)
	c, fits := s.take(t, checkCode, now)
	if !fits || string(c.Birth) != "hash of "+p.Birth.String() || !c.Issued.Equal(now.Truncate(time.Second)) {
		t.Fatalf("%v, %v", fits, c.Issued)
	}
	for range 2 * MaxTries { // right ones come back
		c, fits = s.take(t, checkCode, now)
		state, got, err := s.OpenCheck(t.Context(), c)
		if !fits || state != Unchanged || got.Family != p.Family || len(got.Doses) != 1 || err != nil {
			t.Fatalf("%v, %s, %v", fits, state, err)
		}
	}
	if _, fits := s.take(t, checkCode, now.Add(time.Hour)); fits {
		t.Error("a code outlives its life")
	}
}

func TestAForgottenCodeOpensNothing(t *testing.T) {
	s, _, _ := coded(t)
	c, _ := s.take(t, checkCode, now)
	if err := s.PurgeChecks(t.Context(), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if state, got, err := s.OpenCheck(t.Context(), c); !errors.Is(err, ErrUnknown) || state != "" || got.Family != "" {
		t.Errorf("forgotten in between: %s, %v", state, err)
	}
	if _, fits := s.take(t, checkCode, now); fits {
		t.Error("a forgotten code fits")
	}
}

// What has changed between the try and the answer counts.
func TestAnAnswerIsOfTheMomentItIsGiven(t *testing.T) {
	s, _, p := coded(t)
	c, _ := s.take(t, checkCode, now)
	p.Doses[0].Lot = "C3"
	if err := s.ImportPeople(t.Context(), []people.Person{p}); err != nil {
		t.Fatal(err)
	}
	if state, got, err := s.OpenCheck(t.Context(), c); state != Superseded || got.Doses[0].Lot != "C3" || err != nil {
		t.Errorf("%s, %v", state, err)
	}
	c, _ = s.take(t, checkCode, now)
	if _, err := s.RemovePerson(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if state, got, err := s.OpenCheck(t.Context(), c); state != Withdrawn || got.Family != "" || got.Doses != nil || err != nil {
		t.Errorf("%s, %v", state, err)
	}
}

func TestWithdrawingCardsWithdrawsCodes(t *testing.T) {
	s, _, _ := coded(t)
	if err := s.WithdrawCards(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	c, _ := s.take(t, checkCode, now)
	if state, got, err := s.OpenCheck(t.Context(), c); state != Withdrawn || got.Family != "" || err != nil {
		t.Errorf("%s, %v", state, err)
	}
}
