package logs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// How much of a log is kept where it is a file: the file and as many older ones.
const (
	fileSize = 4 << 20
	older    = 4
)

// File is a log that is a file, for systems without a journal. When it is full it becomes
// FILE.1, the one before FILE.2, and the oldest of four goes. It is for its owner alone.
type File struct {
	path string
	full int64

	mu   sync.Mutex
	f    *os.File // nil when it could not be opened: the next line tries again
	size int64
}

// OpenFile opens a log at its end, and makes it and its folder when there is none.
func OpenFile(path string) (*File, error) {
	f := &File{path: path, full: fileSize}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the folder of the log cannot be made: %w", err)
	}
	if err := f.open(); err != nil {
		return nil, fmt.Errorf("the log cannot be opened: %w", err)
	}
	return f, nil
}

func (f *File) open() error {
	file, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	f.f, f.size = file, info.Size()
	return nil
}

// Write takes one line, or several.
func (f *File) Write(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.f != nil && f.size > 0 && f.size+int64(len(b)) > f.full {
		f.turn()
	}
	if f.f == nil {
		if err := f.open(); err != nil {
			return 0, err
		}
	}
	n, err := f.f.Write(b)
	f.size += int64(n)
	return n, err
}

// turn makes the file the first of the older ones. One that cannot be moved, because somebody
// reads it on Windows, goes on growing until it can: no line is lost for that.
func (f *File) turn() {
	_ = f.f.Close()
	f.f = nil
	for i := older; i > 0; i-- {
		if err := os.Rename(f.older(i-1), f.older(i)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return
		}
	}
}

// older is the name of an older file; that of the file itself is the one of 0.
func (f *File) older(i int) string {
	if i == 0 {
		return f.path
	}
	return fmt.Sprintf("%s.%d", f.path, i)
}

// Close closes the file.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.f == nil {
		return nil
	}
	err := f.f.Close()
	f.f = nil
	return err
}
