package central_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/keyfile"
)

func TestOpenRefusesALooseKeyOrDatabase(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	for _, end := range []string{"-wal", "-shm"} { // as after a crash
		if err := os.WriteFile(filepath.Join(w.dir, folder.DatabaseFile+end), nil, keyfile.Mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{
		folder.DatabaseFile, folder.DatabaseFile + "-wal", folder.DatabaseFile + "-shm", access.PepperFile, sealing.KeyFile, card.KeyFile, "root-key.pem", authority.KeyFile,
	} {
		path := filepath.Join(w.dir, name)
		for _, mode := range []os.FileMode{0o640, 0o604, 0o666} {
			chmod(t, path, mode)
			c, err := central.Open(t.Context(), central.Options{Dir: w.dir, Sender: w.phone})
			var wide *keyfile.ModeError
			if err == nil {
				c.Close()
			}
			if !errors.As(err, &wide) || wide.Path != path || wide.Mode != mode {
				t.Errorf("%s with mode %04o: %v", name, mode, err)
			}
		}
		chmod(t, path, keyfile.Mode)
	}
	chmod(t, w.dir, 0o755)
	w.start(nil)
	if info, err := os.Stat(w.dir); err != nil || info.Mode().Perm() != keyfile.FolderMode {
		t.Errorf("the folder is left open to others: %v, %v", info.Mode(), err)
	}
}

func TestAFolderOfOthersIsNoDataFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "home"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	chmod(t, dir, 0o755)
	if c, err := central.Open(t.Context(), central.Options{Dir: dir, Sender: &notice.Phone{}}); err == nil {
		c.Close()
		t.Error("keys were made in a folder that others look into")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%d files, %v", len(left), err)
	}
}

func chmod(t testing.TB, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}
