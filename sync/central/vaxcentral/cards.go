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
)

// Health cards that were handed out, and the keys that sign them.

func withdrawCards(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return onPerson(ctx, f, args, func(o *operator.Operator, id string) error {
		if err := o.WithdrawCards(ctx, id); err != nil {
			return err
		}
		fmt.Fprintln(stdout, "all health cards that this person was given are revoked; the record stays")
		return nil
	})
}

func removePerson(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return onPerson(ctx, f, args, func(o *operator.Operator, id string) error {
		if err := o.RemovePerson(ctx, id); err != nil {
			return err
		}
		fmt.Fprintln(stdout, "this person is removed, and all health cards are revoked that they were given")
		return nil
	})
}

// onPerson runs f on the person that --id names.
func onPerson(ctx context.Context, f *flag.FlagSet, args []string, run func(*operator.Operator, string) error) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	id := f.String("id", "", "`id` of the person in the file that was imported, or SOURCE:ID (required)")
	if err := parse(f, args, "data", "id"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error { return run(o, *id) })
}

func listKeys(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		keys, signing := o.CardKeys(ctx)
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "KEY\tSTATE\tFROM")
		state := "next"
		for _, k := range keys {
			switch {
			case k.JWK.Kid == signing:
				state = "signs"
			case state == "signs":
				state = "verifies only"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", k.JWK.Kid, state, k.Signs.Format(time.DateOnly))
		}
		err := listSealing(ctx, w, o)
		fmt.Fprintf(w, "%s\tsigns the audit\t-\n", o.AuditKey(ctx))
		return errors.Join(err, w.Flush())
	})
}

// listSealing lists the keys that kiosks seal to; when the first was made is not kept.
func listSealing(ctx context.Context, w io.Writer, o *operator.Operator) error {
	now, before, until, err := o.SealingKeys(ctx)
	fmt.Fprintf(w, "%s\tseals\t-\n", now)
	switch {
	case before == "":
	case until.IsZero():
		fmt.Fprintf(w, "%s\topens only\t-\n", before)
	default:
		fmt.Fprintf(w, "%s\topens only until %s\t-\n", before, until.Format(time.DateOnly))
	}
	return err
}

func rotateSealing(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		if err := o.RotateSealing(ctx); err != nil {
			return err
		}
		fmt.Fprintln(stdout, "there is a new key for kiosks to seal to: a service publishes it within an hour, or at a restart; the one before opens for 31 days from then, and is erased")
		return nil
	})
}

func rotateKey(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		if err := o.AnnounceKey(ctx); err != nil {
			return err
		}
		keys, _ := o.CardKeys(ctx)
		fmt.Fprintf(stdout, "the next key is published and signs from %s on\n", keys[0].Signs.Format(time.DateOnly))
		return nil
	})
}

func distrustKey(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	kid := f.String("key", "", "`id` of the key, as key list has it (required)")
	if err := parse(f, args, "data", "key"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		if err := o.DistrustKey(ctx, *kid); err != nil {
			return err
		}
		fmt.Fprintln(stdout, "this key is published no longer, and no card verifies that it has signed: restart the service now")
		return nil
	})
}
