package keyfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyAFileOfItsOwnerAloneIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := Private(path); err != nil {
		t.Errorf("a file that does not exist: %v", err)
	}
	if err := os.WriteFile(path, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, private := range map[fs.FileMode]bool{
		0o600: true, 0o400: true, 0o200: true, 0: true,
		0o640: false, 0o604: false, 0o620: false, 0o602: false, 0o660: false, 0o644: false, 0o666: false, 0o700: false, 0o601: false, 0o777: false,
	} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		err := Private(path)
		var wide *ModeError
		if (err == nil) != private || err != nil && (!errors.As(err, &wide) || wide.Mode != mode || !strings.Contains(err.Error(), "chmod 600")) {
			t.Errorf("%04o: %v", mode, err)
		}
	}
}

func TestAFolderThatIsOursIsTightenedAndAnyOtherIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		mode    fs.FileMode
		content []string
		want    fs.FileMode
		refused bool
	}{
		"made by hand":        {0o755, nil, 0o700, false},
		"with the database":   {0o755, []string{"central.db", "anything"}, 0o700, false},
		"for all":             {0o777, []string{"central.db"}, 0o700, false},
		"somebody else's":     {0o755, []string{"home"}, 0o755, true},
		"shared with a group": {0o770, []string{"home"}, 0o770, true},
		"narrow":              {0o700, []string{"home"}, 0o700, false},
		"narrower":            {0o500, []string{"central.db"}, 0o500, false},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, file := range tt.content {
			if err := os.WriteFile(filepath.Join(dir, file), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(dir, tt.mode); err != nil {
			t.Fatal(err)
		}
		err := OwnFolder(dir, "central.db")
		info, stat := os.Stat(dir)
		if stat != nil || info.Mode().Perm() != tt.want || (err != nil) != tt.refused || err != nil && !strings.Contains(err.Error(), "chmod 700") {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	dir := filepath.Join(t.TempDir(), "new", "data")
	if err := OwnFolder(dir); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != FolderMode {
		t.Errorf("a new folder: %v, %v", info, err)
	}
}
