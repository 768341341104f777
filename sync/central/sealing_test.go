package central_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/seal"
)

// hours has the worker do its hourly work, an hour after the last time, so often.
func (w *town) hours(n int) {
	w.t.Helper()
	for range n {
		w.pass(time.Hour)
		must(w.t, w.Worker.Purge(w.t.Context(), w.now()))
	}
}

// sealsTo is the key that a kiosk that asks now is given to seal to.
func (k *kiosk) sealsTo() seal.PublicKey {
	k.w.t.Helper()
	b, err := client.VerifyBootstrap(k.call("GET", "/v1/bootstrap", nil).body, k.pin)
	must(k.w.t, err)
	return seal.PublicKey{ID: b.Sealing.Kid, Bytes: b.Sealing.X25519}
}

// sealedWith seals as a kiosk does that holds a key.
func (k *kiosk) sealedWith(key seal.PublicKey, p seal.Purpose, id string, plain []byte) []byte {
	k.w.t.Helper()
	e, err := seal.Seal(key, p, id, plain)
	must(k.w.t, err)
	return e.Encode()
}

// asksWith hands in a request that is sealed to a key, and returns its id and the answer.
func (k *kiosk) asksWith(key seal.PublicKey) (id string, r reply) {
	id = rand.Text()
	body := k.sealedWith(key, seal.ForRequest, id, asks(k.w.people[0]).Encode())
	return id, k.call("POST", "/v1/requests", body, "Idempotency-Key", id)
}

// review puts a case for review into the database, with what was asked sealed.
func (w *town) review(id string, sealed func(id string) []byte) {
	w.t.Helper()
	w.db().AddCase(id, sealed(id), w.now(), w.now().Add(request.Life))
}

func TestWhatKiosksHoldIsTakenAfterTheSealingKeyIsReplaced(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	before := k.sealsTo()
	must(t, w.RotateSealing(w.t.Context()))
	if k.sealsTo().ID != before.ID {
		t.Error("a key is published before the service has taken it over")
	}
	w.hours(1)
	now := k.sealsTo()
	if now.ID == before.ID || now.ID != w.Sealing.Public().ID {
		t.Fatalf("kiosks seal to %s, as before to %s", now.ID, before.ID)
	}
	for what, key := range map[string]seal.PublicKey{"a kiosk that was offline": before, "a kiosk that was not": now} {
		id, r := k.asksWith(key)
		if r.status != http.StatusAccepted {
			t.Errorf("%s: status %d", what, r.status)
		}
		k.await(id)
		if verdict := w.db().Request(id).Verdict; verdict != string(match.Release) {
			t.Errorf("%s: the request ends as %q", what, verdict)
		}
	}
	if err := w.RotateSealing(w.t.Context()); err == nil || !strings.Contains(err.Error(), "still opens") {
		t.Errorf("replaced again while the one before opens: %v", err)
	}
	w.stop()
	w.start(nil)
	k = w.kiosk("library")
	if _, r := k.asksWith(before); r.status != http.StatusAccepted || k.sealsTo().ID != now.ID {
		t.Errorf("after a restart: status %d, sealed to %s", r.status, k.sealsTo().ID)
	}
}

// A kiosk may have been offline for 30 days. What waits by then is not lost with the key.
func TestTheSealingKeyBeforeIsErasedWhenNoKioskCanHoldItAnyMore(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	before := k.sealsTo()
	secret, err := os.ReadFile(filepath.Join(w.dir, sealing.KeyFile))
	must(t, err)
	correction := rand.Text()
	taken := k.amendWith(correction, k.sealedWith(before, seal.ForAmend, correction, w.corrects(w.people[0], "", func(*request.Draft) {}).Encode()))
	ref := into[api.AmendmentTicket](t, taken, http.StatusAccepted).Ref
	must(t, w.RotateSealing(w.t.Context()))
	w.hours(1)
	w.pass(30 * 24 * time.Hour)
	w.hours(1)
	if _, r := k.asksWith(before); r.status != http.StatusAccepted {
		t.Errorf("on the 30th day: status %d", r.status)
	}
	w.review(rand.Text(), func(id string) []byte { return k.sealedWith(before, seal.ForRequest, id, asks(w.people[1]).Encode()) })
	w.pass(24 * time.Hour)
	w.hours(1)
	if _, r := k.asksWith(before); r.status != http.StatusUnprocessableEntity {
		t.Errorf("after it: status %d", r.status)
	}
	w.hours(2)
	for name, content := range filesIn(t, w.dir) {
		if bytes.Contains(content, secret) {
			t.Errorf("%s has the key", name)
		}
	}
	if w.Sealing.Before() != "" {
		t.Error("the key is in use")
	}
	if _, r := k.asksWith(before); r.status != http.StatusUnprocessableEntity {
		t.Errorf("after the key is erased: status %d", r.status)
	}
	if _, what, err := w.OpenAmendment(w.t.Context(), ref, operator.Looker{OSUser: "root"}); err != nil || what.Family == "" {
		t.Errorf("a correction that waited: %v", err)
	}
	rows, err := w.Store.SealedTo(t.Context(), w.Sealing.Public().ID)
	if err != nil || len(rows) < 2 {
		t.Errorf("%d wait sealed to the new key, %v", len(rows), err)
	}
	for _, row := range rows {
		e, err := seal.Decode(row.Envelope)
		if err == nil {
			_, err = w.Sealing.Open(e, e.Purpose, row.Key)
		}
		if err != nil {
			t.Errorf("%s: %v", row.Key, err)
		}
	}
	must(t, w.RotateSealing(w.t.Context())) // and so on
}

func TestASealingKeyIsKeptWhileSomethingDoesNotOpen(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	before := k.sealsTo()
	must(t, w.RotateSealing(w.t.Context()))
	w.hours(1)
	w.pass(31 * 24 * time.Hour)
	w.review(rand.Text(), func(id string) []byte {
		var e seal.Envelope
		must(t, json.Unmarshal(k.sealedWith(before, seal.ForRequest, id, asks(w.people[1]).Encode()), &e))
		e.Ciphertext[0] ^= 1
		return e.Encode()
	})
	var said string
	for range 3 { // the worker may have done one of these
		w.pass(time.Hour)
		if err := w.Worker.Purge(t.Context(), w.now()); err != nil {
			said = err.Error()
		}
	}
	if !strings.Contains(said, "1 of what waits cannot be opened, so the sealing key before is kept") || w.Sealing.Before() != before.ID {
		t.Errorf("something does not open: %s; the key before is %q", said, w.Sealing.Before())
	}
	w.db().LoseEnvelopes()
	w.hours(2)
	if w.Sealing.Before() != "" {
		t.Error("the key is kept for ever")
	}
}

// opener opens what rests at central.
func (w *town) opener() sealing.Opener {
	return sealing.Opener{Keys: w.Sealing, Store: w.Store, Now: w.now}
}
