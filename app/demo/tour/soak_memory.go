package tour

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

// memory is what the program holds, in MB: the Go heap in use; all that it has
// allocated, the window library's part included; and the proportional set size,
// which has its share of program and libraries, too. That share grows when another
// program that uses the same libraries ends, so visits are judged by own.
type memory struct{ heap, own, pss float64 }

const mega = 1 << 20

// measure reads them after a collection: what the collector would free soon is
// no growth.
func measure() (memory, error) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	text, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return memory{}, fmt.Errorf("memory can be measured on Linux only: %w", err)
	}
	now := memory{heap: float64(m.HeapInuse) / mega}
	err = now.read(text)
	return now, err
}

// read takes the lines "Pss:  12345 kB", "Pss_Anon:" and "Pss_Shmem:" of smaps_rollup.
func (m *memory) read(rollup []byte) error {
	found := 0
	for line := range bytes.Lines(rollup) {
		var name string
		var kB float64
		if n, err := fmt.Sscanf(string(line), "%s %f kB", &name, &kB); n != 2 || err != nil {
			continue
		}
		switch name {
		case "Pss:":
			m.pss = kB / 1024
		case "Pss_Anon:", "Pss_Shmem:":
			m.own += kB / 1024
		default:
			continue
		}
		found++
	}
	if found != 3 {
		return errors.New("no Pss, Pss_Anon and Pss_Shmem in smaps_rollup")
	}
	return nil
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
		_, _ = fmt.Fprintf(k.out, "  %d visits, %.0f s, %.1f MB, of which heap %.1f MB; with libraries PSS %.1f MB\n",
			i, time.Since(start).Seconds(), now.own, now.heap, now.pss)
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
	growth := end.own - base.own
	_, _ = fmt.Fprintf(k.out, "soak: %d visits, heap %.1f → %.1f MB, PSS with libraries %.1f → %.1f MB, all that was allocated %.1f → %.1f MB: growth %.1f MB\n",
		n, base.heap, end.heap, base.pss, end.pss, base.own, end.own, growth)
	if growth >= soakGrowth {
		return fmt.Errorf("memory grew by %.1f MB, want less than %.0f", growth, soakGrowth)
	}
	return nil
}
