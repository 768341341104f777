package central_test

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/worker"
)

// logs waits until the log has a text so many times.
func (w *town) logs(text string, times int) {
	w.t.Helper()
	for late := time.Now().Add(20 * time.Second); strings.Count(w.log.String(), text) < times; runtime.Gosched() {
		if time.Now().After(late) {
			w.t.Fatalf("the log does not say %q:\n%s", text, w.log.String())
		}
	}
}

// erased reports whether the secrets of a request are.
func (w *town) erased(id string) bool {
	return !w.db().Request(id).Secret
}

func TestAClockThatIsFarAheadAtTheStartErasesNothing(t *testing.T) {
	w := newTown(t, nil)
	key, code := w.kiosk("one").ready(w.people[0])
	w.stop()
	w.pass(card.KeyLife)
	w.start(nil)
	w.logs("check it", 1)
	if keys, _ := w.CardKeys(w.t.Context()); len(keys) != 1 || w.erased(key) {
		t.Errorf("%d keys, erased: %v", len(keys), w.erased(key))
	}
	w.stop()
	w.pass(-card.KeyLife)
	w.start(nil)
	if res := w.kiosk("two").unlock(key, testPIN, code); res.status != http.StatusOK {
		t.Errorf("status %d once the clock is right", res.status)
	}
}

func TestAServiceThatWasOffForAWeekErasesADayLater(t *testing.T) {
	w := newTown(t, nil)
	key, _ := w.kiosk("one").ready(w.people[0])
	w.stop()
	w.pass(request.Life)
	w.start(nil)
	for hour := 1; hour <= 24; hour++ {
		w.logs("check it", hour)
		if w.erased(key) {
			t.Fatalf("erased in the hour %d", hour)
		}
		w.pass(time.Hour)
		w.State.Work.Ring()
	}
	for late := time.Now().Add(20 * time.Second); !w.erased(key); runtime.Gosched() {
		if time.Now().After(late) {
			t.Fatal("not erased after a day")
		}
	}
}

func TestAFileOfKeysThatIsNotReadableKeepsNobodyWaiting(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	k.ready(w.people[0]) // the list has been written
	list := filepath.Join(w.dir, card.KeyList)
	good, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	const trouble = "cannot be erased"
	write := func(b []byte) {
		if err := os.WriteFile(list, b, 0o600); err != nil {
			t.Fatal(err)
		}
		w.pass(worker.PurgeEvery)
		w.State.Work.Ring()
	}
	write([]byte("nonsense"))
	w.logs(trouble, 1)
	if res := k.call("GET", "/readyz", nil); res.status != http.StatusOK {
		t.Errorf("ready: status %d", res.status)
	}
	k.ready(w.people[1])
	write(good)
	w.logs("is erased again", 1)
	if n := strings.Count(w.log.String(), trouble); n != 1 || strings.Contains(w.log.String(), "cannot be worked on") {
		t.Errorf("said %d times, or that requests are not worked on:\n%s", n, w.log.String())
	}
}

// An operator who erases by hand looks at the same clock, and may be sure of it.
func TestNothingIsErasedByHandByAClockThatIsFarAhead(t *testing.T) {
	w := newTown(t, nil)
	key, _ := w.kiosk("one").ready(w.people[0])
	must(t, w.Worker.Purge(t.Context(), w.now()))
	w.pass(request.Life)
	if _, err := w.Forget(t.Context(), nil, "", false); err == nil || !strings.Contains(err.Error(), "nothing was erased") || w.erased(key) {
		t.Errorf("%v, erased: %v", err, w.erased(key))
	}
	if _, err := w.Forget(t.Context(), nil, "", true); err != nil || !w.erased(key) {
		t.Errorf("whoever is sure: %v, erased: %v", err, w.erased(key))
	}
}
