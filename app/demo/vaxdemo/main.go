// Package main is vaxdemo: the kiosk with everything around it made up.
//
//	vaxdemo                    a kiosk with a central service beside it and 2,000 made-up residents;
//	                           --listen ADDR:PORT lets phones in the network open its check page
//	vaxdemo --tour DIR         drives the real window through a whole visit and checks what came of it;
//	                           --script NAME picks another kind of visit, --resident N another visitor
//	vaxdemo --soak N           N whole visits in the real window, then what they left in memory; fails from 20 MB
//	vaxdemo --list-residents   the made-up residents as TSV
//	vaxdemo --test-print       a page that shows what a printer and scanners can do
//
// It runs the kiosk of vaxkiosk (app/kiosk, app/window); only what is around it is made up:
// central in a temporary folder, a throw-away CA, people, and a "demo phone" that shows the
// messages central sends. It takes no configuration, so it never touches real people.
//
// It ends with the statuses of vaxkiosk, 1 also for a tour or a soak that found something wrong.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/demo/tour"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/window"
	"vaxkiosk/sync/version"
)

// options are the flags.
type options struct {
	tour                     tour.Options
	listen                   string
	list, testPrint, version bool
	soak                     int
}

func main() {
	if err := window.OverwriteFreed(); err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "vaxdemo: freed memory is not overwritten: %v\n", err)
	}
	window.Beside(func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) })
}

// run is the program; it returns the exit status.
func run(args []string, out, errs io.Writer) int {
	o, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		help(out)
		return exit.OK
	case err != nil:
	case o.version:
		_, err = fmt.Fprintln(out, version.Of("vaxdemo"))
	case o.list:
		err = demo.ListResidents(out)
	case o.testPrint:
		err = demo.TestPrint(o.tour.Printer, o.tour.Lang, out, errs)
	case o.tour.Dir != "":
		err = tour.Run(o.tour, out, errs)
	case o.soak != 0:
		err = tour.Soak(o.soak, out, errs)
	default:
		err = demo.Run(o.listen, o.tour.Printer, out, errs)
	}
	return exit.Say("vaxdemo", err, errs)
}

func flags(o *options) *flag.FlagSet {
	f := flag.NewFlagSet("vaxdemo", flag.ContinueOnError)
	f.SetOutput(io.Discard) // run says what is wrong, once
	f.Bool("demo", true, "is what this program is, said or not")
	f.StringVar(&o.listen, "listen", demo.Loopback, "the `address` of this machine at which phones check a printed page, such as 192.0.2.7:8443")
	f.StringVar(&o.tour.Dir, "tour", "", "drive a whole visit, leave pictures and the printed page in a `folder`")
	f.StringVar(&o.tour.Script, "script", tour.PlainScript, "with --tour: what the visitor does, `one of` "+tour.ScriptNames())
	f.IntVar(&o.tour.Resident, "resident", 0, "with --tour: the `number` of the resident who visits")
	f.StringVar(&o.tour.Lang, "lang", "en", "with --tour and --test-print: the `language` beside English")
	f.IntVar(&o.soak, "soak", 0, "run that `number` of visits and measure the memory they leave behind")
	f.BoolVar(&o.list, "list-residents", false, "print the made-up residents as TSV")
	f.BoolVar(&o.testPrint, "test-print", false, "print a page that shows what the printer and scanners can do, and say how that ended")
	f.StringVar(&o.tour.Printer, "printer", "", "print to `ipp://host/ipp/print` or folder:PATH instead of "+demo.Pages)
	f.BoolVar(&o.version, "version", false, "print version, revision and Go's version")
	return f
}

func parse(args []string) (options, error) {
	var o options
	f := flags(&o)
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, fmt.Errorf("%w; see vaxdemo --help", err)
	}
	driven := o.tour.Dir != "" || o.soak != 0
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("%q is no flag; see vaxdemo --help", f.Arg(0))
	case o.version:
		return o, nil
	case o.testPrint && (driven || o.list):
		return o, errors.New("--test-print does nothing else: leave the other flags out")
	case o.listen != demo.Loopback && driven:
		return o, errors.New("--listen is for the demo that people try: a tour or a soak needs nobody else")
	case !numbered(o.listen):
		return o, fmt.Errorf("--listen %q: want an address of this machine as numbers, and a port, such as 192.0.2.7:8443", o.listen)
	}
	if o.soak != 0 {
		if err := tour.CheckSoak(o.soak); err != nil {
			return o, err
		}
	}
	return o, o.tour.Check()
}

// numbered reports whether an address is one that others can be told: not a name, and not
// "any".
func numbered(address string) bool {
	a, err := netip.ParseAddrPort(address)
	return err == nil && !a.Addr().IsUnspecified()
}

func help(out io.Writer) {
	f := flags(&options{})
	f.SetOutput(out)
	_, _ = fmt.Fprintln(out, "vaxdemo is the kiosk that prints vaccine records, with everything around it made up.\n\nFlags:")
	f.PrintDefaults()
	_, _ = fmt.Fprintln(out, "\nExit status: 0 asked to end, 1 a tour, a soak, the test page or the window failed, 2 it could not start as asked,\n"+
		"3 the window stood still, 4 the window was closed from outside.")
}
