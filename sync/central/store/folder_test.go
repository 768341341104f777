package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vaxkiosk/sync/central/madeup"
)

// What happens to files: copied, moved, damaged, looked at before they are opened. Which
// keys are known and what rests is in storetest.

var twoKeys = []KeyPrint{{Kind: "pepper", Print: "p"}, {Kind: "sealing", Print: "s"}}

func adopted(t *testing.T) (*Store, string) {
	t.Helper()
	s, path := open(t)
	if err := s.Adopt(t.Context(), twoKeys, now); err != nil {
		t.Fatal(err)
	}
	return s, path
}

// A look at a folder that may be the wrong one changes nothing, and migrates nothing.
func TestThumbprintsAreReadWithoutChangingTheFile(t *testing.T) {
	s, path := open(t)
	if _, err := s.one.Exec("DROP TABLE folder; DROP TABLE folder_keys; DELETE FROM version WHERE n >= 20"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if all, err := KeyPrints(t.Context(), path); len(all) != 0 || err != nil {
		t.Errorf("%v, %v", all, err)
	}
	after, err := os.ReadFile(path)
	left, no := os.ReadDir(filepath.Dir(path))
	if errors.Join(err, no) != nil || !slices.Equal(before, after) || len(left) != 1 {
		t.Errorf("changed %v, %d files, %v, %v", !slices.Equal(before, after), len(left), err, no)
	}
}

func TestOpenMakesNoDatabase(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "central.db")
	_, err := Open(t.Context(), path)
	_, no := KeyPrints(t.Context(), path)
	if left, _ := os.ReadDir(dir); err == nil || no == nil || len(left) != 0 {
		t.Errorf("%d files, %v, %v", len(left), err, no)
	}
}

func TestACopyMadeByHandRestsAndAMovedFileDoesNot(t *testing.T) {
	s, path := adopted(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied, moved := path+".copy", path+".moved"
	if err := errors.Join(os.WriteFile(copied, b, 0o600), os.Rename(path, moved)); err != nil {
		t.Fatal(err)
	}
	for path, rests := range map[string]bool{copied: placeOf(copied) != "", moved: false} {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if f, err := s.Folder(t.Context()); f.Rests != rests || !f.Since.IsZero() || err != nil {
			t.Errorf("%s: %+v, %v", path, f, err)
		}
		if _, err := s.Resume(t.Context()); err != nil {
			t.Error(err)
		}
		if f, err := s.Folder(t.Context()); f.Rests || err != nil {
			t.Errorf("%s, resumed: %+v, %v", path, f, err)
		}
		s.Close()
	}
}

// A copy is of one instant, and those who write wait for nothing.
func TestASnapshotIsWholeWhileOthersWrite(t *testing.T) {
	s, path := adopted(t)
	ctx, cancel := context.WithCancel(t.Context())
	written := make(chan error, 1)
	begun := make(chan struct{})
	go func() {
		var err error
		for n := 0; ctx.Err() == nil && err == nil; n++ {
			if err = s.ImportPeople(t.Context(), madeup.Generate(20, uint64(n%5), today)); n == 0 {
				close(begun)
			}
		}
		written <- err
	}()
	<-begun
	for n := range 5 {
		to := filepath.Join(filepath.Dir(path), "copy"+string(rune('a'+n)))
		if err := s.Snapshot(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		c, err := Open(t.Context(), to)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := c.CountPeople(t.Context()); n != 20 || err != nil {
			t.Errorf("%d people, %v", n, err)
		}
		if got, err := c.KeyPrints(t.Context()); !slices.Equal(got, twoKeys) || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		c.Close()
		if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
	}
	cancel()
	if err := <-written; err != nil {
		t.Error(err)
	}
}

func TestASnapshotThatIsStoppedOrOfADamagedDatabaseLeavesNoFile(t *testing.T) {
	s, path := adopted(t)
	if err := s.ImportPeople(t.Context(), madeup.Generate(200, 1, today)); err != nil {
		t.Fatal(err)
	}
	to := path + ".copy"
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Snapshot(ctx, to); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, damages["bad page"].do(b), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Snapshot(t.Context(), to); !errors.Is(err, ErrCorrupt) {
		t.Errorf("damaged: %v", err)
	}
	if _, err := os.Stat(to); err == nil {
		t.Error("half a copy is left")
	}
}
