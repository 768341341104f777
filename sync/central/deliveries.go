package central

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"vaxkiosk/sync/central/door"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/receipts"
)

// Deliveries say where gateways for text messages tell what became of them: see package receipts.
type Deliveries struct {
	// Listener is one of its own, since gateways have no certificate of a kiosk. It speaks TLS with
	// the certificate of the service, for a proxy before it that has a public one. Serve closes it.
	Listener net.Listener
	// URL is where that proxy takes receipts, and Keys what they are signed with.
	URL  string
	Keys map[sms.Profile][]string
	// All tells that every gateway signs with one of them: then a message without a receipt is one
	// that may not have arrived.
	All bool
}

// String keeps the keys out of logs.
func (d Deliveries) String() string { return "receipts of text messages" }

// GoString is String, so that %#v tells no more.
func (d Deliveries) GoString() string { return d.String() }

// receipts are told to the ledger; nil when nobody asks for them.
func (o Options) receipts(l receipts.Ledger) (*receipts.Handler, error) {
	if o.Deliveries == nil {
		return nil, nil
	}
	return receipts.New(receipts.Options{URL: o.Deliveries.URL, Keys: o.Deliveries.Keys, Ledger: l, Now: o.Now, Log: o.Log})
}

// receiptLimit is how long a call of a gateway may take.
const receiptLimit = 10 * time.Second

// receive takes receipts until ctx ends. Kiosks are served whether or not it can.
func (c *Central) receive(ctx context.Context, cert tls.Certificate) {
	if c.receipts == nil {
		return
	}
	open := door.Listen(c.o.Deliveries.Listener, c.o.TrustedProxies, c.state, c.o.Now, c.o.Log)
	srv := &http.Server{
		Handler: c.receipts, ConnState: open.Follow, ReadTimeout: receiptLimit, WriteTimeout: receiptLimit, IdleTimeout: idleLimit, MaxHeaderBytes: 16 << 10,
		ErrorLog:    slog.NewLogLogger(c.o.Log.With("event", "connection.noise").Handler(), slog.LevelDebug),
		TLSConfig:   &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}, Time: c.o.Now},
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	var working sync.WaitGroup
	defer working.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	working.Go(func() { c.receipts.Run(ctx) })
	working.Go(func() { open.Tend(ctx) })
	defer context.AfterFunc(ctx, func() { _ = srv.Close() })() // gateways tell it again
	if err := srv.ServeTLS(open, "", ""); !errors.Is(err, http.ErrServerClosed) {
		c.o.Log.Error("receipts of text messages cannot be taken any more; all else goes on", "event", "receipts.ended", "why", err.Error())
	}
}
