// Package msi is what the Windows package asks of the program while it is installed.
//
//	vaxkiosk msi settings --dir C:\ProgramData\VaxKiosk [--central URL] [--proxy URL]
//	                      [--printer ADDRESS] [--printer-pin SHA-256] [--paper SIZE] [--account NAME]
//	vaxkiosk msi enrol    --dir C:\ProgramData\VaxKiosk --code CODE [--name NAME]
//
// The package (assets/install/windows/kiosk.wxs) calls it with its properties. Nobody else needs it, and no
// help lists it.
//
// settings makes the folder of the kiosk and leaves it to the system, administrators and the
// account that the kiosk runs as, which may write into its folders data and log alone. It
// writes kiosk.toml where there is none, kiosk.d/10-install.toml with what was asked for, and,
// for an account, log/task.xml: the package hands it to the scheduler, which starts the kiosk when that
// account signs in, and again within a minute whenever it has ended. Installed anew without properties, it changes none
// of them. enrol makes the machine a kiosk with a code, which is not written down anywhere.
//
// An installer shows nobody what a program says: that goes into log/install.log of the folder.
//
// It refuses settings with which the kiosk could not start: then the files are as they were,
// and so is the machine, because the installation fails. An enrolment that fails is no such
// thing: the screen of the kiosk asks for a code then.
package msi

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/enrol"
	"vaxkiosk/app/exit"
	"vaxkiosk/sync/keyfile"
	"vaxkiosk/sync/logs"
)

// The files of a folder. That of the installer has a name that comes before those of IT, so
// that theirs count over it.
const (
	configFile  = "kiosk.toml"
	installFile = "10-install.toml"
	logFolder   = "log"
	dataFolder  = "data"
)

// enrolWithin is how long an installation waits for central.
const enrolWithin = 2 * time.Minute

// Run does what the arguments after "msi" say.
func Run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("say what: msi settings or enrol")
	}
	switch args[0] {
	case "settings":
		return settings(args[1:], out)
	case "enrol":
		return enrolment(ctx, args[1:], out)
	}
	return errors.New("msi knows settings and enrol")
}

// asked is what the properties of the package say.
type asked struct {
	dir, central, proxy, printer, printerPin, paper, account string
}

func settings(args []string, out io.Writer) error {
	var a asked
	f := flag.NewFlagSet("vaxkiosk msi settings", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&a.dir, "dir", "", "folder of the kiosk")
	f.StringVar(&a.central, "central", "", "central.url")
	f.StringVar(&a.proxy, "proxy", "", "central.proxy")
	f.StringVar(&a.printer, "printer", "", "printer.uri")
	f.StringVar(&a.printerPin, "printer-pin", "", "printer.pin")
	f.StringVar(&a.paper, "paper", "", "paper.size")
	f.StringVar(&a.account, "account", "", "who the kiosk runs as")
	if err := f.Parse(args); err != nil {
		return err
	}
	if a.dir == "" {
		return errors.New("say --dir")
	}
	a.dir = filepath.Clean(a.dir) // an installer says C:\folder\.
	if err := a.folders(); err != nil {
		return err
	}
	return noted(a.dir, out, func(said io.Writer) error {
		if err := a.write(); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(said, "the settings are written")
		if a.account == "" {
			return nil
		}
		return register(a.dir, a.account)
	})
}

// noted does something, and notes in the folder's log of installations what it says and how
// it ended.
func noted(dir string, out io.Writer, do func(io.Writer) error) error {
	log, err := logs.OpenFile(filepath.Join(dir, logFolder, "install.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	_, _ = fmt.Fprintln(log, time.Now().UTC().Format(time.RFC3339))
	both := io.MultiWriter(log, out)
	err = do(both)
	if err != nil {
		_, _ = fmt.Fprintln(log, err) // out gets it from whoever called
	}
	return err
}

// folders makes the folders, and leaves them to who is to use them.
func (a asked) folders() error {
	for _, dir := range []string{a.dir, filepath.Join(a.dir, "kiosk.d"), filepath.Join(a.dir, dataFolder), filepath.Join(a.dir, logFolder)} {
		if err := os.MkdirAll(dir, keyfile.FolderMode); err != nil {
			return err
		}
	}
	return rights(a.dir, a.account)
}

// write writes kiosk.toml, if there is none, and what was asked for; or nothing, and says all
// that is wrong.
func (a asked) write() error {
	file, extra := filepath.Join(a.dir, configFile), filepath.Join(a.dir, "kiosk.d", installFile)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		if err := keyfile.New(file, []byte(first)); err != nil {
			return err
		}
	}
	text, err := a.text()
	if err != nil || text == "" {
		return err
	}
	before, err := os.ReadFile(extra)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := keyfile.Write(extra, []byte(text)); err != nil {
		return err
	}
	wrong := config.Mistakes(file)
	if len(wrong) == 0 {
		return nil
	}
	if before == nil {
		return errors.Join(wrong, os.Remove(extra))
	}
	return errors.Join(wrong, keyfile.Write(extra, before))
}

func enrolment(ctx context.Context, args []string, out io.Writer) error {
	var dir, code, name string
	f := flag.NewFlagSet("vaxkiosk msi enrol", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&dir, "dir", "", "folder of the kiosk")
	f.StringVar(&code, "code", "", "of vaxcentral kiosk invite")
	f.StringVar(&name, "name", "", "that the code must be for")
	if err := f.Parse(args); err != nil || dir == "" || code == "" {
		return errors.New("say --dir and --code, and as the case may be --name") // the error of a flag could have the code
	}
	dir = filepath.Clean(dir)
	ctx, stop := context.WithTimeout(ctx, enrolWithin)
	defer stop()
	return noted(dir, out, func(said io.Writer) error {
		file := filepath.Join(dir, configFile)
		if m := config.Look(file); m.By != "" {
			_, _ = fmt.Fprintln(said, "this machine is a kiosk already, and stays as it is")
			return nil
		}
		err := enrol.Run(ctx, []string{"--config", file, "--code", code, "--name", name}, nil, said)
		if err != nil {
			return exit.Failed(err)
		}
		return nil
	})
}
