package courier

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
)

// mixed is everything that goes to central.
var mixed = []seal.Purpose{seal.ForUsage, seal.ForReport, seal.ForAmend, seal.ForRequest}

func TestEverythingIsPostedAsWhatItIsAndVisitorsFirst(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		for _, p := range mixed {
			for i := range Together {
				s.box.saveFor(p, fmt.Sprint(p, i))
			}
		}
		s.Wake()
		synctest.Wait()
		posts := s.central.asked()
		if len(posts) != len(mixed)*Together {
			t.Fatalf("%d posts", len(posts))
		}
		for i, p := range posts {
			if !strings.HasPrefix(p.key, string(p.purpose)) || awaited(p.purpose) != (i < 2*Together) {
				t.Errorf("post %d: %s as %q", i, p.key, p.purpose)
			}
		}
		s.wantWaiting(t, 0)
		if len(s.said) != 0 || s.log.String() != "" {
			t.Errorf("said %q, logged %q", s.said, s.log.String())
		}
	})
}

func TestARefusalIsAnErrorOnlyWhenAVisitorWaits(t *testing.T) {
	for _, p := range mixed {
		t.Run(string(p), func(t *testing.T) {
			play(t, func(int, string) error { return &client.Problem{Status: 422, Code: api.ProblemBadEnvelope} }, func(t *testing.T, s *stage) {
				s.box.saveFor(p, "bad")
				s.Wake()
				time.Sleep(24 * time.Hour)
				if _, state, err := s.box.ID(t.Context(), "bad"); state != outbox.Refused || err != nil {
					t.Errorf("%q %v", state, err)
				}
				log := s.log.String()
				if strings.Contains(log, "level=ERROR") != awaited(p) || strings.Contains(log, " request ") != (p == seal.ForRequest) {
					t.Errorf("logged %s", log)
				}
				if n := len(s.central.asked()); n != 1 || strings.Count(log, names[p]) != 1 || len(s.said) != 0 {
					t.Errorf("%d tries, said %q, logged %s", n, s.said, log)
				}
			})
		})
	}
}

func TestATroubleOfReportsAloneIsNoTroubleOfTheKiosk(t *testing.T) {
	trouble := &client.Problem{Status: 500, Code: api.ProblemInternal}
	play(t, func(_ int, key string) error {
		if strings.HasPrefix(key, "bad") {
			return trouble
		}
		return nil
	}, func(t *testing.T, s *stage) {
		s.box.saveFor(seal.ForUsage, "bad-1", "bad-2", "bad-3", "bad-4")
		s.Wake()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		s.wantWaiting(t, 4)
		if n := len(s.central.asked()); n < 4*100 || n > 4*800 {
			t.Errorf("%d tries in a day", n)
		}
		if log := s.log.String(); len(s.said) != 0 || strings.Count(log, "\n") != 4 || strings.Contains(log, "level=ERROR") {
			t.Errorf("said %q, logged %s", s.said, log)
		}
		s.box.save("good")
		s.Wake()
		synctest.Wait() // at once: nothing slows the others down
		if _, state, err := s.box.ID(t.Context(), "good"); state != outbox.Sent || err != nil {
			t.Errorf("%q %v", state, err)
		}
	})
}

// Central takes one correction in twelve seconds: all are handed in, and nobody's
// request waits for them.
func TestTooManyCorrectionsAreKeptAndHoldNothingUp(t *testing.T) {
	var mu sync.Mutex
	var last time.Time
	pause := 12 * time.Second
	play(t, func(_ int, key string) error {
		mu.Lock()
		defer mu.Unlock()
		if wait := pause - time.Since(last); strings.HasPrefix(key, "fix") && wait > 0 {
			return &client.Problem{Status: 429, Code: api.ProblemTooMany, RetryAfter: wait}
		} else if strings.HasPrefix(key, "fix") {
			last = time.Now()
		}
		return nil
	}, func(t *testing.T, s *stage) {
		for i := range 100 {
			s.box.saveFor(seal.ForAmend, fmt.Sprint("fix-", i))
		}
		s.Wake()
		time.Sleep(time.Minute)
		s.box.save("good")
		s.Wake()
		synctest.Wait()
		if _, state, err := s.box.ID(t.Context(), "good"); state != outbox.Sent || err != nil {
			t.Errorf("a request: %q %v", state, err)
		}
		time.Sleep(24 * time.Hour)
		s.wantWaiting(t, 0)
		if len(s.said) != 0 {
			t.Errorf("said %q", s.said)
		}
	})
}

// What central cannot open now, or has too much of, may be its own fault: it waits alone,
// and is not asked about again and again, however long central's pause is.
func TestARequestThatCentralCannotOpenWaitsAlone(t *testing.T) {
	for _, code := range []string{api.ProblemCannotOpen, api.ProblemTooMany} {
		for _, pause := range []time.Duration{Longest, 24 * time.Hour} {
			var updated atomic.Bool
			play(t, func(_ int, key string) error {
				if key == "newer" && !updated.Load() {
					return &client.Problem{Status: 503, Code: code, RetryAfter: pause}
				}
				return nil
			}, func(t *testing.T, s *stage) {
				s.box.save("newer")
				s.Wake()
				synctest.Wait()
				s.box.save("good")
				s.Wake()
				synctest.Wait()
				if _, state, err := s.box.ID(t.Context(), "good"); state != outbox.Sent || err != nil {
					t.Errorf("another one: %q %v", state, err)
				}
				time.Sleep(24 * time.Hour)
				if n := len(s.central.asked()); n > 2+int(24*time.Hour/Longest) {
					t.Errorf("%d posts", n)
				}
				if _, state, err := s.box.ID(t.Context(), "newer"); state != outbox.Waiting || err != nil || len(s.said) != 0 {
					t.Errorf("%q %v, said %q", state, err, s.said)
				}
				updated.Store(true)
				time.Sleep(2 * Longest)
				s.wantWaiting(t, 0)
			})
		}
	}
}

func TestATroubleOfACountDoesNotEndAnOutage(t *testing.T) {
	trouble := &client.Problem{Status: 500, Code: api.ProblemInternal} // for everybody, though it looks like each one's own
	play(t, func(int, string) error { return trouble }, func(t *testing.T, s *stage) {
		s.box.save("request")
		s.box.saveFor(seal.ForUsage, "count-1", "count-2")
		s.Wake()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if want := []string{trouble.Error()}; !slices.Equal(s.said, want) {
			t.Errorf("said %q, want %q", s.said, want)
		}
		s.wantWaiting(t, 3)
	})
}

func TestAnOutageThatACountFindsIsSaidOnceWithItsEnd(t *testing.T) {
	play(t, away(5), func(t *testing.T, s *stage) {
		s.box.saveFor(seal.ForUsage, "count")
		s.Wake()
		time.Sleep(time.Hour)
		s.wantWaiting(t, 0)
		if want := []string{client.ErrAway.Error(), "<nil>"}; !slices.Equal(s.said, want) {
			t.Errorf("said %q, want %q", s.said, want)
		}
		if log := s.log.String(); strings.Count(log, "\n") != 2 || strings.Contains(log, "request") {
			t.Errorf("logged %s", log)
		}
	})
}

func TestACorrectionIsAcceptedLikeARequest(t *testing.T) {
	play(t, away(3), func(t *testing.T, s *stage) {
		s.box.saveFor(seal.ForAmend, "fix")
		s.Wake()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if id, err := s.Accepted(ctx, "fix"); id != "id-of-fix" || err != nil {
			t.Errorf("%q %v", id, err)
		}
	})
}
