// Bench measures how long central takes to find a person, in registries of the
// size of a tenth of a state and of a whole one.
//
//	bench --dir build/bench-match [--sizes 710000,7100000] [--samples 20000] [--cold 1000] [--keep] [--server=false]
//
// With Debian's postgresql-15 it starts a server of its own, with Debian's settings, and measures both
// stores side by side; --server=false leaves that out.
//
// It fills one SQLite database for each size with made-up residents
// (madeup.State), through the code path of the service: names and all contacts for
// everybody, 1.6 on average, which the table says; histories for one in a hundred. The server's
// are carried over from these, as vaxcentral move does. A match
// is what the worker does with an opened request: match.Asked, store.Candidates,
// match.Decide. Hits are residents, and parents for their children, who say a contact that is
// on file, with the typing errors of life; misses are the same with somebody else's.
//
// Warm, the file is in the page cache, and the sizes take turns, so that what
// else the machine does is shared out evenly. Cold, before every single match the
// database is closed, its file is dropped from the page cache, and it is opened
// again; how many bytes came from the disk is printed as the evidence. Cold
// matches are measured on Linux only, and of SQLite only: a server's memory is its own.
//
// The table goes to standard output, progress to standard error. Ctrl-C ends it
// and removes its files; --keep leaves them, and a next run uses them again. It
// refuses to begin when the disk is too small. There is no goal in it: numbers
// depend on the machine, so nothing fails by being slow.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"vaxkiosk/sync/disk"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

// options of a run.
type options struct {
	dir           string
	sizes         []int
	samples, cold int
	keep, server  bool
	seed          uint64
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.dir, "dir", "build/bench-match", "`folder` for the databases; made, and removed at the end")
	sizes := f.String("sizes", "710000,7100000", "how many people, with commas")
	f.IntVar(&o.samples, "samples", 20_000, "warm matches of each kind")
	f.IntVar(&o.cold, "cold", 1000, "cold matches of each kind")
	f.BoolVar(&o.keep, "keep", false, "leave the databases, and use those that are there")
	f.BoolVar(&o.server, "server", true, "measure PostgreSQL beside SQLite, where it is installed")
	f.Uint64Var(&o.seed, "seed", 1, "the same seed makes the same people")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	for part := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1000 {
			return o, fmt.Errorf("--sizes is %q: give it numbers from 1000 up, with commas", *sizes)
		}
		o.sizes = append(o.sizes, n)
	}
	if o.samples < 100 || o.cold < 0 {
		return o, errors.New("give --samples at least 100, and --cold 0 or more")
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return err
	}
	if !o.keep {
		defer func() { err = errors.Join(err, remove(o.dir)) }()
	}
	if err := room(o); err != nil {
		return err
	}
	var towns []*town
	for _, n := range o.sizes {
		t := &town{size: n, path: filepath.Join(o.dir, fmt.Sprintf("people-%d.db", n))}
		if err := t.fill(ctx, o, stderr); err != nil {
			return err
		}
		towns = append(towns, t)
	}
	stop, err := o.serve(ctx, &towns, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := measure(ctx, o, towns, stderr); err != nil {
		return err
	}
	table(stdout, towns)
	return nil
}

// remove takes away what this program has made, and the folder if nothing else is in it.
func remove(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "people-*.db*"))
	for _, name := range files {
		err = errors.Join(err, os.Remove(name))
	}
	if left, _ := os.ReadDir(dir); len(left) == 0 {
		err = errors.Join(err, os.Remove(dir))
	}
	return err
}

// bytesPerPerson is more than a person takes up in database and WAL.
const bytesPerPerson = 600

// bytesPerPersonServed is what one takes up on a server besides.
const bytesPerPersonServed = 800

// room reports whether the databases fit on the disk.
func room(o options) error {
	free, known := disk.Free(o.dir)
	need := uint64(0)
	for _, n := range o.sizes {
		need += uint64(n) * bytesPerPerson //nolint:gosec // sizes are positive
		if o.server {
			need += uint64(n) * bytesPerPersonServed //nolint:gosec // as above
		}
	}
	if known && free < need {
		return fmt.Errorf("%s has %d MB free, this needs %d MB: choose another --dir, or smaller --sizes", o.dir, free>>20, need>>20)
	}
	return nil
}
