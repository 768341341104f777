package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/mail"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/operator"
)

// Notices that did not go out. They are named by the receipt of their request; neither
// the contact nor what they say is told, or known any more.

// letterLine is a dead letter, as --json has it.
type letterLine struct {
	Receipt string    `json:"receipt"`
	Kind    string    `json:"kind"`
	Channel string    `json:"channel"`
	State   string    `json:"state"`
	Why     string    `json:"why"`
	Tries   int       `json:"tries"`
	Since   time.Time `json:"since"`
	Last    time.Time `json:"last"`
	Retry   bool      `json:"retry"`
}

// waitingLine is what of a channel is tried until it goes out, as --json has it.
type waitingLine struct {
	Channel string    `json:"channel"`
	Count   int       `json:"count"`
	Oldest  time.Time `json:"oldest"`
}

func listNotices(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	asJSON := f.Bool("json", false, "for programs: one JSON object with letters and waiting")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		all, waiting, err := o.Letters(ctx)
		if err != nil {
			return err
		}
		if *asJSON {
			return printLetters(stdout, all, waiting)
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "RECEIPT\tKIND\tBY\tSTATE\tSINCE\tTRIES\tRETRY\tWHY")
		for _, l := range all {
			retry := "no"
			if l.Again {
				retry = "yes"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", l.Receipt, l.Kind, l.Channel, l.State, minute(l.Since), l.Tries, retry, orDash(l.Fault))
		}
		for _, x := range waiting {
			fmt.Fprintf(w, "%d by %s tried until they go out, the oldest since %s\n", x.Count, x.Channel, minute(x.Oldest))
		}
		return w.Flush()
	})
}

func printLetters(out io.Writer, all []operator.Letter, waiting []operator.Waits) error {
	lines := struct {
		Letters []letterLine  `json:"letters"`
		Waiting []waitingLine `json:"waiting"`
	}{[]letterLine{}, []waitingLine{}}
	for _, l := range all {
		lines.Letters = append(lines.Letters, letterLine{l.Receipt, l.Kind, l.Channel, string(l.State), l.Fault, l.Tries, l.Since.UTC(), l.Last.UTC(), l.Again})
	}
	for _, x := range waiting {
		lines.Waiting = append(lines.Waiting, waitingLine{x.Channel, x.Count, x.Oldest.UTC()})
	}
	return printJSON(out, lines)
}

func retryNotices(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	typed, args := firstArgument(args)
	dir := f.String("data", "", "`folder` of database and keys (required)")
	every := f.Bool("all", false, "all that notice list shows")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	receipt, ok := request.ParseReceipt(typed)
	if ok == *every || *every && typed != "" {
		return fmt.Errorf("give one receipt number, or --all: %s 7KQ2-M4V0 …; see vaxcentral notice list", f.Name())
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		again, lost, err := o.RetryNotices(ctx, receipt)
		switch {
		case err != nil:
			return err
		case again+lost == 0 && !*every:
			return fmt.Errorf("no notice of %s has failed: see vaxcentral notice list", receipt)
		}
		fmt.Fprintf(stdout, "%d sent again by the running service within a minute, with a new code\n", again)
		if lost > 0 {
			fmt.Fprintf(stdout, "%d cannot be: what they went to was erased with the request; who asks at a kiosk again gets a new one\n", lost)
		}
		return nil
	})
}

func stopNotices(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return toldNotices(ctx, f, args, stdout, true, "nothing is sent there any more; notice start undoes it")
}

func startNotices(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return toldNotices(ctx, f, args, stdout, false, "what is for them is sent there again")
}

// toldNotices reads a contact from standard input: an argument could be read by every user of the
// machine, and is kept by the shell.
func toldNotices(ctx context.Context, f *flag.FlagSet, args []string, stdout io.Writer, stop bool, done string) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("cannot read standard input: %w", err)
		}
		contact := strings.TrimSpace(line)
		if a, err := mail.ParseAddress(contact); (err != nil || a.Address != contact) && request.PhoneKey(contact) == "" {
			return errors.New("give a phone number or an e-mail address as one line of standard input")
		}
		if err := o.StopNotices(ctx, contact, stop); err != nil {
			return err
		}
		fmt.Fprintln(stdout, done)
		return nil
	})
}
