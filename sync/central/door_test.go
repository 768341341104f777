package central_test

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/api/apitest"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/calls"
	"vaxkiosk/sync/central/door"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/seal"
)

// everyCall is each call of a kiosk, with nothing of use in it.
func everyCall(t testing.TB) (all [][2]string) {
	for path, methods := range today(t).Paths() {
		for method, call := range methods.(apitest.Object) {
			if method == "parameters" {
				continue
			}
			if security, said := call.(apitest.Object)["security"].([]any); said && len(security) == 0 {
				continue
			}
			all = append(all, [2]string{strings.ToUpper(method), apitest.Parameter.ReplaceAllString(path, "aaaaaaaaaaaaaaaaaaaa")})
		}
	}
	return all
}

func TestARevokedKioskIsRefusedInEveryCallAlsoOnAnOpenConnection(t *testing.T) {
	w := newTown(t, nil)
	stolen, honest := w.kiosk("stolen"), w.kiosk("honest")
	stolen.call("GET", "/v1/bootstrap", nil) // connected
	token := func() string {
		key, pickup := stolen.ready(w.people[0])
		return into[api.Release](t, stolen.unlock(key, testPIN, pickup), http.StatusOK).Token
	}()
	if err := w.RevokeKiosk(w.t.Context(), "stolen", "gone from the lobby", "ana"); err != nil {
		t.Fatal(err)
	}
	calls := everyCall(t)
	if len(calls) < 13 {
		t.Fatalf("%d calls of a kiosk", len(calls))
	}
	for _, c := range calls {
		code(t, c[0]+" "+c[1], stolen.call(c[0], c[1], nil), http.StatusUnauthorized, api.ProblemKioskRevoked)
	}
	res := stolen.call("GET", "/v1/record", nil, "Authorization", "Bearer "+token)
	code(t, "with a token from before", res, http.StatusUnauthorized, api.ProblemKioskRevoked)
	code(t, "connected anew", w.kiosk("stolen").call("GET", "/v1/bootstrap", nil), http.StatusUnauthorized, api.ProblemKioskRevoked)
	if res := honest.call("GET", "/v1/bootstrap", nil); res.status != http.StatusOK {
		t.Errorf("another kiosk: status %d", res.status)
	}
	if n := strings.Count(w.log.String(), "event=kiosk.refused kiosk=stolen"); n != 1 {
		t.Errorf("said %d times", n)
	}
}

// The command vaxcentral, or a second instance, revokes over the same database.
func TestALongPollEndsWhenAnotherProgramRevokesItsKiosk(t *testing.T) {
	phone := &notice.Phone{}
	closed := newGate(phone)
	defer close(closed.open)
	w := newTown(t, closed)
	k := w.kiosk("stolen")
	key := k.post(asks(w.people[0]))
	<-closed.knocked // it stays in this state
	ended := make(chan reply)
	go func() { ended <- k.call("GET", "/v1/requests/"+key, nil, "Prefer", "wait=25") }()
	other, err := central.Open(t.Context(), central.Options{Dir: w.dir, Sender: phone})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	began := time.Now()
	if err := other.RevokeKiosk(t.Context(), "stolen", "gone", "ana"); err != nil {
		t.Fatal(err)
	}
	code(t, "the poll", <-ended, http.StatusUnauthorized, api.ProblemKioskRevoked)
	if took := time.Since(began); took > calls.MaxWait-5*time.Second {
		t.Errorf("the poll ended by itself, after %v", took)
	}
}

func TestACertificateFromBeforeTheTableIsAdoptedOnce(t *testing.T) {
	w := newTown(t, nil)
	old, twin := w.kiosk("lobby"), w.kiosk("twin")
	w.db().ForgetKiosk("lobby")
	for range 2 {
		if res := old.call("GET", "/v1/bootstrap", nil); res.status != http.StatusOK {
			t.Fatalf("status %d", res.status)
		}
		w.Door.Drop()
	}
	twin.call("GET", "/v1/bootstrap", nil)
	second := fmt.Sprintf("lobby (%.8s)", old.id()) // its name was another's by then
	if n := strings.Count(w.log.String(), "event=kiosk.adopted"); n != 1 || !strings.Contains(w.log.String(), second) {
		t.Errorf("%d adopted:\n%s", n, w.log)
	}
	all, err := w.Kiosks(w.t.Context())
	if err != nil || len(all) != 2 || all[1].Name != second || all[1].Fingerprint != old.id() || time.Since(all[1].Issued).Abs() > time.Hour {
		t.Errorf("%+v, %v", all, err)
	}
	if err := w.RevokeKiosk(w.t.Context(), second, "not ours", "ana"); err != nil {
		t.Fatal(err)
	}
	code(t, "revoked", old.call("GET", "/v1/bootstrap", nil), http.StatusUnauthorized, api.ProblemKioskRevoked)
}

func TestANameIsOneKiosksForGood(t *testing.T) {
	w := newTown(t, nil)
	w.kiosk("lobby")
	again := func() error {
		_, err := w.EnrolKiosk(w.t.Context(), "lobby", filepath.Join(t.TempDir(), "k"))
		return err
	}
	if err := again(); !errors.Is(err, store.ErrKioskTaken) {
		t.Errorf("a second one: %v", err)
	}
	if err := w.RevokeKiosk(w.t.Context(), "lobby", "stolen", "ana"); err != nil {
		t.Fatal(err)
	}
	if err := again(); !errors.Is(err, store.ErrKioskTaken) {
		t.Errorf("after it was revoked: %v", err)
	}
	if err := w.RevokeKiosk(w.t.Context(), "lobby", "stolen", "ana"); !errors.Is(err, store.ErrKioskRevoked) {
		t.Errorf("revoked twice: %v", err)
	}
}

func TestWhenAKioskCalledLastIsWrittenOnceAMinute(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	k := w.kiosk("lobby")
	seen := w.db().Writes("kiosks", "last_seen")
	k.call("GET", "/v1/bootstrap", nil)
	for seen() == 0 {
		runtime.Gosched()
	}
	for range 5 {
		k.call("GET", "/v1/bootstrap", nil)
		w.Door.Tend(t.Context())
	}
	if n := seen(); n != 1 {
		t.Errorf("written %d times within a minute", n)
	}
	w.pass(door.SeenEvery)
	w.Door.Tend(t.Context())
	if n := seen(); n != 2 {
		t.Errorf("written %d times, a minute later", n)
	}
	all, err := w.Kiosks(w.t.Context())
	if err != nil || time.Since(all[0].LastSeen).Abs() > time.Hour {
		t.Errorf("%+v, %v", all, err)
	}
}

// What cannot be read lets nobody in.
func TestTheDoorIsShutWhenTheTableCannotBeRead(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("lobby")
	back := w.db().Lose("kiosks")
	if res := k.call("GET", "/v1/bootstrap", nil); res.status != http.StatusInternalServerError {
		t.Errorf("status %d", res.status)
	}
	back()
	if res := k.call("GET", "/v1/bootstrap", nil); res.status != http.StatusOK {
		t.Errorf("again: status %d", res.status)
	}
}

func TestTheKiosksOwnClientKnowsThatItIsRevoked(t *testing.T) {
	w := newTown(t, nil)
	c := w.ownClient("lobby")
	if err := w.RevokeKiosk(w.t.Context(), "lobby", "stolen", "ana"); err != nil {
		t.Fatal(err)
	}
	key := "a-request-of-a-stolen-kiosk"
	_, err := c.PostRequest(t.Context(), key, c.seal(seal.ForRequest, key, asks(w.people[0]).Encode()).Encode())
	for _, want := range []error{client.ErrKioskRevoked, client.ErrCertificate} {
		if !errors.Is(err, want) {
			t.Errorf("%v is not %v", err, want)
		}
	}
	if slices.Contains([]bool{errors.Is(err, client.ErrAway), errors.Is(err, client.ErrExpired)}, true) {
		t.Errorf("%v is more than that", err)
	}
}
