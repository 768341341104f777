package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"text/tabwriter"

	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/registry/exchange"
	"vaxkiosk/sync/central/store"
)

// sayImport prints what became of a file: how many people, doses and forecasts are new and
// so on, and each reason for which something was not used, with what it means.
func sayImport(out io.Writer, i store.Import) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\tnew\tchanged\tunchanged\tmerged\tolder\tremoved\trefused\tpassed over")
	for _, row := range []struct {
		name string
		of   store.Tally
	}{{"people", i.People}, {"doses", i.Doses}, {"forecasts", i.Forecasts}, {"other lines", i.Other}} {
		fmt.Fprint(w, row.name)
		for _, n := range []int{row.of.New, row.of.Changed, row.of.Unchanged, row.of.Merged, row.of.Older, row.of.Removed, row.of.Refused, row.of.Passed} {
			fmt.Fprint(w, "\t"+strconv.Itoa(n))
		}
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return sayReasons(out, i.Reasons)
}

// sayReasons prints the most frequent reason first.
func sayReasons(out io.Writer, counts map[string]int) error {
	reasons := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, reason := range reasons {
		fmt.Fprintf(w, "  %s\t%d", reason, counts[reason])
		if why, known := exchange.Explain(registry.Reason(reason)); known {
			fmt.Fprintf(w, "\t%s: %s", why.Means, why.Do)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}
