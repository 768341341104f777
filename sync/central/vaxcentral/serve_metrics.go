package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"vaxkiosk/sync/central"
	"vaxkiosk/sync/metrics"
)

// The metrics have a listener of their own, without TLS: kiosks and phones reach the other one.
// /healthz and /readyz with its reasons are there too.

// withMetrics serves while metrics are served beside, if there is an address for them; both end
// when the first does.
func withMetrics(ctx context.Context, c *central.Central, address string, stdout io.Writer, serve func(context.Context) error) error {
	if address == "" {
		return serve(ctx)
	}
	at, err := metrics.Addr(address)
	if err != nil {
		return fmt.Errorf("--metrics: %w", err)
	}
	l, err := net.Listen("tcp", at)
	if err != nil {
		return fmt.Errorf("--metrics: %w", explainListen(at, err))
	}
	fmt.Fprintf(stdout, "vaxcentral: metrics on http://%s/metrics\n", l.Addr())
	ctx, end := context.WithCancel(ctx)
	defer end()
	var beside sync.WaitGroup
	var broken error
	beside.Go(func() {
		defer end()
		broken = metrics.Serve(ctx, l, c.Watch())
	})
	err = serve(ctx)
	end()
	beside.Wait()
	return errors.Join(err, broken)
}
