package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
)

// Staff accounts. A PIN is never an argument, where others on the machine see it.

func addStaff(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	id := f.String("id", "", "`id` the staff member signs in with: a to z, 0 to 9, dot and hyphen (required)")
	if err := parse(f, args, "data", "id"); err != nil {
		return err
	}
	pin, err := readPIN(ctx, stderr)
	if err != nil {
		return err
	}
	err = withOperator(ctx, *dir, func(o *operator.Operator) error { return o.AddStaff(ctx, *id, pin) })
	if errors.Is(err, store.ErrStaffTaken) {
		return fmt.Errorf("%q is there already: choose another --id, or remove it first to give it a new PIN", *id)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s can sign in at every kiosk\n", *id)
	return nil
}

func removeStaff(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	id := f.String("id", "", "`id` of the staff member (required)")
	if err := parse(f, args, "data", "id"); err != nil {
		return err
	}
	err := withOperator(ctx, *dir, func(o *operator.Operator) error { return o.RemoveStaff(ctx, *id) })
	if errors.Is(err, store.ErrStaffUnknown) {
		return fmt.Errorf("nobody has the id %q: see vaxcentral staff list", *id)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s is signed out and can sign in no more\n", *id)
	return nil
}

func listStaff(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		all, err := o.Staff(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tFAILURES\tLOCKED UNTIL\tLOCKED AT")
		for _, s := range all {
			until := "-"
			if !s.LockedUntil.IsZero() {
				until = s.LockedUntil.Local().Format(time.DateTime)
			}
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", s.ID, s.Failures, until, orDash(s.LockedAt))
		}
		return w.Flush()
	})
}

// readPIN reads a PIN: at a terminal asked for twice and not shown, else one
// line of standard input.
func readPIN(ctx context.Context, ask io.Writer) (string, error) {
	in := int(os.Stdin.Fd())
	if !term.IsTerminal(in) {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("cannot read the PIN: %w", err)
		}
		return strings.TrimSpace(line), nil
	}
	return twice(func(prompt string) (string, error) {
		fmt.Fprint(ask, prompt)
		defer fmt.Fprintln(ask)
		return hidden(ctx, in)
	})
}

// hidden reads a line that the terminal does not show. Ctrl-C ends it, and the
// terminal shows what is typed again.
func hidden(ctx context.Context, in int) (string, error) {
	before, err := term.GetState(in)
	if err != nil {
		return "", err
	}
	type line struct {
		text []byte
		err  error
	}
	typed := make(chan line, 1)
	go func() {
		b, err := term.ReadPassword(in)
		typed <- line{b, err}
	}()
	select {
	case l := <-typed:
		return string(l.text), l.err
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(in, before))
	}
}

func twice(ask func(prompt string) (string, error)) (string, error) {
	first, err := ask("PIN of six digits: ")
	if err != nil {
		return "", fmt.Errorf("cannot read the PIN: %w", err)
	}
	second, err := ask("The same again: ")
	if err != nil {
		return "", fmt.Errorf("cannot read the PIN: %w", err)
	}
	if first != second {
		return "", errors.New("the two PINs differ: start again")
	}
	return first, nil
}
