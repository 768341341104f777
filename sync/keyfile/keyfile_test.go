package keyfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestASecretIsMadeOnceAndOnlyForItsOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := New(path, []byte("s3cret")); err != nil {
		t.Fatal(err)
	}
	if err := New(path, []byte("another")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made twice: %v", err)
	}
	if got, err := Read(path); string(got) != "s3cret" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != Mode {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestReadingMakesNoSecret(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "secret")
	_, err := Read(path)
	_, no := ECDSA(path)
	if left, _ := os.ReadDir(dir); !errors.Is(err, fs.ErrNotExist) || !errors.Is(no, fs.ErrNotExist) || len(left) != 0 {
		t.Errorf("%d files, %v, %v", len(left), err, no)
	}
}

func TestOfTwoWhoMakeASecretAtOnceOneDoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	var made atomic.Int64
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if err := New(path, fmt.Append(nil, i)); err == nil {
				made.Add(1)
			} else if !errors.Is(err, fs.ErrExist) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	left, err := os.ReadDir(filepath.Dir(path))
	if made.Load() != 1 || len(left) != 1 || err != nil {
		t.Errorf("made by %d, %d files, %v", made.Load(), len(left), err)
	}
}

func TestAWiderModeIsRefusedWithTheFix(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	if _, err := NewECDSA(path); err != nil {
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
	a, err := NewECDSA(path)
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
	if err := Write(filepath.Join(dir, "no", "folder"), nil); err == nil {
		t.Error("wrote into a folder that does not exist")
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%d files left", len(left))
	}
}
