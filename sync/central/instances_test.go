package central_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/folder"
)

// Several instances, each with a folder of its own. Their towns have a database on a server also without -server.
// What they share of tries and limits is in drill_test.go, and what becomes of work when one dies in package store.

// beside is one more instance of a town, as on another machine.
func (w *town) beside() *town {
	w.t.Helper()
	other := &town{t: w.t, dir: filepath.Join(w.t.TempDir(), "data"), phone: w.phone, log: &logBuffer{}}
	err := os.CopyFS(other.dir, os.DirFS(w.dir))
	if err == nil {
		err = filepath.WalkDir(other.dir, func(path string, e os.DirEntry, err error) error {
			if err == nil && e.IsDir() {
				return os.Chmod(path, 0o700)
			}
			return os.Chmod(path, 0o600)
		})
	}
	if err == nil {
		err = os.Remove(filepath.Join(other.dir, folder.ServingLock))
	}
	if err != nil {
		w.t.Fatal(err)
	}
	other.start(nil)
	w.t.Cleanup(func() { other.stop() })
	return other
}

func TestInstancesShareWhatAVisitNeeds(t *testing.T) {
	w := newTown(t, nil)
	other := w.beside()
	here := w.kiosk("one")
	there := &kiosk{w: w, http: here.http, pin: here.pin, url: other.url}
	r := asks(w.people[0])
	key := here.post(r)
	for state := api.RequestStatusStateReceived; state != api.RequestStatusStateAnswered; {
		res := there.call("GET", "/v1/requests/"+key, nil, "Prefer", "wait=25")
		state = into[api.RequestStatus](t, res, http.StatusOK).State
	}
	token := into[api.Release](t, here.unlock(key, testPIN, w.codeFor(r.Phone+r.Email)), http.StatusOK).Token
	if r := there.fetch(token); r.Family != w.people[0].Family {
		t.Error("the other instance hands out another record, or one that does not verify")
	}
}

func TestInstancesGiveOutTheKeysThatOneHasMade(t *testing.T) {
	w := newTown(t, nil)
	other := w.beside()
	if err := w.RotateSealing(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.AnnounceKey(t.Context()); err != nil {
		t.Fatal(err)
	}
	other.logs("event=keys.taken", 1)
	for other.Calls.SealingKey() != w.Sealing.Public().ID || len(other.Cards.List()) != 2 {
		other.logs("event=keys.taken", 2)
	}
}

// Whoever spreads the calls sees it before anybody is refused.
func TestInstancesSayThatTheyStop(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	for _, path := range []string{"/readyz", "/readyz?calls"} {
		if got := k.call("GET", path, nil).status; got != http.StatusOK {
			t.Errorf("%s: %d", path, got)
		}
	}
	w.State.Leaving.Store(true)
	for _, path := range []string{"/readyz", "/readyz?calls"} {
		if got := k.call("GET", path, nil).status; got != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", path, got)
		}
	}
	if got := k.call("GET", "/v1/bootstrap", nil).status; got != http.StatusOK {
		t.Errorf("a call is refused: %d", got)
	}
	w.State.Leaving.Store(false)
	w.State.Damaged.Store(true) // as it is for all instances
	if got := k.call("GET", "/readyz?calls", nil).status; got != http.StatusOK {
		t.Errorf("kiosks are left with no instance: %d", got)
	}
}
