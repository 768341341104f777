// Package central is the reference central service: the other end of the kiosk.
//
// Everything is in one data folder (package folder), and Open wants all of it. Serve answers
// the calls of sync/api/openapi.yaml over TLS 1.3 and works on requests in the
// background. EnrolKiosk gives a kiosk what it needs to connect.
//
// With its database on a server, it may be one of several that are equal (instances.go).
//
// A request is committed to the disk, sealed, before it is answered 202. One of several
// workers then opens it, decides by the release rule (package match), hashes PIN
// and a new pickup code, hands over the notice and only then erases the sealed
// request; after a crash it does so again, and the newer code counts. What cannot be read
// because this program is in a wrong state is kept as it is until it can. A record
// goes to whoever proves PIN and code within five tries in all, and only to the
// kiosk that asked. A staff member who has signed in there and seen a photo ID
// can vouch in place of the code, which is audited with their id.
//
// Each card has a revocation id. A record that is corrected, withdrawn or removed
// revokes the cards before, on a list that anybody may read. The key that signs
// cards is replaced each year, its successor being known to kiosks before.
//
// A record that is handed out has a code. Whoever holds the print and gives the birth date
// on it learns at /check, with any phone, whether it is still so.
//
// Amendments, reports of technical problems and counts of usage come the same
// way, sealed and with an idempotency key. Amendments rest sealed until an
// operator opens them, which is noted; the others hold nothing of a visitor. Of counts
// only sums are published that point to nobody (package counts).
//
// What it refuses to tell: whether a record exists, or a staff account. Every
// request and every amendment has the same answers, and every wrong proof and every failed sign-in
// looks the same. Logs hold no personal value and no id; of verdicts only that a staff
// member opened a record on a photo ID, and at which kiosk.
package central

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/calls"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/door"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/ledger"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/bounces"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/receipts"
	"vaxkiosk/sync/central/notify"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/retention"
	"vaxkiosk/sync/central/worker"
	"vaxkiosk/sync/version"
)

// Options of Open. Dir and Sender are required.
type Options struct {
	Dir    string        // holds everything; see package folder
	Sender notice.Sender // hands over notices
	Serves bool          // the folder is held from Open to Close, so that Serve can be called

	Issuer    string   // iss of health cards: https, no slash at the end (https://central.example.org)
	Service   string   // name of the service; empty: kiosks say it in the words of each language
	Registry  string   // name of the registry, for the paper
	HelpPhone string   // for people who are stuck
	Hosts     []string // names and addresses of this service (localhost, 127.0.0.1, ::1)

	AuditDir string            // where signed heads of the audit are kept (audit in the data folder)
	Keep     retention.Periods // for how long what is kept (the defaults of its table)

	// TrustedProxies are the networks of proxies whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix

	// Bounces is the maildir of mail that comes back; none.
	Bounces string
	// Deliveries are receipts of text messages; nil: none are taken.
	Deliveries *Deliveries
	// Gateways are those of Sender for text messages, shown to those who watch; nil: there are none.
	Gateways *sms.Line

	// Unlimited is for demonstrations and measurements with made-up people, where
	// the same few visitors come all the time: the limits of package access do not
	// hold. The five tries of each request always do.
	Unlimited bool

	// Workers is how many requests are worked on at a time (as many as there are cores):
	// each takes a core for as long as one slow hash.
	Workers int

	Now func() time.Time // time.Now
	Log *slog.Logger     // none

	reads int // up to which version of a request this program reads
}

func (o *Options) defaults() {
	text := func(s *string, otherwise string) {
		if *s == "" {
			*s = otherwise
		}
	}
	text(&o.Issuer, "https://central.example.org")
	text(&o.Registry, "Immunization Registry")
	text(&o.HelpPhone, "617-555-0100")
	if len(o.Hosts) == 0 {
		o.Hosts = []string{"localhost", "127.0.0.1", "::1"}
	}
	if o.Workers < 1 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.reads == 0 {
		o.reads = request.EncodingVersion
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// Central is a central service: what operators do with it, and Serve.
type Central struct {
	*operator.Operator

	o      Options
	folder *folder.Folder
	state  *notify.State
	door   *door.Door
	calls  *calls.Calls
	worker *worker.Worker
	ledger *ledger.Ledger

	receipts *receipts.Handler // nil without Deliveries
	tables   *tables

	serving atomic.Pointer[serving]
	heads   heads
}

// serving is what there is while Serve runs.
type serving struct {
	open  *door.Connections
	until time.Time // the end of the certificate
}

// Open opens the service in a folder. It does not serve yet. Nothing is written
// before the folder is known to be complete and, with Serves, is held.
func Open(ctx context.Context, o Options) (*Central, error) {
	o.defaults()
	if o.Sender == nil {
		return nil, errors.New("central needs a sender for its notices")
	}
	if !card.GoodIssuer(o.Issuer) {
		return nil, fmt.Errorf("the issuer %q must be an https address without a slash at the end", o.Issuer)
	}
	f, err := folder.Open(ctx, folder.Options{Dir: o.Dir, Serves: o.Serves, Now: o.Now, Log: o.Log})
	if err != nil {
		return nil, err
	}
	c, err := wire(o, f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return c, nil
}

// wire gives each room what it needs of the others.
func wire(o Options, f *folder.Folder) (*Central, error) {
	f.Keeper.Unlimited = o.Unlimited
	heads := f.HeadsIn(o.AuditDir)
	state := &notify.State{}
	state.Rests.Store(f.Rests)
	let := &door.Door{Store: f.Store, State: state, Now: o.Now, Log: o.Log}
	answers, err := calls.New(calls.Options{
		Store: f.Store, Keys: f.Keys, State: state, Door: let,
		Issuer: o.Issuer, Service: o.Service, Registry: o.Registry, HelpPhone: o.HelpPhone, Trusted: o.TrustedProxies, Reads: o.reads, Now: o.Now, Log: o.Log,
	})
	if err != nil {
		return nil, err
	}
	codes, told := &tables{dir: o.Dir, state: state, now: o.Now, log: o.Log}, &ledger.Ledger{Store: f.Store, Keeper: f.Keeper, Now: o.Now}
	receive, err := o.receipts(told)
	if err != nil {
		return nil, err
	}
	return &Central{
		Operator: operator.New(f, let, state, o.Now, o.Log), o: o, folder: f, state: state, door: let, calls: answers, tables: codes,
		ledger: told, receipts: receive,
		worker: worker.New(worker.Options{
			Store: f.Store, Keys: f.Keys, Folder: f, State: state, Bootstrap: answers, Sender: o.Sender, HelpPhone: o.HelpPhone, Workers: o.Workers, Reads: o.reads, Tables: codes.use, Now: o.Now, Log: o.Log,
			Receipts: o.Deliveries != nil && o.Deliveries.All, Keep: o.Keep, AuditDir: heads.Dir, Grace: handLimit, Several: f.Store.Several(),
		}),
	}, nil
}

// Ledger is where it is told what becomes of notices.
func (c *Central) Ledger() *ledger.Ledger { return c.ledger }

// Close closes the database and lets the folder go. Serve must have returned.
func (c *Central) Close() error { return c.folder.Close() }

// Limits of a connection. An answer may wait for calls.MaxWait.
const (
	readLimit  = 10 * time.Second
	writeLimit = calls.MaxWait + 15*time.Second
	idleLimit  = 2 * time.Minute
)

// shutdownLimit is how long calls may take to end; a variable for the tests.
var shutdownLimit = 5 * time.Second

// Serve answers calls on a listener and works on requests until ctx ends, which
// is no error. Only one process may serve a folder: see Options.Serves.
func (c *Central) Serve(ctx context.Context, l net.Listener) (err error) {
	if !c.folder.Serves {
		return errors.Join(errors.New("this folder was opened to look into it, not to serve it"), l.Close())
	}
	cert, err := c.folder.CA.Server(c.o.Hosts, c.o.Now())
	if err != nil {
		return errors.Join(err, l.Close())
	}
	ctx = audit.As(ctx, audit.Actor{}) // whoever has started it: what it does is its own
	if err := c.noteSettings(context.WithoutCancel(ctx)); err != nil {
		return errors.Join(err, l.Close())
	}
	c.sayStart(l, cert.Leaf)
	c.tables.use()
	defer func() { c.sayStop(ctx, err) }()
	c.state.Closing.Store(false)
	c.state.Leaving.Store(false)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var among, working sync.WaitGroup
	leave, err := c.beAmong(ctx, &among)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	c.worker.SayRest(ctx)
	working.Go(func() { c.worker.Run(ctx) })
	working.Go(func() { c.worker.ReadWhole(ctx) })
	working.Go(func() { c.worker.FollowKeys(ctx) })
	working.Go(func() { c.keepHeads(ctx) })
	working.Go(func() { c.door.Keep(ctx) })
	if c.o.Bounces != "" {
		working.Go(func() {
			(&bounces.Reader{Dir: c.o.Bounces, Ledger: c.ledger, Rests: c.state.Rests.Load, Log: c.o.Log}).Run(ctx)
		})
	}
	working.Go(func() { c.receive(ctx, cert) })
	srv, open := c.server(cert), door.Listen(l, c.o.TrustedProxies, c.state, c.o.Now, c.o.Log)
	srv.ConnState = open.Follow
	c.serving.Store(&serving{open, cert.Leaf.NotAfter})
	defer c.serving.Store(nil)
	working.Go(func() { open.Tend(ctx) })
	served := make(chan error, 1)
	go func() { served <- srv.ServeTLS(open, "", "") }()
	select {
	case err = <-served:
	case <-ctx.Done():
		srv.SetKeepAlivesEnabled(false) // who calls again goes to another instance
		c.leaveSlowly()
		err = c.shutDown(srv) //nolint:contextcheck // ctx is over, and calls under way may still end
		<-served              //nolint:errcheck // says that it was shut down
	}
	cancel()
	working.Wait()
	leave()
	return err
}

func (c *Central) server(cert tls.Certificate) *http.Server {
	return &http.Server{
		Handler: c.calls.Handler(), ReadTimeout: readLimit, WriteTimeout: writeLimit, IdleTimeout: idleLimit, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(c.o.Log.With("event", "connection.noise").Handler(), slog.LevelDebug),
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{cert},
			ClientAuth: tls.RequestClientCert, ClientCAs: c.folder.CA.Pool(), VerifyConnection: c.verifyClient, Time: c.o.Now,
		},
	}
}

func (c *Central) sayStart(l net.Listener, own *x509.Certificate) {
	c.o.Log.Info("the service starts", "event", "service.start", "version", version.Number, "revision", version.Revision(),
		"issuer", c.o.Issuer, "registry", c.o.Registry, "listen", l.Addr().String(), "certificate_until", own.NotAfter.UTC().Format(time.DateOnly))
}

// sayStop logs why it ends: what ended ctx, or the error.
func (c *Central) sayStop(ctx context.Context, err error) {
	if err == nil {
		err = context.Cause(ctx)
	}
	why := "nobody can connect any more"
	if err != nil {
		why = err.Error()
	}
	c.o.Log.Info("the service stops", "event", "service.stop", "why", why)
}

// verifyClient is the handshake's question to a kiosk's certificate; a stranger has none.
func (c *Central) verifyClient(s tls.ConnectionState) error {
	if len(s.PeerCertificates) == 0 {
		return nil
	}
	return c.folder.CA.Verify(s.PeerCertificates[0], c.o.Now())
}

// shutDown lets calls end: what has begun is answered, long polls at once.
func (c *Central) shutDown(srv *http.Server) error {
	c.state.Closing.Store(true)
	c.state.Changed.Ring()
	ctx, cancel := context.WithTimeout(context.Background(), shutdownLimit)
	defer cancel()
	if srv.Shutdown(ctx) != nil {
		return srv.Close() // somebody stalls
	}
	return nil
}

// What those who embed a service need of its rooms.
const (
	DatabaseFile = folder.DatabaseFile // in the data folder

	CAFile   = operator.CAFile // EnrolKiosk writes them
	CertFile = operator.CertFile
	KeyFile  = operator.KeyFile
)

// What operators are given; see package operator.
type (
	Looker    = operator.Looker
	Amendment = operator.Amendment
	Print     = operator.Print
)

// Init makes a new data folder: see package folder.
func Init(ctx context.Context, dir string, now time.Time) error { return folder.Init(ctx, dir, now) }
