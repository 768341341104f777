package keyfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// FolderMode is the mode of a folder with secret files.
const FolderMode fs.FileMode = 0o700

// ModeError is a file that others may read or write.
type ModeError struct {
	Path string
	Mode fs.FileMode
}

// Error is a sentence with the fix.
func (e *ModeError) Error() string {
	return fmt.Sprintf("%s can be read by others (%s): run %s on it, and replace what is secret in it if somebody may have seen it",
		e.Path, saysOpen(e.Mode), fileFix)
}

// Private refuses a file with a mode wider than 0600, with a *ModeError; one that
// does not exist is nobody's. Windows has no such modes: there it refuses a file that a group
// may read which anybody is in (rights_windows.go).
func Private(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("cannot look at the secret file: %w", err)
	case !info.IsDir() && wide(path, info, Mode):
		return &ModeError{path, info.Mode().Perm()}
	}
	return nil
}

// OwnFolder makes a folder with mode 0700, and sees to it that one which is there is
// no wider. Who made it by hand made it 0755: when it is empty, or has one of the
// files in it by which it is known as ours, it is tightened, as nothing in it is for
// others and all secrets in it were private. Any other folder is refused, not changed:
// it may be /srv, mistyped.
func OwnFolder(dir string, known ...string) error {
	if err := os.MkdirAll(dir, FolderMode); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil || !wide(dir, info, FolderMode) {
		return err
	}
	content, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	ours := len(content) == 0
	for _, name := range known {
		_, err := os.Stat(filepath.Join(dir, name))
		ours = ours || err == nil
	}
	if !ours {
		return fmt.Errorf("%s is open to others (%s) and holds other things: choose a folder of its own, or run %s on it", dir, saysOpen(info.Mode().Perm()), folderFix)
	}
	return tighten(dir, FolderMode)
}
