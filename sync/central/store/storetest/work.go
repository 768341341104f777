package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/store"
)

// contactsOf are the contacts of a request of these tests: what stands in its id behind the first sign, by
// letters.
func contactsOf(j store.Job) []string {
	_, all, _ := strings.Cut(j.ID, "-")
	return strings.Split(all, "")
}

// work takes what is to be done while some is in work, and tells what that is and who waits.
func (s *subject) work(t *testing.T, working ...string) (id string, w store.Work) {
	t.Helper()
	w, err := s.TakeWork(t.Context(), now, working, contactsOf)
	if err != nil {
		t.Fatal(err)
	}
	if w.Job != nil {
		id = w.Job.ID
	}
	return id, w
}

func (on suite) TestOfTwoRequestsWithOneContactTheSecondWaitsForTheFirst(t *testing.T) {
	s := on.open(t)
	for _, id := range []string{"1-a", "2-ab", "3-b", "4-c"} {
		add(t, s, id)
	}
	first, _ := s.work(t)
	other, w := s.work(t, first)
	if first != "1-a" || other != "4-c" || !slices.Equal(w.Blocked, []string{"2-ab", "3-b"}) {
		t.Fatalf("%q, then %q, and %v wait", first, other, w.Blocked)
	}
	if next, w := s.work(t, first, other); next != "" || len(w.Blocked) != 2 {
		t.Errorf("%q is begun, %v wait", next, w.Blocked)
	}
	answer(t, s, first)
	next, w := s.work(t, other)
	if next != "2-ab" || !w.Freed {
		t.Errorf("then %q; those that wait are told: %v", next, w.Freed)
	}
	if last, w := s.work(t, other, next); last != "" || !slices.Equal(w.Blocked, []string{"3-b"}) {
		t.Errorf("%q is begun", last)
	}
}

// answer ends a request that was taken.
func answer(t *testing.T, s *subject, id string) {
	t.Helper()
	if err := s.PutAnswer(t.Context(), store.Answer{ID: id, Decision: match.Decision{Verdict: match.None}}, now); err != nil {
		t.Fatal(err)
	}
}

func (on suite) TestWhatWasTakenAndIsNotInWorkIsTakenAgain(t *testing.T) {
	s := on.open(t)
	add(t, s, "1-a")
	for range 3 { // each time it was cut short
		if id, _ := s.work(t); id != "1-a" {
			t.Errorf("%q is taken", id)
		}
	}
	if id, _ := s.work(t, "1-a"); id != "" {
		t.Errorf("%q is taken twice", id)
	}
}

func (on suite) TestANewCodeGoesFirstAndNobodyElseSendsItMeanwhile(t *testing.T) {
	s := on.open(t)
	add(t, s, "1-a")
	s.work(t)
	answer(t, s, "1-a")
	add(t, s, "2-b")
	if _, err := s.AddResend(t.Context(), "1-a", false, now); err != nil {
		t.Fatal(err)
	}
	if _, w := s.work(t); w.Wish == nil || w.Wish.ID != "1-a" {
		t.Fatal("the wish does not come first")
	}
	if id, w := s.work(t, "1-a"); w.Wish != nil || id != "2-b" {
		t.Errorf("%q comes, and a wish: %v", id, w.Wish != nil)
	}
}

func (on suite) TestWhatCannotBeReadWaitsForNobody(t *testing.T) {
	s := on.open(t)
	add(t, s, "1-a")
	add(t, s, "2")
	s.work(t)
	if id, _ := s.work(t, "1-a"); id != "2" {
		t.Errorf("%q comes", id)
	}
}

func (on suite) TestOnlySoManyAreLookedAtThatWait(t *testing.T) {
	s := on.open(t)
	for i := range store.MostBlocked + 5 {
		add(t, s, keyOf(i)+"-a")
	}
	first, _ := s.work(t)
	if next, w := s.work(t, first); next != "" || len(w.Blocked) != store.MostBlocked {
		t.Errorf("%q comes, %d were looked at", next, len(w.Blocked))
	}
}

func keyOf(i int) string { return string(rune('A'+i/26)) + string(rune('A'+i%26)) }

// Once it is taken for dead, an instance keeps nothing any more of what others work on by then.
func (on suite) TestAnInstanceThatWasTakenForDeadAnswersNothing(t *testing.T) {
	s := on.open(t)
	m, err := s.Join(t.Context(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, "1-a")
	s.work(t)
	a := opens(t, s, "1-a")
	s.db.exec("DELETE FROM claims; DELETE FROM instances")
	if err := s.PutAnswer(t.Context(), a, now); !errors.Is(err, store.ErrTaken) {
		t.Errorf("an answer is kept: %v", err)
	}
	if id, w := s.work(t); id != "" || w.Wish != nil {
		t.Errorf("%q is taken by somebody whom nobody knows to live", id)
	}
	m.Leave(t.Context())
	if id, _ := s.work(t); id != "1-a" {
		t.Errorf("then %q", id)
	}
}
