package keyfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestASecretIsMadeOnceAndOnlyForItsOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	made := 0
	read := func() string {
		b, err := Bytes(path, func() ([]byte, error) { made++; return []byte("s3cret"), nil })
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for range 2 {
		if got := read(); got != "s3cret" || made != 1 {
			t.Errorf("read %q, made %d times, want once", got, made)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != Mode {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestTwoWhoMakeASecretAtOnceHaveTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	made := make(chan struct{})
	var both sync.WaitGroup
	both.Add(2)
	read := func(mine string) string {
		b, err := Bytes(path, func() ([]byte, error) {
			both.Done()
			both.Wait() // neither found one
			return []byte(mine), nil
		})
		if err != nil {
			t.Error(err)
		}
		return string(b)
	}
	var one string
	go func() { defer close(made); one = read("one") }()
	two := read("two")
	<-made
	on, err := os.ReadFile(path)
	if err != nil || one != two || string(on) != one {
		t.Errorf("%q and %q, and %q on disk, %v", one, two, on, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files", len(left))
	}
}

func TestAWiderModeIsRefusedWithTheFix(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	if _, err := ECDSA(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	_, err := ECDSA(path)
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("got %v", err)
	}
}

func TestAKeyIsTheSameAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	a, err := ECDSA(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ECDSA(path)
	if err != nil || !a.Equal(b) {
		t.Errorf("another key after a restart, %v", err)
	}
}

func TestABrokenKeyFileNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	for _, content := range []string{"", "nothing", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ECDSA(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: got %v", content, err)
		}
	}
}

func TestWithoutASecretNoFileIsLeft(t *testing.T) {
	dir := t.TempDir()
	want := errors.New("no entropy")
	if _, err := Bytes(filepath.Join(dir, "x"), func() ([]byte, error) { return nil, want }); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
	if err := Write(filepath.Join(dir, "no", "folder"), nil); err == nil {
		t.Error("wrote into a folder that does not exist")
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%d files left", len(left))
	}
}
