package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/operator"
)

// What kiosks report: problems that visitors had, and how prints ended.

func listProblems(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		all, err := o.Problems(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "HOUR\tKIOSK\tPROBLEM\tSCREEN")
		for _, p := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.Hour.Local().Format("2006-01-02 15:04"), p.Kiosk, p.Kind, p.Screen)
		}
		return w.Flush()
	})
}

// sinceDays runs f with the begin of the first of so many days.
func sinceDays(ctx context.Context, f *flag.FlagSet, args []string, run func(o *operator.Operator, from time.Time) error) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	days := f.Int("days", 30, "how many days, today included")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	if *days < 1 {
		return fmt.Errorf("--days is %d: give it at least 1", *days)
	}
	y, m, d := time.Now().Date()
	from := time.Date(y, m, d-*days+1, 0, 0, 0, 0, time.Local)
	return withOperator(ctx, *dir, func(o *operator.Operator) error { return run(o, from) })
}

// listPrints lists the audit of prints. It says nothing of whose record it was.
func listPrints(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	every := f.Bool("all", false, "those that were printed too")
	return sinceDays(ctx, f, args, func(o *operator.Operator, from time.Time) error {
		all, err := o.Prints(ctx, from)
		if err != nil {
			return err
		}
		if !*every {
			all = slices.DeleteFunc(all, func(p operator.Print) bool { return p.Outcome == string(api.Printed) })
		}
		return printPrints(stdout, all)
	})
}

func printPrints(out io.Writer, all []operator.Print) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "WHEN\tKIOSK\tOUTCOME\tWHY\tPAGES")
	for _, p := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", p.At.Local().Format("2006-01-02 15:04"),
			cmp.Or(p.KioskName, "-"), p.Outcome, cmp.Or(p.Reason, "-"), p.Pages)
	}
	return w.Flush()
}
