package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestTheExitStatusTellsHowItEnded(t *testing.T) {
	for status, err := range map[int]error{
		statusFailed:      errors.New("no"),
		statusSome:        fmt.Errorf("so: %w", statusError{statusSome, errors.New("some")}),
		statusInterrupted: errors.Join(fmt.Errorf("read: %w", context.Canceled), errors.New("close")),
	} {
		if got := statusOf(err); got != status {
			t.Errorf("%v: status %d, want %d", err, got, status)
		}
	}
}

// Ctrl-C at any moment ends a long command with the status for it, not with one for a fault.
func TestLongCommandsEndWhenInterrupted(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "people.csv")
	if err := os.WriteFile(file, []byte("id,given,family,birth\n1,Ana,Lopez,1990-01-02\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	data, key := filepath.Join(dir, "data"), "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	made(t, data)
	before := everyFile(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"people", "generate", "--data", data, "--count", "100000"},
		{"people", "generate", "--out", filepath.Join(dir, "a.csv"), "--count", "100000"},
		{"people", "import", "--data", data, file},
		{"backup", "--data", data, "--out", filepath.Join(dir, "b.age"), "--recipient", key},
		{"init", "--data", dir + "/new"},
	} {
		if err := run(ctx, args, io.Discard, io.Discard); err == nil || statusOf(err) != statusInterrupted {
			t.Errorf("%v: %v", args[:3], err)
		}
	}
	for name := range everyFile(t, dir) {
		if before[name] == "" && !slices.Contains([]string{"a.csv", "a-doses.csv", "data/central.db.filling", "data/backup.lock"}, name) {
			t.Errorf("%s is left", name)
		}
	}
}
