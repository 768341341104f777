package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestASmallRunPrintsTheTableAndLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bench")
	var out, said bytes.Buffer
	if err := run(t.Context(), []string{"--dir", dir, "--sizes", "1000,3000", "--samples", "200", "--cold", "3"}, &out, &said); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`people, SQLite \| .* people, PostgreSQL \|`, `\| load \| \d+ people/s: `, `\| size on disk \| \d+ MB, [1-9]\d* bytes a person \|`,
		`\| contacts a person \|( 1\.[56]\d \|){4}`, `\| warm hits, p50 / p99 \| \d+\.\d+ / \d+\.\d+ ms \| .* \| \d+\.\d\d / \d+\.\d\d; PostgreSQL \d+\.\d\d / \d+\.\d\d \|`, `\| warm misses, `, `\| released of the hits \| (100|9\d)\.\d % \|`,
		`200 warm and [03] cold matches of each kind`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("the table lacks %s:\n%s", want, out.String())
		}
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestDatabasesThatAreKeptAreUsedAgain(t *testing.T) {
	args := []string{"--dir", t.TempDir(), "--sizes", "1000", "--samples", "100", "--cold", "0", "--server=false", "--keep"}
	for i := range 2 {
		var out bytes.Buffer
		if err := run(t.Context(), args, &out, &out); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "was there") != (i == 1) {
			t.Errorf("run %d:\n%s", i+1, out.String())
		}
	}
}

func TestAnInterruptedRunLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bench")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out bytes.Buffer
	if err := run(ctx, []string{"--dir", dir, "--sizes", "1000"}, &out, &out); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestOnlyItsOwnFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(other, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"--dir", dir, "--sizes", "1000", "--samples", "100", "--cold", "0", "--server=false"}, &out, &out); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || left[0].Name() != "mine.txt" {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestMistakesInTheFlagsAreNamed(t *testing.T) {
	for _, args := range [][]string{{"--sizes", "12"}, {"--sizes", "1000,x"}, {"--samples", "1"}, {"--cold", "-1"}, {"--sizes", "1000000000000"}} {
		var out bytes.Buffer
		if err := run(t.Context(), append([]string{"--dir", t.TempDir()}, args...), &out, &out); err == nil || !strings.Contains(err.Error(), "--") {
			t.Errorf("%v: got %v", args, err)
		}
	}
}
