package kiosk

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func wantIdle(t *testing.T, dir string, since time.Duration, want bool) {
	t.Helper()
	if is, err := Idle(dir, since); is != want || err != nil {
		t.Errorf("idle for %s: %v, %v", since, is, err)
	}
}

func TestWhoUpdatesTheMachineSeesWhetherSomebodyIsThereAndWhenTheLastOneLeft(t *testing.T) {
	dir := t.TempDir()
	wantIdle(t, dir, time.Hour, true) // no kiosk runs
	p, err := keepPresence(dir)
	if err != nil {
		t.Fatal(err)
	}
	wantIdle(t, dir, 0, true)
	p.is(true)
	wantIdle(t, dir, 0, false)
	p.is(false)
	wantIdle(t, dir, 0, true)
	wantIdle(t, dir, time.Hour, false)
	past := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(filepath.Join(dir, presenceFile), past, past); err != nil {
		t.Fatal(err)
	}
	wantIdle(t, dir, time.Hour, true)
	if info, err := os.Stat(filepath.Join(dir, presenceFile)); err != nil || info.Size() != 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: it is for the kiosk's user alone, and empty", info, err)
	}
}

func TestAKioskThatEndsHoldsNoLock(t *testing.T) {
	dir := t.TempDir()
	p, err := keepPresence(dir)
	if err != nil {
		t.Fatal(err)
	}
	p.is(true)
	if err := p.close(); err != nil {
		t.Fatal(err)
	}
	wantIdle(t, dir, 0, true)
	var none *presence
	none.is(true) // of a kiosk without a runtime folder
	if err := none.close(); err != nil {
		t.Error(err)
	}
}

func TestSomebodyWhoLooksAtTheVeryMomentKeepsNoVisitUnseen(t *testing.T) {
	dir := t.TempDir()
	p, err := keepPresence(dir)
	if err != nil {
		t.Fatal(err)
	}
	looks, err := os.Open(filepath.Join(dir, presenceFile))
	if err != nil || lock(looks, false) != nil {
		t.Fatal(err)
	}
	p.is(true)
	if err := looks.Close(); err != nil {
		t.Fatal(err)
	}
	p.is(true) // the next snapshot
	wantIdle(t, dir, 0, false)
}

func TestWaitingForAnIdleKioskEndsInTime(t *testing.T) {
	dir := t.TempDir()
	p, err := keepPresence(dir)
	if err != nil {
		t.Fatal(err)
	}
	p.is(true)
	if is, err := WaitIdle(t.Context(), dir, 0, time.Millisecond); is || err != nil {
		t.Errorf("%v, %v", is, err)
	}
	done := make(chan bool)
	go func() {
		is, err := WaitIdle(t.Context(), dir, 0, time.Hour)
		done <- is && err == nil
	}()
	p.is(false)
	if !<-done {
		t.Error("an idle kiosk is not seen")
	}
	if _, err := WaitIdle(t.Context(), filepath.Join(dir, presenceFile), 0, 0); err == nil {
		t.Error("a folder that is none is no mistake")
	}
}
