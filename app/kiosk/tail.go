package kiosk

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// tailLines is how many lines of the log are kept in memory for diagnostics, and tailLine how
// long each may be.
const (
	tailLines = 150
	tailLine  = 400
)

// tail keeps the last lines of a log.
type tail struct {
	mu    sync.Mutex
	lines []string
}

// Write takes one line.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	line := strings.TrimRight(string(b), "\n")
	if len(line) > tailLine {
		line = strings.ToValidUTF8(line[:tailLine], "") + "…"
	}
	if len(t.lines) == tailLines {
		t.lines = slices.Delete(t.lines, 0, 1)
	}
	t.lines = append(t.lines, line)
	return len(b), nil
}

// last are the lines that are kept, the first first.
func (t *tail) last() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.lines)
}

// both hands what is logged to two handlers: the log itself and its tail.
type both struct{ log, tail slog.Handler }

// keepTail is a log whose last lines are kept as well.
func keepTail(log *slog.Logger) (*slog.Logger, *tail) {
	t := &tail{}
	return slog.New(both{log.Handler(), slog.NewTextHandler(t, nil)}), t
}

// Enabled goes by the log.
func (b both) Enabled(ctx context.Context, l slog.Level) bool { return b.log.Enabled(ctx, l) }

// Handle hands a line to both; the tail has no trouble.
func (b both) Handle(ctx context.Context, r slog.Record) error {
	_ = b.tail.Handle(ctx, r.Clone())
	return b.log.Handle(ctx, r)
}

// WithAttrs is both with attributes.
func (b both) WithAttrs(a []slog.Attr) slog.Handler {
	return both{b.log.WithAttrs(a), b.tail.WithAttrs(a)}
}

// WithGroup is both in a group.
func (b both) WithGroup(name string) slog.Handler {
	return both{b.log.WithGroup(name), b.tail.WithGroup(name)}
}
