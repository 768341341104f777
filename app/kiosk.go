package main

import (
	"cmp"
	"context"
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
	"vaxkiosk/app/paper"
	"vaxkiosk/app/printer"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central/keyfile"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/courier"
	"vaxkiosk/sync/outbox"
)

// outboxFile is the kiosk's database inside its data folder.
const outboxFile = "kiosk.db"

// kiosk is everything of a kiosk but its window.
type kiosk struct {
	cfg    config.Config
	log    *slog.Logger
	box    *outbox.Box
	client *client.Client
	rules  *rules
	wire   *wire
	desk   *desk.Desk
	demo   bool

	shut struct {
		sync.Mutex
		why [callers]visit.Fault // why the kiosk is out of service
	}
}

// openKiosk opens a kiosk from its configuration. File names the configuration
// in errors.
func openKiosk(ctx context.Context, file string, cfg config.Config, log *slog.Logger) (*kiosk, error) {
	if err := keyfile.OwnFolder(cfg.Kiosk.Data, outboxFile); err != nil {
		return nil, fmt.Errorf("%s: kiosk.data: %w; create the folder or choose another", file, err)
	}
	k := &kiosk{cfg: cfg, log: log}
	pages, err := openPrinter(cfg, log)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	k.client, err = client.New(client.Options{
		URL: cfg.Central.URL, CA: cfg.Central.CA, Cert: cfg.Central.Cert, Proxy: cfg.Central.Proxy,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: central: %w", file, err)
	}
	if k.box, err = outbox.Open(filepath.Join(cfg.Kiosk.Data, outboxFile)); err != nil {
		return nil, err
	}
	k.rules = newRules(k.box, k.client, cfg.Central.Pin, log)
	if err := k.rules.load(ctx); err != nil {
		k.close()
		return nil, fmt.Errorf("%s: kiosk.data: %w", file, err)
	}
	k.wire = &wire{box: k.box, client: k.client, rules: k.rules, log: log}
	k.wire.courier = courier.New(k.box, k.client, log, k.centralTrouble(byCourier))
	maker, err := paper.New(paper.Options{Size: paper.Size(cfg.Paper.Size), Zone: time.Local, Keys: k.rules.cardKeys})
	if err != nil {
		k.close()
		return nil, err
	}
	k.desk = &desk.Desk{Outbox: k.wire, Reports: k.wire, Central: k.wire, Printer: pages, Log: log, Renderer: maker}
	return k, nil
}

func openPrinter(cfg config.Config, log *slog.Logger) (desk.Printer, error) {
	p := cfg.Printer
	if p.Folder != "" {
		p.URI = "folder:" + p.Folder
	}
	return printer.Open(printer.Options{
		Address: p.URI, Pin: hex.EncodeToString(p.Pin), Paper: cfg.Paper.Size, Kiosk: cfg.Kiosk.Name,
		Hold: p.Hold, Uncounted: p.Uncounted, Log: log,
	})
}

// run runs visits and everything beside them until ctx ends. Show gets every
// snapshot.
func (k *kiosk) run(ctx context.Context, show func(visit.Visit, time.Time)) {
	k.desk.Show = show
	var beside sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	beside.Go(func() { k.wire.courier.Run(ctx) })
	beside.Go(func() {
		k.rules.follow(ctx, func() { k.post(visit.Settle{House: k.house()}) }, k.centralTrouble(byBootstrap))
	})
	k.desk.Run(ctx, visit.New(k.house()))
	stop()
	beside.Wait()
}

// house is what central and this kiosk's own configuration tell.
func (k *kiosk) house() visit.House {
	h := k.rules.house()
	h.Demo, h.Test = k.demo, k.cfg.Kiosk.Test && !k.demo
	return h
}

func (k *kiosk) close() {
	k.client.Close()
	if err := k.box.Close(); err != nil {
		k.log.Error("outbox not closed", "event", "outbox.not-closed", "cause", err)
	}
}

func (k *kiosk) post(a visit.Action) { k.desk.Post(visit.Event{Do: a}) }

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
func (k *kiosk) centralTrouble(caller int) func(error) {
	return func(err error) {
		f := faultOfCentral(err)
		if f.Code == visit.FaultAway {
			return
		}
		k.shut.Lock()
		defer k.shut.Unlock()
		k.shut.why[caller] = f
		if f = cmp.Or(k.shut.why[byBootstrap], k.shut.why[byCourier]); f.Code == "" {
			k.post(visit.Repair{})
			return
		}
		k.post(visit.Break{Fault: f})
	}
}

// faultOfCentral is an error of a call to central as a fault, the zero one for nil.
func faultOfCentral(err error) visit.Fault {
	code, never := visit.FaultAway, errors.Is(err, errNoBootstrap)
	switch {
	case err == nil:
		return visit.Fault{}
	case errors.Is(err, client.ErrClock):
		code = visit.FaultClock
	case errors.Is(err, client.ErrKioskRevoked):
		code = visit.FaultOutOfUse
	case errors.Is(err, client.ErrCertificate):
		code = visit.FaultCertificate
	case never && errors.Is(err, client.ErrBootstrap):
		code = visit.FaultImpostor
	case never:
		code = visit.FaultSetup
	}
	said := err.Error()
	if never {
		said = strings.TrimPrefix(said, errNoBootstrap.Error()+": ")
	}
	_, detail, _ := strings.Cut(said, ": ") // what the sentinel does not say
	return visit.Fault{Code: code, Detail: detail}
}
