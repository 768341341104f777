package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/registry/exchange"
	"vaxkiosk/sync/central/store"
)

// batch is how many people one transaction takes in.
const batch = 2_000

// fill lets f write people. In bulk the indexes are made at the end, which is
// twice as fast at 300,000 people and more so beyond, but not under a running
// service: without them it would be slow, and while they are made it could not
// take requests.
func fill(ctx context.Context, s *store.Store, dir string, bulk bool, f func() error) (err error) {
	if bulk {
		release, err := store.Hold(filepath.Join(dir, folder.ServingLock))
		if bulk = err == nil; bulk {
			defer func() { err = errors.Join(err, release()) }()
		} else if !errors.Is(err, store.ErrLocked) {
			return err
		}
	}
	return s.Fill(ctx, bulk, f)
}

func generatePeople(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys: the residents go into its registry")
	out := f.String("out", "", "`file` to write the residents into instead: NAME.csv (doses go into NAME-doses.csv) or NAME.ndjson")
	plan := madeup.Plan{Today: madeup.DemoDay}
	f.IntVar(&plan.Count, "count", 2000, "how many residents")
	f.Uint64Var(&plan.Seed, "seed", madeup.DemoSeed, "the same seed makes the same residents")
	f.IntVar(&plan.History, "history", 1, "one resident in so many has doses; 0 for nobody")
	if err := parse(f, args); err != nil {
		return err
	}
	switch {
	case (*dir == "") == (*out == ""):
		return errors.New("give either --data or --out; see vaxcentral people generate --help")
	case plan.Count < 1:
		return fmt.Errorf("--count is %d: give it at least 1", plan.Count)
	case plan.History < 0:
		return fmt.Errorf("--history is %d: give it 1 for everybody, 100 for one in a hundred, 0 for nobody", plan.History)
	}
	p := newProgress(stderr, "residents", int64(plan.Count), 0)
	where, err := "in the registry", error(nil)
	if *out == "" {
		err = generateInto(ctx, *dir, plan, p)
	} else {
		where, err = "in "+*out, generateFile(ctx, *out, plan, p)
	}
	p.clear()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d made-up residents are %s\n", plan.Count, where)
	return nil
}

// generateInto fills a registry. Making and writing people take turns on two cores.
func generateInto(ctx context.Context, dir string, plan madeup.Plan, p *progress) error {
	s, err := folder.OpenRegistry(ctx, dir)
	if err != nil {
		return err
	}
	n, err := s.CountPeople(ctx)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := inBatches(ctx, plan)
	err = fill(ctx, s, dir, n == 0, func() error {
		done := 0
		for all := range batches {
			if err := s.ImportPeople(ctx, all); err != nil {
				return interrupted(ctx, err, "part of the residents are in the registry: run the same command again for all")
			}
			done += len(all)
			p.at(int64(done), done)
		}
		return interrupted(ctx, ctx.Err(), "part of the residents are in the registry: run the same command again for all")
	})
	return errors.Join(err, s.Close())
}

// inBatches makes people while others are written. It ends early with ctx.
func inBatches(ctx context.Context, plan madeup.Plan) <-chan []registry.Person {
	batches := make(chan []registry.Person, 1)
	go func() {
		defer close(batches)
		var all []registry.Person
		for r := range madeup.State(plan) {
			if all = append(all, r.Person); len(all) < batch && r.Number < plan.Count {
				continue
			}
			select {
			case batches <- all:
				all = nil
			case <-ctx.Done():
				return
			}
		}
	}()
	return batches
}

// generateFile writes the people into a file, in the format of its name.
func generateFile(ctx context.Context, path string, plan madeup.Plan, p *progress) (err error) {
	names := []string{path}
	switch ext := filepath.Ext(path); ext {
	case ".csv":
		names = append(names, strings.TrimSuffix(path, ext)+"-doses"+ext)
	case ".ndjson":
	default:
		return fmt.Errorf("--out is %q: give it a name that ends with .csv or .ndjson", path)
	}
	var files []*os.File
	defer func() {
		for _, f := range files {
			err = errors.Join(err, f.Close())
		}
	}()
	for _, name := range names {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return fmt.Errorf("cannot write the file (%w): check its path and rights", err)
		}
		files = append(files, f)
	}
	w := exchange.NewNDJSON(files[0])
	if len(files) == 2 {
		if w, err = exchange.NewCSV(files[0], files[1]); err != nil {
			return err
		}
	}
	for r := range madeup.State(plan) {
		if err := w.Write(r.Person); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return interrupted(ctx, ctx.Err(), "the file is not complete: run the same command again")
		}
		p.at(int64(r.Number), r.Number)
	}
	return w.Flush()
}
