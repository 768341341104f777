package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/operator"
)

// releaseLine is a record that was opened on a photo ID, as --json has it. The receipt
// is the visitor's; whose record it was is not kept.
type releaseLine struct {
	At          time.Time `json:"at"`
	Staff       string    `json:"staff"`
	IDKind      string    `json:"id_kind"`
	Kiosk       string    `json:"kiosk,omitempty"`
	Fingerprint string    `json:"fingerprint"`
	Receipt     string    `json:"receipt"`
}

func listReleases(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	asJSON := f.Bool("json", false, "for programs: one JSON array")
	return sinceDays(ctx, f, args, func(o *operator.Operator, from time.Time) error {
		all, err := o.Releases(ctx, from)
		if err != nil {
			return err
		}
		lines := []releaseLine{}
		for _, r := range all {
			lines = append(lines, releaseLine{r.At.UTC(), r.Staff, r.IDKind, r.KioskName, r.Kiosk, request.ReceiptFor(r.Request)})
		}
		if *asJSON {
			return printJSON(stdout, lines)
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "WHEN\tSTAFF\tID SEEN\tKIOSK\tRECEIPT\tFINGERPRINT")
		for _, r := range lines {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%.16s\n", minute(r.At), r.Staff, r.IDKind, orDash(r.Kiosk), r.Receipt, r.Fingerprint)
		}
		return w.Flush()
	})
}
