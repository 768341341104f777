package courier

import (
	"context"
	"errors"
	"testing"
	"time"

	"vaxkiosk/sync/outbox"
)

func TestAcceptedEndsWithItsContext(t *testing.T) {
	play(t, away(1000), func(t *testing.T, s *stage) {
		s.box.save("a")
		s.Wake()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := s.Accepted(ctx, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestWhatIsOverIsPurgedWithinTheHour(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.box.save("a")
		s.Wake()
		time.Sleep(26 * time.Hour)
		if _, _, err := s.box.ID(t.Context(), "a"); !errors.Is(err, outbox.ErrUnknown) {
			t.Errorf("still there: %v", err)
		}
	})
}
