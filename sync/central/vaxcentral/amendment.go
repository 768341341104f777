package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
)

// Amendments, for the staff who work on them. Whoever opens one is noted, with
// the user of this machine and the staff account they name.

func listAmendments(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	all := f.Bool("all", false, "list the closed ones too")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		list, err := o.Amendments(ctx, *all)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NUMBER\tWHAT\tVERIFIED\tSTATE\tDAYS OLD")
		for _, a := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", a.Ref, a.Kind, yes(a.Verified), a.State, int(time.Since(a.Made)/(24*time.Hour)))
		}
		return w.Flush()
	})
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

func showAmendment(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return onAmendment(ctx, f, args, func(o *operator.Operator, ref string, by operator.Looker) error {
		a, what, err := o.OpenAmendment(ctx, ref, by)
		if err != nil {
			return err
		}
		return printCorrection(stdout, a, what)
	})
}

func closeAmendment(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return onAmendment(ctx, f, args, func(o *operator.Operator, ref string, by operator.Looker) error {
		if err := o.CloseAmendment(ctx, ref, by); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s is closed and what it said is erased\n", ref)
		return nil
	})
}

// onAmendment runs f on the amendment that the first argument names.
func onAmendment(ctx context.Context, f *flag.FlagSet, args []string, run func(*operator.Operator, string, operator.Looker) error) error {
	typed, args := firstArgument(args)
	dir, staff := lookerFlags(f)
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	ref, ok := request.ParseTracking(typed)
	if !ok {
		return fmt.Errorf("first give the tracking number of a correction: %s 7KQ2-M4VG …; see vaxcentral amendment list", f.Name())
	}
	err := withOperator(ctx, *dir, func(o *operator.Operator) error {
		return run(o, ref, operator.Looker{Staff: *staff, OSUser: osUser()})
	})
	switch {
	case errors.Is(err, store.ErrStaffUnknown):
		return fmt.Errorf("nobody has the id %q: see vaxcentral staff list", *staff)
	case errors.Is(err, store.ErrUnknown):
		return fmt.Errorf("no correction has the number %s: see vaxcentral amendment list --all", ref)
	case errors.Is(err, store.ErrClosed):
		return fmt.Errorf("%s is closed, and what it said is erased", ref)
	}
	return err
}

// firstArgument is what stands before the flags, and the rest.
func firstArgument(args []string) (first string, rest []string) {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		return args[0], args[1:]
	}
	return "", args
}

// lookerFlags are the flags of whoever opens what rests sealed.
func lookerFlags(f *flag.FlagSet) (dir, staff *string) {
	return f.String("data", "", "`folder` of database and keys (required)"),
		f.String("by", "", "`id` of the staff account who looks, to be noted; the user of this machine always is")
}

// osUser is the user of this machine; its number when it has no name here.
func osUser() string {
	me, err := user.Current()
	if err != nil {
		return fmt.Sprintf("uid %d", os.Getuid())
	}
	return me.Username
}

// printCorrection prints what is in an amendment, line by line.
func printCorrection(out io.Writer, a operator.Amendment, c request.Correction) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(name, value string) {
		if value = strings.TrimSpace(value); value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, printable(value))
		}
	}
	line("number", a.Ref)
	line("asked", a.Made.Local().Format(time.DateTime))
	line("what", string(c.Kind))
	if a.Verified {
		line("who", fmt.Sprintf("verified: asked from the open record of person %d of the registry", a.Person))
	} else {
		line("who", "not verified: find out who asks before you change or tell anything")
	}
	line("name", c.Given+" "+c.Family)
	line("born", day(c.Birth))
	line("phone", c.Phone)
	line("e-mail", c.Email)
	line("vaccine", c.Vaccine)
	line("given at", c.Place)
	line("given on", day(c.Day))
	line("wrong is", string(c.Wrong))
	line("in their words", c.Right)
	line("right date", day(c.RightDay))
	line("right name", c.New.Given+" "+c.New.Family)
	line("language", c.Lang)
	return w.Flush()
}

func day(d request.Date) string {
	if d == (request.Date{}) {
		return ""
	}
	return d.String()
}

// printable keeps what somebody typed from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
