package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/retention"
)

// For how long what is kept, and erasing what is too old.

const retentionRunAbout = `erase what is too old now; a service that runs does so every hour
  --dry-run says how much it would be and erases nothing. On a database of PostgreSQL it also has the server give up what was erased before (VACUUM).`

// keepFlag is the flag of times that are set.
func keepFlag(f *flag.FlagSet) retention.Periods {
	keep := retention.Periods{}
	about := fmt.Sprintf("`NAME=TIME` for which something is kept, like problems=90d or audit=10y; may be given again; NAME is one of %s", strings.Join(retention.Names(), ", "))
	f.Func("keep", about, func(s string) error {
		name, text, is := strings.Cut(s, "=")
		if !is {
			return errors.New("write it as NAME=TIME")
		}
		return keep.Set(name, text)
	})
	return keep
}

func showRetention(_ context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir, file := f.String("data", "", "`folder` whose settings count (those of no folder)"), f.String("config", "", "`file` of the service's settings")
	said := keepFlag(f)
	asJSON := f.Bool("json", false, "write JSON")
	if err := parse(f, args); err != nil {
		return err
	}
	_, keep, err := keptBy(*dir, "", *file)
	if err != nil {
		return err
	}
	keep = keep.With(said)
	if *asJSON {
		return retentionJSON(stdout, keep)
	}
	for _, r := range retention.Table() {
		fmt.Fprintf(stdout, "%s%s\n  %s; in %s; erased by: %s\n  why: %s\n", r.What, setBy(r), timeOf(r, keep), r.Where, r.By, r.Source)
	}
	return nil
}

// setBy says how a row of the table is set, if it can be.
func setBy(r retention.Rule) string {
	switch {
	case r.Name == "":
		return ""
	case r.Floor == 0:
		return fmt.Sprintf(" (--keep %s=…)", r.Name)
	}
	return fmt.Sprintf(" (--keep %s=…, %s at least)", r.Name, retention.Text(r.Floor))
}

// timeOf is for how long a row of the table holds.
func timeOf(r retention.Rule, keep retention.Periods) string {
	if r.Time == 0 {
		return r.Until
	}
	is := r.Time
	if r.Name != "" {
		is = keep.Of(r.Name)
	} else if r.Key == "lists" {
		is = keep.Of(retention.OfAudit)
	}
	return retention.Text(is) + " " + r.Until
}

func retentionJSON(out io.Writer, keep retention.Periods) error {
	type row struct {
		Name   string `json:"name,omitempty"`
		Key    string `json:"key"`
		What   string `json:"what"`
		Where  string `json:"where"`
		For    string `json:"for"`
		Floor  string `json:"floor,omitempty"`
		Source string `json:"source"`
		By     string `json:"erased_by"`
	}
	var all []row
	for _, r := range retention.Table() {
		floor := ""
		if r.Floor > 0 {
			floor = retention.Text(r.Floor)
		}
		all = append(all, row{string(r.Name), r.Key, r.What, r.Where, timeOf(r, keep), floor, r.Source, r.By})
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(all)
}

func runRetention(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir, heads, file := keptFlags(f)
	said := keepFlag(f)
	dry := f.Bool("dry-run", false, "only say how much it would be")
	sure := f.Bool("clock-is-right", false, "erase although a day or more has passed since the last time, by a clock that you have looked at")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	at, keep, err := keptBy(*dir, *heads, *file)
	if err != nil {
		return err
	}
	keep = keep.With(said)
	return withOperator(ctx, *dir, func(o *operator.Operator) (err error) {
		var old map[string]int64
		if *dry {
			old, err = o.Old(ctx, keep)
		} else {
			old, err = o.Forget(ctx, keep, at, *sure)
		}
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, map[bool]string{true: "WOULD GO", false: "GONE"}[*dry]+"\tWHAT\tKEPT FOR")
		for _, r := range retention.Table() {
			if n, is := old[r.Key]; is {
				fmt.Fprintf(w, "%d\t%s\t%s\n", n, r.What, timeOf(r, keep))
			}
		}
		return w.Flush()
	})
}
