package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/desk"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/printer"
	"vaxkiosk/app/visit"
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
	if err := os.MkdirAll(cfg.Kiosk.Data, 0o700); err != nil {
		return nil, fmt.Errorf("%s: kiosk.data: %w; create the folder or choose another", file, err)
	}
	k := &kiosk{cfg: cfg, log: log}
	pages, err := openPrinter(cfg, log)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	k.client, err = client.New(client.Options{URL: cfg.Central.URL, CA: cfg.Central.CA, Cert: cfg.Central.Cert})
	if err != nil {
		return nil, fmt.Errorf("%s: central: %w", file, err)
	}
	if k.box, err = outbox.Open(filepath.Join(cfg.Kiosk.Data, outboxFile)); err != nil {
		return nil, err
	}
	k.rules = newRules(k.box, k.client, cfg.Central.Pin, log)
	if err := k.rules.load(ctx); err != nil {
		k.close()
		return nil, startError(file, cfg.Central.URL, err)
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

// startError says why a kiosk that has never reached central cannot start.
func startError(file, url string, err error) error {
	fix := "start central, or correct central.url"
	switch {
	case errors.Is(err, client.ErrClock):
		fix = "set the clock of this machine"
	case errors.Is(err, client.ErrKioskRevoked):
		fix = "the central operator has taken this kiosk out of service: have it added anew, under another name"
	case errors.Is(err, client.ErrCertificate):
		fix = "check central.ca, central.cert and central.key; the kiosk may have to be enrolled again"
	case errors.Is(err, client.ErrBootstrap):
		fix = "correct central.pin: it must be the thumbprint that the enrolment printed"
	}
	return fmt.Errorf("%s: central.url %s: %w; %s", file, url, err, fix)
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
		k.rules.follow(ctx, func() { k.post(visit.Settle{House: k.rules.house(k.demo)}) }, k.centralTrouble(byBootstrap))
	})
	k.desk.Run(ctx, visit.New(k.rules.house(k.demo)))
	stop()
	beside.Wait()
}

func (k *kiosk) close() {
	k.client.Close()
	if err := k.box.Close(); err != nil {
		k.log.Error("outbox not closed", "cause", err)
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
// thing, and mends none: requests are kept (promise P3).
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
	code := visit.FaultAway
	switch {
	case err == nil:
		return visit.Fault{}
	case errors.Is(err, client.ErrClock):
		code = visit.FaultClock
	case errors.Is(err, client.ErrKioskRevoked):
		code = visit.FaultOutOfUse
	case errors.Is(err, client.ErrCertificate):
		code = visit.FaultCertificate
	}
	_, detail, _ := strings.Cut(err.Error(), ": ") // what the sentinel does not say
	return visit.Fault{Code: code, Detail: detail}
}
