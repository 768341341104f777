package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
)

// What staff do to people on file by hand: who is one person, and a dose that is to go.
// Each is noted before it is done, with the user of this machine and the staff account
// they name.

const linkAbout = `make one person of two: ONE OTHER, each the id in the file that was imported, or SOURCE:ID
  What is on file of OTHER counts for ONE from then on: doses, contacts and names. Only when you are sure; nothing is guessed.
  Health cards and prints of before are superseded when the record of both differs from what they say.`

func linkPeople(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return byHand(ctx, f, args, 2, "people link --data DIR ONE OTHER", func(o *operator.Operator, all []string, by operator.Looker) error {
		if err := o.LinkPeople(ctx, all[0], all[1], by); err != nil {
			return err
		}
		fmt.Fprintln(stdout, "they are one person now; vaxcentral people unlink parts them again")
		return nil
	})
}

func unlinkPerson(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return byHand(ctx, f, args, 1, "people unlink --data DIR OTHER", func(o *operator.Operator, all []string, by operator.Looker) error {
		if err := o.UnlinkPerson(ctx, all[0], by); err != nil {
			return err
		}
		fmt.Fprintln(stdout, "this is a person of their own again; what was handed out of both is taken back")
		return nil
	})
}

// byHand runs f on so many people that arguments name.
func byHand(ctx context.Context, f *flag.FlagSet, args []string, n int, usage string, run func(*operator.Operator, []string, operator.Looker) error) error {
	dir, staff := lookerFlags(f)
	named, err := parseNames(f, args, "data")
	if err == nil && len(named) != n {
		err = fmt.Errorf("say who it is: vaxcentral %s; see %s --help", usage, f.Name())
	}
	if err != nil {
		return err
	}
	return actErrors(*staff, withOperator(ctx, *dir, func(o *operator.Operator) error {
		return run(o, named, operator.Looker{Staff: *staff, OSUser: osUser()})
	}))
}

// actErrors says what went wrong in the words of the command line.
func actErrors(staff string, err error) error {
	switch {
	case errors.Is(err, store.ErrStaffUnknown):
		return fmt.Errorf("nobody has the id %q: see vaxcentral staff list", staff)
	case errors.Is(err, store.ErrOnePerson):
		return errors.New("they are one person already")
	case errors.Is(err, store.ErrNotLinked):
		return errors.New("this person is linked to nobody by hand or by an index; whom their source has replaced, the source takes apart")
	}
	return err
}

func removeDose(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return onDose(ctx, f, args, func(o *operator.Operator, source, id string, by operator.Looker) error {
		err := o.RemoveDose(ctx, source, id, by)
		if err == nil {
			fmt.Fprintln(stdout, "this report of a dose is removed, whatever its source sends, until vaxcentral people restore-dose; prints and health cards of before are superseded")
		}
		return err
	})
}

func restoreDose(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return onDose(ctx, f, args, func(o *operator.Operator, source, id string, by operator.Looker) error {
		there, err := o.RestoreDose(ctx, source, id, by)
		switch {
		case err != nil:
			return err
		case there:
			fmt.Fprintln(stdout, "this report of a dose counts again, as its source has sent it last")
		default:
			fmt.Fprintln(stdout, "this report of a dose counts again once its source sends it: it is not on file")
		}
		return nil
	})
}

// onDose runs f on the report of a dose that arguments name.
func onDose(ctx context.Context, f *flag.FlagSet, args []string, run func(o *operator.Operator, source, id string, by operator.Looker) error) error {
	dir, staff := lookerFlags(f)
	source := f.String("source", "", "`name` of the source of the dose, as people import was told it (the one without a name)")
	named, err := parseNames(f, args, "data")
	if err == nil && len(named) != 1 {
		err = fmt.Errorf("say which dose: its id in the file that was imported; see %s --help", f.Name())
	}
	if err != nil {
		return err
	}
	return actErrors(*staff, withOperator(ctx, *dir, func(o *operator.Operator) error {
		return run(o, *source, named[0], operator.Looker{Staff: *staff, OSUser: osUser()})
	}))
}

func listActs(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return sinceDays(ctx, f, args, func(o *operator.Operator, from time.Time) error {
		all, err := o.Acts(ctx, from)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "WHEN\tWHAT\tPERSON\tOTHER\tSTAFF\tUSER")
		for _, a := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", minute(a.At), a.What, numberOrDash(a.Person), numberOrDash(a.Other), orDash(a.By.Staff), a.By.OSUser)
		}
		return w.Flush()
	})
}

func numberOrDash(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}
