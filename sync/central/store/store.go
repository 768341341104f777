// Package store is central's database: people, requests, tokens, amendments,
// reports and audit, in one SQLite file (WAL, synchronous=FULL) that only its owner
// may read.
//
// A write that has returned without an error is on the disk. Requests rest as the
// kiosk sealed them until they are answered; then the envelope is erased and
// only hashes of PIN and code stay. Amendments rest sealed until they are closed.
// The audit tables hold no value of visitors.
//
// People are kept as each source says of them, and may be one (links.go); reports of doses
// as they came (doses.go), and doses are composed of them when a person is read.
//
// Health cards that were handed out have ids here, and a change of a record
// revokes those that are no longer true, in the same transaction: cards.go.
//
// It knows which keys belong to it and whether it may send: folder.go.
//
// Tries are counted here, in one statement, before anything is compared: see Try.
// Only this package of central imports SQLite. The tests of what any database must do are
// in storetest; those beside this file are about SQLite, its files and its plans.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"vaxkiosk/sync/keyfile"
)

// Errors come as a sentence with the file and the fix.
var (
	ErrLocked  = errors.New("in use by another program")
	ErrCorrupt = errors.New("damaged")
	ErrFull    = errors.New("the disk is full")
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is safe for concurrent use.
type Store struct {
	db   *sql.DB // reads
	one  *sql.DB // writes, over one connection: writers queue here, in order, instead of polling the file's lock
	path string
	ids  atomic.Pointer[map[int64]bool] // of reports on file, while a registry is filled without the index of them

	candidates, contact *sql.Stmt // of group.go: to prepare them takes several times as long as to run them

	from, to int // migrations that Open found and left
}

// Migrated are the numbers of the last migration that Open found in the file, and left in it.
func (s *Store) Migrated() (from, to int) { return s.from, s.to }

// waitForLock is how long a statement waits for another program's; a variable
// for the tests.
var waitForLock = 5 * time.Second

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
	s, err := &Store{path: path}, error(nil)
	if s.db, err = connect(path, options); err != nil {
		return nil, err
	}
	if s.one, err = connect(path, options); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	s.one.SetMaxOpenConns(1)
	s.db.SetMaxOpenConns(readers) // many long polls look at once
	s.db.SetMaxIdleConns(readers)
	if err = s.migrate(ctx); err == nil { // the first to see a file that is no database, or is cut off
		err = s.mend(ctx)
	}
	if err == nil { // a lock shows itself to writers only
		err = s.write(ctx, func(*sql.Tx) error { return nil })
	}
	if err == nil {
		s.candidates, err = s.db.PrepareContext(ctx, candidatesQuery)
	}
	if err == nil {
		s.contact, err = s.db.PrepareContext(ctx, contactQuery)
	}
	if err != nil {
		s.Close() // after a failed open nothing is lost by it
		return nil, explain(path, err)
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
// lock of another program, or a disk that is full or does not answer.
func Passing(err error) bool {
	var e sqlite3.Error
	if errors.Is(err, ErrLocked) || errors.Is(err, ErrFull) {
		return true
	}
	passing := []sqlite3.ErrNo{sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrCantOpen}
	return errors.As(err, &e) && slices.Contains(passing, e.Code)
}

// sound reads a whole database by one of SQLite's checks.
func sound(ctx context.Context, db *sql.DB, check string) error {
	var word string
	if err := db.QueryRowContext(ctx, "PRAGMA "+check+"(1)").Scan(&word); err != nil {
		return err
	}
	if word != "ok" { // which names what is in it
		return sqlite3.Error{Code: sqlite3.ErrCorrupt}
	}
	return nil
}

// migrate applies the migrations that the file has not had yet, each in a
// transaction of its own. There is no way back: a newer file is refused.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql") // in order of their names
	if err != nil {
		return err
	}
	if _, err := s.one.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS version (n INTEGER PRIMARY KEY, applied INTEGER NOT NULL)"); err != nil {
		return err
	}
	var have int
	if err := s.db.QueryRowContext(ctx, "SELECT coalesce(max(n), 0) FROM version").Scan(&have); err != nil {
		return err
	}
	if have > len(files) {
		return fmt.Errorf("the database %s was written by a newer program (version %d, this one knows %d) and was left as it is: install that program again or a later one, or restore a back-up of before into an empty folder",
			s.path, have, len(files))
	}
	s.from, s.to = have, len(files)
	for n := have + 1; n <= len(files); n++ {
		text, err := migrations.ReadFile(files[n-1])
		if err != nil {
			return err
		}
		if err := s.apply(ctx, n, string(text)); err != nil {
			return fmt.Errorf("migration %d: %w", n, err)
		}
	}
	return nil
}

// inGo is what SQL cannot do of a migration.
var inGo = map[int]func(*sql.Tx) error{19: rekey, 22: lengthen}

func (s *Store) apply(ctx context.Context, n int, text string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		// A second program may have been faster.
		var done bool
		if err := tx.QueryRow("SELECT EXISTS (SELECT 1 FROM version WHERE n = ?)", n).Scan(&done); err != nil || done {
			return err
		}
		if _, err := tx.Exec(text); err != nil {
			return err
		}
		if behind, is := inGo[n]; is {
			if err := behind(tx); err != nil {
				return err
			}
		}
		_, err := tx.Exec("INSERT INTO version (n, applied) VALUES (?, ?)", n, time.Now().Unix())
		return err
	})
}

// write runs f in one transaction; an error leaves everything as it was.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.one.BeginTx(ctx, nil)
	if err == nil {
		if err = f(tx); err == nil {
			err = tx.Commit()
		}
		_ = tx.Rollback() // does nothing after a commit
	}
	return explain(s.path, err)
}

// Ready reports whether the database can be written to, by writing the time.
func (s *Store) Ready(ctx context.Context, now time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE probed SET at = ?", now.UnixMilli())
		return err
	})
}

// Close lets go of the file.
func (s *Store) Close() error { return errors.Join(s.db.Close(), s.one.Close()) }

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
