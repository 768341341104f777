package outbox

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"

	"vaxkiosk/sync/keyfile"
)

// Fault is why an outbox does not open.
type Fault string

// The faults.
const (
	Locked     Fault = "locked"     // another process has it
	Damaged    Fault = "damaged"    // not readable as a database
	Foreign    Fault = "foreign"    // the database of another program
	Newer      Fault = "newer"      // written by a newer release
	Unwritable Fault = "unwritable" // folder or file cannot be written
	Exposed    Fault = "exposed"    // others may read it
)

// OpenError is one clear sentence about a file that does not open, with the fix.
type OpenError struct {
	File  string
	Fault Fault
	Err   error // the cause, may be nil
}

// Error is the sentence for IT.
func (e *OpenError) Error() string {
	switch e.Fault {
	case Locked:
		return fmt.Sprintf("outbox %s is in use by another running kiosk; stop that one first", e.File)
	case Damaged:
		return fmt.Sprintf("outbox %s is damaged and was left as it is; move it and its -wal file to a safe place, send them to support, and start again with a new one", e.File)
	case Foreign:
		return fmt.Sprintf("%s is a database, but not a kiosk's outbox; set kiosk.data to another folder", e.File)
	case Newer:
		return fmt.Sprintf("outbox %s was written by a newer release and was left as it is, with all that waits in it; install that release again, or a later one", e.File)
	case Exposed:
		return fmt.Sprintf("outbox %v", e.Err)
	case Unwritable:
		return fmt.Sprintf("outbox %s cannot be written (%v); give the kiosk's user the right to write to the folder, and room on the disk", e.File, e.Err)
	}
	return fmt.Sprintf("outbox %s does not open: %v", e.File, e.Err)
}

// Unwrap returns the cause.
func (e *OpenError) Unwrap() error { return e.Err }

// lockWait is how long Open waits for a lock: a kiosk that was just stopped may
// take a moment to let go.
const lockWait = 500 * time.Millisecond

// Open opens the outbox in a file, or makes a new one, readable for the
// kiosk's user only. Errors are *OpenError.
func Open(path string) (*Box, error) {
	if err := prepare(path); err != nil {
		return nil, openError(path, err)
	}
	if err := look(path); err != nil {
		return nil, openError(path, err)
	}
	db, err := connect(path, "rw", "EXCLUSIVE")
	if err != nil {
		return nil, openError(path, err)
	}
	from, err := start(db, path)
	if err != nil {
		_ = db.Close() // the first error is the one that helps
		return nil, openError(path, err)
	}
	return &Box{db: db, now: time.Now, from: from, to: len(steps)}, nil
}

// prepare makes folder and file with narrow rights. A log without its file is
// refused: SQLite would take the file for new and delete the log.
func prepare(path string) error {
	file, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 && (file == nil || file.Size() == 0) {
		return errDamaged
	}
	for _, end := range []string{"", "-wal", "-journal"} {
		if err := keyfile.Private(path + end); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), keyfile.FolderMode); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// look inspects the file on a connection that cannot write: one that can would,
// even when it only closes, fold the log into a damaged file and delete the log.
func look(path string) error {
	db, err := connect(path, "ro", "NORMAL")
	if err != nil {
		return err
	}
	_, err = inspect(db)
	var lite sqlite3.Error
	if errors.As(err, &lite) && lite.ExtendedCode == sqlite3.ErrReadonlyRollback {
		err = nil // the very first start was cut off; there is nothing to lose, and rw cleans up
	}
	return errors.Join(err, db.Close())
}

// connect opens one connection and no more: the lock is the connection's.
func connect(path, mode, locking string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	p := filepath.ToSlash(abs)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // a Windows drive
	}
	u := url.URL{Scheme: "file", Path: p, RawQuery: url.Values{
		"mode":           {mode},
		"_locking_mode":  {locking},
		"_synchronous":   {"FULL"},
		"_foreign_keys":  {"on"},
		"_secure_delete": {"on"},
		"_txlock":        {"immediate"},
		"_busy_timeout":  {fmt.Sprint(lockWait.Milliseconds())},
	}.Encode()}
	db, err := sql.Open("sqlite3", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// start takes the lock and brings the file up to date from a version. With the exclusive lock
// set before the write-ahead log is used, SQLite needs no shared memory file.
func start(db *sql.DB, path string) (from int, err error) {
	version, err := inspect(db)
	if err != nil {
		return 0, err
	}
	var mode string
	if err := db.QueryRow(`PRAGMA journal_mode = WAL`).Scan(&mode); err != nil {
		return 0, err
	}
	if mode != "wal" {
		return 0, fmt.Errorf("write-ahead log is not possible here, got %q", mode)
	}
	if err := os.Remove(path + "-shm"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err // left over from look
	}
	if version == len(steps) {
		return version, nil
	}
	if err := migrate(db, version); err != nil {
		return 0, err
	}
	// In the file itself, and not in its log alone: there the script of a package reads it.
	_, err = db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	return version, err
}

// inspect refuses a file that is damaged, foreign or newer.
func inspect(db *sql.DB) (version int, err error) {
	var verdict string
	if err := db.QueryRow(`PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return 0, err
	}
	if verdict != "ok" {
		return 0, errDamaged
	}
	var id, tables int
	err = db.QueryRow(`SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&id, &version, &tables)
	switch {
	case err != nil:
		return 0, err
	case id != applicationID && (id != 0 || version != 0 || tables != 0):
		return 0, errForeign
	case version > len(steps):
		return 0, errNewer
	}
	return version, nil
}

var (
	errDamaged = errors.New("quick check failed")
	errForeign = errors.New("another application id")
	errNewer   = errors.New("newer schema")
)

// openError finds the fault behind an error.
func openError(path string, err error) *OpenError {
	e := &OpenError{File: path, Err: cause(err)}
	var lite sqlite3.Error
	var file *fs.PathError
	var wide *keyfile.ModeError
	switch {
	case errors.As(err, &wide):
		e.Fault = Exposed
	case errors.As(err, &file):
		e.Fault = Unwritable
	case errors.Is(err, errDamaged):
		e.Fault = Damaged
	case errors.Is(err, errForeign):
		e.Fault = Foreign
	case errors.Is(err, errNewer):
		e.Fault = Newer
	case errors.As(err, &lite):
		e.Fault = faults[lite.Code]
	}
	return e
}

var faults = map[sqlite3.ErrNo]Fault{
	sqlite3.ErrBusy:     Locked,
	sqlite3.ErrLocked:   Locked,
	sqlite3.ErrNotADB:   Damaged,
	sqlite3.ErrCorrupt:  Damaged,
	sqlite3.ErrReadonly: Unwritable,
	sqlite3.ErrCantOpen: Unwritable,
	sqlite3.ErrPerm:     Unwritable,
	sqlite3.ErrFull:     Unwritable,
	sqlite3.ErrIoErr:    Unwritable,
}

// cause drops the file name that the sentence already has.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
