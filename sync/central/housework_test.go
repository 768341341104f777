package central

import (
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/card"
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

// erased tells whether the secrets of a request are.
func (w *town) erased(id string) bool {
	return w.value("SELECT pin_hash IS NULL FROM requests WHERE id = ?", id) == "1"
}

func TestAClockThatIsFarAheadAtTheStartErasesNothing(t *testing.T) {
	w := newTown(t, nil)
	key, code := w.kiosk("one").ready(w.people[0])
	w.stop()
	w.pass(card.KeyLife)
	w.start(nil)
	w.logs("check it", 1)
	if keys, _ := w.CardKeys(); len(keys) != 1 || w.erased(key) {
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
	w.pass(RequestLife)
	w.start(nil)
	for hour := 1; hour <= 24; hour++ {
		w.logs("check it", hour)
		if w.erased(key) {
			t.Fatalf("erased in the hour %d", hour)
		}
		w.pass(time.Hour)
		w.work.ring()
	}
	for late := time.Now().Add(20 * time.Second); !w.erased(key); runtime.Gosched() {
		if time.Now().After(late) {
			t.Fatal("not erased after a day")
		}
	}
}
