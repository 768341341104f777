package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/keyfile"
)

// A new data folder, made or restored, is made in a folder of its own inside, and
// then its files get their places, the database last. So it is complete or no data
// folder, whatever happens.

// unfinishedFolder is where it is made.
const unfinishedFolder = ".unfinished"

// ErrNotEmpty is wrapped when a folder that is to be made is not empty.
var ErrNotEmpty = errors.New("not empty")

// Init makes a new data folder with all its keys. The folder must be empty, or not
// there yet.
func Init(ctx context.Context, dir string, now time.Time) error { return InitOn(ctx, dir, "", now) }

// InitOn is Init with the database on a server, by its URL; "" for one in the folder.
func InitOn(ctx context.Context, dir, url string, now time.Time) error {
	return makeFolder(ctx, dir, func(in string) error { return makeAll(ctx, in, url, now) })
}

// makeAll makes the files of a folder.
func makeAll(ctx context.Context, dir, url string, now time.Time) error {
	_, err := card.Make(filepath.Join(dir, rootFile))
	if err = errors.Join(err, access.Make(dir), card.MakeRing(dir, now), authority.Make(dir, now), sealing.Make(dir)); err != nil {
		return err
	}
	if _, err := audit.MakeKey(dir); err != nil {
		return err
	}
	k, err := readKeys(dir, now)
	if err != nil {
		return err
	}
	s, err := makeDatabase(ctx, dir, url)
	if err != nil {
		return err
	}
	return errors.Join(s.Adopt(ctx, k.Thumbprints(), now), s.Close())
}

// makeFolder lets f make the files of a data folder, and puts them into their places
// when all of them are there.
func makeFolder(ctx context.Context, dir string, f func(in string) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cannot make the data folder (%w): check its path and rights", err)
	}
	if err := errors.Join(empty(dir), keyfile.OwnFolder(dir)); err != nil {
		return err
	}
	in := filepath.Join(dir, unfinishedFolder)
	if err := os.Mkdir(in, 0o700); err != nil {
		return fmt.Errorf("cannot write into the data folder (%w): check its rights", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(in)) }()
	if err = f(in); err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	return settle(in, dir)
}

// settle moves all files of a folder into another, the database last; all or none.
func settle(in, dir string) error {
	entries, err := os.ReadDir(in)
	if err != nil {
		return err
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int {
		isDatabase := func(e fs.DirEntry) bool { return e.Name() == DatabaseFile || e.Name() == ServerFile }
		switch {
		case isDatabase(a):
			return 1
		case isDatabase(b):
			return -1
		}
		return 0
	})
	for n, e := range entries {
		if err := keyfile.Rename(filepath.Join(in, e.Name()), filepath.Join(dir, e.Name())); err != nil {
			for _, moved := range entries[:n] {
				err = errors.Join(err, os.RemoveAll(filepath.Join(dir, moved.Name())))
			}
			return fmt.Errorf("cannot write into the data folder (%w): check its rights", err)
		}
	}
	return nil
}

// empty wants a folder without anything; what file systems themselves put there
// does not count.
func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("cannot look into the data folder (%w): check its rights", err)
	}
	for _, e := range entries {
		switch e.Name() {
		case "lost+found":
		case unfinishedFolder:
			return fmt.Errorf("%s is %w: another command makes it just now, or was cut off; then remove all that is in it and start again", dir, ErrNotEmpty)
		default:
			return fmt.Errorf("%s is %w: choose an empty folder", dir, ErrNotEmpty)
		}
	}
	return nil
}
