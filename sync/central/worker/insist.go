package worker

import (
	"context"
	"errors"
	"time"

	"vaxkiosk/sync/central/store"
)

// insistFor is how long what a notice that has gone out makes true is tried to be kept, while the
// database's server is away: else it would go out again, though nobody has died.
const insistFor = 20 * time.Second

// insist runs f, which keeps what has happened, until it does or the server is away for too long;
// a stop of this service does not end it. When another instance works on the same, because this
// one was taken for dead, what that one does counts.
func insist(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), insistFor)
	defer cancel()
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		err := f(ctx)
		switch {
		case errors.Is(err, store.ErrTaken):
			return nil
		case !errors.Is(err, store.ErrAway) && !errors.Is(err, store.ErrBusy):
			return err
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return err
		}
	}
}
