package central

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/seal"
)

// busyNow tells whether an answer asks to come again.
func busyNow(res reply) bool {
	return res.status == http.StatusServiceUnavailable && bytes.Contains(res.body, []byte(api.ProblemPrefix+api.ProblemBusy)) && res.header.Get("Retry-After") != ""
}

func TestReadyWritesOnceInAFewSecondsHoweverManyAsk(t *testing.T) {
	var p probe
	at, writes := time.Unix(1_800_000_000, 0), 0
	down := errors.New("down")
	write := func(context.Context, time.Time) error { writes++; return down }
	for range 100 {
		if err := p.ask(t.Context(), at, write); !errors.Is(err, down) {
			t.Fatal(err)
		}
	}
	if writes != 1 {
		t.Errorf("%d writes", writes)
	}
	for i, off := range []time.Duration{probeEvery, -time.Hour} { // a clock that was set back
		if at = at.Add(off); p.ask(t.Context(), at, write) == nil || writes != i+2 {
			t.Errorf("%d writes after %v", writes, off)
		}
	}
}

func TestADatabaseThatAnotherProgramHasIsBusy(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a lock as long as the service does")
	}
	w := newTown(t, nil)
	k := w.kiosk("one")
	db := w.database()
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	const key = "request-number-000001"
	body := w.sealed(seal.ForRequest, key, asks(w.people[0]).Encode())
	if res := k.call("POST", "/v1/requests", body, "Idempotency-Key", key); !busyNow(res) {
		t.Errorf("a request: %d %s", res.status, res.body)
	}
	if res := k.call("GET", "/readyz", nil); !busyNow(res) {
		t.Errorf("/readyz: %d %s", res.status, res.body)
	}
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if res := k.call("POST", "/v1/requests", body, "Idempotency-Key", key); res.status != http.StatusAccepted {
		t.Errorf("afterwards: %d %s", res.status, res.body)
	}
}
