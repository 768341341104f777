package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/store"
)

// What happens when many unlock at once, and all of them count into the same limits.

// openEach is a request of each of n people that opens their record.
func openEach(t *testing.T, s *subject, n int) {
	t.Helper()
	people := madeup.Generate(n, 1, today)
	if err := s.ImportPeople(t.Context(), people); err != nil {
		t.Fatal(err)
	}
	for i := range people {
		id := fmt.Sprint("request ", i)
		add(t, s, id)
		take(t, s, now)
		if err := s.PutAnswer(t.Context(), finds(id, people[i]), now); err != nil {
			t.Fatal(err)
		}
	}
}

// tokenOf is the token that request i is to open.
func tokenOf(i int) store.Token {
	id := fmt.Sprint("request ", i)
	return store.Token{Hash: []byte(id), Request: id, Person: i + 1, Kiosk: "k", Expires: now.Add(time.Minute)}
}

func (on suite) TestNobodyIsPutOffWhenManyUnlockAtOnce(t *testing.T) {
	s := on.open(t)
	const many = 24
	openEach(t, s, many)
	all := access.Use{Limit: access.AllProofs, Key: []byte("all")}
	var crew sync.WaitGroup
	for i := range many {
		crew.Go(func() {
			for range 5 { // as often as somebody may be wrong, and nobody is
				try, err := s.TakeTry(t.Context(), tokenOf(i).Request, now, all)
				token := tokenOf(i)
				token.Hash = fmt.Appendf(token.Hash, " %d", time.Now().UnixNano())
				if err == nil {
					err = s.AddToken(t.Context(), token, try, store.Vouch{}, now)
				}
				if err != nil {
					t.Errorf("request %d: %v", i, err)
				}
			}
		})
	}
	crew.Wait()
	if err := s.Fit(t.Context(), now, access.Use{Limit: access.Limit{Name: "one", Most: 1, Window: time.Hour}, Key: all.Key}); err != nil {
		t.Errorf("not all is given back: %v", err)
	}
}

// Whichever comes first: the token of somebody who is removed meanwhile opens nothing.
func (on suite) TestATokenGoesWithThePersonWhoIsRemovedMeanwhile(t *testing.T) {
	s := on.open(t)
	const many = 24
	openEach(t, s, many)
	for i := range many {
		try, err := s.TakeTry(t.Context(), tokenOf(i).Request, now)
		if err != nil {
			t.Fatal(err)
		}
		var both sync.WaitGroup
		both.Go(func() {
			if err := s.AddToken(t.Context(), tokenOf(i), try, store.Vouch{}, now); err != nil && !errors.Is(err, store.ErrUnknown) {
				t.Error(err)
			}
		})
		both.Go(func() {
			if _, err := s.RemovePerson(t.Context(), i+1); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		if _, err := s.TokenOf(t.Context(), tokenOf(i).Hash, "k"); !errors.Is(err, store.ErrUnknown) {
			t.Errorf("the token of removed resident %d: %v", i+1, err)
		}
	}
}
