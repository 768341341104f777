package kiosk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Whether somebody is at the kiosk, for whoever updates this machine. While somebody is, the
// kiosk holds a lock on a file in its runtime folder, which goes with the process however it
// ends. The file is empty; its time is when the last visitor left. It is for the kiosk's user
// alone, in memory, and gone with the session: nobody reads from it when people came.

// presenceFile is that file inside the runtime folder.
const presenceFile = "visit"

// idleLook is how often WaitIdle looks.
const idleLook = time.Second

// presence is the lock, at the kiosk that holds it. Nil holds none.
type presence struct {
	file *os.File
	held bool
}

// keepPresence makes the file in a folder. Nobody has been there yet.
func keepPresence(dir string) (*presence, error) {
	f, err := os.OpenFile(filepath.Join(dir, presenceFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return &presence{file: f}, nil
}

// is notes whether somebody is there. Somebody else may be looking at this very moment, who
// holds the lock for as long: the next snapshot takes it, a second later at most.
func (p *presence) is(there bool) {
	if p == nil || there == p.held {
		return
	}
	if there {
		p.held = lock(p.file, true) == nil
		return
	}
	now := time.Now()
	_ = os.Chtimes(p.file.Name(), now, now) // where it cannot be set, the time before counts
	p.held = unlock(p.file) != nil
}

// close lets go of it.
func (p *presence) close() error {
	if p == nil {
		return nil
	}
	return p.file.Close()
}

// Idle reports whether nobody is at the kiosk whose runtime folder this is, and nobody has been
// for a time. Where no kiosk runs, nobody is there.
func Idle(dir string, since time.Duration) (bool, error) {
	f, err := os.Open(filepath.Join(dir, presenceFile))
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("whether somebody is at the kiosk cannot be read, which root and the kiosk's user can: %w", err)
	}
	defer f.Close()
	if lock(f, false) != nil {
		return false, nil
	}
	info, err := f.Stat()
	return err == nil && time.Since(info.ModTime()) >= since, err
}

// WaitIdle waits at most so long until the kiosk is idle, and reports whether it is.
func WaitIdle(ctx context.Context, dir string, since, most time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	look := time.NewTicker(idleLook)
	defer look.Stop()
	for {
		if idle, err := Idle(dir, since); idle || err != nil {
			return idle, err
		}
		select {
		case <-ctx.Done():
			return false, nil
		case <-look.C:
		}
	}
}
