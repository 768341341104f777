package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// backups runs the back-up of the unit with a program that says ok or fails in the place of vaxcentral.
func backups(t *testing.T, folder, program string, env ...string) (said string, err error) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("it is Debian's")
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "vaxcentral"), []byte("#!/bin/sh\n"+program), 0o700); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("sh", "../central/backup")
	c.Env = append([]string{"PATH=" + bin + ":" + os.Getenv("PATH"), "BACKUP_FOLDER=" + folder}, env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// writes is a program that writes what --out names.
const writes = `while [ "$1" != --out ]; do shift; done; echo new > "$2"`

func state(t *testing.T, folder string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, "state.prom"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// old puts back-ups there that are so many days old.
func old(t *testing.T, folder string, days ...int) {
	t.Helper()
	for _, n := range days {
		at := time.Now().AddDate(0, 0, -n)
		path := filepath.Join(folder, at.UTC().Format("20060102T150405Z")+".age")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func kept(t *testing.T, folder string) int {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(folder, "*.age"))
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// A machine that was off for months keeps what it has until there are enough newer ones.
func TestBackupsThatAreTooOldAreRemovedButForTheNewest(t *testing.T) {
	for _, c := range []struct {
		days []int
		want int
	}{{[]int{1, 2, 40, 41}, 3}, {[]int{40, 41, 42, 43}, 3}, {[]int{1, 2, 3, 4}, 5}, {nil, 1}} {
		folder := t.TempDir()
		old(t, folder, c.days...)
		if said, err := backups(t, folder, writes, "BACKUP_KEY=age1", "BACKUP_DAYS=30", "BACKUP_KEEP=3"); err != nil {
			t.Fatal(err, said)
		}
		if n := kept(t, folder); n != c.want {
			t.Errorf("%v: %d are kept, want %d", c.days, n, c.want)
		}
		if text := state(t, folder); !strings.Contains(text, "vaxcentral_backup_ok 1\n") || strings.Contains(text, "time_seconds 0\n") {
			t.Errorf("state:\n%s", text)
		}
	}
}

func TestABackupThatFailsIsSaidAndRemovesNothing(t *testing.T) {
	for name, env := range map[string][]string{"no key": nil, "a key": {"BACKUP_KEY=age1", "BACKUP_KEEP=1"}} {
		folder := t.TempDir()
		old(t, folder, 40, 41)
		said, err := backups(t, folder, "exit 2", env...)
		if err == nil || !strings.Contains(said, "<3>no back-up was made event=backup.failed") {
			t.Errorf("%s: %v, %q", name, err, said)
		}
		if text := state(t, folder); !strings.Contains(text, "vaxcentral_backup_ok 0\n") || !slices.Contains(strings.Fields(text), "vaxcentral_backup_time_seconds") || kept(t, folder) != 2 {
			t.Errorf("%s: %d are kept, state:\n%s", name, kept(t, folder), text)
		}
	}
}
