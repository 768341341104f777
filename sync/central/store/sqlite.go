package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/mattn/go-sqlite3"

	"vaxkiosk/sync/keyfile"
)

// SQLite: a database in a file of the data folder, which one program serves. It is what a
// statement is written for.

// sqlite is the dialect of a database in a file.
func sqlite(s *Store, path string) *dialect {
	return &dialect{
		name:       path,
		migrations: "migrations/*.sql",
		text:       func(query string) string { return query },
		again:      func(error) bool { return false },
		explain:    func(err error) error { return explain(path, err) },
		place:      func(context.Context) string { return placeOf(path) },
		sound:      func(ctx context.Context) error { return sound(ctx, s.db, "quick_check") },
		snapshot:   s.snapshotFile,
		inMemory:   "PRAGMA temp_store = MEMORY",
		indexes:    `SELECT name FROM sqlite_schema WHERE type = 'index'`,
		hold:       func(_ context.Context, name string) (func() error, error) { return Hold(path + "." + name) },
	}
}

// waitForLock is how long a statement waits for another program's; a variable
// for the tests.
var waitForLock = 5 * time.Second

// GivenUp waits until whoever waits by now for a lock of another program has given up.
func GivenUp() {
	late := time.NewTimer(waitForLock + waitForLock/10)
	defer late.Stop()
	<-late.C
}

// readers is how many statements read at once; the others wait their turn.
const readers = 8

// Make makes the database of a new folder, where there must be none.
func Make(ctx context.Context, path string) (*Store, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, keyfile.Mode) // SQLite itself would let others read
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("cannot make the database (%w): check the folder and its rights", err)
	}
	return Open(ctx, path)
}

// Open opens the database of a file and migrates it as needed. It never makes one.
func Open(ctx context.Context, path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("cannot open the database (%w): check the folder and its rights", err)
	}
	if err := private(path); err != nil {
		return nil, err
	}
	options := url.Values{
		"mode": {"rw"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_foreign_keys": {"on"}, "_secure_delete": {"on"},
		"_txlock": {"immediate"}, "_busy_timeout": {fmt.Sprint(waitForLock.Milliseconds())},
	}
	s := &Store{path: path}
	s.d = sqlite(s, path)
	db, err := connect(path, options)
	if err != nil {
		return nil, err
	}
	one, err := connect(path, options)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.db, s.one = &pool{db, s.d}, &pool{one, s.d}
	s.one.SetMaxOpenConns(1)
	s.db.SetMaxOpenConns(readers) // many long polls look at once
	s.db.SetMaxIdleConns(readers)
	if err := s.begin(ctx); err != nil {
		s.Close() // after a failed open nothing is lost by it
		return nil, err
	}
	return s, nil
}

// private wants a database that only its owner may read.
func private(path string) error {
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := keyfile.Private(path + end); err != nil {
			return err
		}
	}
	return nil
}

func connect(path string, options url.Values) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: options.Encode()}
	return sql.Open("sqlite3", dsn.String())
}

// connectTo opens a file that is there, to look or to change little in it.
func connectTo(path, mode string) (*sql.DB, error) {
	return connect(path, url.Values{"mode": {mode}, "_busy_timeout": {fmt.Sprint(waitForLock.Milliseconds())}})
}

// explain turns SQLite's words into a sentence with the file and the fix.
func explain(path string, err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return fmt.Errorf("%s is %w: stop that program and start again", path, ErrLocked)
	case sqlite3.ErrFull:
		return fmt.Errorf("%w: %s cannot be written until there is room", ErrFull, path)
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return fmt.Errorf("%s is %w: restore a back-up into an empty folder (vaxcentral restore)", path, ErrCorrupt)
	}
	return fmt.Errorf("%s cannot be used: %w", path, err)
}

// Passing reports whether an error comes from outside and may be over at the next call: a
// lock of another program, a disk that is full or does not answer, or a server that is away.
func Passing(err error) bool {
	var e sqlite3.Error
	if errors.Is(err, ErrLocked) || errors.Is(err, ErrFull) || passingServer(err) {
		return true
	}
	passing := []sqlite3.ErrNo{sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrCantOpen}
	return errors.As(err, &e) && slices.Contains(passing, e.Code)
}

// sound reads a whole database by one of SQLite's checks.
func sound(ctx context.Context, db source, check string) error {
	var word string
	if err := db.QueryRowContext(ctx, "PRAGMA "+check+"(1)").Scan(&word); err != nil {
		return err
	}
	if word != "ok" { // which names what is in it
		return sqlite3.Error{Code: sqlite3.ErrCorrupt}
	}
	return nil
}

// Hold claims a folder for this process until release is called or the process
// ends, however it ends. It uses SQLite's file locks, which every platform has.
func Hold(path string) (release func() error, err error) {
	db, err := connect(path, url.Values{"_busy_timeout": {"0"}, "_txlock": {"exclusive"}})
	if err != nil {
		return nil, err
	}
	tx, err := db.Begin()
	if err != nil {
		db.Close() // nothing was written
		return nil, explain(path, err)
	}
	return func() error { return errors.Join(tx.Rollback(), db.Close()) }, nil
}
