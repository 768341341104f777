package central_test

import (
	"crypto/rand"
	"net/http"
	"testing"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/seal"
)

// BenchmarkPostRequest is what a courier with many waiting requests meets:
// sealed requests over mutual TLS, each committed before it is answered, while
// the worker is busy with those before. The goal is 500 a second.
func BenchmarkPostRequest(b *testing.B) {
	w := newTown(b, nil)
	k := w.kiosk("one")
	plain := asks(w.people[0]).Encode()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			key := rand.Text()
			res := k.call("POST", "/v1/requests", w.sealed(seal.ForRequest, key, plain), "Idempotency-Key", key)
			if res.status != http.StatusAccepted {
				b.Errorf("status %d", res.status)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// BenchmarkUnlockAndRecord is central's share of "PIN accepted → page": a right
// proof, and the signed record of 40 doses.
func BenchmarkUnlockAndRecord(b *testing.B) {
	w := newTown(b, nil)
	k := w.kiosk("one")
	key, code := k.ready(w.people[1])
	for b.Loop() {
		token := into[api.Release](b, k.unlock(key, testPIN, code), http.StatusOK).Token
		if k.call("GET", "/v1/record", nil, "Authorization", "Bearer "+token).status != http.StatusOK {
			b.Fatal("no record")
		}
	}
}
