package kiosk

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
)

// helper is a kiosk of which something is asked: what it did, in turn.
type helper struct {
	orders

	did   string
	busy  atomic.Bool
	how   fault.Outcome
	fails error
	log   bytes.Buffer
}

// newHelper does what is asked as WHAT ID; all else does not verify.
func newHelper() *helper {
	h := &helper{how: fault.Printed}
	h.orders = orders{
		verify: func(jws string, _ time.Time) (api.Order, error) {
			what, id, ok := strings.Cut(jws, " ")
			if !ok {
				return api.Order{}, errors.New("signed with another key than the pinned one")
			}
			return api.Order{Id: id, What: api.OrderWhat(what)}, nil
		},
		rests:    func() bool { return !h.busy.Load() },
		testPage: func(context.Context) fault.Outcome { h.did += "page "; return h.how },
		bundle:   func(_ context.Context, order string) error { h.did += "bundle " + order + " "; return h.fails },
		settings: func() { h.did += "settings " },
		restart:  func() { h.did += "restart " },
		log:      slog.New(slog.NewTextHandler(&h.log, nil)),
	}
	return h
}

func (h *helper) outcome(t *testing.T, jws string) string {
	t.Helper()
	if a := h.do(t.Context(), jws); a != nil {
		return a.Id + " " + string(a.Outcome)
	}
	return ""
}

func TestWhatIsAskedIsDoneOnceAndOnlyWhenNobodyIsThere(t *testing.T) {
	h := newHelper()
	says := func(jws, want, did string) {
		t.Helper()
		if got := h.outcome(t, jws); got != want || h.did != did {
			t.Errorf("%s: %q after %q, want %q after %q", jws, got, h.did, want, did)
		}
	}
	says("settings 1", "1 done", "settings ")
	says("settings 1", "1 done", "settings ") // central had not heard
	h.busy.Store(true)
	says("test-page 2", "", "settings ")
	h.busy.Store(false)
	says("test-page 2", "2 done", "settings page ")
	h.how = fault.Failed
	says("test-page 3", "3 not-done", "settings page page ")
	says("settings 1", "1 done", "settings page page ")
	says("forged", "", "settings page page ")
	says("forged", "", "settings page page ")
	if n := strings.Count(h.log.String(), "event=order.refused"); n != 1 {
		t.Errorf("a refusal is said %d times:\n%s", n, &h.log)
	}
}

func TestARestartWaitsUntilCentralKnowsAndNobodyIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHelper()
		h.busy.Store(true)
		if got := h.outcome(t, "restart 1"); got != "1 done" || h.did != "" {
			t.Errorf("%s, %q", got, h.did)
		}
		h.after(t.Context(), api.OrderAnswer{Id: "another"})
		done := make(chan struct{})
		go func() { h.after(t.Context(), api.OrderAnswer{Id: "1"}); close(done) }()
		time.Sleep(time.Minute)
		synctest.Wait()
		if h.did != "" {
			t.Error("a visit was ended")
		}
		h.busy.Store(false)
		<-done
		if h.did != "restart " {
			t.Errorf("did %q", h.did)
		}
	})
}

func TestDiagnosticsAreToldUntilCentralHasThem(t *testing.T) {
	h := newHelper()
	h.fails = fault.Away
	if got := h.outcome(t, "diagnostics 1"); got != "" {
		t.Errorf("%s while central is away", got)
	}
	h.fails = nil
	if got := h.outcome(t, "diagnostics 1"); got != "1 done" || h.did != "bundle 1 bundle 1 " {
		t.Errorf("%s, %s", got, h.did)
	}
	h.fails = errors.New("the outbox cannot be read")
	if got := h.outcome(t, "diagnostics 2"); got != "2 not-done" {
		t.Error(got)
	}
}
