package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"vaxkiosk/sync/central/fleet"
	"vaxkiosk/sync/central/operator"
)

// unusualWords say what is unusual, with the numbers of it.
var unusualWords = map[fleet.Unusual]string{
	fleet.Fast:   "%d requests within an hour",
	fleet.Many:   "%d requests within a day; %d on a usual one",
	fleet.Nobody: "%d of the %d requests that were answered within a day found nobody",
	fleet.Spent:  "%d of the %d requests of a day have no tries left",
}

func unusualKiosks(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		found, err := o.Unusual(ctx)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			fmt.Fprintln(stdout, "nothing is unusual")
		}
		for _, one := range found {
			numbers := []any{one.N, one.Of}
			if one.What == fleet.Fast {
				numbers = numbers[:1]
			}
			fmt.Fprintf(stdout, "%s: %s: %s\n", one.Kiosk, one.What, fmt.Sprintf(unusualWords[one.What], numbers...))
		}
		return nil
	})
}
