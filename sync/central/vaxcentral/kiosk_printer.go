package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"strings"
)

// printerFlags say where a kiosk prints. There is no default: a folder in place of a
// printer would leave people waiting for a page, and their records on a disk.
type printerFlags struct {
	uri, pin    string
	hold, tests bool
}

func (p *printerFlags) read(f *flag.FlagSet) {
	f.StringVar(&p.uri, "printer", "", "`where` the kiosk prints: ipps://HOST/ipp/print with --printer-pin, ipp://…, or folder:PATH with --folder-for-tests (required)")
	f.StringVar(&p.pin, "printer-pin", "", "with ipps: the `SHA-256` of the printer's public key, which alone vouches for it")
	f.BoolVar(&p.hold, "hold", false, "with ipps: the printer holds each record until a number on the screen is typed at it")
	f.BoolVar(&p.tests, "folder-for-tests", false, "print to a folder; TEST then stands on the kiosk's welcome screen")
}

// check refuses what the kiosk would refuse, before it is enrolled.
func (p *printerFlags) check() error {
	if folder, ok := strings.CutPrefix(p.uri, "folder:"); ok && folder != "" {
		return p.checkFolder()
	}
	u, err := url.Parse(p.uri)
	switch {
	case p.tests:
		return errors.New("--folder-for-tests goes with --printer folder:PATH: leave it out for a printer")
	case err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "ipp" && u.Scheme != "ipps":
		return fmt.Errorf("--printer is %q: give it ipps://HOST/ipp/print, ipp://HOST/ipp/print or folder:PATH", p.uri)
	case u.Scheme == "ipp" && (p.hold || p.pin != ""):
		return errors.New("--printer-pin and --hold are for ipps://: leave them out, or print over ipps://")
	case u.Scheme == "ipps":
		return goodPin(p.pin)
	}
	return nil
}

func (p *printerFlags) checkFolder() error {
	switch {
	case !p.tests:
		return errors.New("--printer is a folder, where nobody gets a page: give it a printer, or add --folder-for-tests, and TEST stands on the kiosk's screen")
	case p.hold || p.pin != "":
		return errors.New("--printer-pin and --hold are for ipps://: leave them out, as a folder has neither")
	}
	return nil
}

func goodPin(pin string) error {
	raw, err := hex.DecodeString(strings.ReplaceAll(pin, ":", ""))
	if err != nil || len(raw) != sha256.Size {
		return fmt.Errorf("--printer-pin is %q: an ipps printer needs the SHA-256 of its public key, 64 hexadecimal digits", pin)
	}
	return nil
}
