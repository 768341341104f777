package kiosk

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/printer"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/courier"
	"vaxkiosk/sync/keyfile"
	"vaxkiosk/sync/outbox"
)

// OutboxFile is the kiosk's database inside its data folder.
const OutboxFile = "kiosk.db"

// Schema is the number of the outbox's schema that this version leaves (outbox.Schema).
func Schema() int { return outbox.Schema() }

// Kiosk is everything of a kiosk but its window.
type Kiosk struct {
	Config    config.Config // with the certificate that counts
	Box       *outbox.Box   // what is saved until central has it
	Client    *client.Client
	Bootstrap *Bootstrap
	Central   *Central
	Desk      *desk.Desk // its ports may be changed until Run is called
	Demo      bool       // everything around it is made up, and the welcome screen says so
	Log       *slog.Logger
	FirstBeat time.Duration        // how long after its start it tells central how it does
	Beats     func() time.Duration // how long it is from one time to the next
	Program   string               // the file of this program: when another one is installed there, it ends, once nobody is there; "" for never
	Runtime   string               // folder in which it says whether somebody is there (Idle); "" for nowhere

	file     string          // of the configuration
	enrolled tls.Certificate // the configuration's
	vitals   *vitals
	tail     *tail
	why      error

	shut struct {
		sync.Mutex
		why [callers]fault.Fault // why the kiosk is out of service
	}
}

// Open opens a kiosk from its configuration. File names the configuration
// in errors.
func Open(ctx context.Context, file string, cfg config.Config, log *slog.Logger) (*Kiosk, error) {
	if err := keyfile.OwnFolder(cfg.Kiosk.Data, OutboxFile); err != nil {
		return nil, fmt.Errorf("%s: kiosk.data: %w; create the folder or choose another", file, err)
	}
	enrolled := cfg.Central.Cert
	cfg.Central.Cert = presentCert(enrolled, cfg.Kiosk.Data)
	log, last := keepTail(log)
	k := &Kiosk{Config: cfg, file: file, Log: log, enrolled: enrolled, tail: last, FirstBeat: apart(beatFirst), Beats: func() time.Duration { return apart(beatEvery - beatApart) }}
	pages, err := OpenPrinter(cfg, log)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	k.Client, err = client.New(client.Options{
		URL: cfg.Central.URL, CA: cfg.Central.CA, Cert: cfg.Central.Cert, Proxy: cfg.Central.Proxy,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: central: %w", file, err)
	}
	if k.Box, err = outbox.Open(filepath.Join(cfg.Kiosk.Data, OutboxFile)); err != nil {
		return nil, err
	}
	k.Bootstrap = newBootstrap(k.Box, k.Client, cfg.Central.Pin, log)
	if err := k.Bootstrap.load(ctx); err != nil {
		k.Close()
		return nil, fmt.Errorf("%s: kiosk.data: %w", file, err)
	}
	k.Central = &Central{Now: time.Now, box: k.Box, client: k.Client, bootstrap: k.Bootstrap, log: log}
	k.Central.courier = courier.New(k.Box, k.Client, log, k.centralTrouble(byCourier))
	maker, err := paper.New(paper.Options{Size: paper.Size(cfg.Paper.Size), Zone: time.Local, Keys: k.Bootstrap.CardKeys})
	if err != nil {
		k.Close()
		return nil, err
	}
	k.Desk = &desk.Desk{Outbox: k.Central, Reports: k.Central, Central: k.Central, Printer: pages, Log: log, Renderer: maker}
	k.vitals = &vitals{box: k.Box, settings: k.Bootstrap, asked: k.Desk.PrinterAsked, data: cfg.Kiosk.Data}
	return k, nil
}

// OpenPrinter opens the printer of a configuration.
func OpenPrinter(cfg config.Config, log *slog.Logger) (desk.Printer, error) {
	p := cfg.Printer
	if p.Folder != "" {
		p.URI = "folder:" + p.Folder
	}
	return printer.Open(printer.Options{
		Address: p.URI, Pin: hex.EncodeToString(p.Pin), Paper: cfg.Paper.Size, Kiosk: cfg.Kiosk.Name,
		Hold: p.Hold, Uncounted: p.Uncounted, Log: log,
	})
}

// Run runs visits and everything beside them until ctx ends, or the program is to be started
// anew (Why). Show gets every snapshot.
func (k *Kiosk) Run(ctx context.Context, show func(visit.Visit, time.Time)) {
	here := k.presence()
	defer func() { _ = here.close() }()
	k.Desk.Show = func(v visit.Visit, now time.Time) {
		here.is(!v.Touched.IsZero())
		k.vitals.shows(v)
		show(v, now)
	}
	var beside sync.WaitGroup
	ctx, stop := context.WithCancelCause(ctx)
	beside.Go(func() { k.Central.courier.Run(ctx) })
	beside.Go(func() { k.beats(func() { stop(errAsked) }).follow(ctx, k.FirstBeat, k.Beats) })
	beside.Go(func() { k.serveMetrics(ctx) })
	if k.Program != "" {
		s := successor{path: k.Program, rests: k.vitals.restsFor, try: tryProgram(k.Program, k.file), ends: func() { stop(errReplaced) }, log: k.Log}
		beside.Go(func() { s.follow(ctx) })
	}
	beside.Go(func() {
		r := renewal{from: k.Client, path: filepath.Join(k.Config.Kiosk.Data, RenewedFile), of: k.enrolled, log: k.Log, used: k.Bootstrap.ask}
		r.follow(ctx)
	})
	beside.Go(func() {
		k.Bootstrap.follow(ctx, func() { k.post(visit.Settle{Site: k.Site()}) }, k.centralTrouble(byBootstrap))
	})
	k.Desk.Run(ctx, visit.New(k.Site()))
	if why := context.Cause(ctx); errors.Is(why, errAsked) || errors.Is(why, errReplaced) {
		k.why = why
	}
	stop(nil)
	beside.Wait()
}

// presence is where this kiosk says whether somebody is there; nil for nowhere.
func (k *Kiosk) presence() *presence {
	if k.Runtime == "" {
		return nil
	}
	p, err := keepPresence(k.Runtime)
	if err != nil {
		k.Log.Warn("whether somebody is at the kiosk cannot be said to who updates this machine", "event", "kiosk.presence-untold", "cause", err)
		return nil
	}
	return p
}

// Why is why Run ended by itself; nil when it was its context.
func (k *Kiosk) Why() error { return k.why }

// Site is what central and this kiosk's own configuration tell.
func (k *Kiosk) Site() visit.Site {
	h := k.Bootstrap.Site()
	h.Demo, h.Test, h.Handset = k.Demo, k.Config.Kiosk.Test && !k.Demo, k.Config.Speech.Handset
	return h
}

// Close lets go of central and the outbox. Run must have returned, if it was called.
func (k *Kiosk) Close() {
	k.Client.Close()
	if err := k.Box.Close(); err != nil {
		k.Log.Error("outbox not closed", "event", "outbox.not-closed", "cause", err)
	}
}

func (k *Kiosk) post(a visit.Action) { k.Desk.Post(visit.Event{Do: a}) }

// Those who find out by themselves that central takes nothing from this kiosk.
const (
	byCourier = iota
	byBootstrap
	callers
)

// centralTrouble puts the kiosk out of service for what only IT can mend, until
// all who called central are served again. An unreachable central is no such
// thing, and mends none: requests are kept (promise P3). Only a kiosk that has never
// reached it waits for it.
func (k *Kiosk) centralTrouble(caller int) func(error) {
	return func(err error) {
		f := faultOfCentral(err)
		if f.Code == fault.Away {
			return
		}
		k.shut.Lock()
		defer k.shut.Unlock()
		k.shut.why[caller] = f
		if f = cmp.Or(k.shut.why[byBootstrap], k.shut.why[byCourier]); f.Code == "" {
			k.post(visit.Repair{})
			return
		}
		k.post(visit.OutOfOrder{Fault: f})
	}
}

// faultOfCentral is an error of a call to central as a fault, the zero one for nil.
func faultOfCentral(err error) fault.Fault {
	if err == nil {
		return fault.Fault{}
	}
	code, never := fault.CodeOf(err), errors.Is(err, errNoBootstrap)
	switch {
	case code == fault.Clock, code == fault.OutOfUse, code == fault.Suspended, code == fault.Certificate, code == fault.Key, code == fault.Impostor && never:
	case never:
		code = fault.Setup
	default:
		code = fault.Away
	}
	said := err.Error()
	if never {
		said = strings.TrimPrefix(said, errNoBootstrap.Error()+": ")
	}
	_, detail, _ := strings.Cut(said, ": ") // what the sentinel does not say
	return fault.Fault{Code: code, Detail: detail}
}
