package central_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/sealing"
)

// holder has a key that back-ups are made for.
func holder(t testing.TB) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// backUp backs the town's folder up, whatever runs on it.
func (w *town) backUp(to ...age.Recipient) (path string, b folder.Backup) {
	w.t.Helper()
	path = filepath.Join(w.t.TempDir(), "central.age")
	b, err := folder.BackUp(w.t.Context(), w.dir, path, to, w.now())
	if err != nil {
		w.t.Fatal(err)
	}
	return path, b
}

// restored is the town in a folder that was restored; its service runs.
func (w *town) restored(path string, by age.Identity) *town {
	w.t.Helper()
	other := &town{t: w.t, dir: filepath.Join(w.t.TempDir(), "data"), phone: w.phone, people: w.people, log: &logBuffer{}}
	other.ahead.Store(w.ahead.Load())
	if _, err := folder.Restore(w.t.Context(), path, []age.Identity{by}, other.dir, w.now()); err != nil {
		w.t.Fatal(err)
	}
	other.start(nil)
	w.t.Cleanup(func() { other.stop() })
	return other
}

func TestARestoredFolderIsTheOneThatWasBackedUp(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("lobby")
	key, code := k.ready(w.people[0])
	k.prints(w.people[1])
	by, second := holder(t), holder(t)
	path, b := w.backUp(by.Recipient(), second.Recipient())
	if b.People != len(w.people) || b.Waiting != 0 || len(b.Files) != 9 {
		t.Errorf("%+v", b)
	}
	for _, id := range []age.Identity{by, second} {
		if got, err := folder.VerifyBackup(t.Context(), path, []age.Identity{id}); err != nil || !got.Made.Equal(b.Made) || !slices.Equal(got.Files, b.Files) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	w.stop()
	other := w.restored(path, by)
	k.w, k.url = other, other.url // with the certificate, the CA and the pin that it has
	if !slices.Equal(other.Thumbprints(), w.Thumbprints()) {
		t.Error("the keys are others")
	}
	if res := k.call("GET", "/v1/bootstrap", nil); res.status != http.StatusOK {
		t.Errorf("a kiosk of before: status %d", res.status)
	}
	release := into[api.Release](t, k.unlock(key, testPIN, code), http.StatusOK)
	if r := k.fetch(release.Token); r.Family != w.people[0].Family {
		t.Error("another record")
	}
	if !other.Cards.Published(w.Cards.Signer().Thumbprint()) {
		t.Error("cards of before verify no longer")
	}
}

func TestABackupHoldsNothingThatCanBeRead(t *testing.T) {
	w := newTown(t, nil)
	path, _ := w.backUp(holder(t).Recipient())
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	for _, p := range w.people {
		if bytes.Contains(b, []byte(p.Family)) && len(p.Family) > 4 {
			t.Error("somebody's name is in it")
		}
	}
	if files := filesIn(t, w.dir); len(files) > 17 || slices.ContainsFunc(slices.Collect(maps.Keys(files)), func(n string) bool { return strings.HasPrefix(n, ".") }) {
		t.Errorf("left in the folder: %v", slices.Sorted(maps.Keys(files)))
	}
}

func TestNoBackupTakesThePlaceOfAnother(t *testing.T) {
	w := newTown(t, nil)
	path, _ := w.backUp(holder(t).Recipient())
	if _, err := folder.BackUp(t.Context(), w.dir, path, []age.Recipient{holder(t).Recipient()}, w.now()); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
}

func TestABackupThatIsStoppedLeavesNoFile(t *testing.T) {
	w := newTown(t, nil)
	out := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := folder.BackUp(ctx, w.dir, filepath.Join(out, "b.age"), []age.Recipient{holder(t).Recipient()}, w.now()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	left, err := os.ReadDir(out)
	if _, no := os.Stat(filepath.Join(w.dir, ".copy")); len(left) != 0 || err != nil || no == nil {
		t.Errorf("%d files, and in the data folder: %v, %v", len(left), no, err)
	}
}

// What a killed back-up has left is in the way of none.
func TestABackupAfterOneThatWasKilledIsMade(t *testing.T) {
	w := newTown(t, nil)
	in := filepath.Join(w.dir, ".copy")
	if err := errors.Join(os.Mkdir(in, 0o700), os.WriteFile(filepath.Join(in, folder.DatabaseFile), []byte("half"), 0o600)); err != nil {
		t.Fatal(err)
	}
	w.backUp(holder(t).Recipient())
	if _, err := os.Stat(in); err == nil {
		t.Error("it is still there")
	}
}

func TestARestoreIntoAFolderWithAnythingInItIsRefused(t *testing.T) {
	w := newTown(t, nil)
	by := holder(t)
	path, _ := w.backUp(by.Recipient())
	before := filesIn(t, w.dir)
	_, err := folder.Restore(t.Context(), path, []age.Identity{by}, w.dir, w.now())
	if after := filesIn(t, w.dir); !errors.Is(err, folder.ErrNotEmpty) || !strings.Contains(err.Error(), w.dir) || len(after) != len(before) {
		t.Errorf("%d files, before %d, %v", len(after), len(before), err)
	}
}

func TestABackupThatIsNotWholeIsRefusedAndNothingIsRestored(t *testing.T) {
	w := newTown(t, nil)
	by := holder(t)
	path, b := w.backUp(by.Recipient())
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files := contents(t, path, by)
	written := func(content []byte) string {
		path := filepath.Join(t.TempDir(), "b.age")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	with := func(name string, content []byte) map[string][]byte {
		other := maps.Clone(files)
		other[name] = content
		return other
	}
	without := maps.Clone(files)
	delete(without, "pepper")
	fewer := b
	fewer.Files = slices.DeleteFunc(slices.Clone(b.Files), func(f folder.BackupFile) bool { return f.Name == "pepper" })
	strange := b
	strange.Files = append(slices.Clone(b.Files), folder.BackupFile{Name: "../../etc/passwd", Size: 1})
	newer := b
	newer.Version++
	changed := slices.Clone(good)
	changed[len(changed)/2] ^= 1
	for name, path := range map[string]string{
		"cut in the middle":      written(good[:len(good)/2]),
		"cut at the end":         written(good[:len(good)-1]),
		"changed":                written(changed),
		"no back-up":             written([]byte("nothing of use")),
		"empty":                  written(nil),
		"not there":              filepath.Join(t.TempDir(), "no.age"),
		"another pepper":         archive(t, by.Recipient(), b, with("pepper", bytes.Repeat([]byte{7}, len(files["pepper"])))),
		"a file short":           archive(t, by.Recipient(), b, without),
		"a folder without a key": archive(t, by.Recipient(), fewer, without),
		"a strange name":         archive(t, by.Recipient(), strange, with("../../etc/passwd", []byte("x"))),
		"newer":                  archive(t, by.Recipient(), newer, files),
	} {
		dir := filepath.Join(t.TempDir(), "data")
		_, verify := folder.VerifyBackup(t.Context(), path, []age.Identity{by})
		_, err := folder.Restore(t.Context(), path, []age.Identity{by}, dir, w.now())
		left, _ := os.ReadDir(dir)
		if verify == nil || err == nil || len(left) != 0 || !strings.Contains(err.Error(), "back-up") && !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %d files, %v; verified: %v", name, len(left), err, verify)
		}
	}
	if _, err := folder.VerifyBackup(t.Context(), path, []age.Identity{holder(t)}); err == nil || !strings.Contains(err.Error(), "--identity") {
		t.Errorf("the key of another: %v", err)
	}
}

// Keys and database of two folders are no back-up, though each file is as the manifest says.
func TestABackupOfFilesThatDoNotBelongTogetherIsRefused(t *testing.T) {
	w, other := newTown(t, nil), newTown(t, nil)
	by := holder(t)
	path, b := w.backUp(by.Recipient())
	foreign, of := other.backUp(by.Recipient())
	files, strange := contents(t, path, by), contents(t, foreign, by)
	files[sealing.KeyFile] = strange[sealing.KeyFile]
	i := slices.IndexFunc(b.Files, func(f folder.BackupFile) bool { return f.Name == sealing.KeyFile })
	b.Files[i] = of.Files[i]
	if _, err := folder.VerifyBackup(t.Context(), archive(t, by.Recipient(), b, files), []age.Identity{by}); err == nil || !strings.Contains(err.Error(), sealing.KeyFile) {
		t.Errorf("%v", err)
	}
}

// resumes lets the town send, as vaxcentral resume does while the service runs.
func (w *town) resumes(want int) {
	w.t.Helper()
	tool, err := central.Open(w.t.Context(), central.Options{Dir: w.dir, Sender: w.phone})
	if err != nil {
		w.t.Fatal(err)
	}
	if waiting, rested, err := tool.Resume(w.t.Context()); waiting != want || !rested || err != nil {
		w.t.Errorf("%d wait, rested %v, %v", waiting, rested, err)
	}
	if _, rested, err := tool.Resume(w.t.Context()); rested || err != nil {
		w.t.Errorf("again: rested %v, %v", rested, err)
	}
	if err := tool.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// A restored folder takes requests, says that it rests, and sends nothing, until it
// is resumed; then it goes on by itself.
func TestARestoredFolderSendsNothingUntilItIsResumed(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	k := w.kiosk("lobby")
	old, _ := k.ready(w.people[0])
	by := holder(t)
	path, _ := w.backUp(by.Recipient())
	w.stop()
	sent := len(w.phone.Messages())
	other := w.restored(path, by)
	k.w, k.url = other, other.url
	other.logs("sends nothing until vaxcentral resume", 1)
	keys := []string{k.post(asks(w.people[1])), k.post(asks(w.people[2]))}
	if res := k.call("POST", "/v1/requests/"+old+"/notices", []byte(`{"contact":"same"}`)); res.status != http.StatusAccepted {
		t.Errorf("a new code: status %d", res.status)
	}
	for range 3 { // what is due is taken up each time
		if worked, err := other.Worker.Next(t.Context(), w.now()); worked || err != nil {
			t.Errorf("worked %v, %v", worked, err)
		}
	}
	if res := k.call("GET", "/readyz", nil); res.status != http.StatusServiceUnavailable || strings.Contains(string(res.body), "resume") {
		t.Errorf("ready: status %d, %s", res.status, res.body)
	}
	if ready := other.readiness(http.StatusServiceUnavailable); !strings.Contains(ready.Why, "resume") {
		t.Errorf("%+v", ready)
	}
	if n := len(w.phone.Messages()); n != sent {
		t.Errorf("%d messages were sent", n-sent)
	}
	other.resumes(2)
	for _, key := range keys {
		k.await(key)
	}
	other.logs("the folder was resumed", 1)
	for k.call("GET", "/readyz", nil).status != http.StatusOK {
	}
	if n := len(w.phone.Messages()) - sent; n != 3 {
		t.Errorf("%d messages were sent for two requests and a new code", n)
	}
}

func TestAFolderCopiedByHandSendsNothingAndTheOriginalDoes(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	dir := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(dir, os.DirFS(w.dir)); err != nil {
		t.Fatal(err)
	}
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			chmod(t, path, 0o600)
		}
		return err
	}))
	other := &town{t: t, dir: dir, phone: w.phone, people: w.people, log: &logBuffer{}, audits: filepath.Join(w.dir, folder.AuditFolder)} // as the same central.toml says
	other.start(nil)
	defer other.stop()
	other.logs("it was copied by hand", 1)
	if worked, err := other.Worker.Next(t.Context(), w.now()); worked || err != nil || !other.State.Rests.Load() {
		t.Errorf("worked %v, %v", worked, err)
	}
	w.start(nil)
	k := w.kiosk("one")
	k.await(k.post(asks(w.people[0])))
	if strings.Contains(w.log.String(), "copied by hand") {
		t.Error("the original rests, too")
	}
	if _, err := w.VerifyAudit(t.Context(), "", func(int64, int64) {}); err != nil {
		t.Errorf("its copy has signed heads among those of the original: %v", err)
	}
}

// Keys that are replaced while they are copied make no back-up that could not be restored.
func TestKeysThatAreReplacedMeanwhileMakeNoHalfBackup(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	by := holder(t)
	ctx, cancel := context.WithCancel(t.Context())
	turned := make(chan error, 1)
	go func() {
		var err error
		for ctx.Err() == nil && err == nil {
			err = errors.Join(w.AnnounceKey(w.t.Context()), w.DistrustKey(w.t.Context(), w.Cards.List()[0].JWK.Kid), w.ImportPeople(w.t.Context(), madeup.Generate(5, 2, request.DateOf(w.now()))))
		}
		turned <- err
	}()
	good := 0
	for range 6 {
		path := filepath.Join(t.TempDir(), "b.age")
		if _, err := folder.BackUp(t.Context(), w.dir, path, []age.Recipient{by.Recipient()}, w.now()); err != nil {
			if _, no := os.Stat(path); no == nil {
				t.Errorf("a file is left though %v", err)
			}
			continue
		}
		good++
		if _, err := folder.Restore(t.Context(), path, []age.Identity{by}, filepath.Join(t.TempDir(), "data"), time.Now()); err != nil {
			t.Error(err)
		}
	}
	cancel()
	if err := <-turned; err != nil {
		t.Error(err)
	}
	t.Logf("%d of 6 back-ups while keys were replaced all the time", good)
}
