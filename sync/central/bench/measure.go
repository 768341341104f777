package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/store"
)

// one measures a single match, done as the worker does it.
func (t *town) one(ctx context.Context, s *store.Store, kind string, r request.Request) (match.Decision, error) {
	begin := time.Now()
	d, candidates, err := match.Find(ctx, s, r, today)
	if err != nil {
		return d, err
	}
	t.times[kind] = append(t.times[kind], time.Since(begin))
	t.candidates += len(candidates)
	return d, nil
}

func measure(ctx context.Context, o options, towns []*town, stderr io.Writer) error {
	match.Prepare()
	if err := warm(ctx, o, towns, stderr); err != nil {
		return err
	}
	if !canForget {
		return nil
	}
	for i := range o.cold {
		for _, t := range towns {
			if t.url != "" { // it has a memory of its own besides the page cache
				continue
			}
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
		if t.url == "" {
			if err := readAll(t.path); err != nil {
				return err
			}
		}
		s, err := t.open(ctx)
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
		s, err := store.Open(ctx, t.path)
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
