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
	"vaxkiosk/sync/enrol"
)

// Codes that enrol: for a kiosk that is new, and in place of one that is there.

// invitationLine is an invitation as --json has it.
type invitationLine struct {
	Name  string    `json:"name"`
	Code  string    `json:"code"`
	Until time.Time `json:"until"`
	Type  string    `json:"type"` // the line to type at the kiosk
}

// maxLife is how long a code may be good for: a roll-out takes days, and who finds a code later
// must not be let in.
const maxLife = 7 * 24 * time.Hour

// inviting are the flags of an invitation.
type inviting struct {
	dir, name, address, paper, by string
	printer                       printerFlags
	life                          time.Duration
	json                          bool

	sites, out string // for many at once
}

func inviteKiosk(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	i, required := invitingFlags(f), []string{"data", "url"}
	f.StringVar(&i.sites, "csv", "", "`file` with a line for each of many kiosks, - for standard input: a header, then name, printer, printer_pin and paper, of which only name has to be there")
	f.StringVar(&i.out, "out", "", "with --csv: the `file` to write names and codes into, for its owner alone")
	if err := parse(f, args); err != nil {
		return err
	}
	switch {
	case i.sites == "" && i.out != "":
		return errors.New("--out goes with --csv: the code of one kiosk is printed")
	case i.sites == "":
		required = append(required, "name")
	case i.name != "" || i.json:
		return errors.New("--csv goes without --name and --json: names come from the file, and codes into the one of --out")
	default:
		required = append(required, "out")
	}
	if err := parse(f, nil, required...); err != nil {
		return err
	}
	if err := i.good(); err != nil {
		return err
	}
	if i.sites != "" {
		return i.many(ctx, stdout)
	}
	return i.one(ctx, stdout, false)
}

func replaceKiosk(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	i := invitingFlags(f)
	if err := parse(f, args, "data", "name", "url"); err != nil {
		return err
	}
	if err := i.good(); err != nil {
		return err
	}
	return i.one(ctx, stdout, true)
}

func invitingFlags(f *flag.FlagSet) *inviting {
	i := &inviting{}
	f.StringVar(&i.dir, "data", "", "`folder` of database and keys (required)")
	f.StringVar(&i.name, "name", "", "`name` of the kiosk, for example town-hall-1 (required)")
	f.StringVar(&i.address, "url", "", "`address` where the kiosk reaches this service, https://HOST[:PORT] (required)")
	f.StringVar(&i.printer.uri, "printer", "", "`where` the kiosk prints, ipps://HOST/ipp/print with --printer-pin or ipp://…, to be said to it; else it is said there")
	f.StringVar(&i.printer.pin, "printer-pin", "", "with ipps: the `SHA-256` of the printer's public key, which alone vouches for it")
	f.StringVar(&i.paper, "paper", "", "`size` of the paper, letter or a4, to be said to the kiosk; else it is said there, or is letter")
	f.DurationVar(&i.life, "ttl", enrol.Life, "`how long` a code is good, such as 72h; 168h at most")
	f.StringVar(&i.by, "by", "", byAbout)
	f.BoolVar(&i.json, "json", false, "for programs: one JSON object")
	return i
}

func (i *inviting) good() error {
	if i.life < time.Minute || i.life > maxLife {
		return fmt.Errorf("--ttl is %s: give it 1m to 168h; a code that lies about for longer opens the door to whoever finds it", i.life)
	}
	return goodInvitation(i.address, i.paper, i.printer)
}

// one invites one kiosk, and prints its code.
func (i *inviting) one(ctx context.Context, stdout io.Writer, replace bool) error {
	line := invitationLine{Name: i.name}
	err := withOperator(ctx, i.dir, func(o *operator.Operator) error {
		code, until, err := o.InviteKiosk(ctx, operator.For{
			Name: i.name, Replace: replace, Printer: i.printer.uri, PrinterPin: i.printer.pin, Paper: i.paper, Life: i.life, By: who(i.by),
		})
		line.Code, line.Until = code.Grouped(), until.UTC()
		return err
	})
	switch {
	case errors.Is(err, store.ErrKioskTaken):
		return fmt.Errorf("there is, or was, a kiosk named %q: choose another --name, or use vaxcentral kiosk replace; see vaxcentral kiosk list", i.name)
	case errors.Is(err, store.ErrKioskUnknown):
		return fmt.Errorf("no kiosk has the name %q: use vaxcentral kiosk invite; see vaxcentral kiosk list", i.name)
	case err != nil:
		return err
	}
	line.Type = "vaxkiosk enrol --central " + i.address + " --code " + line.Code + " --config kiosk.toml"
	if replace {
		line.Type += " --replace"
	}
	if i.json {
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
