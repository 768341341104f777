package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/madeup"
)

// What is told of SQLite's file: who may read it, that it is synced, and what is said when
// it is locked, damaged or the disk full. What any database must do is in storetest.

var (
	now   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	today = request.Date{Year: 2026, Month: 11, Day: 23}
)

func open(t testing.TB) (*Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "central.db")
	s, err := Make(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, path
}

func TestOnlyTheOwnerCanReadTheDatabase(t *testing.T) {
	s, path := open(t)
	if err := s.ImportPeople(t.Context(), madeup.Generate(3, 1, today)); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", suffix, info, err)
		}
	}
}

func TestWhatIsToldDurableIsSyncedToDisk(t *testing.T) {
	s, _ := open(t)
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "secure_delete": "1"} {
		var got string
		if err := s.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, want %s, %v", pragma, got, want, err)
		}
	}
}

func TestALockedDatabaseIsNamedWithTheFix(t *testing.T) {
	s, path := open(t)
	waitForLock = 20 * time.Millisecond
	defer func() { waitForLock = 5 * time.Second }()
	err := s.write(t.Context(), func(*transaction) error {
		_, err := Open(t.Context(), path)
		return err
	})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "stop that program") {
		t.Errorf("got %v", err)
	}
}

// damages are ways in which a file can be damaged, and whether it is seen as soon as it is opened.
var damages = map[string]struct {
	do     func([]byte) []byte
	atOnce bool
}{
	"not a database": {func([]byte) []byte { return []byte(strings.Repeat("nothing of use ", 400)) }, true},
	"cut off":        {func(b []byte) []byte { return b[:len(b)/2] }, true},
	"bad page": {func(b []byte) []byte {
		for i := range 4096 { // the last page is one of people
			b[len(b)-1-i] = 0xa5
		}
		return b
	}, false},
}

func TestADamagedDatabaseIsNamedWithTheFix(t *testing.T) {
	for name, damage := range damages {
		s, path := open(t)
		if err := errors.Join(s.ImportPeople(t.Context(), madeup.Generate(50, 1, today)), s.Close()); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, damage.do(b), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err = Open(t.Context(), path)
		if damage.atOnce != (err != nil) {
			t.Errorf("%s: when opened, %v", name, err)
		}
		if err == nil { // the rest is read by and by, however large the file is
			err = s.Sound(t.Context())
			s.Close()
		}
		if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "vaxcentral restore") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestOneProcessHoldsAFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "serving.lock")
	release, err := Hold(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Hold(path); !errors.Is(err, ErrLocked) {
		t.Errorf("held twice: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	release, err = Hold(path)
	if err != nil {
		t.Fatalf("not free after release: %v", err)
	}
	release()
}

func TestManyReadersShareFewConnections(t *testing.T) {
	s, _ := open(t)
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if _, err := s.CountPeople(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if st := s.db.Stats(); st.MaxOpenConnections == 0 || st.OpenConnections > readers || st.MaxIdleClosed > 0 {
		t.Errorf("%d connections, %d closed and opened again", st.OpenConnections, st.MaxIdleClosed)
	}
}

func TestAFullDiskIsCalledOne(t *testing.T) {
	s, path := open(t)
	if _, err := s.one.Exec(`PRAGMA max_page_count = 1`); err != nil { // SQLite takes the present size
		t.Fatal(err)
	}
	err := s.ImportPeople(context.Background(), madeup.Generate(500, 1, today))
	if !errors.Is(err, ErrFull) || !strings.HasPrefix(err.Error(), "the disk is full: "+path) {
		t.Errorf("got %v", err)
	}
}
