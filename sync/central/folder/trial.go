package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"vaxkiosk/sync/central/store"
)

// A trial shows what something would do to the registry: on a copy of the database, which
// is as private as the database itself, lies in the data folder and is gone at the end. A
// trial that was killed leaves it; the next one, an import, or the next start of the
// service takes it away.

const (
	trialFolder = ".trial"     // in the data folder, for the copy
	trialLock   = "trial.lock" // held meanwhile
)

// Trial is a copy of the database of a data folder.
type Trial struct {
	*store.Store
	dir     string
	release func() error
}

// OpenTrial copies the database of a data folder, whatever runs there, and opens the copy.
// It needs room for the database twice.
func OpenTrial(ctx context.Context, dir string) (_ *Trial, err error) {
	s, err := OpenRegistry(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	t := &Trial{dir: filepath.Join(dir, trialFolder)}
	if t.release, err = store.Hold(filepath.Join(dir, trialLock)); err != nil {
		return nil, err
	}
	copied := filepath.Join(t.dir, DatabaseFile)
	if err = errors.Join(os.RemoveAll(t.dir), os.Mkdir(t.dir, 0o700)); err != nil {
		err = fmt.Errorf("cannot copy the database (%w): check the rights of the data folder", err)
	} else if err = s.Snapshot(ctx, copied); err == nil {
		t.Store, err = store.Open(ctx, copied)
	}
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// Close takes the copy away.
func (t *Trial) Close() (err error) {
	if t.Store != nil {
		err = t.Store.Close()
	}
	return errors.Join(err, os.RemoveAll(t.dir), t.release())
}

// sweep takes away what a trial that was killed has left.
func sweep(dir string) error {
	if _, err := os.Lstat(filepath.Join(dir, trialFolder)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	release, err := store.Hold(filepath.Join(dir, trialLock))
	if errors.Is(err, store.ErrLocked) {
		return nil // one is at work
	}
	if err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(filepath.Join(dir, trialFolder)), release())
}
