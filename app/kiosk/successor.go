package kiosk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"time"

	"vaxkiosk/app/exit"
)

// A new program that was installed over the running one is taken into use when nobody has been
// there for a while: this one ends, and the session starts the new one. Before, the new one is
// asked what it says of the configuration. One that does not start, or refuses it, would leave
// a dark screen; then this one stays, and says so.

const (
	successorLook = 15 * time.Second
	successorRest = 2 * time.Minute  // for so long nobody is there before
	successorAsks = 30 * time.Second // at most, what it says of the configuration
)

// errReplaced is why a kiosk ends over which another program was installed.
var errReplaced = exit.With(exit.Replaced, errors.New("another version of this program is installed, and starts now"))

// successor looks for a new program.
type successor struct {
	path  string
	rests func(since time.Duration) bool // nobody has been there for so long
	try   func(ctx context.Context) error
	ends  func()
	log   *slog.Logger

	was, last os.FileInfo // the program that runs, and what was found at the last look
	refused   os.FileInfo // and did not start
}

// follow looks until ctx ends or the kiosk does.
func (s *successor) follow(ctx context.Context) {
	was, err := os.Stat(s.path)
	if err != nil {
		return // it cannot be known any more which one runs
	}
	s.was, s.last = was, was
	look := time.NewTicker(successorLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		if s.look(ctx) {
			s.ends()
			return
		}
	}
}

// look reports whether there is a new program to be started now. One that is still being
// written is not the same at two looks.
func (s *successor) look(ctx context.Context) bool {
	now, err := os.Stat(s.path)
	if err != nil {
		return false // between two versions
	}
	settled := same(s.last, now)
	s.last = now
	if !settled || same(s.was, now) || s.refused != nil && same(s.refused, now) || !s.rests(successorRest) {
		return false
	}
	ask, cancel := context.WithTimeout(ctx, successorAsks)
	defer cancel()
	if err := s.try(ask); err != nil {
		if ctx.Err() == nil {
			s.refused = now
			s.log.Error("another version of this program is installed and does not start here; this one goes on", "event", "kiosk.successor-refused", "cause", err)
		}
		return false
	}
	return s.rests(successorRest) // somebody may have come meanwhile
}

// same reports whether a file is still the same program.
func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// tryProgram asks a program what it says of a configuration; the error has how it ended, and its
// last line, which says in one sentence why.
func tryProgram(path, file string) func(context.Context) error {
	return func(ctx context.Context) error {
		var errs strings.Builder
		cmd := exec.CommandContext(ctx, path, "--config", file, "--check-config")
		cmd.Stdout, cmd.Stderr = io.Discard, &errs
		err := cmd.Run()
		if err == nil {
			return nil
		}
		lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
		return fmt.Errorf("%w: %s", err, lines[len(lines)-1])
	}
}
