package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
)

// Taking a kiosk out, for now or permanently: a stolen one above all.

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

const byAbout = "`who` decided it, to be noted; the user of this machine always is"

func byFlag(f *flag.FlagSet) *string {
	return f.String("by", "", byAbout)
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
