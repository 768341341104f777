// Package enrol is "vaxkiosk enrol": with a code that was typed, a machine becomes a kiosk.
//
//	vaxkiosk enrol --central https://HOST[:PORT] --code CODE --config kiosk.toml
//
// Run makes a key, which never leaves the machine: in its TPM when there is one that it can use,
// else in a file (--key-store, or central.key_store of the configuration, says otherwise). It has central make a certificate for it
// (sync/enrol has what both prove), writes certificate, CA, key and configuration into the
// folder of the configuration, each for its owner only, and makes the first call, which uses
// the code up. The configuration comes before that call, in one step: a machine that stops before
// has the configuration that it had, or none, and can use the code again; one that stops after
// is the kiosk, and makes the first call when it starts. Refused, it has again what it had.
//
// What printer and paper are comes from the flags, else from the configuration that is
// replaced, else from the invitation. Without --code it is asked for, and read from standard
// input, where no list of processes shows it.
//
// A configuration that a package or a roll-out has brought, with all that a kiosk needs but who
// it is, stays as it is: what enrolment decides goes into the data folder, which alone the
// kiosk's user writes into (config.EnrolledFile), and so do certificate and key. Machine does
// the same for the first-start screen (app/first).
//
// It refuses to touch an identity that is there, unless it is told to replace it; then
// what IT wrote beside it stays, line by line, and only what enrolment decides is changed. It
// refuses to write what would not count, because IT's files say something else, or for another
// user than the one who owns the data folder. It
// believes nobody who does not know the code, and says each time whether it can be used again.
package enrol

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/tpm"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/enrol"
)

// ErrTaken is a first call that was refused. Besides, an enrolment fails with the errors of
// sync/client, with a KeyError, with config.Problems when what IT, the invitation and the enrolment say make no
// configuration together, and else because it could not be written.
var ErrTaken = errors.New("central has given a certificate and does not take it")

// options are the flags.
type options struct {
	central, code, name, config, proxy, printer, printerPin, paper, data string
	keyStore, tpm                                                        string
	replace, test                                                        bool
}

func flags(o *options) *flag.FlagSet {
	f := flag.NewFlagSet("vaxkiosk enrol", flag.ContinueOnError)
	f.SetOutput(io.Discard) // whoever calls Run says what is wrong, once
	f.StringVar(&o.central, "central", "", "`address` of central, https://HOST[:PORT] (what the configuration says)")
	f.StringVar(&o.code, "code", "", "the `code` that vaxcentral kiosk invite has printed; else it is read from standard input")
	f.StringVar(&o.name, "name", "", "the `name` that the code must be for (any)")
	f.StringVar(&o.config, "config", "", "configuration `file`, written with certificate and key beside it; of one that lacks who the kiosk is, the data folder has that (required)")
	f.BoolVar(&o.replace, "replace", false, "the configuration is there already: change what enrolment decides, and keep the rest")
	f.StringVar(&o.proxy, "proxy", "", "the way to central, `http://HOST:PORT` (straight)")
	f.StringVar(&o.printer, "printer", "", "`where` to print, ipps://HOST/ipp/print with --printer-pin, ipp://… or folder:PATH (what the invitation says)")
	f.StringVar(&o.printerPin, "printer-pin", "", "with ipps: the `SHA-256` of the printer's public key")
	f.StringVar(&o.paper, "paper", "", "`size` of the paper, letter or a4 (what the invitation says, or letter)")
	f.StringVar(&o.data, "data", "", "`folder` of what is saved (data, beside the configuration)")
	f.StringVar(&o.keyStore, "key-store", "", "`where` the kiosk's key is kept: tpm, and nowhere else, file, or auto, which is the TPM if there is one (what the configuration says, or auto)")
	f.StringVar(&o.tpm, "tpm", "", "the TPM's `device`, or unix:PATH of an emulator ("+tpm.Default+")")
	f.BoolVar(&o.test, "test", false, "TEST stands on the welcome screen, as a folder for a printer needs")
	return f
}

// Help says what the flags are.
func Help(out io.Writer) {
	f := flags(&options{})
	f.SetOutput(out)
	_, _ = fmt.Fprintln(out, "vaxkiosk enrol makes this machine a kiosk, with a code of vaxcentral kiosk invite.\n\nFlags:")
	f.PrintDefaults()
	_, _ = fmt.Fprintln(out, "\nExit status: 0 enrolled, 1 not enrolled, 2 flags or files are not as they should be.")
}

// Run does what the arguments after "enrol" say. The error has its exit status.
func Run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		Help(out)
		return nil
	}
	if err != nil {
		return err
	}
	e, err := begin(o)
	if err != nil {
		return err
	}
	defer e.release()
	code, err := codeOf(o, in, out)
	if err != nil {
		return err
	}
	ctx, stop := exit.UntilSignal(ctx)
	defer stop()
	if err := e.run(ctx, code, out); err != nil {
		return exit.Failed(errors.Join(err, e.undo()))
	}
	return nil
}

func parse(args []string) (options, error) {
	var o options
	f := flags(&o)
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, fmt.Errorf("%w; see vaxkiosk enrol --help", err)
	}
	switch {
	case f.NArg() > 0:
		return o, errors.New("there is a word too many; see vaxkiosk enrol --help") // it may be part of the code
	case o.keyStore != "" && !slices.Contains([]string{config.KeyAuto, config.KeyInTPM, config.KeyInFile}, o.keyStore):
		return o, errors.New("--key-store is tpm, file or auto; see vaxkiosk enrol --help")
	case o.tpm != "" && !tpm.Usable(o.tpm):
		return o, errors.New("--tpm is no path of a device, such as " + tpm.Default)
	case o.config == "":
		return o, errors.New("say --central https://HOST and --config FILE; see vaxkiosk enrol --help")
	}
	return o, nil
}

// codeOf is the code of the flag, or asks for it. No error has a part of it.
func codeOf(o options, in io.Reader, out io.Writer) (enrol.Code, error) {
	if o.code == "" {
		_, _ = fmt.Fprint(out, "The code of vaxcentral kiosk invite: ")
		line, err := bufio.NewReader(io.LimitReader(in, 256)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return enrol.Code{}, fmt.Errorf("cannot read the code: %w", err)
		}
		o.code = line
	}
	code, ok := enrol.ParseCode(o.code)
	if !ok {
		return enrol.Code{}, errors.New("this is no code: it has 26 letters and digits, as vaxcentral kiosk invite prints it; compare, and type it again")
	}
	return code, nil
}

// Machine enrols a machine that is new: it becomes the kiosk that a code is for. When it is an
// error nothing is changed; else the configuration of the machine is one of a kiosk.
func Machine(ctx context.Context, m config.Machine, central string, code enrol.Code) error {
	e, err := begin(options{central: central, config: m.File})
	if err != nil {
		return err
	}
	defer e.release()
	if err := e.run(ctx, code, io.Discard); err != nil {
		return errors.Join(err, e.undo())
	}
	return nil
}

// enrolment is one run.
type enrolment struct {
	o     options
	proxy string         // host:port
	it    config.Machine // what IT says
	into  string         // the file that says who the kiosk is
	apart bool           // it is not the configuration, but beside what the kiosk saves
	old   string         // the file that is replaced, "" when there is none
	files files

	release func() // lets the next one in
}

func (e *enrolment) run(ctx context.Context, code enrol.Code, out io.Writer) error {
	key, in, err := e.newKey()
	if err != nil {
		return fmt.Errorf("%w; nothing is changed, and the code can still be used", err)
	}
	given, err := client.Enrol(ctx, client.EnrolOptions{URL: e.o.central, Proxy: e.proxy, Code: code, Key: key, Now: time.Now})
	if err != nil {
		return explain(err)
	}
	if e.o.name != "" && given.Name != e.o.name {
		return fmt.Errorf("the code is for the kiosk %q, not for %q: nothing is changed, and the code can still be used", given.Name, e.o.name)
	}
	cfg, err := e.prepare(given, key)
	if err != nil {
		return fmt.Errorf("%w; nothing is changed, and the code can still be used", err)
	}
	if err := e.settle(); err != nil {
		return fmt.Errorf("%w; nothing is changed, and the code can still be used", err)
	}
	called := call(ctx, cfg)
	if called != nil && !errors.Is(called, client.ErrAway) {
		return errors.Join(explainCall(called), e.restore())
	}
	e.files.written = nil
	_, _ = fmt.Fprintf(out, "%s is enrolled. Its certificate is good until %s and is renewed by the kiosk itself.\n", given.Name, given.Cert.Leaf.NotAfter.Format(time.DateOnly))
	_, _ = fmt.Fprintf(out, "Its key is in %s.\n", in)
	if called != nil { // central may have taken it; if not, the kiosk's first call is as good
		_, _ = fmt.Fprintln(out, "Central did not answer the first call; the kiosk makes it when it starts, which must be within a day.")
		_, _ = fmt.Fprintf(out, "Start it: vaxkiosk --config %s\n", e.o.config)
		return nil
	}
	_, _ = fmt.Fprintf(out, "Start it, or start it anew if it runs: vaxkiosk --config %s\n", e.o.config)
	return e.files.removeOld()
}

// call makes the first call with a certificate, and wants central's settings to be signed by
// the pinned key.
func call(ctx context.Context, cfg config.Config) error {
	c, err := client.New(client.Options{URL: cfg.Central.URL, CA: cfg.Central.CA, Cert: cfg.Central.Cert, Proxy: cfg.Central.Proxy})
	if err != nil {
		return err
	}
	defer c.Close()
	jws, _, err := c.Bootstrap(ctx, "")
	if err == nil {
		_, err = client.VerifyBootstrap(jws, cfg.Central.Pin)
	}
	return err
}

// explain says what to do about an exchange that has failed. Before the first call no code is
// used up.
func explain(err error) error {
	const again = "nothing is changed, and the code can still be used"
	switch {
	case errors.Is(err, client.ErrCode):
		return fmt.Errorf("%w: it is mistyped, used, or too old, or somebody stands between this machine and central; "+
			"compare it, or have a new one made with vaxcentral kiosk invite or replace; nothing is changed", client.ErrCode)
	case errors.Is(err, client.ErrStranger):
		return fmt.Errorf("%w and has learned nothing of it: check --central, and whether something on the way opens TLS; %s", err, again)
	case errors.Is(err, client.ErrClock):
		return fmt.Errorf("%w: set the clock of this machine; %s", err, again)
	case errors.Is(err, client.ErrBusy):
		return fmt.Errorf("%w: too many wrong codes came from here; wait a few minutes; %s", err, again)
	case errors.Is(err, client.ErrCertificate):
		return fmt.Errorf("%w: --central must be an address that central was started with (serve --hosts); %s", err, again)
	case errors.Is(err, client.ErrAway):
		return fmt.Errorf("%w: check --central, --proxy and the network; %s", err, again)
	}
	return fmt.Errorf("%w; %s", err, again)
}

// explainCall says what to do about a first call that was refused.
func explainCall(err error) error {
	if errors.Is(err, client.ErrKey) {
		return fmt.Errorf("%w; nothing is changed, and the code can still be used", err)
	}
	return fmt.Errorf("%w (%w): somebody else may have used the same code; "+
		"nothing is changed here, look at vaxcentral kiosk log, and have a new code made", ErrTaken, err)
}
