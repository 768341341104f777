package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/sync/keyfile"
)

// lastBackup is an empty file in a data folder whose time is that of the last back-up.
const lastBackup = "backup.last"

// noteBackup notes that a folder has been backed up.
func noteBackup(dir string, at time.Time) error {
	path := filepath.Join(dir, lastBackup)
	return errors.Join(os.WriteFile(path, nil, keyfile.Mode), os.Chtimes(path, at, at))
}

// BackedUp is when the folder was backed up last; the zero time when it never was.
func (f *Folder) BackedUp() (time.Time, error) {
	info, err := os.Stat(filepath.Join(f.Dir, lastBackup))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}
