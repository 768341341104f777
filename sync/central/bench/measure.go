package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/store"
)

// one measures a single match, done as the worker does it.
func (t *town) one(ctx context.Context, s *store.Store, kind string, r request.Request) (match.Decision, error) {
	begin := time.Now()
	asked := match.Asked(r)
	candidates, err := s.Candidates(ctx, asked[0])
	if err != nil {
		return match.Decision{}, err
	}
	d := match.Decide(asked, candidates)
	t.times[kind] = append(t.times[kind], time.Since(begin))
	t.candidates += len(candidates)
	return d, nil
}

func measure(ctx context.Context, o options, towns []*town, stderr io.Writer) error {
	match.Prepare()
	if err := warm(ctx, o, towns, stderr); err != nil {
		return err
	}
	for i := range o.cold {
		for _, t := range towns {
			if err := t.coldMatches(ctx, i*len(t.hits)/o.cold); err != nil {
				return err
			}
		}
		if (i+1)%50 == 0 {
			fmt.Fprintf(stderr, "%d of %d cold matches\n", i+1, o.cold)
		}
	}
	return nil
}

// warm measures while the files are in the page cache. The towns take turns.
func warm(ctx context.Context, o options, towns []*town, stderr io.Writer) error {
	var open []*store.Store
	defer func() {
		for _, s := range open {
			s.Close() // nothing was written
		}
	}()
	for _, t := range towns {
		if err := readAll(t.path); err != nil {
			return err
		}
		s, err := store.Open(t.path)
		if err != nil {
			return err
		}
		open = append(open, s)
	}
	runtime.GC()
	for i := range o.samples {
		for n, t := range towns {
			if err := t.warmMatches(ctx, open[n], i); err != nil {
				return err
			}
		}
		if (i+1)%5000 == 0 {
			fmt.Fprintf(stderr, "%d of %d warm matches\n", i+1, o.samples)
		}
	}
	return nil
}

func (t *town) warmMatches(ctx context.Context, s *store.Store, i int) error {
	d, err := t.one(ctx, s, "warm hits", t.hits[i%len(t.hits)])
	if err != nil {
		return err
	}
	if d.Verdict == match.Release {
		t.released++
	}
	_, err = t.one(ctx, s, "warm misses", t.misses[i%len(t.misses)])
	return err
}

func (t *town) coldMatches(ctx context.Context, i int) error {
	for kind, r := range map[string]request.Request{"cold hits": t.hits[i], "cold misses": t.misses[i]} {
		if err := forget(t.path); err != nil {
			return err
		}
		s, err := store.Open(t.path)
		if err != nil {
			return err
		}
		before := fromDisk()
		_, err = t.one(ctx, s, kind, r)
		t.read[kind] += fromDisk() - before
		if err := errors.Join(err, s.Close()); err != nil {
			return err
		}
	}
	return nil
}

func readAll(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, f)
	return errors.Join(err, f.Close())
}

// percentile of sorted times.
func percentile(times []time.Duration, p float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	return times[min(len(times)-1, int(p*float64(len(times))))]
}

var kinds = []string{"warm hits", "warm misses", "cold hits", "cold misses"}

// table prints what was measured, as Markdown.
func table(w io.Writer, o options, towns []*town) {
	fmt.Fprint(w, "| |")
	for _, t := range towns {
		fmt.Fprintf(w, " %.2f million people |", float64(t.size)/1e6)
	}
	fmt.Fprint(w, " growth |\n|---|")
	for range towns {
		fmt.Fprint(w, "---|")
	}
	fmt.Fprintln(w, "---|")
	line := func(what string, value func(*town) string, growth string) {
		fmt.Fprintf(w, "| %s |", what)
		for _, t := range towns {
			fmt.Fprintf(w, " %s |", value(t))
		}
		fmt.Fprintf(w, " %s |\n", growth)
	}
	line("load", func(t *town) string {
		if t.load == 0 {
			return "was there"
		}
		return fmt.Sprintf("%.0f people/s, %.0f s in all", float64(t.size)/t.load.Seconds(), t.load.Seconds())
	}, "")
	line("size on disk", func(t *town) string {
		return fmt.Sprintf("%d MB, %d bytes a person", t.bytes>>20, t.bytes/int64(t.size))
	}, "")
	first, last := towns[0], towns[len(towns)-1]
	for _, kind := range kinds {
		for _, t := range towns {
			slices.Sort(t.times[kind])
		}
		if len(first.times[kind]) == 0 {
			continue
		}
		grows := func(p float64) float64 {
			return float64(percentile(last.times[kind], p)) / float64(percentile(first.times[kind], p))
		}
		line(kind+", p50 / p99", func(t *town) string {
			p50, p99 := percentile(t.times[kind], .5), percentile(t.times[kind], .99)
			return fmt.Sprintf("%.3f / %.3f ms", p50.Seconds()*1e3, p99.Seconds()*1e3)
		}, fmt.Sprintf("%.2f / %.2f", grows(.5), grows(.99)))
	}
	line("read from the disk for a cold hit", func(t *town) string {
		return fmt.Sprintf("%.1f KB", float64(t.read["cold hits"])/1024/float64(max(1, o.cold)))
	}, "")
	line("released of the hits", func(t *town) string {
		return fmt.Sprintf("%.1f %%", float64(t.released)*100/float64(len(t.times["warm hits"])))
	}, "")
	fmt.Fprintf(w, "\n%d warm and %d cold matches of each kind; %s/%s, %d cores, %s, SQLite.\n",
		o.samples, o.cold, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
}
