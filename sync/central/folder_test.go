package central_test

import (
	"errors"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/sealing"
)

// opens tells what opening a town's folder comes to; w must have stopped.
func (w *town) opens() error {
	c, err := central.Open(w.t.Context(), central.Options{Dir: w.dir, Sender: w.phone, Now: w.now})
	if err == nil {
		err = c.Close()
	}
	return err
}

// swapped puts other content into a file of the town's folder and returns what it was.
func (w *town) swapped(name string, content []byte) (before []byte) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	before, err := os.ReadFile(path)
	if err = errors.Join(err, os.WriteFile(path, content, 0o600)); err != nil {
		w.t.Fatal(err)
	}
	return before
}

func TestAFolderOfBeforeThumbprintsIsAdoptedOnce(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	w.db().ForgetKeys() // as migration 20 leaves them
	if err := w.opens(); err != nil {
		t.Fatal(err)
	}
	other := newTown(t, nil)
	other.stop()
	foreign, err := os.ReadFile(filepath.Join(other.dir, sealing.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	own := w.swapped(sealing.KeyFile, foreign)
	if err := w.opens(); err == nil || !strings.Contains(err.Error(), sealing.KeyFile) {
		t.Errorf("a foreign key after that: %v", err)
	}
	w.swapped(sealing.KeyFile, own)
	w.start(nil)
}

// A list of before is seen: without the key that came since, cards would not verify.
func TestAListWithoutAKeyThatHasSignedIsRefused(t *testing.T) {
	w := newTown(t, nil)
	w.kiosk("one").prints(w.people[0])
	first := w.swapped(card.KeyList, read0(t, w, card.KeyList))
	w.later(340 * 24 * time.Hour)
	w.later(35 * 24 * time.Hour)
	w.kiosk("two").prints(w.people[1])
	if err := w.DistrustKey(w.t.Context(), w.Cards.List()[0].JWK.Kid); err != nil {
		t.Fatal(err)
	}
	w.stop()
	both := w.swapped(card.KeyList, []byte("[]"))
	if err := w.opens(); err == nil || !strings.Contains(err.Error(), card.KeyList) {
		t.Errorf("without a key that has signed: %v", err)
	}
	w.swapped(card.KeyList, first) // has the one that has signed, and not the one that is distrusted
	if err := w.opens(); err != nil {
		t.Error(err)
	}
	w.swapped(card.KeyList, both)
	w.start(nil)
}

func read0(t *testing.T, w *town, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What is trusted no longer does not come back with an older list, nor by a crash
// between the note of it and the list.
func TestADistrustedKeyThatIsStillInTheListIsTakenOut(t *testing.T) {
	w := newTown(t, nil)
	w.kiosk("one").prints(w.people[0])
	w.stop()
	before := read0(t, w, card.KeyList)
	key := read0(t, w, card.KeyFile)
	w.start(nil)
	kid := w.Cards.Signer().Thumbprint()
	if err := w.DistrustKey(w.t.Context(), kid); err != nil {
		t.Fatal(err)
	}
	w.stop()
	w.swapped(card.KeyList, before)
	w.swapped(card.KeyFile, key)
	w.start(nil)
	if w.Cards.Published(kid) || w.Cards.Signer().Thumbprint() == kid {
		t.Error("it is published again")
	}
}

func TestAKeyThatFollowsIsKnownAtTheNextStart(t *testing.T) {
	w := newTown(t, nil)
	w.later(340 * 24 * time.Hour)
	w.stop()
	if _, err := os.Stat(filepath.Join(w.dir, card.NextKeyFile)); err != nil {
		t.Fatal(err)
	}
	w.start(nil)
	w.later(35 * 24 * time.Hour)
	w.stop()
	w.start(nil)
}

func TestANewFolderIsMadeWhereNothingIs(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(filepath.Join(data, "lost+found"), 0o700); err != nil { // of a file system of its own
		t.Fatal(err)
	}
	if err := folder.Init(t.Context(), data, time.Now()); err != nil {
		t.Fatal(err)
	}
	before := filesIn(t, data)
	if err := folder.Init(t.Context(), data, time.Now()); !errors.Is(err, folder.ErrNotEmpty) {
		t.Errorf("made twice: %v", err)
	}
	after := filesIn(t, data)
	if !slices.Equal(slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after))) || string(before["pepper"]) != string(after["pepper"]) {
		t.Error("the folder is another one")
	}
	for name := range after {
		if info, err := os.Stat(filepath.Join(data, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "two"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "two", ".unfinished"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := folder.Init(t.Context(), filepath.Join(dir, "two"), time.Now()); !errors.Is(err, folder.ErrNotEmpty) || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("what another one was cut off in: %v", err)
	}
}

// The second of two services on one folder leaves it as it is, whatever it lacks.
func TestASecondServiceTouchesNothingOfTheFirst(t *testing.T) {
	w := newTown(t, nil)
	w.db().ForgetMigrations(20) // it would migrate
	before := read0(t, w, folder.DatabaseFile+"-wal")
	if c, err := central.Open(t.Context(), central.Options{Dir: w.dir, Sender: &notice.Phone{}, Serves: true}); err == nil {
		c.Close()
		t.Fatal("two services on one folder")
	}
	if after := read0(t, w, folder.DatabaseFile+"-wal"); len(after) != len(before) {
		t.Errorf("%d bytes were written", len(after)-len(before))
	}
}

func TestADamagedDatabaseIsSaidWhileItServes(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	b := read0(t, w, folder.DatabaseFile)
	for i := range 4096 {
		b[len(b)-1-i] = 0xa5
	}
	w.swapped(folder.DatabaseFile, b)
	w.start(nil) // at once
	w.logs("the database is damaged", 1)
	anybody := w.visitor(filepath.Join(w.dir, operator.CAFile))
	if res := anybody.call("GET", "/readyz", nil); res.status != http.StatusServiceUnavailable {
		t.Errorf("ready: status %d", res.status)
	}
}
