package window

import (
	"bytes"
	"log"
	"log/slog"
	"sync/atomic"
)

// FyneLog takes what Fyne writes to the standard logger. A kiosk has no desktop
// whose theme it could follow, so that complaint is dropped; a breach of Fyne's
// threading rules is remembered, and fails the tour; so is a window that could
// not be made. All else (a file of preferences that is not there yet, say) is noise
// that nobody has to act on, and no warning.
type FyneLog struct {
	log      *slog.Logger
	dropping bool
	matters  bool // the line that goes on
	threads  atomic.Bool
	noWindow atomic.Bool
}

// Windowless reports whether Fyne could not make the window.
func (f *FyneLog) Windowless() bool { return f != nil && f.noWindow.Load() }

// WrongThread reports whether the window was used from a goroutine that may not.
func (f *FyneLog) WrongThread() bool { return f.threads.Load() }

// TakeFyneLog redirects the standard logger for the rest of the program.
func TakeFyneLog(to *slog.Logger) *FyneLog {
	f := &FyneLog{log: to}
	log.SetFlags(0)
	log.SetOutput(f)
	return f
}

// Write takes one line; the standard logger calls it under its lock.
func (f *FyneLog) Write(line []byte) (int, error) {
	n := len(line)
	line = bytes.TrimSpace(line)
	detail := bytes.HasPrefix(line, []byte("Cause:")) || bytes.HasPrefix(line, []byte("At:"))
	if !detail {
		f.dropping = bytes.Contains(line, []byte("failed to watch theme settings"))
		f.matters = false
	}
	if bytes.Contains(line, []byte("Error in Fyne call thread")) {
		f.matters = true
		f.threads.Store(true)
	}
	if bytes.Contains(line, []byte("window creation error")) {
		f.matters = true
		f.noWindow.Store(true)
	}
	switch {
	case f.dropping:
	case f.matters:
		f.log.Warn("the window has a trouble", "event", "window.trouble", "says", string(line))
	default:
		f.log.Info("the window's toolkit says something", "event", "window.noise", "says", string(line))
	}
	return n, nil
}
