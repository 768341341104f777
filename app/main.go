// Package main is vaxkiosk, the kiosk program.
//
//	vaxkiosk --config FILE             the kiosk of a clinic or town hall
//	vaxkiosk --demo                    a kiosk with an embedded central service and 2,000 made-up residents;
//	                                   --listen ADDR:PORT lets phones in the network open its check page
//	vaxkiosk --demo --tour DIR         drives the real window through a whole visit and checks what came of it;
//	                                   --script NAME picks another kind of visit, --resident N another visitor
//	vaxkiosk --demo --soak N           N whole visits in the real window, then what they left in memory; fails from 20 MB
//	vaxkiosk --demo --list-residents   the made-up residents as TSV
//	vaxkiosk --config FILE --test-print
//	                                   a page that shows what the printer and scanners can do; also with --demo
//
// The demo and --config run the same kiosk; the demo only makes up what is around
// it: central in a temporary folder, a throw-away CA, people, and a "demo phone"
// that shows the messages central sends.
//
// Exit status, with one clear sentence on standard error for each but 0:
//
//	0  all is well: the program was asked to end, by SIGTERM or SIGINT
//	1  a tour or soak found something wrong, the test page was not printed, or no window could run
//	2  it could not start as asked: flags, configuration, outbox. A central that cannot
//	   be reached, or is another one, is no reason: the screen says so, and it tries again
//	3  the window stood still and could not be built anew (watchdog.go)
//	4  the window was closed from outside, by a window manager or Alt-F4
//
// A supervisor starts it again after 1, 3 and 4; after 0 somebody wanted it to end, and
// after 2 it would end again.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"

	"vaxkiosk/app/exit"
	"vaxkiosk/app/window"
	"vaxkiosk/assets"
	"vaxkiosk/sync/logs"
	"vaxkiosk/sync/version"
)

// options are the flags.
type options struct {
	config, tour, script, printer, lang, listen, logFormat string
	demo, list, version, testPrint                         bool
	resident, soak                                         int
}

func main() {
	if err := window.OverwriteFreed(); err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "vaxkiosk: freed memory is not overwritten: %v\n", err)
	}
	window.Beside(func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) })
}

// run is the program; it returns the exit status.
func run(args []string, out, errs io.Writer) int {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		help(out)
		return exit.OK
	}
	if err != nil {
		_, _ = fmt.Fprintf(errs, "vaxkiosk: %v\n", err)
		return exit.Usage
	}
	switch {
	case o.version:
		_, _ = fmt.Fprintln(out, version.Of("vaxkiosk"))
		return exit.OK
	case o.list:
		err = listResidents(out)
	case o.testPrint:
		err = testPrint(o, out, errs)
	case o.tour != "":
		err = tour(o, out, errs)
	case o.soak != 0:
		err = soak(o, out, errs)
	case o.demo:
		err = demo(o, out, errs)
	default:
		err = serve(o, errs)
	}
	return exit.Say("vaxkiosk", err, errs)
}

func flags(o *options) *flag.FlagSet {
	f := flag.NewFlagSet("vaxkiosk", flag.ContinueOnError)
	f.SetOutput(io.Discard) // run says what is wrong, once
	f.StringVar(&o.config, "config", "", "configuration `file` of this kiosk")
	f.BoolVar(&o.demo, "demo", false, "run with an embedded central service and made-up residents")
	f.StringVar(&o.listen, "listen", loopback, "with --demo: the `address` of this machine at which phones check a printed page, such as 192.0.2.7:8443")
	f.StringVar(&o.tour, "tour", "", "with --demo: drive a whole visit, leave pictures and the printed page in a `folder`")
	f.StringVar(&o.script, "script", plainScript, "with --tour: what the visitor does, `one of` "+scriptNames())
	f.IntVar(&o.resident, "resident", 0, "with --tour: the `number` of the resident who visits")
	f.StringVar(&o.lang, "lang", "en", "with --tour and --test-print: the `language` beside English")
	f.IntVar(&o.soak, "soak", 0, "with --demo: run that `number` of visits and measure the memory they leave behind")
	f.BoolVar(&o.list, "list-residents", false, "with --demo: print the made-up residents as TSV")
	f.BoolVar(&o.testPrint, "test-print", false, "print a page that shows what the printer and scanners can do, and say how that ended")
	f.StringVar(&o.printer, "printer", "", "print to `ipp://host/ipp/print` or folder:PATH instead of the configured printer")
	f.StringVar(&o.logFormat, "log-format", logs.Text, "with --config: how standard error is written, `text` or json")
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
		return o, fmt.Errorf("%w; see vaxkiosk --help", err)
	}
	script, known := scripts[o.script]
	if o.resident == 0 {
		o.resident = script.resident
	}
	madeUp := o.tour != "" || o.list || o.soak != 0
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("%q is no flag; see vaxkiosk --help", f.Arg(0))
	case o.version:
	case o.demo == (o.config != ""):
		return o, errors.New("say either --demo or --config FILE; see vaxkiosk --help")
	case !o.demo && madeUp:
		return o, errors.New("--tour, --soak and --list-residents go with --demo: they never touch real people")
	case !o.formatted():
		return o, fmt.Errorf("--log-format %q: want text, or json with --config", o.logFormat)
	case o.testPrint && madeUp:
		return o, errors.New("--test-print does nothing else: leave the other flags out")
	case o.listen != loopback && (!o.demo || o.tour != "" || o.soak != 0):
		return o, errors.New("--listen goes with --demo alone: a kiosk is reached by nobody, and a tour needs nobody else")
	case !numbered(o.listen):
		return o, fmt.Errorf("--listen %q: want an address of this machine as numbers, and a port, such as 192.0.2.7:8443", o.listen)
	case o.soak != 0 && o.soak <= soakWarm:
		return o, fmt.Errorf("--soak %d: want more than %d visits, the first %d are the baseline", o.soak, soakWarm, soakWarm)
	case !known:
		return o, fmt.Errorf("--script %q: want one of %s", o.script, scriptNames())
	case o.resident < 1 || o.resident > residents:
		return o, fmt.Errorf("--resident %d: want a number from 1 to %d, see --list-residents", o.resident, residents)
	case !slices.ContainsFunc(assets.Languages, func(l assets.Language) bool { return l.Tag == o.lang }):
		return o, fmt.Errorf("--lang %q: want one of en, es", o.lang)
	}
	return o, nil
}

// formatted tells whether the log can have the form that is wanted: the demo's is for
// people.
func (o options) formatted() bool {
	return o.logFormat == logs.Text || o.logFormat == logs.JSON && !o.demo
}

// numbered tells whether an address is one that others can be told: not a name, and
// not "any".
func numbered(address string) bool {
	a, err := netip.ParseAddrPort(address)
	return err == nil && !a.Addr().IsUnspecified()
}

func help(out io.Writer) {
	f := flags(&options{})
	f.SetOutput(out)
	_, _ = fmt.Fprintln(out, "vaxkiosk prints vaccine records for the people they are about.\n\nFlags:")
	f.PrintDefaults()
	_, _ = fmt.Fprintln(out, "\nExit status: 0 asked to end, 1 a tour, a soak, the test page or the window failed, 2 it could not start as asked,\n"+
		"3 the window stood still, 4 the window was closed from outside.")
}
