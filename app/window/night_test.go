package window

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/visit"
	"vaxkiosk/sync/logs/logstest"
)

// From seven to seven the screen is lit.
func daytime(t time.Time) bool { return 7 <= t.Hour() && t.Hour() < 19 }

// a night that a test looks into: touch is somebody's at the dark screen.
func nightOf(log *slog.Logger, touch <-chan struct{}) *night {
	return &night{lit: daytime, log: log, dark: func(ctx context.Context) error {
		select {
		case <-ctx.Done():
		case <-touch:
		}
		return nil
	}}
}

func TestOutsideOfItsHoursTheScreenIsDarkWhileNobodyIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		touch := make(chan struct{})
		n := nightOf(slog.New(slog.DiscardHandler), touch)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		at := func(h, m, s int) time.Time { return time.Date(2026, time.November, 30, h, m, s, 0, time.UTC) }
		somebody := visit.Visit{Touched: at(20, 0, 0)}
		for _, c := range []struct {
			what  string
			v     visit.Visit
			now   time.Time
			touch bool
			dark  bool
		}{
			{"by day", visit.Visit{}, at(12, 0, 0), false, false},
			{"by day, later", visit.Visit{}, at(18, 59, 59), false, false},
			{"the day ends", visit.Visit{}, at(19, 0, 0), false, true},
			{"the night goes on", visit.Visit{}, at(19, 30, 0), false, true},
			{"somebody touches it", visit.Visit{}, at(19, 59, 0), true, false},
			{"the screen stays for a while", visit.Visit{}, at(19, 59, 58), false, false},
			{"a visit begins", somebody, at(20, 0, 0), false, false},
			{"it takes its time", somebody, at(21, 0, 0), false, false},
			{"it ends", visit.Visit{}, at(21, 0, 1), false, false},
			{"nobody comes", visit.Visit{}, at(21, 0, 59), false, false},
			{"nobody has come", visit.Visit{}, at(21, 1, 1), false, true},
			{"it is day", visit.Visit{}, at(7, 0, 0).AddDate(0, 0, 1), false, false},
			{"the clock is put back into the night", visit.Visit{}, at(22, 0, 0), false, false},
			{"a minute later", visit.Visit{}, at(22, 1, 0), false, true},
		} {
			if c.touch {
				touch <- struct{}{}
				synctest.Wait()
			}
			n.seen(ctx, c.v, c.now)
			synctest.Wait()
			if n.isDark() != c.dark {
				t.Errorf("%s: dark is %t", c.what, n.isDark())
			}
		}
		stop()
		synctest.Wait()
	})
}

func TestAScreenThatCannotBeDarkIsSaidOnceAndStaysLit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lines := logstest.Heard(t, func(log *slog.Logger) {
			n := &night{lit: daytime, log: log, dark: func(context.Context) error { return errors.New("no display") }}
			for now := range 10 {
				n.seen(t.Context(), visit.Visit{}, time.Date(2026, time.November, 30, 23, now, 0, 0, time.UTC))
				synctest.Wait()
			}
		})
		if len(lines) != 1 || lines[0]["event"] != "window.not-dark" {
			t.Errorf("%v", lines)
		}
	})
}
