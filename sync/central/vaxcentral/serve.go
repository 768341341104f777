package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"syscall"

	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/logs"
)

func serve(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	var o central.Options
	var out ways
	f.StringVar(&o.Dir, "data", "", "`folder` of database and keys (required)")
	listen := f.String("listen", "", "`address` to listen on, for example :8443 (required)")
	notices := f.String("notices", "", "`folder` where notices wait for the SMS and e-mail gateway (notices in the data folder)")
	hosts := f.String("hosts", "localhost,127.0.0.1,::1", "`names` and addresses that kiosks reach this service by, with commas")
	publicFlags(f, &o)
	f.IntVar(&o.Workers, "workers", 0, "how `many` requests are worked on at a time (as many as there are cores)")
	f.Func("trusted-proxy", "`network` of a proxy before the check page whose X-Forwarded-For is believed, such as 10.0.0.0/8; may be given again (none)", func(s string) error {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return errors.New("give it a network like 10.0.0.0/8 or 10.0.0.7/32")
		}
		o.TrustedProxies = append(o.TrustedProxies, p.Masked())
		return nil
	})
	numbers := metricsFlag(f)
	demo := f.Bool("demo", false, "a demonstration: issuer, registry and help phone may be made up, and are when they are not said")
	residents := f.Int("demo-people", 0, "a demonstration that fills an empty registry with this many made-up residents")
	form := f.String("log-format", logs.Text, "how standard error is written: `text` or json")
	verbose := f.Bool("verbose", false, "log every call: route, status and time")
	if err := parse(f, args, "data", "listen"); err != nil {
		return err
	}
	if err := checkPublic(f, &o, *demo || *residents > 0); err != nil {
		return err
	}
	o.Hosts = strings.FieldsFunc(*hosts, func(r rune) bool { return r == ',' || r == ' ' })
	level := slog.LevelInfo
	if *verbose {
		level = slog.LevelDebug
	}
	log, err := logs.New(stderr, *form, level)
	if err != nil {
		return err
	}
	o.Serves, o.Log = true, log
	if *notices == "" {
		*notices = filepath.Join(o.Dir, "notices")
	}
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		return explainListen(*listen, err)
	}
	defer l.Close()
	outbox := notice.NewOutbox(*notices)
	if o.Sender, err = out.senders(outbox); err != nil {
		return err
	}
	c, err := central.Open(ctx, o) // holds the folder; before, nothing is written anywhere
	if err != nil {
		return err
	}
	if err = outbox.Prepare(); err == nil {
		err = withMetrics(ctx, c, *numbers, stdout, func(ctx context.Context) error { return serveOn(ctx, c, l, *residents, stdout) })
	}
	return errors.Join(err, c.Close())
}

// serveOn serves a folder that is held on a listener that is open, and says so.
func serveOn(ctx context.Context, c *central.Central, l net.Listener, demo int, stdout io.Writer) error {
	if demo > 0 {
		if _, filled := c.RecordOf(ctx, 1); !filled {
			if err := c.ImportPeople(ctx, madeup.Generate(demo, madeup.DemoSeed, madeup.DemoDay)); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(stdout, "vaxcentral: serving on https://%s\n", l.Addr())
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
