package folder

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/sealing"
)

// twoFolders are the folders of two instances, of which one is open.
func twoFolders(t *testing.T) (one *Folder, other string) {
	t.Helper()
	dir, _ := onServer(t)
	other = filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(other, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	private(t, other)
	return opened(t, dir), other
}

func opened(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := serves(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// turns makes new keys of both kinds.
func turns(t *testing.T, f *Folder) {
	t.Helper()
	err := f.ChangeKeys(t.Context(), func() error {
		return errors.Join(f.Cards.Announce(t.Context(), time.Now()), f.Sealing.Rotate(t.Context()))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// same wants two folders to have the same keys, in memory and as files.
func same(t *testing.T, a, b *Folder) {
	t.Helper()
	if a.Cards.Signer().Thumbprint() != b.Cards.Signer().Thumbprint() || len(a.Cards.List()) != len(b.Cards.List()) || a.Sealing.Public().ID != b.Sealing.Public().ID {
		t.Error("they do not have the same keys")
	}
	for _, name := range changing {
		one, no := os.ReadFile(filepath.Join(a.Dir, name))
		other, nor := os.ReadFile(filepath.Join(b.Dir, name))
		if (no == nil) != (nor == nil) || !bytes.Equal(one, other) {
			t.Errorf("%s is not the same", name)
		}
	}
}

func TestAKeyThatOneInstanceMakesIsTheOthersToo(t *testing.T) {
	a, dir := twoFolders(t)
	b := opened(t, dir)
	same(t, a, b)
	turns(t, a)
	if kid := a.Sealing.Public().ID; !b.Sealing.Takes(kid) { // a kiosk was faster than the word
		t.Error("what is sealed to the new key is not taken")
	}
	same(t, a, b)
	signs := a.Cards.List()[0].Signs
	err := b.ChangeKeys(t.Context(), func() error {
		_, err := b.Cards.Turn(t.Context(), signs)
		return err
	})
	if err != nil || b.Cards.Signer().Thumbprint() == a.Cards.Signer().Thumbprint() || !a.Cards.Published(b.Cards.Signer().Thumbprint()) {
		t.Errorf("the next key does not sign, or the other one does not publish it: %v", err)
	}
	if err := a.TakeKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, a, b)
}

func TestAFolderWithAnOlderCopyIsBroughtUpToDate(t *testing.T) {
	a, dir := twoFolders(t)
	kid := a.Cards.Signer().Thumbprint()
	turns(t, a)
	if err := a.ChangeKeys(t.Context(), func() error { return a.Cards.Distrust(t.Context(), kid, time.Now()) }); err != nil {
		t.Fatal(err)
	}
	b := opened(t, dir)
	same(t, a, b)
	if b.Cards.Published(kid) {
		t.Error("a key that is trusted no longer is published")
	}
}

func TestOnlyOneChangesKeysAtATime(t *testing.T) {
	a, dir := twoFolders(t)
	b := opened(t, dir)
	defer func(before time.Duration) { patience = before }(patience)
	patience = 0
	err := a.ChangeKeys(t.Context(), func() error { return b.ChangeKeys(t.Context(), func() error { t.Error("both do"); return nil }) })
	if !errors.Is(err, ErrBusy) {
		t.Errorf("%v", err)
	}
}

// Whoever has the database alone has no key.
func TestKeysInTheDatabaseAreSealed(t *testing.T) {
	a, _ := twoFolders(t)
	turns(t, a)
	all, err := a.Store.KeyFiles(t.Context())
	if err != nil || len(all) != len(changing) {
		t.Fatalf("%d files, %v", len(all), err)
	}
	for name, sealed := range all {
		content, err := os.ReadFile(filepath.Join(a.Dir, name))
		if err != nil || bytes.Contains(sealed, content[:16]) {
			t.Errorf("%s can be read there, %v", name, err)
		}
	}
	if _, err := a.Keeper.Unseal(card.KeyFile, all[sealing.KeyFile]); err == nil {
		t.Error("one file is taken for another")
	}
}

// Instances of a folder from before the audit was signed have one key between them.
func TestInstancesShareTheKeyOfTheAudit(t *testing.T) {
	a, dir := twoFolders(t)
	if err := os.Remove(filepath.Join(dir, audit.KeyFile)); err != nil {
		t.Fatal(err)
	}
	turns(t, a) // which shares the key
	b := opened(t, dir)
	if a.Audit.Thumbprint() != b.Audit.Thumbprint() {
		t.Error("each has a key of its own")
	}
	if _, err := a.HeadsIn("").Sign(t.Context(), audit.Hourly, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.HeadsIn(a.HeadsIn("").Dir).Verify(t.Context(), func(int64, int64) {}); err != nil {
		t.Errorf("the head of one is none to the other: %v", err)
	}
}
