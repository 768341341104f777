// Package main is vaxkiosk, the kiosk program.
//
//	vaxkiosk --config FILE             the kiosk of a clinic or town hall; on a machine that
//	                                   is none yet, the screen that makes it one (app/first)
//	vaxkiosk enrol --central URL --code CODE --config FILE
//	                                   makes this machine a kiosk (app/enrol)
//	vaxkiosk --config FILE --test-print
//	                                   a page that shows what the printer and scanners can do
//	vaxkiosk --config FILE --check-config
//	                                   everything that is wrong with FILE and its drop-ins
//	                                   (app/config), a line each; nothing is started or changed
//	vaxkiosk --idle-for 5m             whether nobody is at the kiosk of this machine, and nobody
//	                                   has been for so long: status 0, else 1; with --wait 1h
//	                                   it waits at most so long until it is so
//	--printer ADDRESS                  another printer than the configured one, such as folder:DIR
//	--log-file FILE                    where the running kiosk's log goes instead of standard error:
//	                                   a file that turns when it is full (sync/logs)
//
// On Windows it is a program without a console of its own: what it says goes to that of whoever
// started it. There the package asks it to write its settings ("vaxkiosk msi", app/msi).
//
// It has no central service in it, nobody made up, and nothing that touches by itself: the
// demo, its tours and soaks are vaxdemo (app/demo/vaxdemo), which runs the same kiosk.
//
// Exit status, with one clear sentence on standard error for each but 0 (app/exit):
//
//	0  all is well: the program was asked to end, by SIGTERM or SIGINT
//	1  the test page was not printed, the machine not enrolled, no window could run, or of
//	   --idle-for: somebody is there
//	2  it could not start as asked: flags, configuration (--check-config found something
//	   wrong), outbox. A central that cannot
//	   be reached, or is another one, is no reason: the screen says so, and it tries again
//	3  the window stood still and could not be built anew (app/window)
//	4  the window was closed from outside, by a window manager or Alt-F4
//	5  central's operator asked for a restart (vaxcentral kiosk ask)
//	6  another version of the program was installed, and nobody was there
//
// A supervisor starts it again after 1, 3, 4, 5 and 6; after 0 somebody wanted it to end, and
// after 2 it would end again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/enrol"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/msi"
	"vaxkiosk/app/window"
	"vaxkiosk/assets"
	"vaxkiosk/sync/logs"
	"vaxkiosk/sync/version"
)

// options are the flags.
type options struct {
	config, printer, lang, logFormat, logFile string
	version, licenses, testPrint              bool
	checkConfig, schema                       bool
	idleFor                                   *time.Duration // nil: not asked
	wait                                      time.Duration
}

func main() {
	toConsole()
	if err := window.OverwriteFreed(); err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "vaxkiosk: freed memory is not overwritten: %v\n", err)
	}
	window.Beside(func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) })
}

// run is the program; it returns the exit status.
func run(args []string, out, errs io.Writer) int {
	if len(args) > 0 && args[0] == "enrol" {
		return exit.Say("vaxkiosk", enrol.Run(context.Background(), args[1:], os.Stdin, out), errs)
	}
	if len(args) > 0 && args[0] == "msi" {
		return exit.Say("vaxkiosk", msi.Run(context.Background(), args[1:], out), errs)
	}
	o, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		help(out)
		return exit.OK
	case err != nil:
	case o.version:
		_, err = fmt.Fprintln(out, version.Of("vaxkiosk"))
	case o.schema:
		_, err = fmt.Fprintln(out, kiosk.Schema())
	case o.licenses:
		err = assets.WriteLicenses(out)
	case o.idleFor != nil:
		err = idle(o)
	case o.checkConfig:
		err = checkConfig(o, out, errs)
	case o.testPrint:
		err = testPrint(o, out, errs)
	default:
		return logged(o, errs)
	}
	return exit.Say("vaxkiosk", err, errs)
}

// logged runs the kiosk. Its log, and why it ends, go to the file of --log-file, if there is one.
func logged(o options, errs io.Writer) int {
	if o.logFile == "" {
		return exit.Say("vaxkiosk", serve(o, errs), errs)
	}
	log, err := logs.OpenFile(o.logFile)
	if err != nil {
		return exit.Say("vaxkiosk", fmt.Errorf("--log-file: %w", err), errs)
	}
	defer log.Close()
	return exit.Say("vaxkiosk", serve(o, log), log)
}

func flags(o *options) *flag.FlagSet {
	f := flag.NewFlagSet("vaxkiosk", flag.ContinueOnError)
	f.SetOutput(io.Discard) // run says what is wrong, once
	f.StringVar(&o.config, "config", "", "configuration `file` of this kiosk")
	f.BoolVar(&o.checkConfig, "check-config", false, "say everything that is wrong with the configuration, and start nothing")
	f.Func("idle-for", "say by the status whether nobody is at the kiosk of this machine, and nobody has been for such a `time` as 5m: 0, else 1", func(text string) error {
		d, err := time.ParseDuration(text)
		o.idleFor = &d
		return err
	})
	f.DurationVar(&o.wait, "wait", 0, "with --idle-for: wait for at most this `time` until it is so")
	f.BoolVar(&o.schema, "schema", false, "print the number of the outbox's schema that this version leaves; one of a later number is refused")
	f.StringVar(&o.lang, "lang", "en", "with --test-print: the `language` beside English")
	f.BoolVar(&o.testPrint, "test-print", false, "print a page that shows what the printer and scanners can do, and say how that ended")
	f.StringVar(&o.printer, "printer", "", "print to `ipp://host/ipp/print` or folder:PATH instead of the configured printer")
	f.StringVar(&o.logFormat, "log-format", logs.Text, "how standard error is written, `text` or json")
	f.StringVar(&o.logFile, "log-file", "", "`file` for the log of the running kiosk, instead of standard error")
	f.BoolVar(&o.version, "version", false, "print version, revision and Go's version")
	f.BoolVar(&o.licenses, "licenses", false, "print what others made and is in this program, with its licences")
	return f
}

// ofTheDemo reports whether an argument is one of the flags that only a demo has.
func ofTheDemo(arg string) bool {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	return strings.HasPrefix(arg, "-") && slices.Contains([]string{"demo", "tour", "soak", "list-residents"}, name)
}

func parse(args []string) (options, error) {
	var o options
	if i := slices.IndexFunc(args, ofTheDemo); i >= 0 {
		return o, fmt.Errorf("%s is for vaxdemo, a program of its own: start that instead; a kiosk has nobody made up in it", args[i])
	}
	f := flags(&o)
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, fmt.Errorf("%w; see vaxkiosk --help", err)
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("%q is no flag; see vaxkiosk --help", f.Arg(0))
	case o.version, o.licenses, o.schema, o.idleFor != nil:
	case o.wait != 0:
		return o, errors.New("--wait goes with --idle-for")
	case o.config == "":
		return o, errors.New("say --config FILE; see vaxkiosk --help (a kiosk with made-up people is vaxdemo)")
	case o.logFormat != logs.Text && o.logFormat != logs.JSON:
		return o, fmt.Errorf("--log-format %q: want text or json", o.logFormat)
	case !slices.ContainsFunc(assets.Languages, func(l assets.Language) bool { return l.Tag == o.lang }):
		return o, fmt.Errorf("--lang %q: want one of en, es", o.lang)
	}
	return o, nil
}

func help(out io.Writer) {
	f := flags(&options{})
	f.SetOutput(out)
	_, _ = fmt.Fprintln(out, "vaxkiosk prints vaccine records for the people they are about.\n\nFlags:")
	f.PrintDefaults()
	_, _ = fmt.Fprintln(out, "\nvaxkiosk enrol makes this machine a kiosk; it has a --help of its own.\n\nExit status: 0 asked to end, 1 the test page, the enrolment or the window failed, 2 it could not start as asked,\n"+
		"such as with a mistake in its configuration, 3 the window stood still, 4 the window was closed from outside, 5 central's operator asked for a restart,\n"+
		"6 another version of the program was installed.")
}
