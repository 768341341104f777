package kiosk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
	"vaxkiosk/sync/version"
)

// newVitals are those of a kiosk whose printer was asked when *asked is true.
func newVitals(t *testing.T) (v *vitals, asked *bool) {
	t.Helper()
	dir := t.TempDir()
	box, err := outbox.Open(filepath.Join(dir, OutboxFile))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	asked = new(bool)
	return &vitals{box: box, settings: &Bootstrap{}, asked: func() bool { return *asked }, data: dir}, asked
}

// saves puts an envelope into the outbox.
func (v *vitals) saves(t *testing.T, p seal.Purpose) (key string) {
	t.Helper()
	key = newKey()
	e := seal.Envelope{Version: seal.Version, Purpose: p, Key: key, KeyID: "kid", Encap: []byte{1}, Ciphertext: []byte{2}}
	if err := v.box.Save(t.Context(), key, e.Encode()); err != nil {
		t.Fatal(err)
	}
	return key
}

func (v *vitals) says(t *testing.T, now time.Time) string {
	t.Helper()
	h, err := v.beat(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	printer, settings := "?", "?"
	if h.Printer != nil {
		printer = string(*h.Printer)
	}
	if h.Settings != nil {
		settings = fmt.Sprint(*h.Settings)
	}
	if h.Version != version.Number {
		t.Errorf("version %s", h.Version)
	}
	return fmt.Sprintf("%s %d %d %s %s", h.Screen, h.Waiting, h.Refused, printer, settings)
}

func TestAHeartbeatSaysHowTheKioskDoes(t *testing.T) {
	v, asked := newVitals(t)
	began := time.Now()
	now := began
	says := func(want string) {
		t.Helper()
		if got := v.says(t, now); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	v.shows(visit.Visit{OutOfOrder: &fault.Fault{Code: fault.Setup}})
	says("out-of-service 0 0 ? ?")
	*asked = true
	v.settings.fresh.Store(&began)
	v.shows(visit.Visit{})
	now = now.Add(90 * time.Second)
	says("in-service 0 0 ready 90")
	v.shows(visit.Visit{PrinterDown: &fault.Fault{Code: fault.Paper, Detail: "media-empty"}})
	v.saves(t, seal.ForRequest)
	v.saves(t, seal.ForUsage)
	if err := v.box.Refuse(t.Context(), v.saves(t, seal.ForAmend), "bad-envelope"); err != nil {
		t.Fatal(err)
	}
	says("in-service 2 1 paper 90")
	now = time.Now().Add(time.Hour)
	if h, err := v.beat(t.Context(), now); err != nil || h.Oldest < 3590 || h.Oldest > 3600 || h.DiskFree == nil || *h.DiskFree <= 0 {
		t.Errorf("%+v, %v", h, err)
	}
	now = time.Now().Add(-time.Hour) // a clock that was put back
	if h, err := v.beat(t.Context(), now); err != nil || h.Oldest != 0 || *h.Settings != 0 {
		t.Errorf("%+v, %v", h, err)
	}
}

// Whoever stands before the kiosk and whatever was typed, what it says of itself is the same:
// not even that somebody is there.
func TestAHeartbeatIsTheSameWhoeverIsThere(t *testing.T) {
	v, asked := newVitals(t)
	*asked = true
	now := time.Now()
	v.shows(visit.Visit{})
	nobody, err := v.beat(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	for state := visit.Welcome; state < visit.OutOfService; state++ {
		somebody := visit.Visit{Number: 7, State: state, Touched: now, Fresh: now}
		somebody.Lang = "es"
		v.shows(somebody)
		h, err := v.beat(t.Context(), now)
		h.DiskFree = nobody.DiskFree
		if err != nil || !reflect.DeepEqual(h, nobody) {
			t.Errorf("%s: %+v, %v", state, h, err)
		}
	}
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[api.Heartbeat]()) {
		names = append(names, f.Name)
	}
	if slices.Sort(names); !slices.Equal(names, []string{"Answers", "DiskFree", "Oldest", "Printer", "Refused", "Screen", "Settings", "Version", "Waiting"}) {
		t.Errorf("what is new among %s: may it be about a visitor?", names)
	}
}

func TestThatCentralTakesNoHeartbeatIsSaidOnceAndThatItIsAwayIsNot(t *testing.T) {
	v, _ := newVitals(t)
	var log bytes.Buffer
	ahead := 3 * time.Second
	var answer error
	looks := 0
	b := heartbeat{of: v, look: func() { looks++ }, log: slog.New(slog.NewTextHandler(&log, nil)), tell: func(context.Context, api.Heartbeat) (client.Heard, error) {
		return client.Heard{Ahead: &ahead}, answer
	}}
	for _, answer = range []error{client.ErrAway, client.ErrKioskSuspended, client.ErrClock, errors.New("cut")} {
		b.once(t.Context(), nil)
	}
	if _, heard := v.last(); log.Len() > 0 || !heard.IsZero() {
		t.Errorf("%s, %s", heard, &log)
	}
	for range 3 {
		answer = &client.Problem{Status: 404, Code: api.ProblemUnknown}
		b.once(t.Context(), nil)
	}
	if n := strings.Count(log.String(), "event=heartbeat.refused"); n != 1 {
		t.Errorf("said %d times: %s", n, &log)
	}
	answer = nil
	b.once(t.Context(), nil)
	if off, heard := v.last(); off == nil || *off != ahead || heard.IsZero() || b.refused {
		t.Errorf("%v, %s", off, heard)
	}
	for _, tt := range []struct {
		answer error
		looks  int
	}{
		{client.ErrKioskSuspended, 3}, // it was once before, and let in again
		{client.ErrKioskRevoked, 3},
		{client.ErrAway, 3},
		{nil, 4},
		{nil, 4},
	} {
		answer = tt.answer
		if b.once(t.Context(), nil); looks != tt.looks {
			t.Errorf("after %v the settings are asked for %d times", answer, looks)
		}
	}
}

// The connections of a visit go a while after it: a heartbeat would keep one, and what is in it.
func TestAHeartbeatStaysOutOfTheWayWhenAVisitHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &vitals{}
		v.shows(visit.Visit{Number: 1})
		time.Sleep(time.Minute)
		v.shows(visit.Visit{Number: 1, State: visit.Filling, Touched: time.Now()})
		if wait := v.aside(); wait != 0 {
			t.Errorf("%s within a visit", wait)
		}
		v.shows(visit.Visit{Number: 2})
		time.Sleep(5 * time.Second)
		if wait := v.aside(); wait != beatAside-5*time.Second {
			t.Errorf("%s after one", wait)
		}
	})
}
