package printer

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/OpenPrinting/goipp"
)

// What a printer says of itself, for whoever helps from afar: its model, how it does and what
// it takes. Not asked for are its name, place, owner, address and serial number, which people
// write as they like, and its jobs.

// said are the attributes, in the order in which they are listed (RFC 8011 5.4, PWG 5100.14).
var said = []string{
	"printer-make-and-model", "printer-firmware-name", "printer-firmware-string-version", "ipp-versions-supported",
	"printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "printer-up-time", "queued-job-count", "pages-per-minute",
	"document-format-supported", "media-ready", "media-default", "sides-default", "print-color-mode-default", "print-scaling-default",
	"marker-names", "marker-levels", "operations-supported", "job-password-supported", "job-password-encryption-supported",
}

// mostSaid is how many characters of an attribute are listed.
const mostSaid = 400

// Said lists what the printer says of itself, an attribute a line; why it says nothing is
// a line too.
func (p *ipp) Said(ctx context.Context) []string {
	m := p.message(goipp.OpGetPrinterAttributes, 0)
	names := append([]string(nil), said...)
	for _, w := range wishes {
		names = append(names, w.supported())
	}
	ask(m, names...)
	answer, err := p.quick(ctx, m)
	if err != nil {
		f := trouble(err)
		return []string{fmt.Sprintf("nothing: %s (%s)", f.Code, f.Detail)}
	}
	var lines []string
	for _, name := range names {
		if values := find(answer.Printer, name); len(values) > 0 {
			lines = append(lines, name+" "+shown(name, values))
		}
	}
	return lines
}

// shown is the values of an attribute on one line of printable characters.
func shown(name string, values goipp.Values) string {
	var all []string
	for _, v := range values {
		s := v.V.String()
		if n, is := v.V.(goipp.Integer); is && name == "printer-up-time" {
			s = (time.Duration(n) * time.Second).String()
		}
		all = append(all, s)
	}
	line := []rune(strings.Map(printable, strings.Join(all, ", ")))
	if len(line) > mostSaid {
		return string(line[:mostSaid]) + "…"
	}
	return string(line)
}

func printable(r rune) rune {
	if !unicode.IsPrint(r) || r == utf8.RuneError {
		return '?'
	}
	return r
}
