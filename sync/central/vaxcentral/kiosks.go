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
	"time"

	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
)

// The kiosks that are let in, and taking one out: a stolen one above all.

// kioskLine is a kiosk as --json has it.
type kioskLine struct {
	Name        string    `json:"name"`
	Fingerprint string    `json:"fingerprint"`
	Issued      time.Time `json:"issued"`
	LastSeen    time.Time `json:"last_seen,omitzero"`
	Revoked     time.Time `json:"revoked,omitzero"`
	Reason      string    `json:"reason,omitempty"`
	By          string    `json:"by,omitempty"`
}

func listKiosks(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	asJSON := f.Bool("json", false, "for programs: one JSON array")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		all, err := o.Kiosks(ctx)
		if err != nil {
			return err
		}
		lines := []kioskLine{}
		for _, k := range all {
			lines = append(lines, kioskLine{k.Name, k.Fingerprint, k.Issued.UTC(), k.LastSeen.UTC(), k.Revoked.UTC(), k.Reason, k.By})
		}
		if *asJSON {
			return printJSON(stdout, lines)
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "KIOSK\tISSUED\tLAST SEEN\tREVOKED\tWHY\tBY\tFINGERPRINT")
		for _, k := range lines {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%.16s\n", printable(k.Name), k.Issued.Local().Format(time.DateOnly),
				minute(k.LastSeen), minute(k.Revoked), orDash(k.Reason), orDash(k.By), k.Fingerprint)
		}
		return w.Flush()
	})
}

func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// minute is a time to the minute where this machine stands, a dash for none.
func minute(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04")
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return printable(s)
}

func revokeKiosk(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	name := f.String("name", "", "`name` of the kiosk (required)")
	reason := f.String("reason", "", "`why`, for whoever reads the list later: stolen, say (required)")
	by := f.String("by", "", "`who` decided it, to be noted; the user of this machine always is")
	if err := parse(f, args, "data", "name", "reason"); err != nil {
		return err
	}
	who := osUser()
	if *by = strings.TrimSpace(*by); *by != "" {
		who = *by + " (" + who + ")"
	}
	err := withOperator(ctx, *dir, func(o *operator.Operator) error { return o.RevokeKiosk(ctx, *name, *reason, who) })
	switch {
	case errors.Is(err, store.ErrKioskUnknown):
		return fmt.Errorf("no kiosk has the name %q: see vaxcentral kiosk list", *name)
	case errors.Is(err, store.ErrKioskRevoked):
		return fmt.Errorf("%q is revoked already: see vaxcentral kiosk list", *name)
	case err != nil:
		return err
	}
	fmt.Fprintf(stdout, "%s is let in no more; a service that runs refuses it within seconds\n", *name)
	return nil
}

// nameTaken explains that a name is one kiosk's permanently.
func nameTaken(err error, name string) error {
	if errors.Is(err, store.ErrKioskTaken) {
		return fmt.Errorf("there is, or was, a kiosk named %q: choose another --name; see vaxcentral kiosk list", name)
	}
	return err
}
