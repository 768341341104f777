package main

import (
	"context"
	"io"
	"log/slog"

	"vaxkiosk/app/config"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/window"
	"vaxkiosk/app/window/display"
	"vaxkiosk/sync/logs"
)

// serve is the kiosk of a clinic or town hall.
func serve(o options, errs io.Writer) error {
	log, err := logs.New(errs, o.logFormat, slog.LevelInfo)
	if err != nil {
		return err
	}
	said := window.TakeFyneLog(log)
	if err := window.RefuseDumps(); err != nil {
		log.Warn("a crash may write a core file", "event", "kiosk.core-file", "cause", err)
	}
	cfg, err := loadConfig(o)
	if err != nil {
		return err
	}
	k, err := kiosk.Open(context.Background(), o.config, cfg, log)
	if err != nil {
		return err
	}
	if err := display.Need(log); err != nil {
		k.Close()
		return err
	}
	w := window.Open(cfg.Window.FullScreen, k.Desk.Post)
	w.Log = said
	return window.Run(context.Background(), k, w, nil)
}

// loadConfig loads the configuration, with the printer of --printer if there is one.
func loadConfig(o options) (config.Config, error) {
	cfg, err := config.Load(o.config)
	if err == nil && o.printer != "" {
		err = usePrinter(&cfg, o.printer)
	}
	return cfg, err
}

// usePrinter puts the printer of --printer in place of the configured one. From a
// folder nobody gets a page: the welcome screen says so.
func usePrinter(cfg *config.Config, address string) (err error) {
	cfg.Printer, err = printerFlag(address)
	cfg.Kiosk.Test = cfg.Kiosk.Test || cfg.Printer.Folder != ""
	return err
}
