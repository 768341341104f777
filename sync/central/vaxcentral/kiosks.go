package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
)

// The kiosks that are let in, and taking one out, for now or permanently: a stolen one above all.

// kioskLine is a kiosk, or an invitation of one, as --json has it.
type kioskLine struct {
	Name        string    `json:"name"`
	State       string    `json:"state"`
	ID          string    `json:"id,omitempty"`
	Fingerprint string    `json:"fingerprint,omitempty"`
	Issued      time.Time `json:"issued,omitzero"`
	Until       time.Time `json:"until,omitzero"`
	LastSeen    time.Time `json:"last_seen,omitzero"`
	Suspended   time.Time `json:"suspended,omitzero"`
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
		lines, err := kioskLines(ctx, o)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(stdout, lines)
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "KIOSK\tSTATE\tISSUED\tUNTIL\tLAST SEEN\tSINCE\tWHY\tBY\tFINGERPRINT")
		for _, k := range lines {
			since := k.Revoked
			if since.IsZero() {
				since = k.Suspended
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%.16s\n", printable(k.Name), k.State, k.Issued.Local().Format(time.DateOnly), endOf(k),
				minute(k.LastSeen), minute(since), orDash(k.Reason), orDash(k.By), orDash(k.Fingerprint))
		}
		return w.Flush()
	})
}

// endOf is when a certificate or an invitation ends.
func endOf(k kioskLine) string {
	if k.ID == "" {
		return minute(k.Until)
	}
	return k.Until.Local().Format(time.DateOnly)
}

// kioskLines are the kiosks and the invitations, by name.
func kioskLines(ctx context.Context, o *operator.Operator) ([]kioskLine, error) {
	all, err := o.Kiosks(ctx)
	if err != nil {
		return nil, err
	}
	invited, err := o.Invitations(ctx)
	if err != nil {
		return nil, err
	}
	lines := []kioskLine{}
	for _, k := range all {
		lines = append(lines, kioskLine{
			k.Name, stateOf(k), k.ID, k.Fingerprint, k.Issued.UTC(), k.Until.UTC(), k.LastSeen.UTC(), k.Suspended.UTC(), k.Revoked.UTC(), k.Reason, k.By,
		})
	}
	for _, i := range invited {
		state := "invited"
		if !i.Taken.IsZero() {
			state = "enrolling" // it has a certificate and has not called with it
		}
		lines = append(lines, kioskLine{Name: i.Name, State: state, Issued: i.Made.UTC(), Until: i.Expires.UTC(), By: i.By})
	}
	slices.SortStableFunc(lines, func(a, b kioskLine) int { return strings.Compare(a.Name, b.Name) })
	return lines, nil
}

func stateOf(k operator.Kiosk) string {
	switch {
	case !k.Revoked.IsZero():
		return "revoked"
	case !k.Suspended.IsZero():
		return "suspended"
	}
	return "in-use"
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
	return changeKiosk(ctx, f, args, true, func(o *operator.Operator, name, reason, who string) error {
		if err := o.RevokeKiosk(ctx, name, reason, who); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s is let in no more; a service that runs refuses it within seconds\n", name)
		return nil
	})
}

func suspendKiosk(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return changeKiosk(ctx, f, args, true, func(o *operator.Operator, name, reason, who string) error {
		if err := o.SuspendKiosk(ctx, name, reason, who); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s is out of service until vaxcentral kiosk resume; a service that runs refuses it within seconds\n", name)
		return nil
	})
}

func resumeKiosk(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return changeKiosk(ctx, f, args, false, func(o *operator.Operator, name, _, who string) error {
		if err := o.ResumeKiosk(ctx, name, who); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s is let in again\n", name)
		return nil
	})
}

// changeKiosk reads the flags of a change of a kiosk, makes it, and explains why it cannot be.
func changeKiosk(ctx context.Context, f *flag.FlagSet, args []string, reasoned bool, change func(o *operator.Operator, name, reason, who string) error) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	name := f.String("name", "", "`name` of the kiosk (required)")
	by := byFlag(f)
	required, reason := []string{"data", "name"}, new(string)
	if reasoned {
		reason = f.String("reason", "", "`why`, for whoever reads the list later: stolen, say (required)")
		required = append(required, "reason")
	}
	if err := parse(f, args, required...); err != nil {
		return err
	}
	err := withOperator(ctx, *dir, func(o *operator.Operator) error { return change(o, *name, *reason, who(*by)) })
	switch {
	case errors.Is(err, store.ErrKioskUnknown):
		return fmt.Errorf("no kiosk has the name %q: see vaxcentral kiosk list", *name)
	case errors.Is(err, store.ErrKioskRevoked):
		return fmt.Errorf("%q is revoked already: see vaxcentral kiosk list", *name)
	case errors.Is(err, store.ErrKioskSuspended):
		return fmt.Errorf("%q is suspended already: see vaxcentral kiosk list", *name)
	case errors.Is(err, store.ErrKioskInUse):
		return fmt.Errorf("%q is not suspended: see vaxcentral kiosk list", *name)
	}
	return err
}

func byFlag(f *flag.FlagSet) *string {
	return f.String("by", "", "`who` decided it, to be noted; the user of this machine always is")
}

// who is noted for a change.
func who(by string) string {
	if by = strings.TrimSpace(by); by != "" {
		return by + " (" + osUser() + ")"
	}
	return osUser()
}

// nameTaken explains that a name is one kiosk's permanently.
func nameTaken(err error, name string) error {
	if errors.Is(err, store.ErrKioskTaken) {
		return fmt.Errorf("there is, or was, a kiosk named %q: choose another --name; see vaxcentral kiosk list", name)
	}
	return err
}
