// Package logstest reads in tests what was logged.
//
//	lines := logstest.Heard(t, func(log *slog.Logger) { run(log) })
//	if lines[0]["event"] != "kiosk.start" { … }
//
//	var log logstest.Buffer // of a program that goes on while the test reads
//	run(slog.New(slog.NewTextHandler(&log, nil)))
//	if strings.Contains(log.String(), "level=ERROR") { … }
//
// Nothing but tests imports it.
package logstest

import (
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"vaxkiosk/sync/logs"
)

// Heard is what do logs from level Info on, line by line, as JSON.
func Heard(t testing.TB, do func(*slog.Logger)) (lines []map[string]any) {
	t.Helper()
	var b strings.Builder
	to, err := logs.New(&b, logs.JSON, slog.LevelInfo)
	if err != nil {
		t.Fatal(err)
	}
	do(to)
	for text := range strings.Lines(b.String()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

// Buffer keeps what is logged. It may be read while it is written; the zero value is empty.
type Buffer struct {
	mu  sync.Mutex
	all strings.Builder
}

// Write keeps b.
func (l *Buffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

// String is all that was written so far.
func (l *Buffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}
