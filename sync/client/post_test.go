package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/seal"
)

func TestOnlyCentralsOwnWordEndsTheWaitOfWhatIsHandedIn(t *testing.T) {
	const page = "<html><body>secret page</body></html>"
	for name, tt := range map[string]struct {
		purpose seal.Purpose
		answer  http.HandlerFunc
	}{
		"a page instead of nothing":    {seal.ForReport, reply(200, "text/html", page)},
		"JSON instead of nothing":      {seal.ForUsage, reply(202, jsonType, `{}`)},
		"a page instead of a ticket":   {seal.ForAmend, reply(202, "text/html", page)},
		"nothing instead of a ticket":  {seal.ForAmend, noContent},
		"another tracking number":      {seal.ForAmend, reply(202, jsonType, `{"ref":"0000-0000","expiresAt":"2030-01-02T03:04:05Z"}`)},
		"a ticket without an end":      {seal.ForAmend, reply(202, jsonType, `{"ref":"`+testTracking+`"}`)},
		"not changed, never asked for": {seal.ForUsage, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }},
	} {
		c := serve(t, nil, tt.answer)
		taken, err := c.kiosk(t, nil).Post(t.Context(), tt.purpose, testKey, []byte("{}"))
		if !errors.Is(err, ErrAnswer) || taken != (Taken{}) {
			t.Errorf("%s: %v, %v", name, taken, err)
		}
		if text := fmt.Sprint(err); strings.Contains(text, testTracking) || strings.Contains(text, "secret") {
			t.Errorf("%s: %q", name, text)
		}
	}
}

func TestEachKindOfPostKeepsTheCodeOfAProblem(t *testing.T) {
	for _, p := range []seal.Purpose{seal.ForRequest, seal.ForAmend, seal.ForReport, seal.ForUsage} {
		for status, code := range map[int]string{422: api.ProblemBadEnvelope, 413: api.ProblemTooLarge} {
			c := serve(t, nil, problem(status, code))
			_, err := c.kiosk(t, nil).Post(t.Context(), p, testKey, []byte("{}"))
			var got *Problem
			if !errors.As(err, &got) || got.Code != code || got.Status != status {
				t.Errorf("%s: %v", p, err)
			}
		}
	}
}

func TestWhatIsNotHandedInIsNeverPosted(t *testing.T) {
	c := serve(t, nil, ticket())
	for _, p := range []seal.Purpose{seal.ForUnlock, seal.ForVouch, seal.ForPickup, seal.ForStaff, "", "else"} {
		if _, err := c.kiosk(t, nil).Post(t.Context(), p, testKey, []byte("{}")); err == nil {
			t.Errorf("%q was posted", p)
		}
	}
	if r := c.requests(); len(r) != 0 {
		t.Errorf("asked %+v", r)
	}
}

func TestNoErrorOfACorrectionHoldsItsTrackingNumber(t *testing.T) {
	wrong := testTracking[:8] + "?"
	for name, answer := range map[string]http.HandlerFunc{
		"unknown":          problem(404, api.ProblemUnknown),
		"a blocked page":   reply(403, "text/html", testTracking),
		"an unknown state": reply(200, jsonType, `{"state":"`+testTracking+`"}`),
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere/"+testTracking, http.StatusFound)
		},
		"cut": cut,
	} {
		c := serve(t, nil, answer)
		k := c.kiosk(t, nil)
		for _, tracking := range []string{testTracking, wrong} {
			state, err := k.Amendment(t.Context(), tracking)
			if err == nil || state != "" {
				t.Errorf("%s: %q, %v", name, state, err)
			}
			if text := fmt.Sprint(err); strings.Contains(text, testTracking[:4]) || strings.Contains(text, "/v1") {
				t.Errorf("%s: %q", name, text)
			}
		}
		for _, r := range c.requests() {
			if r.path != "/v1/amendments/"+testTracking {
				t.Errorf("%s: asked for %s", name, r.path)
			}
		}
	}
}

func TestAStoppedPostIsToldFromAnOutage(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := serve(t, nil, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	if _, err := c.kiosk(t, nil).Post(ctx, seal.ForReport, testKey, []byte("{}")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
