package central_test

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/seal"
)

// Each way to be wrong has a problem of its own. Every answer here is compared
// with the contract, as all answers are (kiosk.call).

// TestEveryMistakeHasAProblemOfItsOwn has for each code of the contract the call
// that gets it.
func TestEveryMistakeHasAProblemOfItsOwn(t *testing.T) {
	w, k := staffed(t)
	key, pickup := k.ready(w.people[0])
	body := w.sealed(seal.ForRequest, key, asks(w.people[0]).Encode())
	late := []string{"Date", w.now().Add(-record.ClockSlack - 2*time.Second).UTC().Format(http.TimeFormat)}
	seen := map[string]string{}
	for _, c := range []struct {
		name, path, key string
		body            []byte
		status          int
		code            string
		headers         []string
	}{
		{"unknown field", "/v1/requests", key, append([]byte(`{"more":1,`), body[1:]...), 400, api.ProblemUnknownField, nil},
		{"wrong type", "/v1/requests", key, bytes.Replace(body, []byte(`"v":1`), []byte(`"v":"1"`), 1), 400, api.ProblemWrongType, nil},
		{"no JSON", "/v1/requests", key, body[:len(body)-1], 400, api.ProblemBadRequest, nil},
		{"oversized", "/v1/requests", key, append(body, bytes.Repeat([]byte(" "), seal.MaxSize)...), 413, api.ProblemTooLarge, nil},
		{"replayed", "/v1/requests", key, body, 422, api.ProblemKeyReused, nil},
		{"not sealed for this", "/v1/requests", rand.Text(), body, 422, api.ProblemBadEnvelope, nil},
		{"clock", "/v1/requests/" + key + "/unlock", "", w.sealed(seal.ForUnlock, key, proofOf(testPIN, pickup)), 400, api.ProblemClock, late},
		{"wrong proof", "/v1/requests/" + key + "/unlock", "", w.sealed(seal.ForUnlock, key, proofOf(testPIN, wrong(pickup))), 403, api.ProblemRefused, nil},
		{"no such call", "/v1/people", "", nil, 404, api.ProblemUnknown, nil},
		{"wrong staff", "/v1/staff/sessions", "", w.sealed(seal.ForStaff, key, encoded(api.StaffSignIn{Id: "nurse", Pin: "704159"})), 403, api.ProblemStaff, nil},
	} {
		headers := c.headers
		if c.key != "" {
			headers = append(headers, "Idempotency-Key", c.key)
		}
		res := k.call("POST", c.path, c.body, headers...)
		code(t, c.name, res, c.status, c.code)
		if before, twice := seen[c.code]; twice {
			t.Errorf("%s and %s have one problem", c.name, before)
		}
		seen[c.code] = c.name
	}
}

// TestEveryBodyIsReadStrictly goes through every call with a body.
func TestEveryBodyIsReadStrictly(t *testing.T) {
	w, k := staffed(t)
	key, pickup := k.ready(w.people[0])
	token := into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK).Token
	for path, fields := range map[string][2]string{
		"/v1/requests": {`"v":1`, `"v":"1"`}, "/v1/requests/" + key + "/unlock": {`"v":1`, `"v":{}`}, "/v1/pickups": {`"v":1`, `"v":1.5`},
		"/v1/staff/sessions": {`"v":1`, `"v":true`}, "/v1/amendments": {`"v":1`, `"v":[]`}, "/v1/problem-reports": {`"enc":""`, `"enc":"%%"`},
		"/v1/usage-batches": {`"ct":""`, `"ct":7`}, "/v1/requests/" + key + "/notices": {`"contact":"same"`, `"contact":1`},
		"/v1/record/prints": {`"pages":1`, `"pages":"one"`},
	} {
		call := func(body string) reply {
			return k.call("POST", path, []byte(body), "Idempotency-Key", rand.Text(), "Authorization", "Bearer "+token)
		}
		code(t, path+", unknown field", call("{"+fields[0]+`,"more":1}`), 400, api.ProblemUnknownField)
		code(t, path+", wrong type", call("{"+fields[1]+"}"), 400, api.ProblemWrongType)
		code(t, path+", a list", call("[]"), 400, api.ProblemWrongType)
		code(t, path+", cut", call("{"+fields[0]), 400, api.ProblemBadRequest)
		code(t, path+", twice", call("{"+fields[0]+"}{}"), 400, api.ProblemBadRequest)
		code(t, path+", oversized", call("{"+fields[0]+strings.Repeat(" ", seal.MaxSize)+"}"), 413, api.ProblemTooLarge)
	}
}

// issued is a kiosk with a certificate of central's that ends so soon.
func (w *town) issued(life time.Duration, use x509.ExtKeyUsage) tls.Certificate {
	w.t.Helper()
	cert, key, err := w.CA.Issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "short"}, NotAfter: w.now().Add(life), ExtKeyUsage: []x509.ExtKeyUsage{use},
	}, w.now())
	if err != nil {
		w.t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		w.t.Fatal(err)
	}
	return pair
}

func TestAnExpiredCertificateIsToldAndOpensNothing(t *testing.T) {
	w := newTown(t, nil)
	ca := filepath.Join(w.dir, operator.CAFile)
	cert := w.issued(time.Hour, x509.ExtKeyUsageClientAuth)
	k := w.visitor(ca, cert)
	key, pickup := k.ready(w.people[0])
	w.pass(time.Hour + time.Second)
	calls := map[string]func(k *kiosk) reply{
		"bootstrap": func(k *kiosk) reply { return k.call("GET", "/v1/bootstrap", nil) },
		"unlock":    func(k *kiosk) reply { return k.unlock(key, testPIN, pickup) },
		"state":     func(k *kiosk) reply { return k.call("GET", "/v1/requests/"+key, nil) },
	}
	for name, call := range calls {
		code(t, name+", connected before", call(k), http.StatusUnauthorized, api.ProblemCertificateExpired)
		code(t, name+", connected anew", call(w.visitor(ca, cert)), http.StatusUnauthorized, api.ProblemCertificateExpired)
	}
	if res := k.call("GET", "/healthz", nil); res.status != http.StatusOK {
		t.Errorf("a public call: status %d", res.status)
	}
	before := func() time.Time { return w.now().Add(-time.Hour) } // its own clock says that it is valid
	own, err := client.New(client.Options{URL: w.url, CA: w.pool(ca), Cert: cert, Now: before})
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	if _, err := own.PostRequest(t.Context(), key, w.sealed(seal.ForRequest, key, nil)); !errors.Is(err, client.ErrCertificate) {
		t.Errorf("the kiosk's own client: %v", err)
	}
}

func TestTheHandshakeRefusesCertificatesThatNeverWereAKiosks(t *testing.T) {
	w, other := newTown(t, nil), newTown(t, nil)
	expired := other.issued(time.Hour, x509.ExtKeyUsageClientAuth)
	servers := w.issued(time.Hour, x509.ExtKeyUsageServerAuth)
	early := w.issued(24*time.Hour, x509.ExtKeyUsageClientAuth)
	for name, c := range map[string]struct {
		cert tls.Certificate
		at   time.Duration
	}{
		"another central's": {expired, 0}, "another central's, expired": {expired, 2 * time.Hour}, "a server's": {servers, 0}, "not valid yet": {early, -authority.Backdated - time.Hour},
	} {
		w.pass(c.at)
		conn, err := tls.Dial("tcp", strings.TrimPrefix(w.url, "https://"), &tls.Config{
			MinVersion: tls.VersionTLS13, InsecureSkipVerify: true, // what central is does not matter here
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &c.cert, nil },
		})
		if err == nil {
			_, err = conn.Read(make([]byte, 1)) // in TLS 1.3 the refusal comes after the handshake
			conn.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("%s: %v", name, err)
		}
		w.pass(-c.at)
	}
}

// A kiosk whose clock is wrong hands in what it has saved and opens nothing.
func TestAWrongClockOpensNothingAndHandsInEverything(t *testing.T) {
	w := newTown(t, nil)
	k := w.kiosk("one")
	key, pickup := k.ready(w.people[0])
	token := into[api.Release](t, k.unlock(key, testPIN, pickup), http.StatusOK).Token
	for _, off := range []time.Duration{record.ClockSlack + time.Minute, -record.ClockSlack - time.Minute, 24 * time.Hour, -24 * time.Hour} {
		call := func(method, path string, body []byte, more ...string) reply {
			return k.call(method, path, body, append(more, "Date", w.now().Add(off).UTC().Format(http.TimeFormat))...)
		}
		for path, body := range map[string][]byte{
			"/v1/requests/" + key + "/unlock": w.sealed(seal.ForUnlock, key, proofOf(testPIN, wrong(pickup))),
			"/v1/pickups":                     w.sealed(seal.ForPickup, request.ReceiptFor(key), proofOf(testPIN, wrong(pickup))),
			"/v1/staff/sessions":              w.sealed(seal.ForStaff, key, encoded(api.StaffSignIn{Id: "nurse", Pin: nursePIN})),
		} {
			code(t, path, call("POST", path, body), http.StatusBadRequest, api.ProblemClock)
		}
		code(t, "bootstrap", call("GET", "/v1/bootstrap", nil), http.StatusBadRequest, api.ProblemClock)
		code(t, "record", call("GET", "/v1/record", nil, "Authorization", "Bearer "+token), http.StatusBadRequest, api.ProblemClock)
		saved := rand.Text()
		into[api.Ticket](t, call("POST", "/v1/requests", w.sealed(seal.ForRequest, saved, asks(w.people[1]).Encode()), "Idempotency-Key", saved), http.StatusAccepted)
		into[api.RequestStatus](t, call("GET", "/v1/requests/"+saved, nil), http.StatusOK)
	}
	if left := *k.unlock(key, testPIN, wrong(pickup)).problem(t).AttemptsLeft; left != 4 {
		t.Errorf("%d tries left: the clock cost some", left)
	}
	for _, date := range []string{w.now().Add(record.ClockSlack - 2*time.Second).UTC().Format(http.TimeFormat), "yesterday"} {
		if res := k.call("GET", "/v1/bootstrap", nil, "Date", date); res.status != http.StatusOK {
			t.Errorf("%s: status %d", date, res.status)
		}
	}
}

func TestTheKiosksOwnClientTellsItsTime(t *testing.T) {
	w := newTown(t, nil)
	_, cert, _ := w.enrol("one")
	own, err := client.New(client.Options{
		URL: w.url, CA: w.pool(filepath.Join(w.dir, operator.CAFile)), Cert: cert, Now: func() time.Time { return w.now().Add(-record.ClockSlack - time.Minute) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	e, err := seal.Seal(w.Sealing.Public(), seal.ForStaff, rand.Text(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := own.SignIn(t.Context(), e); !errors.Is(err, client.ErrClock) || !strings.Contains(err.Error(), "6m") {
		t.Errorf("got %v", err)
	}
	key := rand.Text()
	if _, err := own.PostRequest(t.Context(), key, w.sealed(seal.ForRequest, key, asks(w.people[0]).Encode())); err != nil {
		t.Errorf("a saved request: %v", err)
	}
}
