// Package central is the reference central service: the other end of the kiosk.
//
// Open makes or reads everything in one folder: database, keys and the CA that
// vouches for this service and its kiosks. Serve answers the calls of
// sync/api/openapi.yaml over TLS 1.3 and works on requests in the background.
// EnrolKiosk gives a kiosk what it needs to connect.
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
// A record that is handed out has a code. Whoever holds the print and gives the birth
// date on it learns at /check, with any phone, whether it still stands.
//
// Corrections, reports of technical problems and counts of usage come the same
// way, sealed and with an idempotency key. Corrections rest sealed until an
// operator opens them, which is noted; the others hold nothing of a visitor.
//
// What it refuses to tell: whether a record exists, or a staff account. Every
// request and every correction has the same answers, and every wrong proof and every failed sign-in
// looks the same. Logs hold no personal value, no id and no verdict.
package central

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/keyfile"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// Options of Open. Dir and Sender are required.
type Options struct {
	Dir    string        // holds everything; made with mode 0700
	Sender notice.Sender // hands over notices

	Issuer    string   // iss of health cards: https, no slash at the end (https://central.example.org)
	Service   string   // name of the service; empty: kiosks say it in the words of each language
	Registry  string   // name of the registry, for the paper
	HelpPhone string   // for people who are stuck
	Hosts     []string // names and addresses of this service (localhost, 127.0.0.1, ::1)

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

// Central is a central service.
type Central struct {
	o       Options
	store   *store.Store
	keeper  *access.Keeper
	cards   *card.Ring
	root    *card.Signer // signs the bootstrap; kiosks pin its thumbprint
	sealing seal.PrivateKey
	authority

	bootstrap atomic.Pointer[bootstrap]
	lists     lists       // of revoked cards
	changed   bell        // a request has a new state
	work      bell        // there is something to work on
	crew      crew        // who works on what
	paces     paces       // of the gateway
	probe     probe       // of the database
	heldFor   sync.Map    // reasons for which requests are held that have been said
	troubled  atomic.Bool // requests cannot be worked on
	closing   atomic.Bool // long polls end now
	alarms    alarms      // limits that are reached
}

// Open opens the service in a folder. It does not serve yet.
func Open(o Options) (*Central, error) {
	o.defaults()
	if o.Sender == nil {
		return nil, errors.New("central needs a sender for its notices")
	}
	if !card.GoodIssuer(o.Issuer) {
		return nil, fmt.Errorf("the issuer %q must be an https address without a slash at the end", o.Issuer)
	}
	c := &Central{o: o}
	if err := c.openKeys(); err != nil {
		return nil, err
	}
	b, err := c.newBootstrap()
	if err != nil {
		return nil, err
	}
	c.bootstrap.Store(b)
	if c.store, err = store.Open(filepath.Join(o.Dir, DatabaseFile)); err != nil {
		return nil, err
	}
	if err := c.noCardKeyLost(); err != nil {
		return nil, errors.Join(err, c.store.Close())
	}
	return c, nil
}

// DatabaseFile is the name of the database in the folder.
const DatabaseFile = "central.db"

// ServingLock is the name of the file that is held while a service runs on the folder.
const ServingLock = "serving.lock"

// openKeys reads the secrets of the folder or makes them at the first start.
func (c *Central) openKeys() (err error) {
	dir := c.o.Dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cannot make the data folder (%w): check its path and rights", err)
	}
	if err := noKeyLost(dir); err != nil {
		return err
	}
	if c.keeper, err = access.Open(dir); err != nil {
		return err
	}
	if c.cards, err = card.OpenRing(dir, c.o.Now()); err != nil {
		return err
	}
	if c.root, err = card.Open(filepath.Join(dir, "root-key.pem")); err != nil {
		return err
	}
	path := filepath.Join(dir, "sealing.key")
	raw, err := keyfile.Bytes(path, func() ([]byte, error) {
		_, raw, err := seal.NewPrivateKey()
		return raw, err
	})
	if err != nil {
		return err
	}
	if c.sealing, err = seal.ParsePrivateKey(raw); err != nil {
		return fmt.Errorf("%s is damaged (%w): restore it from the backup, or sealed requests are lost", path, err)
	}
	c.authority, err = openAuthority(dir, c.o.Now()) // last: see noKeyLost
	return err
}

// keyFiles are the secrets of the folder.
var keyFiles = []string{"pepper", "sealing.key", card.KeyFile, "root-key.pem", "ca-key.pem"}

// noCardKeyLost refuses a folder without the public halves of keys that have
// signed cards: nobody could verify these any longer.
func (c *Central) noCardKeyLost() error {
	signed, err := c.store.CardKeys(context.Background())
	if err == nil && len(c.cards.Lost(signed)) > 0 {
		err = fmt.Errorf("%s is missing: restore it from the backup, or cards of earlier years verify no longer", filepath.Join(c.o.Dir, card.KeyList))
	}
	return err
}

// noKeyLost refuses a folder that has had its first start, whose last file is
// CAFile, and lacks a key: a new one in its place would make worthless what the
// lost one protects, without a word.
func noKeyLost(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, CAFile)); err != nil {
		return nil
	}
	for _, name := range keyFiles {
		if _, err := os.Stat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is missing: restore it from the backup", filepath.Join(dir, name))
		}
	}
	return nil
}

// Close closes the database. Serve must have returned.
func (c *Central) Close() error { return c.store.Close() }

// Limits of a connection. An answer may wait for maxWait.
const (
	readLimit  = 10 * time.Second
	maxWait    = 25 * time.Second
	writeLimit = maxWait + 15*time.Second
	idleLimit  = 2 * time.Minute
)

// shutdownLimit is how long calls may take to end; a variable for the tests.
var shutdownLimit = 5 * time.Second

// Serve answers calls on a listener and works on requests until ctx ends, which
// is no error. Only one process may serve a folder.
func (c *Central) Serve(ctx context.Context, l net.Listener) (err error) {
	release, err := store.Hold(filepath.Join(c.o.Dir, ServingLock))
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, release()) }()
	cert, err := c.serverCertificate(c.o.Hosts, c.o.Now())
	if err != nil {
		return errors.Join(err, l.Close())
	}
	c.closing.Store(false)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		c.workOn(ctx)
	}()
	srv := c.server(cert)
	served := make(chan error, 1)
	go func() { served <- srv.ServeTLS(l, "", "") }()
	select {
	case err = <-served:
		cancel()
	case <-ctx.Done():
		err = c.shutDown(srv)
		<-served
	}
	<-worked
	return err
}

func (c *Central) server(cert tls.Certificate) *http.Server {
	return &http.Server{
		Handler: c.handler(), ReadTimeout: readLimit, WriteTimeout: writeLimit, IdleTimeout: idleLimit, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(c.o.Log.Handler(), slog.LevelDebug),
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{cert},
			ClientAuth: tls.RequestClientCert, ClientCAs: c.pool(), VerifyConnection: c.verifyClient, Time: c.o.Now,
		},
	}
}

// shutDown lets calls end: what has begun is answered, long polls at once.
func (c *Central) shutDown(srv *http.Server) error {
	c.closing.Store(true)
	c.changed.ring()
	ctx, cancel := context.WithTimeout(context.Background(), shutdownLimit)
	defer cancel()
	if srv.Shutdown(ctx) != nil {
		return srv.Close() // somebody stalls
	}
	return nil
}
