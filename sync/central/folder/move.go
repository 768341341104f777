package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
)

// A folder moves its database from its file to a server. Until everything is there and was
// compared, the folder is what it was; it has moved when database.url has its name, which
// is one step. What comes after that is done by the next Move when it is cut off.

// MovedFile is the name that the file of the database gets when a folder has moved. It is kept,
// and rests should it be put back.
const MovedFile = "central-moved.db"

// ErrMoved is wrapped where a folder's database is on a server already.
var ErrMoved = errors.New("on a server already")

// givenUp waits until nobody does that would write into the file which nobody reads any more; a
// variable for the tests.
var givenUp = store.GivenUp

// Move carries the database of a folder over to a server, by its URL. No service runs on the folder.
func Move(ctx context.Context, dir, url string, now time.Time, say store.Carrying) (err error) {
	f, err := openToMove(ctx, dir, now)
	if err != nil {
		return err
	}
	release, err := store.Hold(filepath.Join(dir, copyLock)) // a back-up of the file would be of before
	if err != nil {
		return errors.Join(err, f.Close())
	}
	moved := false
	err = f.Store.Fill(ctx, false, func() error { // nor does an import run
		if err := f.noteMove(ctx, now); err != nil {
			return err
		}
		return f.Store.Carry(ctx, url, f.Rests, now, say, func() error {
			if err := keyfile.New(filepath.Join(dir, ServerFile), []byte(url+"\n")); err != nil {
				return err
			}
			moved = true
			givenUp()
			return nil
		})
	})
	if moved && errors.Is(err, context.Canceled) {
		err = nil // too late
	}
	if err = errors.Join(err, release(), f.Close()); !moved {
		return err
	}
	return errors.Join(err, setAside(dir, now))
}

// noteMove notes in the audit that it is carried over from here on, so that the row comes along;
// once, however often a move is cut off.
func (f *Folder) noteMove(ctx context.Context, now time.Time) error {
	n, _, err := f.Store.AuditHead(ctx)
	var last audit.Row
	if err == nil {
		last, err = f.Store.AuditRow(ctx, n)
	}
	if err != nil || last.Kind == audit.Moved {
		return err
	}
	return f.Store.Audit(ctx, audit.Row{At: now, Kind: audit.Moved})
}

// openToMove opens a folder that has not moved, and holds it.
func openToMove(ctx context.Context, dir string, now time.Time) (*Folder, error) {
	url, err := serverOf(dir)
	if err == nil && url != "" {
		err = fmt.Errorf("the database of %s is %w", dir, ErrMoved)
		if no := setAside(dir, now); no != nil {
			err = errors.Join(err, no)
		}
	}
	if err != nil {
		return nil, err
	}
	return Open(ctx, Options{Dir: dir, Serves: true, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
}

// setAside gives the file of a folder that has moved another name.
func setAside(dir string, now time.Time) error {
	path := filepath.Join(dir, DatabaseFile)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	aside := filepath.Join(dir, MovedFile)
	if _, err := os.Lstat(aside); err == nil {
		return fmt.Errorf("%s is there, of an earlier move: put it elsewhere and run the same command again", aside)
	}
	err := store.Rest(path, now) // which also takes in what its log still holds
	if err == nil {
		err = keyfile.Rename(path, aside)
	}
	if err != nil {
		return fmt.Errorf("cannot set %s aside: %w", path, err)
	}
	return nil
}
