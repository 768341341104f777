package courier

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
)

// The kiosk's end of the wire against the reference central service.

// enrolled starts a central and returns a client of it and its bootstrap.
func enrolled(t testing.TB) (*client.Client, api.Bootstrap) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	if err := central.Init(t.Context(), data, time.Now()); err != nil {
		t.Fatal(err)
	}
	c, err := central.Open(t.Context(), central.Options{Dir: data, Sender: &notice.Phone{}, Serves: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- c.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-served, c.Close()); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	pin, err := c.EnrolKiosk(t.Context(), "test", dir)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := tls.LoadX509KeyPair(filepath.Join(dir, central.CertFile), filepath.Join(dir, central.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(filepath.Join(dir, central.CAFile))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	k, err := client.New(client.Options{URL: "https://" + l.Addr().String(), CA: pool, Cert: cert})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	jws, _, err := k.Bootstrap(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	b, err := client.VerifyBootstrap(jws, pin)
	if err != nil {
		t.Fatal(err)
	}
	return k, b
}

// loaded is a box in which n requests wait.
func loaded(t testing.TB, n int, to seal.PublicKey) (*outbox.Box, []string) {
	t.Helper()
	box, err := outbox.Open(filepath.Join(t.TempDir(), "kiosk.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	keys := make([]string, n)
	for i := range keys {
		keys[i] = saveSealed(t, box, to, seal.ForRequest)
	}
	return box, keys
}

// carryAll runs a courier until central has every request.
func carryAll(t testing.TB, box *outbox.Box, k *client.Client, keys []string) {
	t.Helper()
	c := New(box, k, slog.New(slog.DiscardHandler), nil)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { c.Run(ctx); close(done) }()
	for _, key := range keys {
		if _, err := c.Accepted(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	<-done
}

func TestTheReferenceCentralTakesWhatTheCourierBrings(t *testing.T) {
	k, b := enrolled(t)
	box, keys := loaded(t, 20, client.SealingKey(b))
	carryAll(t, box, k, keys)
	for _, key := range keys {
		id, state, err := box.ID(t.Context(), key)
		if err != nil || state != outbox.Sent {
			t.Fatalf("%q %v", state, err)
		}
		if s, err := k.Status(t.Context(), id, 0); err != nil || !s.Valid() {
			t.Errorf("central does not know it: %q %v", s, err)
		}
	}
}

func TestTheReferenceCentralAnswersARepetitionTheSameAndRefusesAnotherBody(t *testing.T) {
	k, b := enrolled(t)
	key := rand.Text()
	var tickets [2]api.Ticket
	e, err := seal.Seal(client.SealingKey(b), seal.ForRequest, key, asked("Maria"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range tickets {
		if tickets[i], err = k.PostRequest(t.Context(), key, e.Encode()); err != nil {
			t.Fatal(err)
		}
	}
	if tickets[0].Id != tickets[1].Id || !tickets[0].ExpiresAt.Equal(tickets[1].ExpiresAt) {
		t.Errorf("%+v then %+v", tickets[0], tickets[1])
	}
	if e, err = seal.Seal(client.SealingKey(b), seal.ForRequest, key, asked("Ana")); err != nil {
		t.Fatal(err)
	}
	_, err = k.PostRequest(t.Context(), key, e.Encode())
	var p *client.Problem
	if !errors.As(err, &p) || !final[p.Code] {
		t.Errorf("another body: %v", err)
	}
}

// toHandIn is a valid content for all but requests.
func toHandIn(t *testing.T) map[seal.Purpose][]byte {
	t.Helper()
	hour := time.Now().UTC().Truncate(time.Hour)
	fix := request.Correction{
		Version: request.EncodingVersion, Kind: request.AddContact, Given: "Imogen", Family: "Fairweather",
		Birth: request.Date{Year: 1987, Month: 11, Day: 23}, Phone: "+16175550142", Lang: "en", Policy: "1",
	}
	all := map[seal.Purpose][]byte{seal.ForAmend: fix.Encode()}
	for p, content := range map[seal.Purpose]any{
		seal.ForReport: api.ProblemReport{Kind: api.ProblemReportKindPrinter, Screen: "ready", Hour: hour},
		seal.ForUsage:  api.UsageBatch{Hour: hour, Counts: map[string]int{"visit": 12, "language-zh-hant": 5}},
	} {
		b, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		all[p] = b
	}
	return all
}

func TestTheReferenceCentralTakesCorrectionsReportsAndCounts(t *testing.T) {
	k, b := enrolled(t)
	box, _ := loaded(t, 0, client.SealingKey(b))
	keys := map[seal.Purpose]string{}
	for p, plain := range toHandIn(t) {
		keys[p] = rand.Text()
		e, err := seal.Seal(client.SealingKey(b), p, keys[p], plain)
		if err != nil {
			t.Fatal(err)
		}
		if err := box.Save(t.Context(), keys[p], e.Encode()); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Post(t.Context(), p, keys[p], e.Encode()); err != nil { // and again with the courier
			t.Fatal(err)
		}
	}
	carryAll(t, box, k, slices.Collect(maps.Values(keys)))
	tracking, state, err := box.ID(t.Context(), keys[seal.ForAmend])
	if err != nil || state != outbox.Sent || tracking != request.TrackingFor(keys[seal.ForAmend]) {
		t.Errorf("%q %v", state, err)
	}
	if s, err := k.Amendment(t.Context(), tracking); err != nil || s != api.AmendmentStatusStateReceived {
		t.Errorf("central does not know it: %q %v", s, err)
	}
}

// BenchmarkCourier carries 10,000 waiting requests to a central on the same
// machine. The goal is 500 a second.
func BenchmarkCourier(b *testing.B) {
	const waiting = 10_000
	k, boot := enrolled(b)
	var took time.Duration
	for b.Loop() {
		b.StopTimer()
		box, keys := loaded(b, waiting, client.SealingKey(boot))
		b.StartTimer()
		start := time.Now()
		carryAll(b, box, k, keys)
		took += time.Since(start)
	}
	b.ReportMetric(float64(waiting*b.N)/took.Seconds(), "requests/s")
}
