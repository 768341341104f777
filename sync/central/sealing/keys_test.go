package sealing

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"vaxkiosk/sync/keyfile"
	"vaxkiosk/sync/seal"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A crash leaves the folder with the key before, twice, or with both, and never without.
func TestARotationThatIsCutOffLosesNoKey(t *testing.T) {
	dir := t.TempDir()
	_, made, err := seal.NewPrivateKey()
	must(t, err)
	must(t, keyfile.New(filepath.Join(dir, KeyFile), made))
	s, err := OpenKeys(dir)
	must(t, err)
	first := s.Public().ID
	noted := ""
	s.Note = func(context.Context, []byte) error { noted = "before the file"; return os.ErrPermission }
	if err := s.Rotate(t.Context()); err == nil || noted == "" || s.Public().ID != first {
		t.Errorf("a key that could not be noted: %v, %s", err, s.Public().ID)
	}
	s.Note = nil
	raw, err := os.ReadFile(filepath.Join(dir, KeyFile))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, OldKeyFile), raw, 0o600)) // and then it crashed
	s, err = OpenKeys(dir)
	must(t, err)
	if s.Public().ID != first || s.Before() != "" {
		t.Errorf("after the crash: %s, before %q", s.Public().ID, s.Before())
	}
	must(t, s.Rotate(t.Context()))
	if s.Public().ID == first || s.Before() != first || !s.Takes(first) {
		t.Errorf("once more: %s, before %q", s.Public().ID, s.Before())
	}
	other, err := OpenKeys(dir)
	must(t, err)
	if other.Public().ID != s.Public().ID || other.Takes("unknown") || other.Takes("") {
		t.Error("another program knows other keys")
	}
	must(t, os.Chmod(filepath.Join(dir, OldKeyFile), 0o644))
	if _, err := OpenKeys(dir); err == nil {
		t.Error("a key that others can read is used")
	}
}
