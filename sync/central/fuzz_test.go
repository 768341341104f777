package central_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/seal"
)

// Whatever arrives, in the clear or sealed: central answers within the contract,
// never with a fault of its own, and opens nothing.

// bodies are all calls with a body.
var bodies = []struct {
	path    string
	purpose seal.Purpose // of the envelope in it, if it is one
	sealed  string       // a seed for what is inside, or for the body
}{
	{"/v1/requests", seal.ForRequest, `{"v":1,"relation":"self","given":"Maria","family":"Lopez","birth":"1980-05-06","gender":"female","contact":"phone","phone":"+16175550123","pin":"7294","lang":"en","consent":{"policy":"1","declaration":"1"}}`},
	{"/v1/requests/" + fuzzKey + "/unlock", seal.ForUnlock, `{"pin":"7294","code":"123456"}`},
	{"/v1/requests/" + fuzzKey + "/unlock", seal.ForVouch, `{"pin":"7294","staffToken":"t","idKind":"license"}`},
	{"/v1/pickups", seal.ForPickup, `{"pin":"7294","code":"123456"}`},
	{"/v1/staff/sessions", seal.ForStaff, `{"id":"nurse","pin":"704158"}`},
	{"/v1/amendments", seal.ForAmend, `{"v":1,"kind":"missing-dose","given":"Maria","family":"Lopez","birth":"1980-05-06","phone":"+16175550123","vaccine":"Flu shot","day":"2025-10-02","lang":"en","policy":"1"}`},
	{"/v1/problem-reports", seal.ForReport, `{"kind":"printer","screen":"print-failed","hour":"2026-11-23T09:00:00Z"}`},
	{"/v1/usage-batches", seal.ForUsage, `{"hour":"2026-11-23T09:00:00Z","counts":{"visit":12}}`},
	{"/v1/requests/" + fuzzKey + "/notices", "", `{"contact":"other"}`},
	{"/v1/pickups/" + request.ReceiptFor(fuzzKey) + "/notices", "", `{"contact":"other"}`},
	{"/v1/record/prints", "", `{"outcome":"printed","pages":1}`},
	{"/v1/enrolments", "", `{"id":"AAAAAAAAAAAAAAAAAAAAAA==","csr":"MAA=","proof":"AA=="}`},
	{"/v1/certificate", "", `{"csr":"MAA="}`},
	{"/v1/diagnostics", "", `{"order":"0123456789abcdef","text":"version"}`},
	{"/v1/heartbeat", "", `{"version":"0.3.0","screen":"in-service","waiting":2,"refused":0,"oldest":61,"printer":"jam","settings":12,"diskFree":9000}`},
}

// readable reports whether a kiosk could have written this.
func (w *town) readable(plain []byte) bool {
	_, err := request.Decode(plain, request.DateOf(w.now()))
	return err == nil
}

const fuzzKey = "fuzz-key-0000000001"

// fuzzed is a town without a network, and a token of its kiosk.
func fuzzed(f *testing.F) (w *town, post func(*testing.T, int, []byte) reply) {
	w = newTown(f, nil)
	w.Keeper.Unlimited = true
	cert := w.issued(time.Hour, x509.ExtKeyUsageClientAuth)
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		f.Fatal(err)
	}
	k := w.visitor(w.dir+"/"+operator.CAFile, cert)
	key, pickup := k.ready(w.people[0])
	token := into[api.Release](f, k.unlock(key, testPIN, pickup), http.StatusOK).Token
	h := w.Calls.Handler()
	return w, func(t *testing.T, i int, body []byte) reply {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, bodies[i].path, bytes.NewReader(body))
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{leaf}}
		r.Header.Set("Idempotency-Key", fuzzKey)
		r.Header.Set("Authorization", "Bearer "+token)
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		res := reply{answer.Code, answer.Header(), answer.Body.Bytes()}
		for _, no := range breaches(t, "POST", bodies[i].path, res) {
			t.Errorf("%s: status %d breaks the contract: %s", bodies[i].path, res.status, no)
		}
		kept := res.status == http.StatusServiceUnavailable && res.problem(t).Code() == api.ProblemCannotOpen // by the kiosk
		if res.status >= 500 && !kept || res.status >= 400 && res.problem(t).Title == "" {
			t.Errorf("%s: status %d %s", bodies[i].path, res.status, res.body)
		}
		if bytes.Contains(res.body, []byte(`"token"`)) {
			t.Errorf("%s: a token was given out", bodies[i].path)
		}
		return res
	}
}

func FuzzEveryBody(f *testing.F) {
	w, post := fuzzed(f)
	for i, b := range bodies {
		seed := []byte(b.sealed)
		if b.purpose != "" {
			seed = w.sealed(b.purpose, fuzzKey, seed)
		}
		f.Add(uint8(i), seed)
	}
	for _, s := range []string{"", "null", "[]", `{"v":1e99}`, `{"v":1,"v":2}`, `{"enc":"AA==","ct":null}`, "{\"key\":\"\u0000\"}", "\xff"} {
		f.Add(uint8(0), []byte(s))
	}
	f.Fuzz(func(t *testing.T, which uint8, body []byte) { post(t, int(which)%len(bodies), body) })
}

func FuzzWhatIsInEveryEnvelope(f *testing.F) {
	w, post := fuzzed(f)
	for i, b := range bodies {
		f.Add(uint8(i), []byte(b.sealed))
		f.Add(uint8(i), []byte(`null`))
		f.Add(uint8(i), []byte(`{"more":1}`))
	}
	f.Fuzz(func(t *testing.T, which uint8, plain []byte) {
		i := int(which) % len(bodies)
		b := bodies[i]
		if b.purpose == "" || len(plain) > seal.MaxSize/2 {
			return
		}
		key := fuzzKey
		if b.purpose == seal.ForPickup {
			key = request.ReceiptFor(fuzzKey)
		}
		e, err := seal.Seal(w.Sealing.Public(), b.purpose, key, plain)
		if err != nil {
			t.Fatal(err)
		}
		res := post(t, i, e.Encode())
		refused := res.status >= 400 && res.status < 500 && res.problem(t).Code() != api.ProblemKeyReused
		if b.purpose == seal.ForRequest && refused && w.readable(plain) {
			t.Errorf("a request is refused: %d %s", res.status, res.body)
		}
	})
}
