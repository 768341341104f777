package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/codes"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/registry/exchange"
	"vaxkiosk/sync/central/store"
)

// importAbout is also the manual of the files; exchange's README is the whole one.
const importAbout = `read people from a FILE into the registry
  CSV of people with the header id,given,family,birth,gender,phone,email, or of doses with the header
  person,date,cvx,product,manufacturer,lot,performer,status,not_valid,historical, or FHIR R4 Patients, Immunizations and
  ImmunizationRecommendations, one a line (NDJSON) or in Bundles. Separators, encodings and other names of columns are found out.
  People and doses with the same id in the same --source are replaced by what is newer; a file that comes again changes nothing.
  Lines that cannot be used are said with number and reason, at most 20 of each kind (all of them: --report); then the exit
  status is 1. The end is a table of what is new, changed and so on; --dry-run shows it and writes nothing.
  After Ctrl-C or a crash the same command goes on where it was.`

// importing is what is asked for.
type importing struct {
	dir, source, base, asOf, index, report *string
	dry                                    *bool
}

func importFlags(f *flag.FlagSet) importing {
	return importing{
		dir:    f.String("data", "", "`folder` of database and keys (required)"),
		source: f.String("source", "", "`name` of where the file comes from: ids are those of this source, and the same id of another one is somebody else (one source without a name)"),
		base:   f.String("base", "", "`URL` that references to patients of the form https://… must begin with (the one that the file uses throughout)"),
		asOf:   f.String("as-of", "", "`date` of which the file is, YYYY-MM-DD, for entries that do not say when they were changed (today)"),
		index:  f.String("index", "", "`system` of the identifier by which Patients of several sources are one person: that of a shared master index (none)"),
		report: f.String("report", "", "`file` to write all refusals into, as CSV of line, reason and what to do; it must not exist yet, but for the same run"),
		dry:    f.Bool("dry-run", false, "say what would become of the file, and write nothing but --report: works on a private copy of the database, which needs room for it"),
	}
}

// sourceForm leaves out the colon, which is between a source and an id.
var sourceForm = regexp.MustCompile(`^[A-Za-z0-9._-]{0,64}$`)

// reading is how the file is to be read.
func (o importing) reading(now time.Time) (r exchange.Options, err error) {
	r = exchange.Options{Today: request.DateOf(now), Base: *o.base, Index: *o.index}
	if !sourceForm.MatchString(*o.source) {
		return r, errors.New("--source is a name of up to 64 letters, digits, dots and hyphens")
	}
	if u, err := url.Parse(*o.base); *o.base != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		return r, errors.New("--base is the address of a FHIR server, such as https://ehr.example.org/fhir")
	}
	if *o.asOf == "" {
		return r, nil
	}
	if r.AsOf, err = time.Parse(time.DateOnly, *o.asOf); err != nil {
		return r, errors.New("--as-of is a date like 2026-10-31")
	}
	if r.AsOf.After(now) {
		return r, errors.New("--as-of is in the future")
	}
	return r, nil
}

func importPeople(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	o := importFlags(f)
	path, err := parseFile(f, args, "data")
	if err != nil {
		return err
	}
	i := &importer{out: stderr, source: *o.source, reportTo: *o.report, refused: &complaints{out: stderr, clear: func() {}}}
	if i.options, err = o.reading(time.Now()); err != nil {
		return err
	}
	file, err := openPlain(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if *o.dry {
		err = i.try(ctx, *o.dir, file)
	} else {
		err = i.do(ctx, *o.dir, file)
	}
	if err != nil {
		return err
	}
	if *o.dry {
		fmt.Fprintln(stdout, "nothing was written; this would be so:")
	}
	fmt.Fprintf(stdout, "kept=%d refused=%d\n", i.run.Kept, i.run.Refused)
	if err := sayImport(stdout, i.run); err != nil {
		return err
	}
	switch {
	case i.run.Refused > 0 && *o.dry:
		return statusError{statusSome, errors.New("some lines would be refused")}
	case i.run.Refused > 0:
		return statusError{statusSome, errors.New("some lines were refused, the others are in the registry")}
	}
	return nil
}

// openPlain opens a file that can be read more than once: to go on in it, to find out what is
// in it, and where Patients come behind what is theirs.
func openPlain(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the file (%w): check its path and rights", err)
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(errors.New("cannot read the file: it is a folder or a pipe, and has to be a file that can be read again"), file.Close())
	}
	return file, nil
}

// importer reads one file into the registry. Each batch is committed together
// with the place in the file, so that nothing is lost or comes twice, however
// the program ends.
type importer struct {
	store    *store.Store
	out      io.Writer
	source   string
	options  exchange.Options
	reportTo string // a file, or ""
	refused  *complaints
	progress *progress
	reader   registry.Source
	run      store.Import
	dry      bool
}

// again is said of an import that had not begun, or not gone on, when it was interrupted.
const again = "nothing more is done than before: run the same command again"

// do reads the file into the registry of a data folder.
func (i *importer) do(ctx context.Context, dir string, file *os.File) error {
	s, err := folder.OpenRegistry(ctx, dir)
	if err != nil {
		return interrupted(ctx, err, again)
	}
	i.store = s
	err = i.read(ctx, dir, file, func(f func() error) error { return fill(ctx, s, dir, i.run.Bulk, f) })
	return errors.Join(err, s.Close())
}

// try reads it into a copy, which is gone at the end.
func (i *importer) try(ctx context.Context, dir string, file *os.File) error {
	t, err := folder.OpenTrial(ctx, dir)
	if err != nil {
		return interrupted(ctx, err, "nothing was written")
	}
	i.store, i.dry = t.Store, true
	err = i.read(ctx, dir, file, func(f func() error) error { return t.Fill(ctx, i.run.Bulk, f) })
	return errors.Join(err, t.Close())
}

func (i *importer) read(ctx context.Context, dir string, file *os.File, fill func(func() error) error) error {
	if err := codes.Use(dir); err != nil {
		fmt.Fprintln(i.out, err)
	}
	info, err := file.Stat()
	if err == nil {
		err = i.begin(ctx, file)
	}
	if err != nil {
		return interrupted(ctx, err, again)
	}
	i.progress = newProgress(i.out, "lines", info.Size(), i.run.Bytes)
	i.refused.clear = i.progress.clear
	err = fill(func() error { return i.all(ctx) })
	i.progress.clear()
	return errors.Join(err, i.refused.close())
}

// begin goes on with the run over a file that was not finished, if the file is
// the same so far, or begins a new one.
func (i *importer) begin(ctx context.Context, file *os.File) (err error) {
	name := filepath.Base(file.Name())
	if i.run, err = i.store.UnfinishedImport(ctx, name, i.source); err != nil {
		return err
	}
	resumed := false
	if i.run.Bytes > 0 {
		i.reader, err = exchange.Resume(file, registry.Position{Bytes: i.run.Bytes, Line: i.run.Line, Digest: i.run.Digest}, i.options)
		if resumed = err == nil; !resumed && !errors.Is(err, exchange.ErrChanged) && !errors.Is(err, exchange.ErrFormat) {
			return err
		}
	}
	if !resumed {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if i.reader, err = exchange.NewReader(file, i.options); err != nil {
			return unreadable(err)
		}
	}
	if i.reportTo != "" {
		if i.refused.report, err = openReport(i.reportTo, resumed, i.run); err != nil {
			return err
		}
	}
	if resumed {
		fmt.Fprintf(i.out, "going on behind line %d\n", i.run.Line)
	} else if i.run.Run == 0 || i.run.Bytes > 0 { // an unfinished run over another file stays behind
		i.run, err = i.store.StartImport(ctx, name, i.source)
	}
	return err
}

// unreadable is why a file cannot be read, by what is in it or at all.
func unreadable(err error) error {
	if errors.Is(err, exchange.ErrFormat) {
		return fmt.Errorf("%w; vaxcentral people import --help names the columns", err)
	}
	return fmt.Errorf("cannot read the file: %w", err)
}

// all reads to the end of the file.
func (i *importer) all(ctx context.Context) error {
	for end := false; !end; {
		line := i.run.Line
		if ctx.Err() != nil {
			return i.stopped(ctx, ctx.Err(), line)
		}
		entries, last, err := i.batch()
		if err != nil {
			return err
		}
		at := i.reader.Position()
		i.run.Bytes, i.run.Line, i.run.Digest = at.Bytes, at.Line, at.Digest
		late, err := i.store.Import(ctx, &i.run, entries)
		if err != nil {
			return i.stopped(ctx, err, line)
		}
		for _, r := range late {
			if err := i.refused.add(r.Line, registry.Reason(r.Reason)); err != nil {
				return err
			}
		}
		if err := i.refused.save(); err != nil {
			return err
		}
		i.progress.at(i.run.Bytes, i.run.Line)
		end = last
	}
	return i.store.FinishImport(ctx, i.run, time.Now())
}

func (i *importer) stopped(ctx context.Context, err error, line int) error {
	then := fmt.Sprintf("%d lines are done: run the same command again to go on", line)
	if i.dry {
		then = "nothing was written"
	}
	return interrupted(ctx, err, then)
}

// batch reads the next entries and says which lines are bad, before anything of
// them is committed: a crash may say one twice, but never leaves one out.
func (i *importer) batch() (entries []registry.Entry, end bool, err error) {
	for n := 0; n < batch && !end && err == nil; n++ {
		e, no := i.reader.Next()
		bad := &registry.Bad{}
		switch {
		case no == nil:
			entries = append(entries, e)
		case errors.Is(no, io.EOF):
			end = true
		case !errors.As(no, &bad):
			err = unreadable(no)
		default:
			if i.run.Count(bad); !bad.Passed {
				err = i.refused.add(bad.Line, bad.Reason)
			}
		}
	}
	return entries, end, errors.Join(err, i.refused.save())
}
