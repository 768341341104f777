package logs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFullLogTurnsAndTheOldestGoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log", "kiosk.log")
	f, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.full = 20
	for i := range 15 { // two lines a file
		if _, err := fmt.Fprintf(f, "line %03d\n", i); err != nil {
			t.Fatal(err)
		}
	}
	for end, want := range map[string]string{"": "line 014\n", ".1": "line 012\nline 013\n", ".4": "line 006\nline 007\n"} {
		if got, err := os.ReadFile(path + end); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", end, got, err)
		}
	}
	if all, err := os.ReadDir(filepath.Dir(path)); err != nil || len(all) != 5 {
		t.Errorf("%d files, %v", len(all), err)
	}
}

func TestALogGoesOnAtItsEndAndIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiosk.log")
	for range 2 {
		f, err := OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("a line\n")); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	info, stat := os.Stat(path)
	if err != nil || stat != nil || string(got) != "a line\na line\n" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q, %v, %v", got, info.Mode(), err)
	}
}

func TestALogThatCannotTurnLosesNoLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiosk.log")
	f, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.full = 20
	for i := range older {
		if err := os.MkdirAll(filepath.Join(f.older(i+1), "in-the-way"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for range 9 {
		if _, err := f.Write([]byte("a line\n")); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || strings.Count(string(got), "a line\n") != 9 {
		t.Errorf("%q, %v", got, err)
	}
}

func TestALogInNoFolderIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFile(filepath.Join(file, "kiosk.log")); err == nil {
		t.Error("opened")
	}
}
