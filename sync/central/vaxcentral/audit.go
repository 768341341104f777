package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/config"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/retention"
	"vaxkiosk/sync/keyfile"
)

// What was done, for auditors and for the people it was about.

const (
	auditDirAbout = "`folder` in which signed heads of the audit are kept: on another machine, or one that nothing is erased from (audit in the data folder)"

	verifyAbout = `read the whole audit and say the first row that is not what was written: altered, missing, displaced, or cut off
  Exit status 0: it is whole. 1: it is not, and the sentence says where. 2: it could not be read.`
	exportAbout = `write the audit into a file as CSV, of all time or of the days --from to --to; that you do is noted
  It names people by their number in the registry. Whoever has it can work out each hash anew: see the manual.`
	personAbout = `show who saw the data of a person, when and why: ID, in the file that was imported, or SOURCE:ID; that you look is noted
  --page writes it as a page to print for that person, --csv for programs. Without --name neither says who it is.`
)

// parseAudit reads the flags of commands that want the signed heads: the folder that is said, or
// that of the service's settings.
func parseAudit(f *flag.FlagSet, args []string) (dir, heads string, err error) {
	in, at, from := keptFlags(f)
	if err := parse(f, args, "data"); err != nil {
		return "", "", err
	}
	heads, _, err = keptBy(*in, *at, *from)
	return *in, heads, err
}

// keptFlags are those that say where a service keeps its heads.
func keptFlags(f *flag.FlagSet) (dir, heads, file *string) {
	return f.String("data", "", "`folder` of database and keys (required)"), f.String("audit-dir", "", auditDirAbout),
		f.String("config", "", "`file` of the service's settings, which say where that is (central.toml in the data folder, if there is one)")
}

// keptBy is where heads are kept, and for how long what is, by flags and the settings.
func keptBy(dir, heads, file string) (string, retention.Periods, error) {
	at, keep, err := config.Source{File: file, Flags: map[string]any{"data": dir}}.Keeping()
	return cmp.Or(heads, at), keep, err
}

func verifyAudit(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	dir, heads, err := parseAudit(f, args)
	if err != nil {
		return err
	}
	return withOperator(ctx, dir, func(o *operator.Operator) error {
		var p *progress
		w, err := o.VerifyAudit(ctx, heads, func(n, of int64) {
			if p == nil {
				p = newProgress(stderr, "rows", of, 0)
			}
			p.at(n, int(n))
		})
		if p != nil {
			p.clear()
		}
		var fault *audit.Fault
		if errors.As(err, &fault) {
			return statusError{statusSome, fault}
		}
		if err != nil {
			return err
		}
		for _, line := range w.Half() {
			fmt.Fprintf(stdout, "line %d of %s was cut short while it was written, by a full disk or as the machine went down; the heads around it hold\n", line, audit.HeadsFile)
		}
		at, n := w.Since()
		if at == "" {
			fmt.Fprintf(stdout, "%d rows follow one another; no head is signed yet, so rows that lack at the end are not seen\n", w.Seen())
			return nil
		}
		fmt.Fprintf(stdout, "%d rows are what was written; the newest signed head is of row %d, at %s\n", w.Seen(), n, at)
		return nil
	})
}

func signAudit(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir, heads, err := parseAudit(f, args)
	if err != nil {
		return err
	}
	return withOperator(ctx, dir, func(o *operator.Operator) error {
		head, err := o.SignAudit(ctx, heads, audit.OnDemand)
		if err == nil {
			fmt.Fprintf(stdout, "row %d is signed: %s\n", head.N, head.Hash)
		}
		return err
	})
}

func exportAudit(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	out := f.String("out", "", "`file` to write, which must not be there yet; - for standard output (required)")
	from, to := f.String("from", "", "first `day` (YYYY-MM-DD, UTC)"), f.String("to", "", "last `day`")
	if err := parse(f, args, "data", "out"); err != nil {
		return err
	}
	begin, err := dayOf("from", *from, time.Unix(0, 0))
	if err != nil {
		return err
	}
	end, err := dayOf("to", *to, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return err
	}
	n := 0
	err = withOperator(ctx, *dir, func(o *operator.Operator) error {
		return into(*out, stdout, func(w io.Writer) error {
			c, err := audit.NewCSV(w)
			if err != nil {
				return err
			}
			err = o.ExportAudit(ctx, begin, end.AddDate(0, 0, 1), func(r audit.Row) error { n++; return c.Row(r) })
			return errors.Join(err, c.Flush())
		})
	})
	if err == nil && *out != "-" {
		fmt.Fprintf(stdout, "%d rows are in %s\n", n, *out)
	}
	return err
}

func dayOf(name, said string, otherwise time.Time) (time.Time, error) {
	if said == "" {
		return otherwise, nil
	}
	day, err := time.Parse(time.DateOnly, said)
	if err != nil {
		return day, fmt.Errorf("--%s is no day like 2026-11-30", name)
	}
	return day, nil
}

// into has f write a file of its owner's, or standard output for "-". A file that is not whole
// is taken away.
func into(path string, stdout io.Writer, f func(io.Writer) error) error {
	if path == "-" {
		return f(stdout)
	}
	file, err := os.OpenFile(filepath.Clean(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, keyfile.Mode)
	if err != nil {
		return fmt.Errorf("cannot write the file (%w): choose another path", err)
	}
	if err = errors.Join(f(file), file.Close()); err != nil {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

func auditPerson(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir, staff := lookerFlags(f)
	table := f.String("csv", "", "`file` to write as CSV, - for standard output")
	page := f.String("page", "", "`file` to write as a page to print (HTML)")
	named := f.Bool("name", false, "say name and birth date of the person on the page")
	ids, err := parseNames(f, args, "data")
	if err == nil && len(ids) != 1 {
		err = errors.New("say who it is: vaxcentral audit person --data DIR ID; see vaxcentral audit person --help")
	}
	if err != nil {
		return err
	}
	return actErrors(*staff, withOperator(ctx, *dir, func(o *operator.Operator) error {
		all, who, err := o.AuditOf(ctx, ids[0], operator.Looker{Staff: *staff, OSUser: osUser()})
		if err != nil {
			return err
		}
		if *table != "" {
			err = into(*table, stdout, func(w io.Writer) error { return writeRows(w, all) })
		}
		if err == nil && *page != "" {
			of := audit.Person{Made: time.Now(), Rows: all}
			if *named {
				of.Name, of.Birth = strings.TrimSpace(who.Given+" "+who.Family), who.Birth.String()
			}
			err = into(*page, stdout, of.Write)
		}
		if err == nil && *table == "" && *page == "" {
			return printRows(stdout, all)
		}
		return err
	}))
}

func writeRows(w io.Writer, all []audit.Row) error {
	c, err := audit.NewCSV(w)
	for i := 0; i < len(all) && err == nil; i++ {
		err = c.Row(all[i])
	}
	return errors.Join(err, c.Flush())
}

func printRows(out io.Writer, all []audit.Row) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "WHEN\tWHO\tKIOSK\tWHAT\tOUTCOME")
	for _, r := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", minute(r.At), r.Actor, orDash(r.Kiosk), r.Kind, orDash(r.Outcome))
	}
	return w.Flush()
}
