package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"vaxkiosk/sync/central/store"
)

// saidBy lists the last heartbeats of kiosks, by their IDs.
func (s *subject) saidBy(t *testing.T, ids ...string) (text string) {
	t.Helper()
	all, err := s.Heartbeats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if h, is := all[id]; is {
			text += fmt.Sprintf("%s %s %d; ", id, h.Version, h.Waiting)
		}
	}
	if len(ids) < len(all) {
		t.Errorf("%d heartbeats of %d kiosks", len(all), len(ids))
	}
	return text
}

func (on suite) TestTheLastHeartbeatOfAListedKioskIsKept(t *testing.T) {
	s := on.open(t)
	for _, id := range []string{"a", "b"} {
		k := store.Kiosk{Fingerprint: id, Name: "kiosk " + id, Issued: now, Until: now.Add(time.Hour)}
		if err := s.AddKiosk(t.Context(), k, "added", ""); err != nil {
			t.Fatal(err)
		}
	}
	ahead := -7
	for i, id := range []string{"a", "b", "a", "nobody"} {
		h := store.Heartbeat{Kiosk: id, At: now, Version: "0.3.0", Waiting: i, Oldest: time.Minute, Skew: &ahead}
		if err := s.KeepHeartbeat(t.Context(), h); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.saidBy(t, "a", "b", "nobody"); got != "a 0.3.0 2; b 0.3.0 1; " {
		t.Error(got)
	}
	want := store.Heartbeat{Kiosk: "a", At: time.Unix(now.Unix(), 0), Version: "0.3.0", Waiting: 2, Oldest: time.Minute, Skew: &ahead}
	if all, err := s.Heartbeats(t.Context()); err != nil || !reflect.DeepEqual(all["a"], want) {
		t.Errorf("%+v, %v", all["a"], err)
	}
	if _, err := s.RevokeKiosk(t.Context(), "kiosk a", "stolen", "ana", now); err != nil {
		t.Fatal(err)
	}
	if err := s.KeepHeartbeat(t.Context(), store.Heartbeat{Kiosk: "a", At: now}); err != nil { // it was under way
		t.Fatal(err)
	}
	if got := s.saidBy(t, "a", "b"); got != "b 0.3.0 1; " {
		t.Errorf("after one was revoked: %s", got)
	}
}

// ask asks something of a kiosk.
func (s *subject) ask(t *testing.T, id, name, what string) error {
	t.Helper()
	o := store.Order{ID: id, Kiosk: name, What: what, Expires: now.Add(time.Minute), By: "ana"}
	return s.AddOrder(t.Context(), o, func(fingerprint string) (string, error) { return fingerprint + " signed " + id, nil }, now)
}

func (on suite) TestWhatIsAskedOfAKioskWaitsUntilItHasAnswered(t *testing.T) {
	s := on.open(t)
	k := store.Kiosk{ID: "a", Fingerprint: "a", Name: "kiosk a", Issued: now, Until: now.Add(time.Hour)}
	if err := s.AddKiosk(t.Context(), k, "added", ""); err != nil {
		t.Fatal(err)
	}
	ask := func(id, name, what string) error { return s.ask(t, id, name, what) }
	waits := func(kiosk string, at time.Time, want ...string) {
		t.Helper()
		if all, err := s.Orders(t.Context(), kiosk, at); err != nil || !slices.Equal(all, want) {
			t.Errorf("%q, %v, want %q", all, err, want)
		}
	}
	for _, id := range []string{"1", "2"} { // the second is in place of the first
		if err := ask(id, "kiosk a", "restart"); err != nil {
			t.Fatal(err)
		}
	}
	waits("a", now, "a signed 2")
	waits("b", now)
	waits("a", now.Add(time.Minute))
	for range 2 { // a kiosk may answer twice
		if err := s.AnswerOrder(t.Context(), k, "2", "done", now); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.AnswerOrder(t.Context(), store.Kiosk{ID: "b", Name: "kiosk b"}, "2", "done", now); err != nil {
		t.Fatal(err)
	}
	waits("a", now)
	notes, err := s.KioskChanges(t.Context(), "")
	got := ""
	for _, c := range notes {
		got += c.Kiosk + " " + c.What + " " + c.By + "; "
	}
	if want := "kiosk a added ; kiosk a asked: restart ana; kiosk a asked: restart ana; kiosk a restart: done ; "; err != nil || got != want {
		t.Errorf("%s, %v", got, err)
	}
}

func (on suite) TestNothingIsAskedOfAKioskThatIsNotLetIn(t *testing.T) {
	s := on.open(t)
	k := store.Kiosk{ID: "a", Fingerprint: "a", Name: "kiosk a", Issued: now, Until: now.Add(time.Hour)}
	if err := s.AddKiosk(t.Context(), k, "added", ""); err != nil {
		t.Fatal(err)
	}
	if err := s.ask(t, "3", "kiosk b", "restart"); !errors.Is(err, store.ErrKioskUnknown) {
		t.Error(err)
	}
	if err := errors.Join(s.ask(t, "4", "kiosk a", "settings"), s.SuspendKiosk(t.Context(), "kiosk a", "moved", "", now)); err != nil {
		t.Fatal(err)
	}
	if err := s.ask(t, "5", "kiosk a", "restart"); !errors.Is(err, store.ErrKioskSuspended) {
		t.Error(err)
	}
	if _, err := s.RevokeKiosk(t.Context(), "kiosk a", "stolen", "", now); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Orders(t.Context(), "a", now); len(all) > 0 || err != nil {
		t.Errorf("of before it was revoked: %q, %v", all, err)
	}
	if err := s.ask(t, "6", "kiosk a", "restart"); !errors.Is(err, store.ErrKioskRevoked) {
		t.Error(err)
	}
}

func (on suite) TestDiagnosticsAreKeptOfAKioskThatWasAskedForThem(t *testing.T) {
	s := on.open(t)
	k := store.Kiosk{ID: "a", Fingerprint: "a", Name: "kiosk a", Issued: now, Until: now.Add(time.Hour)}
	if err := s.AddKiosk(t.Context(), k, "added", ""); err != nil {
		t.Fatal(err)
	}
	says := func(name, want string, at time.Time) {
		t.Helper()
		text, _, err := s.Diagnostics(t.Context(), name, at)
		if text != want || (want == "") != errors.Is(err, store.ErrUnknown) {
			t.Errorf("%q, %v", text, err)
		}
	}
	if err := errors.Join(s.ask(t, "1", "kiosk a", "diagnostics"), s.ask(t, "2", "kiosk a", "restart")); err != nil {
		t.Fatal(err)
	}
	for _, order := range []string{"2", "3"} {
		if err := s.KeepDiagnostics(t.Context(), k, order, "unasked", now); !errors.Is(err, store.ErrUnknown) {
			t.Error(err)
		}
	}
	says("kiosk a", "", now)
	for _, text := range []string{"first", "second"} {
		if err := s.KeepDiagnostics(t.Context(), k, "1", text, now); err != nil {
			t.Fatal(err)
		}
	}
	says("kiosk a", "second", now)
	says("kiosk b", "", now)
	says("kiosk a", "", now.Add(store.DiagnosticsLife))
	if _, err := s.RevokeKiosk(t.Context(), "kiosk a", "stolen", "", now); err != nil {
		t.Fatal(err)
	}
	says("kiosk a", "", now)
}
