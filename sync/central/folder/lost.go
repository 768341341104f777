package folder

import (
	"context"
	"errors"
	"time"

	"vaxkiosk/sync/central/store"
)

// Lost counts what a folder has had since a time: what is lost when a back-up of then takes its
// place. A service may run on it, and nothing is changed.
func Lost(ctx context.Context, dir string, since time.Time) (l store.Lost, err error) {
	s, err := OpenRegistry(ctx, dir)
	if err != nil {
		return l, err
	}
	l, err = s.Since(ctx, since)
	return l, errors.Join(err, s.Close())
}
