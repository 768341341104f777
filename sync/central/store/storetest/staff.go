package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
)

func addStaff(t *testing.T, s *subject, id string) store.Staff {
	t.Helper()
	a := store.Staff{ID: id, IDHash: []byte("hash of " + id), PIN: []byte("pin of " + id)}
	if err := s.AddStaff(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	return a
}

// tryStaff takes a try and reports whether the account is locked.
func tryStaff(t *testing.T, s *subject, idHash []byte, at time.Time) (pin []byte, locked bool) {
	t.Helper()
	pin, _, err := s.TakeStaffTry(t.Context(), store.StaffTry{IDHash: idHash, Kiosk: "k"}, at)
	if err != nil && !errors.Is(err, store.ErrStaffLocked) {
		t.Fatal(err)
	}
	return pin, err != nil
}

func (on suite) TestFiveFailuresInARowLockForFifteenMinutesAndThenLongerWhoeverItIs(t *testing.T) {
	s := on.open(t)
	nurse := addStaff(t, s, "nurse")
	for name, hash := range map[string][]byte{"an account": nurse.IDHash, "nobody": []byte("nobody's")} {
		at := now
		for round, lock := range []time.Duration{store.StaffLock, 2 * store.StaffLock, 4 * store.StaffLock} {
			for n := range store.MaxStaffFailures {
				if _, locked := tryStaff(t, s, hash, at); locked {
					t.Errorf("%s is locked after %d failures in round %d", name, n, round+1)
				}
			}
			for _, wait := range []time.Duration{0, lock - time.Second} {
				if _, locked := tryStaff(t, s, hash, at.Add(wait)); !locked {
					t.Errorf("%s is not locked after %v", name, wait)
				}
			}
			at = at.Add(lock)
		}
	}
}

// One screen may never get to the limit of an id at all kiosks: it would lock the
// nurse everywhere.
func (on suite) TestOneKioskNeverGetsToTheLimitOfAnIDEverywhere(t *testing.T) {
	s := on.open(t)
	perDay := map[int]int{}
	for at := now; at.Before(now.Add(5 * 24 * time.Hour)); at = at.Add(store.StaffLock) {
		for { // whoever is there types as fast as they are let
			if _, locked := tryStaff(t, s, []byte("nurse"), at); locked {
				break
			}
			perDay[int(at.Sub(now)/(24*time.Hour))]++
		}
	}
	for day, n := range perDay {
		if n > access.StaffTries.Most*4/5 || n == 0 {
			t.Errorf("%d tries on day %d", n, day)
		}
	}
	if _, _, err := s.TakeStaffTry(t.Context(), store.StaffTry{IDHash: []byte("nurse"), Kiosk: "another kiosk"}, now.Add(5*24*time.Hour)); err != nil {
		t.Errorf("at another kiosk: %v", err)
	}
	later := now.Add(7 * 24 * time.Hour)
	for range store.MaxStaffFailures {
		tryStaff(t, s, []byte("nurse"), later)
	}
	if _, locked := tryStaff(t, s, []byte("nurse"), later.Add(store.StaffLock)); locked {
		t.Error("a day without failures does not make the next lock a short one")
	}
}

func (on suite) TestManyStaffTriesAtOnceAreFive(t *testing.T) {
	s := on.open(t)
	nurse := addStaff(t, s, "nurse")
	var free atomic.Int32
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			if _, _, err := s.TakeStaffTry(t.Context(), store.StaffTry{IDHash: nurse.IDHash, Kiosk: "k"}, now); err == nil {
				free.Add(1)
			}
		})
	}
	wg.Wait()
	if free.Load() != store.MaxStaffFailures {
		t.Errorf("%d were compared, want %d", free.Load(), store.MaxStaffFailures)
	}
}

func (on suite) TestASuccessEndsTheRowOfFailures(t *testing.T) {
	s := on.open(t)
	nurse := addStaff(t, s, "nurse")
	session := func(name string) store.StaffSession {
		return store.StaffSession{Hash: []byte(name), Kiosk: "k", Expires: now.Add(time.Minute)}
	}
	for round := range 3 {
		for n := range store.MaxStaffFailures { // the fifth is right
			if pin, locked := tryStaff(t, s, nurse.IDHash, now); locked || !bytes.Equal(pin, nurse.PIN) {
				t.Fatalf("round %d, try %d: locked %v", round+1, n+1, locked)
			}
		}
		if err := s.SignIn(t.Context(), nurse.IDHash, nurse.PIN, session(fmt.Sprint(round))); err != nil {
			t.Fatal(err)
		}
	}
	for name, pin := range map[string][]byte{"nurse": []byte("the PIN before"), "nobody": nil} {
		if err := s.SignIn(t.Context(), []byte("hash of "+name), pin, session(name)); !errors.Is(err, store.ErrStaffUnknown) {
			t.Errorf("%s signs in with a PIN that is not theirs: %v", name, err)
		}
	}
}

func (on suite) TestASessionIsForOneKioskItsTimeAndItsAccount(t *testing.T) {
	s := on.open(t)
	nurse := addStaff(t, s, "nurse")
	if err := s.SignIn(t.Context(), nurse.IDHash, nurse.PIN, store.StaffSession{Hash: []byte("h"), Kiosk: "k", Expires: now.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	who := func(hash, kiosk string, at time.Time) string {
		id, err := s.StaffOf(t.Context(), []byte(hash), kiosk, at)
		if err != nil && !errors.Is(err, store.ErrStaffUnknown) {
			t.Fatal(err)
		}
		return id
	}
	if who("h", "k", now) != "nurse" || who("h", "other", now) != "" || who("g", "k", now) != "" || who("h", "k", now.Add(time.Minute)) != "" {
		t.Error("a session is somebody else's")
	}
	if err := s.RemoveStaff(t.Context(), "nurse"); err != nil || who("h", "k", now) != "" {
		t.Errorf("a removed account is still signed in, %v", err)
	}
}

func (on suite) TestAnAccountIsAddedAndRemovedOnce(t *testing.T) {
	s := on.open(t)
	nurse := addStaff(t, s, "nurse")
	addStaff(t, s, "clerk")
	if err := s.AddStaff(t.Context(), nurse); !errors.Is(err, store.ErrStaffTaken) {
		t.Errorf("added again: %v", err)
	}
	for range store.MaxStaffFailures {
		tryStaff(t, s, nurse.IDHash, now)
	}
	states := func(at time.Time) []store.StaffState {
		all, err := s.StaffStates(t.Context(), at)
		if err != nil || len(all) != 2 || all[0] != (store.StaffState{ID: "clerk"}) {
			t.Fatalf("%v, %v", all, err)
		}
		return all
	}
	if got := states(now)[1]; got.Failures != store.MaxStaffFailures || got.LockedAt != "k" || !got.LockedUntil.Equal(now.Add(store.StaffLock)) {
		t.Errorf("locked: %+v", got)
	}
	if got := states(now.Add(store.StaffLock))[1]; got != (store.StaffState{ID: "nurse"}) {
		t.Errorf("after the lock: %+v", got)
	}
	if err := s.RemoveStaff(t.Context(), "nurse"); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveStaff(t.Context(), "nurse"); !errors.Is(err, store.ErrStaffUnknown) {
		t.Errorf("removed again: %v", err)
	}
	addStaff(t, s, "nurse") // with a new PIN, and not locked
	if got := states(now)[1]; got != (store.StaffState{ID: "nurse"}) {
		t.Errorf("added anew: %+v", got)
	}
}

func (on suite) TestPurgeEndsOldSessionsAndKeepsTheAudit(t *testing.T) {
	s := on.open(t)
	nurse := addStaff(t, s, "nurse")
	add(t, s, "r")
	take(t, s, now)
	err := errors.Join(
		s.PutAnswer(t.Context(), opens(t, s, "r"), now),
		s.SignIn(t.Context(), nurse.IDHash, nurse.PIN, store.StaffSession{Hash: []byte("h"), Kiosk: "k", Expires: now}),
		s.AddToken(t.Context(), store.Token{Hash: []byte("t"), Request: "r", Person: 1, Kiosk: "k", Expires: now}, store.Try{}, store.Vouch{Staff: "nurse", IDKind: "passport"}, now),
		s.Purge(t.Context(), now.Add(24*time.Hour), time.Hour),
		s.RemoveStaff(t.Context(), "nurse"),
	)
	if err != nil {
		t.Fatal(err)
	}
	sessions, audit := s.db.Count("staff_sessions"), s.db.Releases()
	if want := []string{fmt.Sprintf("r nurse passport k %d", now.Unix())}; sessions != 0 || !slices.Equal(audit, want) {
		t.Errorf("%d sessions, audit %q, want %q", sessions, audit, want)
	}
}
