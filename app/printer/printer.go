// Package printer puts finished pages on paper and tells honestly how it ended.
//
//	p, err := printer.Open(printer.Options{Address: "ipps://printer.local/ipp/print", Pin: pin,
//		Paper: "letter", Kiosk: "town-hall-1", Log: log})
//	result := p.Print(ctx, doc, progress)
//
// Three kinds of printer are known: an IPP Everywhere printer, spoken to directly
// over ipp or ipps, the queue of a print server (CUPS), and a folder that PDF files
// are put into. For all of them holds:
//
//   - printed is said only when the printer itself said the job is complete, and neither its
//     reasons nor its counters of pages say otherwise (counted.go);
//   - failed is said only when the job is gone from the printer, so that it never
//     comes out in front of the next person; when ctx ends first, the job is
//     cancelled there and its end is waited for;
//   - a job that could not be confirmed gone, or that an earlier run of the kiosk
//     left behind, is cancelled until it is, and meanwhile nothing is printed;
//   - a queue says sent in place of printed, because it hides how a job ended;
//   - everything else is unknown, and no page that may have been taken is ever sent
//     again.
//
// A printer is asked what it can do before each job: it must take PDF and have paper
// of the configured size. One copy on one side, a page on a sheet, upright, in its own size
// and black are asked for where it announces them (attributes.go), as its own default may be
// another, and nothing is asked for that it does not announce. What can be wrong with it is
// one table, fault.PrinterFaults. README.md says how to set printers and CUPS up.
//
// Pages are sent from memory. Job and file names are constant: a printer logs them. Over
// ipps the printer must hold the pinned key; there is no trust on first use and no
// certificate authority (secure.go). IPP 2.0 is spoken, and 1.1 with printers that refuse
// it; their mistakes in what nobody reads are passed over (tidy.go). What is wrong with
// how a printer is set up has a fault of its own each, with words for IT (answers.go).
//
// The package refuses printers that do not take PDF, other schemes, an ipps address
// without a pin, and a pin without ipps. A printer that is to hold pages until a number
// is typed at it (hold.go), and does not announce that it can, is sent nothing.
package printer

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"

	"vaxkiosk/app/desk"
)

// Options are what a printer is opened with. All but Pin, Hold and Uncounted are needed.
type Options struct {
	// Address is "ipp://host[:631]/ipp/print", "ipps://host[:631]/ipp/print" or
	// "folder:PATH".
	Address string
	// Pin is the SHA-256 of the printer's public key (DER, SubjectPublicKeyInfo), as hex
	// with or without colons or as base64. Ipps needs one, the others take none.
	Pin string
	// Paper is the size that pages are made for, "letter" or "a4".
	Paper string
	// Kiosk is the name of this kiosk, under which a printer has its jobs: kiosks at the same
	// printer need different ones.
	Kiosk string
	// Hold is whether the printer holds pages of somebody until a number is typed at its
	// panel, which progress tells. It needs ipps.
	Hold bool
	// Uncounted is whether the printer's counters say nothing: somebody has seen pages come
	// out of which it counted none. Its word alone then counts.
	Uncounted bool
	// Log is told what staff cannot see at the printer.
	Log *slog.Logger
}

// Open returns the printer at an address.
func Open(o Options) (desk.Printer, error) {
	if _, ok := sizes[o.Paper]; !ok {
		return nil, fmt.Errorf("paper %q: want letter or a4", o.Paper)
	}
	if o.Hold && !strings.HasPrefix(o.Address, "ipps:") {
		return nil, fmt.Errorf("printer address %q: only over ipps are pages held", o.Address)
	}
	if path, ok := strings.CutPrefix(o.Address, "folder:"); ok {
		if o.Pin != "" {
			return nil, errors.New("printer: a folder has no key to pin")
		}
		return openFolder(path)
	}
	u, err := url.Parse(o.Address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("printer address %q: want ipp://HOST/PATH, ipps://HOST/PATH or folder:PATH", o.Address)
	}
	switch u.Scheme {
	case "ipp":
		if o.Pin != "" {
			return nil, fmt.Errorf("printer address %q: only ipps has a key to pin", o.Address)
		}
		return newIPP(u, nil, o), nil
	case "ipps":
		key, err := parsePin(o.Pin)
		if err != nil {
			return nil, fmt.Errorf("printer address %q: %w", o.Address, err)
		}
		return newIPP(u, key, o), nil
	}
	return nil, fmt.Errorf("printer address %q: unknown scheme %q, want ipp, ipps or folder", o.Address, u.Scheme)
}

func parsePin(pin string) ([]byte, error) {
	if pin == "" {
		return nil, errors.New("ipps needs the SHA-256 of the printer's public key as pin")
	}
	if key, err := hex.DecodeString(strings.ReplaceAll(pin, ":", "")); err == nil && len(key) == sha256.Size {
		return key, nil
	}
	if key, err := base64.StdEncoding.DecodeString(pin); err == nil && len(key) == sha256.Size {
		return key, nil
	}
	return nil, errors.New("the pin is no SHA-256 (64 hex digits, or 44 characters of base64)")
}

func openFolder(path string) (desk.Printer, error) {
	if path == "" {
		return nil, errors.New(`printer address "folder:": the path is missing`)
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("printer folder: %w", err)
	}
	return &folder{path: path}, nil
}
