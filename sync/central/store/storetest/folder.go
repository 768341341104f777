package storetest

import (
	"errors"
	"slices"
	"testing"

	"vaxkiosk/sync/central/store"
)

var twoKeys = []store.KeyPrint{{Kind: "pepper", Print: "p"}, {Kind: "sealing", Print: "s"}}

func (on suite) adopted(t *testing.T) *subject {
	t.Helper()
	s := on.open(t)
	if err := s.Adopt(t.Context(), twoKeys, now); err != nil {
		t.Fatal(err)
	}
	return s
}

func (on suite) TestSeveralKeysOfAKindAreKnownUntilTheyAreDropped(t *testing.T) {
	s := on.adopted(t)
	err := errors.Join(s.AddKey(t.Context(), "sealing", "s2", now), s.AddKey(t.Context(), "sealing", "s2", now),
		s.DropKey(t.Context(), "sealing", "s", now.AddDate(0, 0, 1)), s.DropKey(t.Context(), "sealing", "nothing", now))
	want := []store.KeyPrint{twoKeys[0], {Kind: "sealing", Print: "s", Gone: true}, {Kind: "sealing", Print: "s2"}}
	got, no := s.KeyPrints(t.Context())
	if err = errors.Join(err, no); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if got := s.db.KeyPrints(); !slices.Equal(got, want) {
		t.Errorf("past the service: %v", got)
	}
}

func (on suite) TestADatabaseRestsWhenItWasRestoredUntilItIsResumed(t *testing.T) {
	s := on.adopted(t)
	if f, err := s.Folder(t.Context()); !f.Known || f.Rests || err != nil {
		t.Fatalf("%+v, %v", f, err)
	}
	s.db.Rest(now)
	if f, err := s.Folder(t.Context()); !f.Rests || !f.Since.Equal(now) || err != nil {
		t.Errorf("%+v, %v", f, err)
	}
	if waiting, err := s.Resume(t.Context()); waiting != 0 || err != nil {
		t.Errorf("%d wait, %v", waiting, err)
	}
	if f, err := s.Folder(t.Context()); f.Rests || err != nil {
		t.Errorf("%+v, %v", f, err)
	}
}
