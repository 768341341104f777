package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/registry/exchange"
	"vaxkiosk/sync/central/store"
)

func importPeople(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	path, err := parseFile(f, args, "data")
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot read the file (%w): check its path and rights", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	s, err := folder.OpenRegistry(ctx, *dir)
	if err != nil {
		return err
	}
	i := &importer{store: s, out: stderr, why: map[string]int{}}
	if err = i.begin(ctx, file, filepath.Base(path)); err == nil {
		i.progress = newProgress(stderr, "lines", info.Size(), i.run.Bytes)
		err = fill(ctx, s, *dir, i.run.Bulk, func() error { return i.all(ctx) })
		i.progress.clear()
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "kept=%d refused=%d\n", i.run.Kept, i.run.Refused)
	for _, reason := range slices.Sorted(maps.Keys(i.why)) {
		fmt.Fprintf(stdout, "  %s %d\n", reason, i.why[reason])
	}
	if i.run.Refused > 0 {
		return statusError{statusSome, errors.New("some lines were refused, the others are in the registry")}
	}
	return nil
}

// importer reads one file into the registry. Each batch is committed together
// with the place in the file, so that nothing is lost or comes twice, however
// the program ends.
type importer struct {
	store    *store.Store
	out      io.Writer
	progress *progress
	reader   registry.Source
	run      store.Import
	why      map[string]int // lines refused in this run of the program
}

// begin goes on with the run over a file that was not finished, if the file is
// the same so far, or begins a new one.
func (i *importer) begin(ctx context.Context, file *os.File, name string) (err error) {
	today := request.DateOf(time.Now())
	if i.run, err = i.store.UnfinishedImport(ctx, name, ""); err != nil {
		return err
	}
	if i.run.Bytes > 0 {
		i.reader, err = exchange.Resume(file, registry.Position{Bytes: i.run.Bytes, Line: i.run.Line, Digest: i.run.Digest}, today)
		if err == nil {
			fmt.Fprintf(i.out, "going on behind line %d\n", i.run.Line)
			return nil
		}
		if !errors.Is(err, exchange.ErrChanged) && !errors.Is(err, exchange.ErrFormat) {
			return err
		}
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	if i.reader, err = exchange.NewReader(file, today); err != nil {
		return fmt.Errorf("%w; vaxcentral people import --help names the columns", err)
	}
	if i.run.Run == 0 || i.run.Bytes > 0 { // an unfinished run over another file stays behind
		i.run, err = i.store.StartImport(ctx, name, "")
	}
	return err
}

// all reads to the end of the file.
func (i *importer) all(ctx context.Context) error {
	for end := false; !end; {
		if ctx.Err() != nil {
			return i.stopped(ctx, ctx.Err())
		}
		entries, refused, err := i.batch()
		if end = errors.Is(err, io.EOF); err != nil && !end {
			return fmt.Errorf("cannot read the file: %w", err)
		}
		before := i.run
		at := i.reader.Position()
		i.run.Bytes, i.run.Line, i.run.Digest, i.run.Refused = at.Bytes, at.Line, at.Digest, i.run.Refused+refused
		late, err := i.store.Import(ctx, &i.run, entries)
		if err != nil {
			i.run = before
			return i.stopped(ctx, err)
		}
		for _, r := range late {
			i.refuse(r.Line, r.Reason)
		}
		i.progress.at(i.run.Bytes, i.run.Line)
	}
	return i.store.FinishImport(ctx, i.run, time.Now())
}

func (i *importer) stopped(ctx context.Context, err error) error {
	return interrupted(ctx, err, fmt.Sprintf("%d lines are done: run the same command again to go on", i.run.Line))
}

// batch reads the next entries and says which lines are bad, before anything of
// them is committed: a crash may say one twice, but never leaves one out.
func (i *importer) batch() (entries []registry.Entry, refused int, err error) {
	for len(entries)+refused < batch {
		e, err := i.reader.Next()
		bad := &registry.Bad{}
		switch {
		case errors.As(err, &bad):
			i.refuse(bad.Line, string(bad.Reason))
			refused++
		case err != nil:
			return entries, refused, err
		default:
			entries = append(entries, e)
		}
	}
	return entries, refused, nil
}

func (i *importer) refuse(line int, reason string) {
	i.why[reason]++
	i.progress.clear()
	fmt.Fprintf(i.out, "line %d: %s\n", line, reason)
}

// importAbout is also the manual of the files.
const importAbout = `read people from a FILE into the registry
  CSV of people with the header id,given,family,birth,gender,phone,email, or of doses with the header
  person,date,cvx,product,manufacturer,lot,performer,status,not_valid,historical (the last two are true or
  false), or FHIR R4 Patients, Immunizations and ImmunizationRecommendations (NDJSON).
  One person, dose or forecast a line, UTF-8, dates as YYYY-MM-DD. People with the same id are replaced, their doses stay; a forecast replaces the one before.
  Bad lines are said with number and reason, the others kept; then the exit status is 1.
  After Ctrl-C or a crash the same command goes on where it was.`
