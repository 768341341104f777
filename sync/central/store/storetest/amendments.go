package storetest

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/store"
)

var clerk = store.Looker{OSUser: "clerk"}

func amend(t *testing.T, s *subject, key, ref string, made time.Time) {
	t.Helper()
	a := store.Amendment{Key: key, Ref: ref, BodyHash: []byte("hash"), Kind: "name", Made: made, Expires: made.Add(time.Hour), Envelope: []byte("sealed " + key)}
	if _, err := s.AddAmendment(t.Context(), a); err != nil {
		t.Fatal(err)
	}
}

func (on suite) TestEveryLookIsNotedWithWhoLooked(t *testing.T) {
	s := on.open(t)
	amend(t, s, "a", "REF", now)
	if err := s.AddStaff(t.Context(), store.Staff{ID: "nurse", IDHash: []byte("h"), PIN: []byte("p")}); err != nil {
		t.Fatal(err)
	}
	for _, by := range []store.Looker{clerk, {Staff: "nurse", OSUser: "clerk"}} {
		if a, err := s.LookAt(t.Context(), "REF", by, now); err != nil || string(a.Envelope) != "sealed a" {
			t.Fatalf("%d bytes, %v", len(a.Envelope), err)
		}
	}
	if a, err := s.LookAt(t.Context(), "REF", store.Looker{Staff: "nobody", OSUser: "clerk"}, now); !errors.Is(err, store.ErrStaffUnknown) || a.Envelope != nil {
		t.Errorf("an account that nobody has: %d bytes, %v", len(a.Envelope), err)
	}
	if err := s.CloseAmendment(t.Context(), "REF", clerk, now); err != nil {
		t.Fatal(err)
	}
	if err := s.CloseAmendment(t.Context(), "REF", clerk, now); !errors.Is(err, store.ErrClosed) {
		t.Errorf("closed twice: %v", err)
	}
	if looks, want := strings.Join(s.db.Looks(now), ", "), "show  clerk, show nurse clerk, close  clerk"; looks != want {
		t.Errorf("noted %q, want %q", looks, want)
	}
}

func (on suite) TestWhatCannotBeNotedIsNotShown(t *testing.T) {
	s := on.open(t)
	amend(t, s, "a", "REF", now)
	s.db.Lose("amendment_looks")
	if _, err := s.LookAt(t.Context(), "REF", clerk, now); err == nil {
		t.Error("a look without a note")
	}
	if state, err := s.AmendmentStateOf(t.Context(), "REF", now, access.Use{}); state != store.AmendmentReceived || err != nil {
		t.Errorf("state %s, %v", state, err)
	}
}

// Whose number is somebody else's now did not ask for it, also when the token was
// looked at before.
func (on suite) TestAnAmendmentIsVerifiedWhileItsTokenIsThePersons(t *testing.T) {
	s := on.open(t)
	all := madeup.Generate(2, 1, today)
	if err := s.ImportPeople(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	tokens := []store.Token{opened(t, s, 1), opened(t, s, 2)}
	correct := func(key string, by store.Token) {
		a := store.Amendment{Key: key, BodyHash: []byte("b"), Opened: by.Hash, Person: by.Person, Made: now, Expires: now.Add(time.Hour)}
		if _, err := s.AddAmendment(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	correct("1 before", tokens[0])
	correct("2 before", tokens[1])
	all[0].Family, all[1].Given, all[1].Family = "Corrected", "Somebody", "Else"
	if err := s.ImportPeople(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	correct("1 later", tokens[0])
	correct("2 later", tokens[1])
	correct("nobody's", store.Token{})
	kept, err := s.Amendments(t.Context(), false, now)
	if err != nil || len(kept) != 5 {
		t.Fatalf("%d corrections, %v", len(kept), err)
	}
	for _, a := range kept {
		if first := a.Key[0] == '1'; a.Verified != first || (a.Person == 1) != first || (a.Person == 0) == first {
			t.Errorf("%s: verified %v, of %d", a.Key, a.Verified, a.Person)
		}
	}
}

func (on suite) TestOfTwoCorrectionsWithOneNumberEachGetsItsTurn(t *testing.T) {
	s := on.open(t)
	amend(t, s, "newer", "REF", now.Add(time.Minute))
	amend(t, s, "older", "REF", now)
	for _, want := range []string{"older", "newer"} {
		a, err := s.LookAt(t.Context(), "REF", clerk, now)
		if err != nil || a.Key != want {
			t.Errorf("got %s, want %s, %v", a.Key, want, err)
		}
		if state, err := s.AmendmentStateOf(t.Context(), "REF", now, access.Use{}); state != store.AmendmentInReview || err != nil {
			t.Errorf("state %s, %v", state, err)
		}
		if err := s.CloseAmendment(t.Context(), "REF", clerk, now); err != nil {
			t.Fatal(err)
		}
	}
	if state, err := s.AmendmentStateOf(t.Context(), "REF", now, access.Use{}); state != store.AmendmentClosed || err != nil {
		t.Errorf("state %s, %v", state, err)
	}
}

func (on suite) TestUnknownNumbersAreCountedHoweverManyAskAtOnce(t *testing.T) {
	s := on.open(t)
	amend(t, s, "a", "REF", now)
	unknown := access.Use{Limit: access.KioskNumbers, Key: []byte("k")}
	var mu sync.Mutex
	told, refused := 0, 0
	var wg sync.WaitGroup
	for range 3 * unknown.Most {
		wg.Go(func() {
			_, err := s.AmendmentStateOf(t.Context(), "NONE", now, unknown)
			var limit *store.LimitError
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, store.ErrUnknown):
				told++
			case errors.As(err, &limit):
				refused++
			}
		})
	}
	wg.Wait()
	if told != unknown.Most || refused != 2*unknown.Most {
		t.Errorf("%d told, %d refused", told, refused)
	}
	s.Close()
	if state, err := s.AmendmentStateOf(t.Context(), "REF", now, access.Use{}); err == nil || state != "" {
		t.Errorf("told %q without a count", state)
	}
}

func (on suite) TestAClosedAmendmentIsErasedAndLaterForgotten(t *testing.T) {
	s := on.open(t)
	amend(t, s, "open", "A", now)
	amend(t, s, "closed", "B", now)
	if err := s.CloseAmendment(t.Context(), "B", clerk, now); err != nil {
		t.Fatal(err)
	}
	if n := s.db.SealedAmendments(); n != 1 {
		t.Errorf("%d have content, want the open one", n)
	}
	if lapsed, err := s.PurgeAmendments(t.Context(), now.Add(time.Hour), 24*time.Hour); lapsed != 1 || err != nil || s.db.SealedAmendments() != 0 {
		t.Errorf("%d ended unclosed, %v", lapsed, err)
	}
	if n := s.db.Count("amendment_looks"); n != 1 {
		t.Errorf("%d looks are noted", n)
	}
	if lapsed, err := s.PurgeAmendments(t.Context(), now.Add(25*time.Hour), 24*time.Hour); lapsed != 0 || err != nil {
		t.Errorf("%d ended unclosed, %v", lapsed, err)
	}
	if a, l := s.db.Count("amendments"), s.db.Count("amendment_looks"); a != 0 || l != 0 {
		t.Errorf("%d corrections and %d looks are kept for ever", a, l)
	}
}
