package central_test

import (
	"errors"
	"os/user"
	"slices"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/worker"
)

// doubted is a case for review: two people of one phone agree with elm's request.
func doubted(t *testing.T, h *halfway) (w *town, id string) {
	t.Helper()
	w = idle(t, h)
	if err := w.ImportPeople(w.t.Context(), twins()); err != nil {
		t.Fatal(err)
	}
	j := w.job(elm)
	if err := w.finish(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	return w, j.ID
}

// twins are two people whom nothing tells apart.
func twins() []registry.Person {
	return []registry.Person{residentOf(1, elm), residentOf(2, elm)}
}

func looker(t *testing.T) operator.Looker {
	t.Helper()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return operator.Looker{OSUser: me.Username}
}

func TestStaffSeeACaseForReviewBesideThoseWhoMayBeMeant(t *testing.T) {
	w, id := doubted(t, &halfway{})
	list, err := w.Reviews(w.t.Context())
	if err != nil || len(list) != 1 || list[0].Receipt != request.ReceiptFor(id) || !slices.Equal(list[0].Candidates, []int{1001, 1002}) ||
		!slices.Equal(list[0].Reasons, []string{string(match.SeveralAgree)}) || list[0].Envelope != nil {
		t.Fatalf("%+v, %v", list, err)
	}
	c, err := w.OpenReview(w.t.Context(), list[0].Receipt, looker(t))
	if err != nil || c.Asked.Family != "Elm" || c.Asked.PIN != "" || len(c.MayBe) != 2 || c.MayBe[1].Number != 1002 {
		t.Errorf("%d may be meant, PIN of %d, %v", len(c.MayBe), len(c.Asked.PIN), err)
	}
	if _, err := w.OpenReview(w.t.Context(), list[0].Receipt, operator.Looker{Staff: "nobody"}); !errors.Is(err, store.ErrStaffUnknown) {
		t.Errorf("opened by nobody's account: %v", err)
	}
}

// What staff choose opens that person's record with a code at the contact on file,
// and at no moment does the kiosk hear more than "answered".
func TestWhomStaffChooseGetsTheCodeAndTheKioskHearsNothingOfIt(t *testing.T) {
	h := &halfway{}
	w, id := doubted(t, h)
	receipt, by := request.ReceiptFor(id), looker(t)
	if err := w.ReleaseReview(w.t.Context(), receipt, 1003, by); !errors.Is(err, store.ErrNoCandidate) {
		t.Errorf("somebody else's record: %v", err)
	}
	if err := w.ReleaseReview(w.t.Context(), receipt, 1002, by); err != nil {
		t.Fatal(err)
	}
	if err := w.ReleaseReview(w.t.Context(), receipt, 1001, by); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("chosen twice: %v", err)
	}
	h.down = true
	for range 2 {
		w.tryAgain(1)
		if got := w.state(id); got != store.Answered {
			t.Errorf("the kiosk hears %q", got)
		}
	}
	h.down = false
	w.tryAgain(1)
	_, codes, code := h.sent()
	try, err := w.Store.TakeTry(t.Context(), id, w.now())
	if err != nil || codes != 1 || try.Person != 1002 || !w.Keeper.Check(try.Lock, id, testPIN, code) || !w.now().Before(try.Expires) {
		t.Errorf("%d codes, for person %d, %v", codes, try.Person, err)
	}
	if list, err := w.Reviews(w.t.Context()); len(list) != 0 || err != nil || w.state(id) != store.Answered {
		t.Errorf("%d cases left, %s, %v", len(list), w.state(id), err)
	}
}

// The registry may have changed since staff looked. Then the other one alone agrees,
// whom staff has not chosen.
func TestWhoIsNotOnFileAnyMoreIsNotReleasedNorAnybodyElse(t *testing.T) {
	h := &halfway{}
	w, id := doubted(t, h)
	if err := w.ReleaseReview(w.t.Context(), request.ReceiptFor(id), 1002, looker(t)); err != nil {
		t.Fatal(err)
	}
	moved := twins()
	moved[1].Phone = "+16175550143"
	if err := w.ImportPeople(w.t.Context(), moved); err != nil {
		t.Fatal(err)
	}
	w.tryAgain(1)
	if try, err := w.Store.TakeTry(t.Context(), id, w.now()); err != nil || try.Person != 0 {
		t.Errorf("person %d, %v", try.Person, err)
	}
}

func TestAClosedCaseIsErasedAndOpensNothing(t *testing.T) {
	w, id := doubted(t, &halfway{})
	receipt, by := request.ReceiptFor(id), looker(t)
	if err := w.CloseReview(w.t.Context(), receipt, by); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"show": second(w.OpenReview(w.t.Context(), receipt, by)), "release": w.ReleaseReview(w.t.Context(), receipt, 1002, by), "close": w.CloseReview(w.t.Context(), receipt, by)} {
		if !errors.Is(err, store.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if try, err := w.Store.TakeTry(t.Context(), id, w.now()); err != nil || try.Person != 0 {
		t.Errorf("person %d, %v", try.Person, err)
	}
}

func second(_ operator.Case, err error) error { return err }

func TestACaseWhoseTriesAreUsedUpIsNotReleased(t *testing.T) {
	w, id := doubted(t, &halfway{})
	for range store.MaxTries {
		if _, err := w.Store.TakeTry(t.Context(), id, w.now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.ReleaseReview(w.t.Context(), request.ReceiptFor(id), 1002, looker(t)); !errors.Is(err, store.ErrOver) {
		t.Error(err)
	}
}

func TestACaseForReviewEndsWithItsRequest(t *testing.T) {
	w, id := doubted(t, &halfway{})
	w.pass(request.Life + time.Hour)
	if err := w.Store.Purge(t.Context(), w.now(), worker.AuditLife); err != nil {
		t.Fatal(err)
	}
	if list, err := w.Reviews(w.t.Context()); len(list) != 0 || err != nil || w.state(id) != store.Expired {
		t.Errorf("%d cases, %s, %v", len(list), w.state(id), err)
	}
}
