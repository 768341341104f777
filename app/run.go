package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/first"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/tpm"
	"vaxkiosk/app/window"
	"vaxkiosk/sync/logs"
)

// serve is the kiosk of a clinic or town hall, or what becomes one.
func serve(o options, errs io.Writer) error {
	log, err := logs.New(errs, o.logFormat, slog.LevelInfo)
	if err != nil {
		return err
	}
	said := window.TakeFyneLog(log)
	if err := window.RefuseDumps(); err != nil {
		log.Warn("a crash may write a core file", "event", "kiosk.core-file", "cause", err)
	}
	if m := config.Look(o.config); m.New {
		return firstStart(o, m, log, said)
	}
	cfg, k, err := open(o, log)
	if err != nil {
		return err
	}
	if err := window.Need(log); err != nil {
		k.Close()
		return err
	}
	w := window.Open(cfg.Window.FullScreen, k.Desk.Post)
	w.Log = said
	return window.Run(context.Background(), k, w, nil)
}

// open opens the kiosk of the configuration.
func open(o options, log *slog.Logger) (config.Config, *kiosk.Kiosk, error) {
	cfg, err := loadConfig(o)
	if err != nil {
		return cfg, nil, err
	}
	k, err := kiosk.Open(context.Background(), o.config, cfg, log)
	if err != nil {
		return cfg, nil, err
	}
	if k.Program, err = os.Executable(); err != nil {
		log.Warn("another version of this program will not be noticed when it is installed", "event", "kiosk.program-unknown", "cause", err)
	}
	k.Runtime = os.Getenv(runtimeVariable)
	return cfg, k, nil
}

// Where systemd says that the runtime folder of a unit is, and where the package's unit has it,
// for whoever asks from outside of it.
const (
	runtimeVariable = "RUNTIME_DIRECTORY"
	runtimeFolder   = "/run/vaxkiosk"
)

// idle says, by how it ends, whether nobody is at the kiosk of this machine.
func idle(o options) error {
	ctx, stop := exit.UntilSignal(context.Background())
	defer stop()
	is, err := kiosk.WaitIdle(ctx, cmp.Or(os.Getenv(runtimeVariable), runtimeFolder), *o.idleFor, o.wait)
	if err == nil && !is {
		err = exit.Failed(errors.New("somebody is at the kiosk, or has just been"))
	}
	return err
}

// firstStart is a machine that is no kiosk yet. Once somebody has enrolled it there, the kiosk
// goes on in the same window.
func firstStart(o options, m config.Machine, log *slog.Logger, said *window.FyneLog) error {
	if err := window.Need(log); err != nil {
		return err
	}
	s := first.New(m, log)
	w := window.Open(m.Window.FullScreen, s.Post)
	w.Log = said
	return window.RunMade(context.Background(), w, log, func(ctx context.Context) (*kiosk.Kiosk, error) {
		if err := s.Run(ctx, w.Show); err != nil {
			return nil, err
		}
		_, k, err := open(o, log) //nolint:contextcheck // a kiosk is closed, not given up
		if err == nil {
			s.HandOver(k.Desk.Post)
		}
		return k, err
	}, nil)
}

// loadConfig loads the configuration, with the printer of --printer if there is one.
func loadConfig(o options) (config.Config, error) {
	cfg, err := config.Load(o.config)
	if _, none := os.Stat(o.config); errors.Is(none, fs.ErrNotExist) {
		return cfg, fmt.Errorf("%w, or make this machine a kiosk: vaxkiosk enrol --central https://HOST --config %s", err, o.config)
	}
	if err == nil && o.printer != "" {
		err = usePrinter(&cfg, o.printer)
	}
	return cfg, err
}

// checkConfig says everything that is wrong with the configuration, a line each on errs, or
// else on out what was read and what it comes to.
func checkConfig(o options, out, errs io.Writer) error {
	cfg, err := loadConfig(o)
	var wrong config.Problems
	if errors.As(err, &wrong) {
		for _, p := range wrong {
			_, _ = fmt.Fprintln(errs, p)
		}
		if config.Look(o.config).New {
			return fmt.Errorf("%s: things to correct: %d, all of which an enrolment brings: start the kiosk and type its code there, or run vaxkiosk enrol", o.config, len(wrong))
		}
		return fmt.Errorf("%s: things to correct: %d", o.config, len(wrong))
	}
	if err != nil {
		return err
	}
	if err := tpm.Check(cfg.Central.Cert.PrivateKey); err != nil {
		return fmt.Errorf("%s: central.key cannot be used: %w", o.config, err)
	}
	printer := cfg.Printer.URI
	if printer == "" {
		printer = "folder:" + cfg.Printer.Folder + " (a test: the welcome screen says so)"
	}
	_, err = fmt.Fprintf(out, "The configuration is good. Of a key that several files set, the last counts:\n  %s\n"+
		"kiosk    %s, data in %s\ncentral  %s, certificate until %s, key: %s\nprinter  %s, paper %s\n",
		strings.Join(cfg.Files, "\n  "), cfg.Kiosk.Name, cfg.Kiosk.Data,
		cfg.Central.URL, cfg.Central.Cert.Leaf.NotAfter.UTC().Format(time.DateOnly), tpm.Where(cfg.Central.Cert.PrivateKey), printer, cfg.Paper.Size)
	return err
}

// usePrinter puts the printer of --printer in place of the configured one. From a
// folder nobody gets a page: the welcome screen says so.
func usePrinter(cfg *config.Config, address string) (err error) {
	cfg.Printer, err = config.PrinterAt(address)
	cfg.Kiosk.Test = cfg.Kiosk.Test || cfg.Printer.Folder != ""
	return err
}

// testPrint prints the test page on the configured printer.
func testPrint(o options, out, errs io.Writer) error {
	log, err := logs.New(errs, o.logFormat, slog.LevelInfo)
	if err != nil {
		return err
	}
	cfg, err := loadConfig(o)
	if err != nil {
		return err
	}
	cfg.Kiosk.Name += " test" // the kiosk itself may be printing: its jobs are not ours
	to, err := kiosk.OpenPrinter(cfg, log)
	if err != nil {
		return fmt.Errorf("%s: %w", o.config, err)
	}
	ctx, stop := exit.UntilSignal(context.Background())
	defer stop()
	return kiosk.TestPrint(ctx, to, paper.Size(cfg.Paper.Size), o.lang, out, errs)
}
