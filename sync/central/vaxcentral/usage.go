package main

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"vaxkiosk/sync/central/operator"
)

// What may be shown to anybody of how often things happened. Which that is has been
// decided when a day or month was published; here it is only picked and laid out.

const usageAbout = `show how often things happened at the kiosks: of days a day after they end, of months a day after their last;
no number under 5, and none from which such a number could be worked out`

// view is how usage is looked at.
type view struct {
	kiosks bool // each for itself, or else all together
	months bool // or days
	csv    bool
}

// viewOf reads --by and --format.
func viewOf(by, format string) (v view, err error) {
	words := strings.Split(by, ",")
	slices.Sort(words)
	switch strings.Join(words, ",") {
	case "day":
	case "month":
		v.months = true
	case "kiosk", "kiosk,month":
		v.kiosks, v.months = true, true
	case "day,kiosk":
		v.kiosks = true
	default:
		return v, fmt.Errorf("--by is %q: give it day, month, kiosk (by month), or kiosk,day", by)
	}
	v.csv = format == "csv"
	if !v.csv && format != "text" {
		return v, fmt.Errorf("--format is %q: give it text or csv", format)
	}
	return v, nil
}

func showUsage(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	by := f.String("by", "day", "`what` to add up by: day, month, kiosk (by month) or kiosk,day")
	format := f.String("format", "text", "text or csv")
	return sinceDays(ctx, f, args, func(o *operator.Operator, from time.Time) error {
		v, err := viewOf(*by, *format)
		if err != nil {
			return err
		}
		all, err := o.Usage(ctx, from)
		if err != nil {
			return err
		}
		return v.print(stdout, all)
	})
}

// print lays out what is to be seen.
func (v view) print(out io.Writer, all []operator.Usage) error {
	all = slices.DeleteFunc(slices.Clone(all), func(u operator.Usage) bool {
		return (u.Kiosk != "") != v.kiosks || (len(u.Period) == len("2006-01")) != v.months
	})
	if v.csv {
		return v.printCSV(out, all)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.ToUpper(strings.Join(v.columns(), "\t"))+"\tCOUNT")
	for _, u := range all {
		count := strconv.FormatInt(u.N, 10)
		if !u.Exact {
			count = "at least " + count
		}
		fmt.Fprintln(w, strings.Join(append(v.row(u), count), "\t"))
	}
	return w.Flush()
}

func (v view) printCSV(out io.Writer, all []operator.Usage) error {
	w := csv.NewWriter(out)
	rows := [][]string{append(v.columns(), "count", "exact")}
	for _, u := range all {
		rows = append(rows, append(v.row(u), strconv.FormatInt(u.N, 10), map[bool]string{true: "yes", false: "no"}[u.Exact]))
	}
	return w.WriteAll(rows) // and flushes
}

// columns are the names of what a row begins with.
func (v view) columns() []string {
	period := "day"
	if v.months {
		period = "month"
	}
	if v.kiosks {
		return []string{period, "kiosk", "what"}
	}
	return []string{period, "what"}
}

func (v view) row(u operator.Usage) []string {
	if v.kiosks {
		return []string{u.Period, u.Kiosk, u.Name}
	}
	return []string{u.Period, u.Name}
}
