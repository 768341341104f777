package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/config"
	"vaxkiosk/app/desk"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/printer"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/logs"
	"vaxkiosk/ui/words"
)

// The test print: what IT does once when a printer is set up, and whenever its codes
// are not read. It needs neither central nor a window, and goes the way of a record.

func testPrint(o options, out, errs io.Writer) error {
	to, size, err := testPrinter(o, errs)
	if err != nil {
		return err
	}
	maker, err := paper.New(paper.Options{Size: size, Keys: func() jose.JSONWebKeySet { return jose.JSONWebKeySet{} }})
	if err != nil {
		return err
	}
	page, err := maker.TestPage(o.lang)
	if err != nil {
		return exit.Failed(err)
	}
	ctx, stop := exit.UntilSignal(context.Background())
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, visit.PrintLimit)
	defer cancel()
	said := ""
	result := to.Print(ctx, page, func(p desk.Progress) {
		if p.Fault != nil && p.Fault.Code != said {
			said = p.Fault.Code
			_, _ = fmt.Fprintf(errs, "test page: the printer waits: %s\n", staffSays(*p.Fault))
		}
	})
	switch result.Outcome {
	case desk.Printed:
		_, _ = fmt.Fprintln(out, "test page: printed")
		return nil
	case desk.Sent:
		_, _ = fmt.Fprintln(out, "test page: the print server took it and says no more; look at the printer")
		return nil
	case desk.Failed:
		return exit.Failed(fmt.Errorf("test page: not printed: %s", staffSays(result.Fault)))
	case desk.Unknown:
	}
	return exit.Failed(fmt.Errorf("test page: nobody knows whether it was printed: %s", staffSays(result.Fault)))
}

// testPrinter opens the printer of a configuration or of the demo.
func testPrinter(o options, errs io.Writer) (desk.Printer, paper.Size, error) {
	log, err := logs.New(errs, o.logFormat, slog.LevelInfo)
	if err != nil {
		return nil, "", err
	}
	if o.demo {
		address, err := demoPrinter(o, demoPages)
		if err != nil {
			return nil, "", err
		}
		p, err := printer.Open(printer.Options{Address: address, Paper: config.Letter, Kiosk: "test", Log: log})
		return p, paper.Letter, err
	}
	cfg, err := loadConfig(o)
	if err != nil {
		return nil, "", err
	}
	cfg.Kiosk.Name += " test" // the kiosk itself may be printing: its jobs are not ours
	p, err := kiosk.OpenPrinter(cfg, log)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", o.config, err)
	}
	return p, paper.Size(cfg.Paper.Size), nil
}

// staffSays is a fault as staff reads it, with what the printer calls it.
func staffSays(f desk.Fault) string {
	text := f.Code
	if key := "fault." + f.Code + "-staff"; words.Of("en").Has(key) {
		text = words.Of("en").Show(key)
	}
	if f.Detail != "" {
		text += " (" + f.Detail + ")"
	}
	return text
}
