package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/mattn/go-sqlite3"
)

// What is done with SQLite's file as one: looked at before it is opened, copied, read as a whole.

// KeyPrints reads the thumbprints of a file before anything in it is changed, migrations
// included; none of one that has not noted any. It is the first to see that a file
// is no database, or an empty one, which is no registry without people but a lost one.
func KeyPrints(ctx context.Context, path string) (all []KeyPrint, err error) {
	if err := private(path); err != nil {
		return nil, err
	}
	db, err := connectTo(path, "rw")
	if err != nil {
		return nil, err
	}
	var ours, noted bool
	err = db.QueryRowContext(ctx, `SELECT coalesce(sum(name = 'version'), 0), coalesce(sum(name = 'folder_keys'), 0) FROM sqlite_schema`).Scan(&ours, &noted)
	switch {
	case err == nil && !ours:
		err = sqlite3.Error{Code: sqlite3.ErrNotADB}
	case err == nil && noted:
		all, err = printsOf(ctx, db)
	}
	return all, explain(path, errors.Join(err, db.Close()))
}

// Rest makes a database that is not open rest.
func Rest(path string, now time.Time) error {
	db, err := connectTo(path, "rw")
	if err != nil {
		return err
	}
	_, err = db.Exec(`UPDATE folder SET rests = ?`, now.Unix())
	return explain(path, errors.Join(err, db.Close()))
}

// Snapshot writes the database as it is at one instant into a new file, which only
// its owner may read, and checks all of it. Others write meanwhile. It leaves no
// file when it fails or ctx ends. Of a database on a server the file holds what that has.
func (s *Store) Snapshot(ctx context.Context, to string) (err error) {
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // SQLite itself would let others read
	if err != nil {
		return fmt.Errorf("cannot copy the database (%w): check the folder and its rights", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(to))
		}
	}()
	if err := f.Close(); err != nil {
		return err
	}
	if err := s.d.snapshot(ctx, to); err != nil {
		return err
	}
	return Whole(ctx, to)
}

// Whole reads a whole database, which is not changed, and wants it to be whole.
func Whole(ctx context.Context, path string) error {
	db, err := connectTo(path, "ro")
	if err != nil {
		return err
	}
	return explain(path, errors.Join(sound(ctx, db, "integrity_check"), db.Close()))
}

// Counts tells what a file that is not in use holds: people, and requests that are not
// answered.
func Counts(ctx context.Context, path string) (people, waiting int, err error) {
	db, err := connectTo(path, "ro")
	if err != nil {
		return 0, 0, err
	}
	err = db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM people), (`+unanswered+`)`).Scan(&people, &waiting)
	return people, waiting, explain(path, errors.Join(err, db.Close()))
}

// placeOf is which file a database is, so that a copy is known for one.
func placeOf(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fileID(info)
}
