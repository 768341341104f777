package kiosk

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// heir is a program that may be replaced.
type heir struct {
	successor

	busy  bool
	tries int
	fails error
	log   bytes.Buffer
}

func newHeir(t *testing.T) *heir {
	t.Helper()
	h := &heir{}
	h.successor = successor{
		path:  filepath.Join(t.TempDir(), "vaxkiosk"),
		rests: func(time.Duration) bool { return !h.busy },
		try:   func(context.Context) error { h.tries++; return h.fails },
		log:   slog.New(slog.NewTextHandler(&h.log, nil)),
	}
	h.install(t, "one")
	info, err := os.Stat(h.path)
	if err != nil {
		t.Fatal(err)
	}
	h.was, h.last = info, info
	return h
}

// install puts a program there as dpkg does: a new file takes the place of the one before.
func (h *heir) install(t *testing.T, content string) {
	t.Helper()
	if err := os.WriteFile(h.path+".dpkg-new", []byte(content), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(h.path+".dpkg-new", h.path); err != nil {
		t.Fatal(err)
	}
}

func (h *heir) looks(t *testing.T, want ...bool) {
	t.Helper()
	for i, w := range want {
		if got := h.look(t.Context()); got != w {
			t.Errorf("look %d: %v, want %v", i, got, w)
		}
	}
}

func TestANewProgramIsTakenWhenItIsCompleteAndNobodyIsThere(t *testing.T) {
	h := newHeir(t)
	h.looks(t, false, false)
	h.busy = true
	h.install(t, "two")
	h.looks(t, false, false, false)
	h.busy = false
	h.install(t, "three is still being written")
	h.looks(t, false, true)
	if h.tries != 1 {
		t.Errorf("tried %d times", h.tries)
	}
}

func TestAProgramBetweenTwoVersionsIsWaitedFor(t *testing.T) {
	h := newHeir(t)
	if err := os.Remove(h.path); err != nil {
		t.Fatal(err)
	}
	h.looks(t, false, false)
	h.install(t, "two")
	h.looks(t, false, true)
}

func TestAProgramThatDoesNotStartIsRefusedOnceAndTheRunningOneGoesOn(t *testing.T) {
	h := newHeir(t)
	h.fails = errors.New("exit status 127")
	h.install(t, "two")
	h.looks(t, false, false, false, false)
	if n := strings.Count(h.log.String(), "event=kiosk.successor-refused"); h.tries != 1 || n != 1 {
		t.Errorf("tried %d times, said %d times", h.tries, n)
	}
	h.fails = nil
	h.install(t, "three")
	h.looks(t, false, true)
}

func TestAVisitorWhoComesWhileTheNewProgramIsTriedIsNotSentAway(t *testing.T) {
	h := newHeir(t)
	h.try = func(context.Context) error { h.busy = true; return nil }
	h.install(t, "two")
	h.looks(t, false, false)
}

func TestTheNewProgramIsAskedWhatItSaysOfTheConfiguration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vaxkiosk")
	script := "#!/bin/sh\n[ \"$*\" = '--config a.toml --check-config' ] && exit 0\necho 'kiosk.name is missing' >&2\necho 'things to correct: 1' >&2\nexit 2\n"
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := tryProgram(path, "a.toml")(t.Context()); err != nil {
		t.Error(err)
	}
	if err := tryProgram(path, "b.toml")(t.Context()); err == nil || !strings.HasSuffix(err.Error(), "exit status 2: things to correct: 1") {
		t.Error(err)
	}
}

func TestAKioskRestsFromWhenTheLastOneHasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &vitals{}
		rests := func(want bool) {
			t.Helper()
			if v.restsFor(time.Minute) != want {
				t.Errorf("at %s: rests %v", time.Now().Format(time.TimeOnly), !want)
			}
		}
		v.shows(visit.Visit{})
		rests(false)
		time.Sleep(time.Minute)
		rests(true)
		v.shows(visit.Visit{Touched: time.Now()})
		rests(false)
		time.Sleep(time.Hour)
		rests(false)
		v.shows(visit.Visit{OutOfOrder: &fault.Fault{}})
		time.Sleep(59 * time.Second)
		rests(false)
		time.Sleep(time.Second)
		rests(true)
	})
}
