package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"vaxkiosk/assets"
	"vaxkiosk/sync/central/codes"
	"vaxkiosk/sync/central/folder"
)

// The CDC's code tables: which are in force, and newer ones.

const codesAbout = `put newer code tables of the CDC into the data folder: FILE…
  Takes what the CDC publishes at www2a.cdc.gov/vaccines/iis/iisstandards: CVX, MVX, trade names (product names), vaccine
  groups, and NDC as units of use and of sale; as text with |, tabs or commas, or as XML. A file is known by its
  header or its shape, whatever its name is. A table that is given replaces the one in force, NDC are added.
  Imports have them at once, a service that runs within the hour.`

func updateCodes(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	force := f.Bool("force", false, "take a table also when codes or many rows that are in force are gone from it")
	files, err := parseNames(f, args, "data")
	if err == nil && len(files) == 0 {
		err = errors.New("give the names of one or more files; see vaxcentral codes update --help")
	}
	if err != nil {
		return err
	}
	used, err := codesInUse(ctx, *dir)
	if err != nil {
		return err
	}
	old, broken := codes.Load(*dir)
	if broken != nil {
		fmt.Fprintln(stderr, broken)
	}
	p, err := codes.Read(old, files)
	if err != nil {
		return err
	}
	if err := errors.Join(missed(p.Lost, used), short(p.Changes)); err != nil && !*force {
		return err
	}
	if err := p.Write(*dir); err != nil {
		return err
	}
	return sayPlan(p, *dir, stdout)
}

func codesInUse(ctx context.Context, dir string) (map[string]int, error) {
	s, err := folder.OpenRegistry(ctx, dir)
	if err != nil {
		return nil, err
	}
	used, err := s.CodesInUse(ctx)
	return used, errors.Join(err, s.Close())
}

// missed refuses to lose codes: doses that have them could not be named any more. The CDC
// takes none away, so the table is not the whole one.
func missed(lost []string, used map[string]int) error {
	var gone []string
	doses := 0
	for _, cvx := range lost {
		if used[cvx] > 0 {
			gone = append(gone, cvx)
			doses += used[cvx]
		}
	}
	switch {
	case gone != nil:
		return fmt.Errorf("the new table lacks CVX codes that %d doses on file have (%s): it may be cut off; --force takes it all the same", doses, some(gone))
	case lost != nil:
		return fmt.Errorf("the new table lacks CVX codes that are in force (%s): it may be cut off; --force takes it all the same", some(lost))
	}
	return nil
}

// few is the part of the rows of a table that may be gone from a newer one.
const few = 10

// short refuses a table that lacks much of what is in force. Packages are added, so none is gone.
func short(changes []codes.Change) (err error) {
	for _, c := range changes {
		if before := c.Rows - c.New + c.Gone; c.Table != assets.TableCVX && c.Gone*few > before {
			err = errors.Join(err, fmt.Errorf("the new %s table lacks %d of the %d rows that are in force: it may be cut off; --force takes it all the same", c.Table, c.Gone, before))
		}
	}
	return err
}

// some are the first of many codes.
func some(all []string) string {
	const most = 10
	if len(all) > most {
		return strings.Join(all[:most], ", ") + ", …"
	}
	return strings.Join(all, ", ")
}

func sayPlan(p *codes.Plan, dir string, stdout io.Writer) error {
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "table\trows\tnew\tchanged\tgone")
	for _, c := range p.Changes {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\n", c.Table, c.Rows, c.New, c.Changed, c.Gone)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if p.Lone != nil {
		fmt.Fprintf(stdout, "in no vaccine group, so shown under \"other\": %s; the CDC's table of vaccine groups may have them\n", some(p.Lone))
	}
	if p.Unsure > 0 {
		fmt.Fprintf(stdout, "left out: %d NDC of which the files say two vaccines\n", p.Unsure)
	}
	fmt.Fprintf(stdout, "%s has them: imports at once, a service that runs within the hour\n", dir)
	return nil
}

func showCodes(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys; without it those built in")
	if err := parse(f, args); err != nil {
		return err
	}
	c, broken := assets.BuiltIn(), error(nil)
	if *dir != "" {
		s, err := folder.OpenRegistry(ctx, *dir) // a folder that is none has no tables
		if err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return err
		}
		c, broken = codes.Load(*dir)
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "table\trows\tnewest change\tfrom")
	for _, name := range assets.Tables {
		newest, from := "not said", "this program"
		if t := c.Changed(name); !t.IsZero() {
			newest = t.Format(time.DateOnly)
		}
		if string(c.Text(name)) != string(assets.BuiltIn().Text(name)) {
			from = codes.File(name)
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", name, strings.Count(string(c.Text(name)), "\n")-1, newest, from)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if codes.Old(c, time.Now()) {
		fmt.Fprintln(stdout, "they are old: new vaccines are not known; see vaxcentral codes update --help")
	}
	if broken != nil {
		return statusError{statusSome, broken}
	}
	return nil
}
