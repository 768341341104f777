package folder

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

func quietly(string, int64, int64) {}

// inFile makes a data folder with people in it, in a file.
func inFile(t *testing.T, people int) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	if err := Init(t.Context(), dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	fill(t, dir, people)
	return dir
}

func fill(t *testing.T, dir string, people int) {
	t.Helper()
	s, err := OpenRegistry(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	storetest.Populate(t, s, people)
}

func people(t *testing.T, dir string) int {
	t.Helper()
	s, err := OpenRegistry(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n, err := s.CountPeople(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFolderMovesToAServerAndKeepsItsFile(t *testing.T) {
	dir, url := inFile(t, 30), storetest.OnEmpty(t).DB.Where()
	if err := Move(t.Context(), dir, url, time.Now(), quietly); err != nil {
		t.Fatal(err)
	}
	f, err := serves(t.Context(), dir)
	if err != nil || f.Rests {
		t.Fatalf("rests %v, %v", f != nil && f.Rests, err)
	}
	defer f.Close()
	if n := people(t, dir); n != 30 {
		t.Errorf("%d people", n)
	}
	if _, err := os.Stat(filepath.Join(dir, DatabaseFile)); err == nil {
		t.Error("the file has its name still")
	}
	if n := storetest.At(t, filepath.Join(dir, MovedFile)).Rows("people"); n != 30 {
		t.Errorf("%d people in the file", n)
	}
	var last audit.Row
	walk, err := f.HeadsIn("").Verify(t.Context(), func(int64, int64) {})
	if err != nil || walk.Seen() < 2 {
		t.Errorf("the audit has come along: %v", err)
	}
	n, _, err := f.Store.AuditHead(t.Context())
	if err = errors.Join(err, f.Store.AuditRows(t.Context(), n, func(r audit.Row) error { last = r; return nil })); err != nil || last.Kind != audit.Moved {
		t.Errorf("and ends with %v, %v", last, err)
	}
	if err := Move(t.Context(), dir, url, time.Now(), quietly); !errors.Is(err, ErrMoved) {
		t.Errorf("again: %v", err)
	}
}

// Should the file be put back, there would be two services for the same people.
func TestTheFileOfAFolderThatHasMovedRestsWhenItIsPutBack(t *testing.T) {
	dir := inFile(t, 3)
	if err := Move(t.Context(), dir, storetest.OnEmpty(t).DB.Where(), time.Now(), quietly); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(filepath.Join(dir, ServerFile)), os.Rename(filepath.Join(dir, MovedFile), filepath.Join(dir, DatabaseFile))); err != nil {
		t.Fatal(err)
	}
	f, err := serves(t.Context(), dir)
	if err != nil || !f.Rests {
		t.Fatalf("rests %v, %v", f != nil && f.Rests, err)
	}
	f.Close()
}

func TestAFolderThatRestsDoesSoWhereItMovesTo(t *testing.T) {
	dir := inFile(t, 3)
	storetest.At(t, filepath.Join(dir, DatabaseFile)).Rest(time.Now())
	if err := Move(t.Context(), dir, storetest.OnEmpty(t).DB.Where(), time.Now(), quietly); err != nil {
		t.Fatal(err)
	}
	f, err := serves(t.Context(), dir)
	if err != nil || !f.Rests {
		t.Fatalf("rests %v, %v", f != nil && f.Rests, err)
	}
	f.Close()
}

func TestAFolderThatIsServedDoesNotMove(t *testing.T) {
	dir, url := inFile(t, 3), storetest.OnEmpty(t).DB.Where()
	f, err := serves(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := Move(t.Context(), dir, url, time.Now(), quietly); !errors.Is(err, store.ErrLocked) {
		t.Errorf("got %v", err)
	}
	if n := storetest.At(t, url).Tables(); n != 0 {
		t.Errorf("%d tables were made", n)
	}
}

// The last steps: the folder has moved, and its file has its name still.
func TestAMoveThatWasCutOffAtItsEndIsEndedByTheNext(t *testing.T) {
	dir, url := inFile(t, 3), storetest.OnEmpty(t).DB.Where()
	if err := Move(t.Context(), dir, url, time.Now(), quietly); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, MovedFile), filepath.Join(dir, DatabaseFile)); err != nil {
		t.Fatal(err)
	}
	if err := Move(t.Context(), dir, url, time.Now(), quietly); !errors.Is(err, ErrMoved) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, MovedFile)); err != nil {
		t.Error(err)
	}
	if err := os.Remove(filepath.Join(dir, ServerFile)); err != nil { // all is there, and nobody was told
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, MovedFile), filepath.Join(dir, DatabaseFile)); err != nil {
		t.Fatal(err)
	}
	if err := Move(t.Context(), dir, url, time.Now(), quietly); err != nil {
		t.Fatal(err)
	}
	if n := people(t, dir); n != 3 {
		t.Errorf("%d people", n)
	}
}

func TestABackupIsRestoredIntoEitherKindOfDatabase(t *testing.T) {
	served, _ := onServer(t)
	fill(t, served, 20)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{"server": served, "file": inFile(t, 20)} {
		out := filepath.Join(t.TempDir(), "out.age")
		if b, err := BackUp(t.Context(), from, out, []age.Recipient{key.Recipient()}, time.Now()); err != nil || b.People != 20 {
			t.Fatalf("%s: %+v, %v", name, b, err)
		}
		for to, url := range map[string]string{"server": storetest.OnEmpty(t).DB.Where(), "file": ""} {
			dir := filepath.Join(t.TempDir(), "data")
			if _, err := RestoreOn(t.Context(), out, []age.Identity{key}, dir, url, time.Now(), nil, quietly); err != nil {
				t.Errorf("%s to %s: %v", name, to, err)
				continue
			}
			f, err := serves(t.Context(), dir)
			if err != nil || !f.Rests {
				t.Errorf("%s to %s: rests %v, %v", name, to, f != nil && f.Rests, err)
				continue
			}
			f.Close()
			_, none := os.Stat(filepath.Join(dir, DatabaseFile))
			if n := people(t, dir); n != 20 || (none != nil) != (url != "") {
				t.Errorf("%s to %s: %d people, %v", name, to, n, none)
			}
		}
	}
}

func TestABackupIsNotRestoredIntoADatabaseWithAnythingInIt(t *testing.T) {
	dir, url := onServer(t)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	out, to := filepath.Join(t.TempDir(), "out.age"), filepath.Join(t.TempDir(), "data")
	if _, err := BackUp(t.Context(), dir, out, []age.Recipient{key.Recipient()}, time.Now()); err != nil {
		t.Fatal(err)
	}
	fill(t, dir, 1)
	if _, err := RestoreOn(t.Context(), out, []age.Identity{key}, to, url, time.Now(), nil, quietly); err == nil || !strings.Contains(err.Error(), "not the same") {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(to); len(left) != 0 {
		t.Errorf("%d files are left", len(left))
	}
}

func TestATrialOfWhatIsOnAServerChangesNothingThere(t *testing.T) {
	dir, _ := onServer(t)
	fill(t, dir, 5)
	trial, err := OpenTrial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Populate(t, trial.Store, 9)
	n, err := trial.CountPeople(t.Context())
	if err = errors.Join(err, trial.Close()); err != nil || n < 9 {
		t.Fatalf("%d people, %v", n, err)
	}
	if n := people(t, dir); n != 5 {
		t.Errorf("%d people on the server", n)
	}
}
