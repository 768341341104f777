package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
)

// Help from afar: a kiosk does what is on a fixed list, and nothing else.

const askAbout = "have a kiosk restart, print a test-page, ask for its settings anew, or say how it is: NAME restart|test-page|settings|diagnostics; who asks is noted"

func askKiosk(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	by := byFlag(f)
	words, err := parseNames(f, args, "data")
	if err != nil {
		return err
	}
	if len(words) != 2 || !api.OrderWhat(words[1]).Valid() {
		return fmt.Errorf("give the name of a kiosk, then restart, test-page, settings or diagnostics; see %s --help", f.Name())
	}
	name := words[0]
	err = withOperator(ctx, *dir, func(o *operator.Operator) error { return o.AskKiosk(ctx, name, api.OrderWhat(words[1]), who(*by)) })
	switch {
	case errors.Is(err, store.ErrKioskUnknown):
		return fmt.Errorf("no kiosk has the name %q: see vaxcentral kiosk list", name)
	case errors.Is(err, store.ErrKioskRevoked), errors.Is(err, store.ErrKioskSuspended):
		return fmt.Errorf("%q is not let in, and so cannot be asked: see vaxcentral kiosk list", name)
	case err != nil:
		return err
	}
	if api.OrderWhat(words[1]) == api.OrderWhatDiagnostics {
		fmt.Fprintf(stdout, "%s is asked with its next heartbeat, within a minute; vaxcentral kiosk diagnostics shows what it says\n", name)
		return nil
	}
	fmt.Fprintf(stdout, "%s is asked with its next heartbeat, within a minute, and does it when nobody is there; vaxcentral kiosk log --name says what came of it\n", name)
	return nil
}

func showDiagnostics(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	words, err := parseNames(f, args, "data")
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return fmt.Errorf("give the name of a kiosk; see %s --help", f.Name())
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		text, at, err := o.Diagnostics(ctx, words[0])
		if errors.Is(err, store.ErrUnknown) {
			return fmt.Errorf("%q has said nothing: first vaxcentral kiosk ask NAME diagnostics", words[0])
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s at %s\n\n", printable(words[0]), minute(at))
		for line := range strings.Lines(text) {
			fmt.Fprintln(stdout, printable(strings.TrimRight(line, "\n")))
		}
		return nil
	})
}
