package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/store"
)

// handIn keeps a request of a kiosk.
func handIn(s *subject, id, kiosk string, turn, work access.Use) error {
	_, err := s.AddRequest(context.Background(), store.Request{
		ID: id, BodyHash: []byte("hash"), Envelope: []byte("sealed"), Made: now, Expires: now.AddDate(0, 0, 7), Kiosk: kiosk, Turn: turn, Work: work,
	})
	return err
}

// answerNext answers the request whose turn it is.
func answerNext(t *testing.T, s *subject) string {
	t.Helper()
	id, ok := take(t, s, now)
	if !ok {
		t.Fatal("nothing is due")
	}
	if err := s.PutAnswer(t.Context(), store.Answer{ID: id, Decision: match.Decision{Verdict: match.None}}, now); err != nil {
		t.Fatal(err)
	}
	return id
}

func (on suite) TestNobodyWaitsForWhatAnotherKioskHandsInTooMuchOf(t *testing.T) {
	s := on.open(t)
	for i := range 3 * fourAnHour.Most {
		if err := handIn(s, fmt.Sprint("many ", i), "many", usedBy("many"), access.Use{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := handIn(s, "honest", "other", usedBy("other"), access.Use{}); err != nil {
		t.Fatal(err)
	}
	var order []string
	for range 3*fourAnHour.Most + 1 {
		order = append(order, answerNext(t, s)) // none has to wait for its turn when nobody else is there
	}
	if at := slices.Index(order, "honest"); at != fourAnHour.Most {
		t.Errorf("the honest one is number %d of %v", at+1, order)
	}
}

func (on suite) TestWhatWouldWaitTooLongIsNotTaken(t *testing.T) {
	s := on.open(t)
	work := access.Use{Limit: access.Limit{Name: "test", Most: 2, Window: 24 * time.Hour}, Key: []byte("k")}
	for i := range 4 { // two at once, two within a day
		if err := handIn(s, fmt.Sprint(i), "k", access.Use{}, work); err != nil {
			t.Fatal(err)
		}
	}
	var limit *store.LimitError
	for range 3 { // what is refused does not count
		if err := handIn(s, "over", "k", access.Use{}, work); !errors.As(err, &limit) || limit.Wait != 12*time.Hour {
			t.Fatalf("one more: %v", err)
		}
	}
	if _, err := s.Kept(t.Context(), "over", []byte("hash")); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("it is kept: %v", err)
	}
	if err := handIn(s, "3", "k", access.Use{}, work); err != nil {
		t.Errorf("what is kept, once more: %v", err)
	}
}

func (on suite) TestWhatWaitsOfAKioskIsCounted(t *testing.T) {
	s := on.open(t)
	use := access.Use{Limit: access.KioskRequests, Key: []byte("k")}
	for _, id := range []string{"a", "b", "b", "c"} {
		if err := handIn(s, id, "k", access.Use{}, use); err != nil {
			t.Fatal(err)
		}
	}
	if n, bytes := s.db.KiosksWaiting(); n != 3 || bytes != 3*len("sealed") {
		t.Errorf("%d wait with %d bytes", n, bytes)
	}
	answerNext(t, s)
	if n, bytes := s.db.KiosksWaiting(); n != 2 || bytes != 2*len("sealed") {
		t.Errorf("after an answer %d wait with %d bytes", n, bytes)
	}
	if err := s.Purge(t.Context(), now.AddDate(0, 0, 7), time.Hour); err != nil {
		t.Fatal(err)
	}
	if n, bytes := s.db.KiosksWaiting(); n != 0 || bytes != 0 {
		t.Errorf("after their life %d wait with %d bytes", n, bytes)
	}
}

func (on suite) TestOneKioskMayNotHaveTooMuchWaiting(t *testing.T) {
	s := on.open(t)
	use := access.Use{Limit: access.KioskRequests, Key: []byte("k")}
	for what, most := range map[string][2]int{"requests": {store.MostWaiting, 1}, "bytes": {1, store.MostWaitingBytes}} {
		s.db.SetKioskWaiting("full", most[0], most[1])
		var limit *store.LimitError
		if err := handIn(s, "d", "full", access.Use{}, use); !errors.As(err, &limit) || limit.Name != access.KioskWaiting.Name || limit.Wait <= 0 {
			t.Errorf("too much of %s: %v", what, err)
		}
	}
}

func (on suite) TestWhatIsHeldKeepsItsPlaceUntilItIsLetGo(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	add(t, s, "b")
	if id, _ := take(t, s, now); id != "a" {
		t.Fatalf("%q comes first", id)
	}
	if err := s.Hold(t.Context(), "a", "a reason"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Held(t.Context(), now); n != 1 || err != nil {
		t.Errorf("%d held, %v", n, err)
	}
	answerNext(t, s)
	if id, ok := take(t, s, now); ok {
		t.Errorf("%q comes", id)
	}
	if _, ok, err := s.NextDue(t.Context(), now); ok || err != nil {
		t.Errorf("something is due, %v", err)
	}
	if n, err := s.Unanswered(t.Context(), now.Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("%d die, %v", n, err)
	}
	if n, err := s.Unhold(t.Context()); n != 1 || err != nil {
		t.Errorf("%d let go, %v", n, err)
	}
	if id := answerNext(t, s); id != "a" {
		t.Errorf("%q comes", id)
	}
}

func (on suite) TestWhatIsWorkedOnAlreadyIsNotTakenAgain(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	add(t, s, "b")
	for _, but := range [][]string{{"a"}, {"a", "b"}} {
		j, ok, err := s.TakeJob(t.Context(), now, but...)
		if err != nil || ok != (len(but) == 1) || ok && j.ID != "b" {
			t.Errorf("but %v: %q, %v", but, j.ID, err)
		}
		if _, waits, err := s.NextDue(t.Context(), now, but...); waits != (len(but) == 1) || err != nil {
			t.Errorf("but %v: something is due: %v, %v", but, waits, err)
		}
	}
}

// What a kiosk hears comes in whole steps, so that no work which is a little longer shows.
func (on suite) TestAnAnswerShowsOnAGrid(t *testing.T) {
	s := on.open(t)
	for after, want := range map[time.Duration]time.Duration{
		0: store.AnswerStep, time.Millisecond: store.AnswerStep, store.AnswerStep: store.AnswerStep, store.AnswerStep + time.Millisecond: 2 * store.AnswerStep, 7 * store.AnswerStep: 7 * store.AnswerStep,
		-time.Hour: store.AnswerStep, // the clock was set back
	} {
		id := after.String()
		add(t, s, id)
		take(t, s, now)
		a := store.Answer{ID: id, Decision: match.Decision{Verdict: match.None}, Done: now.Add(after)}
		if err := s.PutAnswer(t.Context(), a, now); err != nil {
			t.Fatal(err)
		}
		early, at, err := s.Look(t.Context(), id, now.Add(want-time.Millisecond))
		if err != nil || early != store.Processing || !at.Equal(now.Add(want)) {
			t.Errorf("answered after %v: %s a moment before %v, known for %v, %v", after, early, want, at.Sub(now), err)
		}
		if late, _, err := s.Look(t.Context(), id, now.Add(want)); late != store.Answered || err != nil {
			t.Errorf("answered after %v: %s after %v, %v", after, late, want, err)
		}
	}
}
