// Package logstest reads in tests what was logged.
//
//	lines := logstest.Heard(t, func(log *slog.Logger) { run(log) })
//	if lines[0]["event"] != "kiosk.start" { … }
//
// Nothing but tests imports it.
package logstest

import (
	"encoding/json"
	"log/slog"
	"strings"
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
