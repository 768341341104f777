package enrol

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"vaxkiosk/app/config"
	"vaxkiosk/sync/keyfile"
)

// Before anything is asked of central: where the identity goes, and what stands in its way.

// begin looks at what is there. All that it changes is to clear away what an enrolment has left
// that was cut off, and that no configuration names.
func begin(o options) (*enrolment, error) {
	e := &enrolment{o: o, into: o.config, release: func() {}}
	if err := e.look(); err != nil {
		e.release()
		return nil, err
	}
	return e, nil
}

func (e *enrolment) look() error {
	_, err := os.Stat(e.o.config)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("cannot read the configuration (%w): check its rights", err)
	default:
		if err := e.place(); err != nil {
			return err
		}
	}
	if e.o.central == "" {
		return errors.New("say --central https://HOST, which no configuration does; see vaxkiosk enrol --help")
	}
	if e.o.proxy != "" {
		host, plain := strings.CutPrefix(e.o.proxy, "http://")
		if e.proxy = strings.TrimSuffix(host, "/"); !plain || strings.ContainsAny(e.proxy, "/@") {
			return errors.New("--proxy is no address of a proxy: give it http://HOST:PORT")
		}
	}
	return nil
}

// place finds the file that says who the kiosk is, or is to say it.
func (e *enrolment) place() error {
	e.it = config.Look(e.o.config)
	e.apart = e.it.New || e.it.By != "" && e.it.By == e.it.Enrolled()
	switch {
	case e.it.By != "" && e.it.By != e.o.config && !e.apart:
		return fmt.Errorf("%s says who this kiosk is, and counts over what an enrolment says: remove it, and what it names, then enrol", e.it.By)
	case !e.it.New && !e.o.replace:
		return fmt.Errorf("%s is there already: it is left as it is; to enrol this kiosk anew, add --replace", e.o.config)
	}
	if e.apart {
		e.into = e.it.Enrolled()
		if err := errors.Join(e.agrees(), e.tidy()); err != nil {
			return err
		}
	}
	old, err := os.ReadFile(e.into)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot read what was enrolled before (%w): check its rights", err)
	}
	e.old = string(old)
	return nil
}

// agrees refuses what IT has decided otherwise: it would be written, and not count.
func (e *enrolment) agrees() error {
	if e.o.central == "" {
		e.o.central = e.it.Central
	}
	if e.proxy == "" {
		e.proxy = e.it.Proxy
	}
	if e.it.Central != "" && strings.TrimSuffix(e.o.central, "/") != e.it.Central {
		return fmt.Errorf("central.url of %s is another address: leave --central out, or correct it there", e.o.config)
	}
	for _, f := range []struct{ flag, says, key string }{
		{"--proxy", e.o.proxy, "central.proxy"},
		{"--printer", e.o.printer, "printer.uri"},
		{"--paper", e.o.paper, "paper.size"},
		{"--data", e.o.data, "kiosk.data"},
		{"--key-store", e.o.keyStore, "central.key_store"},
		{"--tpm", e.o.tpm, "central.tpm"},
	} {
		if f.says != "" && e.it.Says(f.key) {
			return fmt.Errorf("%s is set by %s or beside it and stays: leave %s out, or change it there", f.key, e.o.config, f.flag)
		}
	}
	return nil
}

// tidy sees to it that the data folder is the kiosk's own, and removes what an enrolment that
// was cut off has left in it: a key that no configuration names is good for nothing.
func (e *enrolment) tidy() error {
	if err := keyfile.OwnFolder(e.it.Data, config.EnrolledFile, "kiosk.db"); err != nil {
		return fmt.Errorf("kiosk.data: %w", err)
	}
	if err := ownedByUs(e.it.Data); err != nil {
		return err
	}
	release, err := alone(e.it.Data)
	if err != nil {
		return err
	}
	e.release = release
	if config.Look(e.o.config).New != e.it.New {
		return errors.New("this machine was enrolled just now, at its screen or elsewhere")
	}
	if !e.it.New {
		return nil
	}
	const eight = "[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]"
	for _, what := range []string{"ca-" + eight + ".pem", "kiosk-" + eight + ".pem", "kiosk-" + eight + "-key.pem", keyfile.Unfinished} {
		left, err := filepath.Glob(filepath.Join(e.it.Data, what))
		if err = errors.Join(err, remove(left)); err != nil {
			return err
		}
	}
	return nil
}
