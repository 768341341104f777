package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"sync"
	"time"
)

// Profiles show where a service spends time and memory, and with them what is in its memory: they
// are off unless somebody on this machine asks for them, and nobody else can be let to them.

func profilesFlag(f *flag.FlagSet) *string {
	return f.String("pprof", "", "`address` of this machine alone, such as 127.0.0.1:6060, to show profiles of the running program at: for those who look for a fault in it (none)")
}

// loopback wants an address that only this machine reaches; a name could be any.
func loopback(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return fmt.Errorf("--pprof: %q is not an address of this machine alone: give it one like 127.0.0.1:6060 or [::1]:6060", address)
	}
	return nil
}

// withProfiles serves while profiles are shown beside, if there is an address for them.
func withProfiles(ctx context.Context, address string, stdout io.Writer, serve func(context.Context) error) error {
	if address == "" {
		return serve(ctx)
	}
	if err := loopback(address); err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("--pprof: %w", explainListen(address, err))
	}
	fmt.Fprintf(stdout, "vaxcentral: profiles on http://%s/debug/pprof/\n", l.Addr())
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index) // and the profiles of the runtime
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	var beside sync.WaitGroup
	var broken error
	beside.Go(func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			broken = err
		}
	})
	err = serve(ctx)
	err = errors.Join(err, srv.Close())
	beside.Wait()
	return errors.Join(err, broken)
}
