package keyfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"
)

// folder is a folder of the test's own. t.TempDir would have wine fail, which cannot remove it.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "keyfile-")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// open lets everyone into a file or folder.
func open(t *testing.T, path string) {
	t.Helper()
	everyone, err := windows.CreateWellKnownSid(windows.WinWorldSid)
	if err == nil {
		err = leave(path, grant(everyone, windows.GENERIC_ALL))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnWindowsASecretThatEveryoneMayReadIsRefusedWithTheFix(t *testing.T) {
	path := filepath.Join(folder(t), "key.pem")
	if _, err := NewECDSA(path); err != nil {
		t.Fatal(err)
	}
	if _, err := ECDSA(path); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	_, err := ECDSA(path)
	var wide *ModeError
	if !errors.As(err, &wide) || !strings.Contains(err.Error(), "icacls") || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
}

func TestOnWindowsASecretInAnOpenFolderIsForItsOwnerAlone(t *testing.T) {
	dir := folder(t)
	open(t, dir)
	path := filepath.Join(dir, "key.pem")
	if _, err := NewECDSA(path); err != nil {
		t.Fatal(err)
	}
	if err := Private(path); err != nil {
		t.Error(err)
	}
}

func TestOnWindowsAFolderThatIsOursIsTightenedAndAnyOtherIsRefused(t *testing.T) {
	for name, ours := range map[string]bool{"kiosk.db": true, "letter.doc": false} {
		dir := filepath.Join(folder(t), "data")
		if err := os.Mkdir(dir, FolderMode); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, Mode); err != nil {
			t.Fatal(err)
		}
		open(t, dir)
		err := OwnFolder(dir, "kiosk.db")
		if (err == nil) != ours || err != nil && !strings.Contains(err.Error(), "icacls") {
			t.Errorf("%s: %v", name, err)
		}
		if open := wide(dir, nil, FolderMode); open == ours {
			t.Errorf("%s: is open: %v", name, open)
		}
	}
}

func TestOnWindowsAFolderIsLeftToAnAccountThatThereIs(t *testing.T) {
	dir := folder(t)
	if err := Leave(dir, "nobody of that name", true); err == nil || !strings.Contains(err.Error(), "make it first") {
		t.Errorf("%v", err)
	}
	open(t, dir)
	if !Open(dir) {
		t.Error("a folder for everyone is not open")
	}
	if err := Leave(dir, "", true); err != nil || Open(dir) {
		t.Errorf("%v", err)
	}
}

func TestOnWindowsCrowdsAreThoseThatAnybodyIsIn(t *testing.T) {
	for sid, is := range map[string]bool{
		"S-1-1-0": true, "S-1-5-11": true, "S-1-5-32-545": true, "S-1-5-21-1-2-3-513": true,
		"S-1-5-18": false, "S-1-5-32-544": false, "S-1-5-21-1-2-3-1001": false, "S-1-5-21-1-2-3-512": false, "S-1-3-0": false,
	} {
		if crowd(sid) != is {
			t.Errorf("%s: %v", sid, !is)
		}
	}
}
