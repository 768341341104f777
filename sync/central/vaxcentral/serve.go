package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"syscall"

	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/config"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/logs"
)

func serve(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	s, profiles := settingsFlags(f), profilesFlag(f)
	if err := parse(f, args); err != nil {
		return err
	}
	set, err := s.load()
	if err != nil {
		return err
	}
	log, err := logOf(set, stderr)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", set.Listen)
	if err != nil {
		return explainListen(set.Listen, err)
	}
	defer l.Close()
	outbox := notice.NewOutbox(set.Notices.Folder)
	sender, line, err := senders(set.Notices, outbox)
	if err != nil {
		return err
	}
	told, err := deliveries(set.Notices)
	if err != nil {
		return err
	}
	if told != nil {
		defer told.Listener.Close()
	}
	c, err := central.Open(ctx, central.Options{ // holds the folder; before, nothing is written anywhere
		Dir: set.Data, Sender: sender, Serves: true, Issuer: set.Issuer, Service: set.Name, Registry: set.Registry, HelpPhone: set.HelpPhone,
		Hosts: set.Hosts, TrustedProxies: set.Proxies, Workers: set.Workers, Bounces: set.Notices.Maildir(), Log: log,
		Deliveries: told, Gateways: line, AuditDir: set.Audit, Keep: set.Keep,
	})
	if err != nil {
		return err
	}
	if err = outbox.Prepare(); err == nil {
		err = withProfiles(ctx, *profiles, stdout, func(ctx context.Context) error {
			return withMetrics(ctx, c, set.Metrics, stdout, func(ctx context.Context) error { return serveOn(ctx, c, l, told, *s.residents, stdout) })
		})
	}
	return errors.Join(err, c.Close())
}

func logOf(set config.Config, to io.Writer) (*slog.Logger, error) {
	form, level := logs.Text, slog.LevelInfo
	if set.JSON {
		form = logs.JSON
	}
	if set.Verbose {
		level = slog.LevelDebug
	}
	return logs.New(to, form, level)
}

// serveOn serves a folder that is held on a listener that is open, and says so.
func serveOn(ctx context.Context, c *central.Central, l net.Listener, told *central.Deliveries, demo int, stdout io.Writer) error {
	if demo > 0 {
		if _, filled := c.RecordOf(ctx, 1); !filled {
			if err := c.ImportPeople(ctx, madeup.Generate(demo, madeup.DemoSeed, madeup.DemoDay)); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(stdout, "vaxcentral: serving on https://%s\n", l.Addr())
	if told != nil {
		fmt.Fprintf(stdout, "vaxcentral: receipts on https://%s\n", told.Listener.Addr())
	}
	return c.Serve(ctx, l)
}

func explainListen(addr string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is taken by another program: stop it, or choose another --listen address", addr)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s may not be used by this user: choose a port above 1023 for --listen", addr)
	}
	return fmt.Errorf("cannot listen on %q (%w): give --listen an address like :8443 or 127.0.0.1:8443", addr, err)
}
