package central_test

import (
	"bytes"
	"net/http"
	"testing"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/seal"
)

// busyNow reports whether an answer asks to come again.
func busyNow(res reply) bool {
	return res.status == http.StatusServiceUnavailable && bytes.Contains(res.body, []byte(api.ProblemPrefix+api.ProblemBusy)) && res.header.Get("Retry-After") != ""
}

func TestADatabaseThatAnotherProgramHasIsBusy(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a lock as long as the service does")
	}
	w := newTown(t, nil)
	k := w.kiosk("one")
	free := w.db().Lock()
	const key = "request-number-000001"
	body := w.sealed(seal.ForRequest, key, asks(w.people[0]).Encode())
	if res := k.call("POST", "/v1/requests", body, "Idempotency-Key", key); !busyNow(res) {
		t.Errorf("a request: %d %s", res.status, res.body)
	}
	if res := k.call("GET", "/readyz", nil); !busyNow(res) {
		t.Errorf("/readyz: %d %s", res.status, res.body)
	}
	free()
	if res := k.call("POST", "/v1/requests", body, "Idempotency-Key", key); res.status != http.StatusAccepted {
		t.Errorf("afterwards: %d %s", res.status, res.body)
	}
}
