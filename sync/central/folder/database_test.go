package folder

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

func TestMain(m *testing.M) {
	givenUp = func() {} // one waits for nobody here
	status := m.Run()
	storetest.StopServer()
	os.Exit(status)
}

// onServer makes a data folder whose database is on a server.
func onServer(t *testing.T) (dir, url string) {
	t.Helper()
	b := storetest.OnEmpty(t)
	dir = filepath.Join(t.TempDir(), "data")
	if err := InitOn(t.Context(), dir, b.DB.Where(), time.Now()); err != nil {
		t.Fatal(err)
	}
	return dir, b.DB.Where()
}

func serves(ctx context.Context, dir string) (*Folder, error) {
	return Open(ctx, Options{Dir: dir, Serves: true, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
}

func TestAFolderFindsItsDatabaseOnAServer(t *testing.T) {
	dir, url := onServer(t)
	f, err := serves(t.Context(), dir)
	if err != nil || f.Rests {
		t.Fatalf("rests %v, %v", f != nil && f.Rests, err)
	}
	if _, err := f.Store.CountPeople(t.Context()); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	ours, no := store.Schema()
	if n, err := Schema(t.Context(), dir); n != ours || err != nil || no != nil {
		t.Errorf("version %d, %v; this program knows %d, %v", n, err, ours, no)
	}
	s, err := OpenRegistry(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := os.Stat(filepath.Join(dir, DatabaseFile)); err == nil {
		t.Error("there is a file, too")
	}
	if err := InitOn(t.Context(), filepath.Join(t.TempDir(), "data"), url, time.Now()); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("a second folder on the same database: %v", err)
	}
}

// Two machines may name one database, and serve it side by side.
func TestADatabaseOnAServerIsServedBySeveral(t *testing.T) {
	dir, _ := onServer(t)
	other := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(other, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	private(t, other)
	f, err := serves(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	beside, err := serves(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := serves(t.Context(), other); !errors.Is(err, store.ErrLocked) {
		t.Errorf("one folder twice: %v", err)
	}
	if err := errors.Join(f.Close(), beside.Close()); err != nil {
		t.Error(err)
	}
}

// private gives a copy of a folder the modes of one.
func private(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		mode := os.FileMode(0o600)
		if err == nil && e.IsDir() {
			mode = 0o700
		}
		return errors.Join(err, os.Chmod(path, mode))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheKeysOfAnotherFolderAreRefusedBesideAServer(t *testing.T) {
	dir, url := onServer(t)
	other := filepath.Join(t.TempDir(), "data")
	if err := Init(t.Context(), other, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(filepath.Join(other, DatabaseFile)), os.WriteFile(filepath.Join(other, ServerFile), []byte(url), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := serves(t.Context(), other); err == nil || !strings.Contains(err.Error(), "belongs to other keys") {
		t.Errorf("got %v", err)
	}
	if f, err := serves(t.Context(), dir); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
}
