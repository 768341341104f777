package outbox

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// raw runs statements on a file without going through Open.
func raw(t *testing.T, path string, statements ...string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE, 0o600)
	if err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
}

func wantFault(t *testing.T, path string, want Fault) {
	t.Helper()
	b, err := Open(path)
	if err == nil {
		b.Close()
		t.Fatalf("opened, want %s", want)
	}
	var e *OpenError
	if !errors.As(err, &e) || e.Fault != want {
		t.Fatalf("got %v, want %s", err, want)
	}
	if text := e.Error(); !strings.Contains(text, path) || strings.ContainsAny(text, "\n") || len(text) < len(path)+40 {
		t.Errorf("not one clear sentence with file and fix: %q", text)
	}
}

func TestTheFileIsDurableLockedAndForItsUserOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "100%#?.db")
	b := open(t, path)
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "locking_mode": "exclusive", "secure_delete": "1", "foreign_keys": "1",
	} {
		var got string
		if err := b.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", pragma, got, err, want)
		}
	}
	save(t, b)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("want the file and its log, got %q, %v", files, err)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", f, info.Mode(), err)
		}
	}
}

func TestASecondOpenIsRefusedUntilTheFirstIsClosed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiosk.db")
	b := open(t, path)
	wantFault(t, path, Locked)
	key, _ := save(t, b) // the first goes on undisturbed
	b.Close()
	if it, ok := next(t, open(t, path)); !ok || it.Key != key {
		t.Errorf("%+v", it)
	}
}

// crashed returns a folder with file and log as a crash leaves them: the last
// request is in the log only.
func crashed(t *testing.T) (path string) {
	t.Helper()
	from := filepath.Join(t.TempDir(), "kiosk.db")
	b := open(t, from)
	for range 20 {
		save(t, b)
	}
	if _, err := b.db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		t.Fatal(err)
	}
	save(t, b)
	path = filepath.Join(t.TempDir(), "kiosk.db")
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(from + end)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path+end, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestWhatACrashLeavesOpensWithEverything(t *testing.T) {
	if c := counts(t, open(t, crashed(t))); c.Waiting != 21 {
		t.Errorf("%+v", c)
	}
}

func TestAFileThatOthersCanReadIsRefusedAndLeftAsItIs(t *testing.T) {
	for _, end := range []string{"", "-wal", "-journal"} {
		for _, mode := range []os.FileMode{0o640, 0o604, 0o666} {
			path := filepath.Join(t.TempDir(), "kiosk.db")
			for _, end := range []string{"", end} {
				if err := os.WriteFile(path+end, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chmod(path+end, mode); err != nil {
				t.Fatal(err)
			}
			wantFault(t, path, Exposed)
			if info, err := os.Stat(path + end); err != nil || info.Mode().Perm() != mode || info.Size() != 0 {
				t.Errorf("kiosk.db%s: %v, %v", end, info.Mode(), err)
			}
		}
	}
}

func TestADamagedFileIsLeftAsItIs(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"no header":            func(b []byte) []byte { copy(b, "garbage garbage!"); return b },
		"pages overwritten":    func(b []byte) []byte { return append(b[:4096], bytes.Repeat([]byte{0xff}, len(b)-4096)...) },
		"a schema overwritten": func(b []byte) []byte { copy(b[100:], bytes.Repeat([]byte{0xff}, 3000)); return b },
		"pages cut off":        func(b []byte) []byte { return b[:len(b)-3*4096] },
		"a few bytes left":     func(b []byte) []byte { return b[:10] },
		"nothing left":         func(b []byte) []byte { return nil },
		"text instead":         func([]byte) []byte { return []byte(strings.Repeat("not a database\n", 1000)) },
	} {
		t.Run(name, func(t *testing.T) {
			path := crashed(t)
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			file = damage(file)
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			log, err := os.ReadFile(path + "-wal")
			if err != nil {
				t.Fatal(err)
			}
			wantFault(t, path, Damaged)
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, file) {
				t.Errorf("the file changed: %v", err)
			}
			if now, err := os.ReadFile(path + "-wal"); err != nil || !bytes.Equal(now, log) {
				t.Errorf("the log changed: %v", err)
			}
		})
	}
}

func TestAnOverwrittenPageIsNoticedUnlessTheLogHasIt(t *testing.T) {
	const size = 4096
	noticed := 0
	for page := 0; ; page++ {
		path := crashed(t)
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if page*size >= len(file) {
			break
		}
		copy(file[page*size:], bytes.Repeat([]byte{0xff}, size))
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := Open(path)
		if err != nil {
			noticed++
			continue
		}
		for range 21 {
			it, ok := next(t, b)
			if !ok {
				t.Fatalf("page %d: requests are missing", page+1)
			}
			if err := b.Sent(t.Context(), it.Key, "id", time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		b.Close()
	}
	if noticed == 0 {
		t.Error("no overwritten page was noticed")
	}
}

func TestALogWithoutItsFileIsNotThrownAway(t *testing.T) {
	path := crashed(t)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	wantFault(t, path, Damaged)
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		t.Errorf("the log is gone: %v", err)
	}
}

func TestAnotherProgramsDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	raw(t, path, `CREATE TABLE recipe (name TEXT)`, `INSERT INTO recipe VALUES ('soup')`)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wantFault(t, path, Foreign)
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("it changed: %v", err)
	}
}

func TestANewerFileIsRefusedAndLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiosk.db")
	b := open(t, path)
	save(t, b)
	b.Close()
	raw(t, path, fmt.Sprintf(`PRAGMA user_version = %d`, len(steps)+1))
	wantFault(t, path, Newer)
	raw(t, path, fmt.Sprintf(`PRAGMA user_version = %d`, len(steps)))
	if c := counts(t, open(t, path)); c.Waiting != 1 {
		t.Errorf("%+v", c)
	}
}

// A crash in the first start, before the log is on, leaves a rollback journal.
func TestAFirstStartThatWasCutOffIsRepeated(t *testing.T) {
	from, path := filepath.Join(t.TempDir(), "kiosk.db"), filepath.Join(t.TempDir(), "kiosk.db")
	db, err := sql.Open("sqlite3", from)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	defer db.Close()
	for _, s := range []string{
		fmt.Sprintf(`PRAGMA application_id = %d`, applicationID), `PRAGMA cache_size = 1`, `BEGIN`,
		`CREATE TABLE big (x BLOB)`, `INSERT INTO big VALUES (zeroblob(200000))`,
	} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	for _, end := range []string{"", "-journal"} {
		content, err := os.ReadFile(from + end)
		if err != nil || len(content) == 0 {
			t.Fatalf("no content in %q: %v", end, err)
		}
		if err := os.WriteFile(path+end, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save(t, open(t, path))
}

func TestAPathThatCannotBeWrittenIsRefused(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wantFault(t, filepath.Join(file, "kiosk.db"), Unwritable)
	wantFault(t, dir, Unwritable)
	if os.Geteuid() == 0 {
		return // rights do not bind root
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	wantFault(t, filepath.Join(dir, "kiosk.db"), Unwritable)
}

func TestEveryEarlierVersionIsCarriedForward(t *testing.T) {
	for version := range steps {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "kiosk.db")
			key, envelope := sealed(t, "plain")
			old := append([]string{}, steps[:version]...)
			if version > 0 {
				old = append(old,
					fmt.Sprintf(`PRAGMA application_id = %d`, applicationID), fmt.Sprintf(`PRAGMA user_version = %d`, version),
					fmt.Sprintf(`INSERT INTO request (key, envelope, state, saved, due) VALUES ('%s', x'%x', 'waiting', 1, 1)`, key, envelope))
			}
			raw(t, path, old...)
			b := open(t, path)
			if version > 0 {
				if it, ok := next(t, b); !ok || it.Key != key || !bytes.Equal(it.Envelope, envelope) {
					t.Errorf("the waiting request became %+v", it)
				}
			}
			for _, p := range kept {
				saveFor(t, b, p)
			}
			if err := b.KeepBootstrap(t.Context(), []byte("jws"), "etag"); err != nil {
				t.Error(err)
			}
			var now int
			if err := b.db.QueryRow(`PRAGMA user_version`).Scan(&now); err != nil || now != len(steps) {
				t.Errorf("version %d, %v", now, err)
			}
		})
	}
}

func TestAStepThatFailsLeavesTheVersionBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiosk.db")
	raw(t, path, append(append([]string{}, steps[:1]...), `CREATE TABLE bootstrap (in_the_way INTEGER)`,
		fmt.Sprintf(`PRAGMA application_id = %d`, applicationID), `PRAGMA user_version = 1`)...)
	if _, err := Open(path); err == nil {
		t.Fatal("opened")
	}
	raw(t, path, `DROP TABLE bootstrap`)
	save(t, open(t, path))
}

// A released step never changes: files out there were made with it.
func TestReleasedStepsAreFrozen(t *testing.T) {
	frozen := []string{
		"bfeb3d202c02c89b",
		"0369a22c79433686",
		"01685fc1ec1bcc72",
	}
	if len(frozen) != len(steps) {
		t.Fatalf("%d of %d steps are frozen", len(frozen), len(steps))
	}
	for n, want := range frozen {
		sum := sha256.Sum256([]byte(steps[n]))
		if got := hex.EncodeToString(sum[:8]); got != want {
			t.Errorf("step %d is now %s, was %s; add a new step instead", n+1, got, want)
		}
	}
}

func TestOpenTellsFromWhichVersionItCame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiosk.db")
	for _, want := range []int{0, len(steps)} {
		b, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if from, to := b.Migrated(); from != want || to != len(steps) {
			t.Errorf("from %d to %d, want from %d to %d", from, to, want, len(steps))
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFullDiskKeepsNothingAndLosesNothing(t *testing.T) {
	b := newBox(t)
	save(t, b)
	if _, err := b.db.Exec(`PRAGMA max_page_count = 1`); err != nil { // SQLite takes the present size
		t.Fatal(err)
	}
	kept, err := 1, error(nil)
	for err == nil && kept < 1000 {
		key, envelope := sealed(t, strings.Repeat("x", 2000))
		if err = b.Save(t.Context(), key, envelope); err == nil {
			kept++
		}
	}
	if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "the disk of this kiosk is full") {
		t.Fatalf("a full disk is not called one: %v", err)
	}
	if c := counts(t, b); c.Waiting != kept {
		t.Errorf("%d told, %+v", kept, c)
	}
	if _, err := b.db.Exec(`PRAGMA max_page_count = 100000`); err != nil {
		t.Fatal(err)
	}
	save(t, b)
}
