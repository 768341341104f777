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

// Codes that enrol: for a kiosk that is new, and in place of one that is there.

// invitationLine is an invitation as --json has it.
type invitationLine struct {
	Name  string    `json:"name"`
	Code  string    `json:"code"`
	Until time.Time `json:"until"`
	Type  string    `json:"type"` // the line to type at the kiosk
}

func inviteKiosk(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return invite(ctx, f, args, stdout, false)
}

func replaceKiosk(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return invite(ctx, f, args, stdout, true)
}

func invite(ctx context.Context, f *flag.FlagSet, args []string, stdout io.Writer, replace bool) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	name := f.String("name", "", "`name` of the kiosk, for example town-hall-1 (required)")
	address := f.String("url", "", "`address` where the kiosk reaches this service, https://HOST[:PORT] (required)")
	printer := f.String("printer", "", "`where` the kiosk prints, ipps://HOST/ipp/print with --printer-pin or ipp://…, to be said to it; else it is said there")
	pin := f.String("printer-pin", "", "with ipps: the `SHA-256` of the printer's public key, which alone vouches for it")
	paper := f.String("paper", "", "`size` of the paper, letter or a4, to be said to the kiosk; else it is said there, or is letter")
	by := byFlag(f)
	asJSON := f.Bool("json", false, "for programs: one JSON object")
	if err := parse(f, args, "data", "name", "url"); err != nil {
		return err
	}
	if err := goodInvitation(*address, *paper, printerFlags{uri: *printer, pin: *pin}); err != nil {
		return err
	}
	line := invitationLine{Name: *name}
	err := withOperator(ctx, *dir, func(o *operator.Operator) error {
		code, until, err := o.InviteKiosk(ctx, operator.For{
			Name: *name, Replace: replace, Printer: *printer, PrinterPin: *pin, Paper: *paper, By: who(*by),
		})
		line.Code, line.Until = code.Grouped(), until.UTC()
		return err
	})
	switch {
	case errors.Is(err, store.ErrKioskTaken):
		return fmt.Errorf("there is, or was, a kiosk named %q: choose another --name, or use vaxcentral kiosk replace; see vaxcentral kiosk list", *name)
	case errors.Is(err, store.ErrKioskUnknown):
		return fmt.Errorf("no kiosk has the name %q: use vaxcentral kiosk invite; see vaxcentral kiosk list", *name)
	case err != nil:
		return err
	}
	line.Type = "vaxkiosk enrol --central " + *address + " --code " + line.Code + " --config kiosk.toml"
	if replace {
		line.Type += " --replace"
	}
	if *asJSON {
		return printJSON(stdout, line)
	}
	line.print(stdout, replace)
	return nil
}

// goodInvitation wants what a kiosk can be told, as far as it is said.
func goodInvitation(address, paper string, to printerFlags) error {
	if err := goodAddress(address); err != nil {
		return err
	}
	switch {
	case paper != "" && paper != "letter" && paper != "a4":
		return fmt.Errorf("--paper is %q: give it letter or a4", paper)
	case to.uri == "" && to.pin != "":
		return errors.New("--printer-pin goes with --printer ipps://HOST/ipp/print")
	case to.uri == "":
		return nil
	}
	return to.check()
}

func (l invitationLine) print(out io.Writer, replace bool) {
	fmt.Fprintf(out, "The code for %s, good once and until %s:\n\n  %s\n\nA kiosk that has the package alone asks for it on its screen. Or there:\n\n  %s\n", printable(l.Name), minute(l.Until), l.Code, l.Type)
	if replace {
		fmt.Fprintf(out, "\n--replace is for a machine that has a configuration already. The certificate that %s has now ends when the new one is used.\n", printable(l.Name))
	}
}

// changeLine is a change as --json has it.
type changeLine struct {
	At     time.Time `json:"at"`
	Kiosk  string    `json:"kiosk"`
	What   string    `json:"what"`
	By     string    `json:"by,omitempty"`
	Reason string    `json:"reason,omitempty"`
}

func logKiosks(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	name := f.String("name", "", "`name` of one kiosk (all)")
	asJSON := f.Bool("json", false, "for programs: one JSON array")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		all, err := o.KioskChanges(ctx, *name)
		if err != nil {
			return err
		}
		lines := []changeLine{}
		for _, c := range all {
			lines = append(lines, changeLine{c.At.UTC(), c.Kiosk, c.What, c.By, c.Reason})
		}
		if *asJSON {
			return printJSON(stdout, lines)
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "WHEN\tKIOSK\tWHAT\tBY\tWHY")
		for _, c := range lines {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", minute(c.At), printable(c.Kiosk), c.What, orDash(c.By), orDash(c.Reason))
		}
		return w.Flush()
	})
}
