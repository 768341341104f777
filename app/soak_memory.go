package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"
)

// soakGrowth is how much memory the visits after the baseline may leave behind.
const soakGrowth = 20.0 // MB

// memory is what the program holds, in MB: the Go heap in use, and the
// proportional set size, which is everything, the window library's included.
type memory struct{ heap, pss float64 }

const mega = 1 << 20

// measure reads both after a collection: what the collector would free soon is
// no growth.
func measure() (memory, error) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	text, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return memory{}, fmt.Errorf("memory can be measured on Linux only: %w", err)
	}
	pss, err := pssOf(text)
	return memory{float64(m.HeapInuse) / mega, pss}, err
}

// pssOf reads the line "Pss:  12345 kB" of smaps_rollup, in MB.
func pssOf(rollup []byte) (float64, error) {
	for line := range bytes.Lines(rollup) {
		var kB float64
		if n, err := fmt.Sscanf(string(line), "Pss: %f kB", &kB); n == 1 && err == nil {
			return kB / 1024, nil
		}
	}
	return 0, errors.New("no Pss line in smaps_rollup")
}

// run makes n visits, says how it goes, and judges the growth since the baseline.
func (k *soaker) run(ctx context.Context, n int) error {
	_, _ = fmt.Fprintf(k.out, "soak: %d visits. The demo's central service and its database run in this process; their memory counts.\n"+
		"soak: before visit %d and at the end the kiosk stands still for a while, as it does between visitors.\n", n, soakWarm+1)
	var base memory
	start := time.Now()
	for i := 1; i <= n; i++ {
		if err := k.visit(ctx, i); err != nil {
			return fmt.Errorf("visit %d: %w", i, err)
		}
		if i%soakEvery != 0 && i != soakWarm && i != n {
			continue
		}
		if i == soakWarm || i == n {
			if err := k.rest(ctx); err != nil {
				return err
			}
		}
		now, err := measure()
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(k.out, "  %d visits, %.0f s, PSS %.1f MB, heap %.1f MB\n", i, time.Since(start).Seconds(), now.pss, now.heap)
		if i == soakWarm {
			base = now
		}
		if i == n {
			return k.verdict(n, base, now)
		}
	}
	return nil
}

// verdict is the last line, and an error when too much stayed.
func (k *soaker) verdict(n int, base, end memory) error {
	growth := end.pss - base.pss
	_, _ = fmt.Fprintf(k.out, "soak: %d visits, heap %.1f → %.1f MB, PSS %.1f → %.1f MB, growth %.1f MB\n",
		n, base.heap, end.heap, base.pss, end.pss, growth)
	if growth >= soakGrowth {
		return fmt.Errorf("memory grew by %.1f MB, want less than %.0f", growth, soakGrowth)
	}
	return nil
}
