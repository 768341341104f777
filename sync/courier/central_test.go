package courier

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

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
	c, err := central.Open(central.Options{Dir: t.TempDir(), Sender: &notice.Phone{}})
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
	pin, err := c.EnrolKiosk("test", dir)
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
	e, err := seal.Seal(client.SealingKey(b), seal.ForRequest, key, []byte("x"))
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
	if e, err = seal.Seal(client.SealingKey(b), seal.ForRequest, key, []byte("y")); err != nil {
		t.Fatal(err)
	}
	_, err = k.PostRequest(t.Context(), key, e.Encode())
	var p *client.Problem
	if !errors.As(err, &p) || !final[p.Code] {
		t.Errorf("another body: %v", err)
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
