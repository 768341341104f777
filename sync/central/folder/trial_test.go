package folder

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"vaxkiosk/sync/central/store"
)

// gone wants no copy in a data folder.
func gone(t *testing.T, dir string) {
	t.Helper()
	if _, err := os.Lstat(filepath.Join(dir, trialFolder)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the copy is there: %v", err)
	}
}

func TestATrialChangesItsOwnCopyOnlyAndTakesItAway(t *testing.T) {
	dir := t.TempDir()
	if err := Init(t.Context(), dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	trial, err := OpenTrial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, trialFolder, DatabaseFile)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := OpenTrial(t.Context(), dir); !errors.Is(err, store.ErrLocked) {
		t.Errorf("a second at once: %v", err)
	}
	s, err := OpenRegistry(t.Context(), dir) // leaves a trial at work alone
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := trial.StartImport(t.Context(), "people.csv", ""); err != nil {
		t.Fatal(err)
	}
	if i, err := s.UnfinishedImport(t.Context(), "people.csv", ""); i.Run != 0 || err != nil {
		t.Errorf("it is in the registry: %+v, %v", i, err)
	}
	if err := trial.Close(); err != nil {
		t.Error(err)
	}
	gone(t, dir)
}

func TestATrialThatIsStoppedOrKilledLeavesNothingForLong(t *testing.T) {
	dir := t.TempDir()
	if err := Init(t.Context(), dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := OpenTrial(ctx, dir); err == nil {
		t.Error("a trial that was stopped")
	}
	gone(t, dir)
	left := filepath.Join(dir, trialFolder)
	for range 2 {
		if err := errors.Join(os.Mkdir(left, 0o700), os.WriteFile(filepath.Join(left, DatabaseFile), []byte("half"), 0o600)); err != nil {
			t.Fatal(err)
		}
		s, err := OpenRegistry(t.Context(), dir)
		if err = errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		gone(t, dir)
	}
}
