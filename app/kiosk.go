package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
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
}

// openKiosk opens a kiosk from its configuration. File names the configuration
// in errors.
func openKiosk(ctx context.Context, file string, cfg config.Config, log *slog.Logger) (*kiosk, error) {
	if err := os.MkdirAll(cfg.Kiosk.Data, 0o700); err != nil {
		return nil, fmt.Errorf("%s: kiosk.data: %w; create the folder or choose another", file, err)
	}
	k := &kiosk{cfg: cfg, log: log}
	pages, err := openPrinter(cfg.Printer)
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
	k.rules = &rules{box: k.box, client: k.client, pin: cfg.Central.Pin, log: log}
	if err := k.rules.load(ctx); err != nil {
		k.close()
		return nil, startError(file, cfg.Central.URL, err)
	}
	k.wire = &wire{box: k.box, client: k.client, rules: k.rules}
	k.wire.courier = courier.New(k.box, k.client, log, k.centralTrouble)
	maker, err := paper.New(paper.Options{Size: paper.Size(cfg.Paper.Size), Zone: time.Local, Keys: k.rules.cardKeys})
	if err != nil {
		k.close()
		return nil, err
	}
	k.desk = &desk.Desk{Outbox: k.wire, Central: k.wire, Printer: pages, Log: log, Renderer: maker}
	return k, nil
}

// startError says why a kiosk that has never reached central cannot start.
func startError(file, url string, err error) error {
	fix := "start central, or correct central.url"
	switch {
	case errors.Is(err, client.ErrClock):
		fix = "set the clock of this machine"
	case errors.Is(err, client.ErrCertificate):
		fix = "check central.ca, central.cert and central.key; the kiosk may have to be enrolled again"
	case errors.Is(err, client.ErrBootstrap):
		fix = "correct central.pin: it must be the thumbprint that the enrolment printed"
	}
	return fmt.Errorf("%s: central.url %s: %w; %s", file, url, err, fix)
}

func openPrinter(p config.Printer) (desk.Printer, error) {
	if p.Folder != "" {
		return printer.Open("folder:"+p.Folder, "")
	}
	return printer.Open(p.URI, hex.EncodeToString(p.Pin))
}

// run runs visits and everything beside them until ctx ends. Show gets every
// snapshot.
func (k *kiosk) run(ctx context.Context, show func(visit.Visit, time.Time)) {
	k.desk.Show = show
	var beside sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	beside.Go(func() { k.wire.courier.Run(ctx) })
	beside.Go(func() {
		k.rules.follow(ctx, func() { k.post(visit.Settle{House: k.rules.house(k.demo)}) }, k.centralTrouble)
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

// centralTrouble puts the kiosk out of service for what only IT can mend. An
// unreachable central is no such thing: requests are kept (promise P3).
func (k *kiosk) centralTrouble(err error) {
	switch {
	case err == nil:
		k.post(visit.Repair{})
	case errors.Is(err, client.ErrClock):
		k.post(visit.Break{Fault: visit.Fault{Code: visit.FaultClock}})
	case errors.Is(err, client.ErrCertificate):
		k.post(visit.Break{Fault: visit.Fault{Code: visit.FaultCertificate}})
	}
}
