package kiosk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"time"

	"vaxkiosk/app/tpm"
	"vaxkiosk/sync/version"
)

// What the kiosk says when it is asked for diagnostics: versions, its configuration without
// secrets and addresses of printers, how it does, what its printer says of itself, and the last
// lines of its log. No line of these is about anybody (promise P9). Before it leaves, each is searched all the same for what
// has the form of something personal, and what looks like it is left out.

// maxBundle is how long it may be, in bytes: central takes 32 KiB.
const maxBundle = 30 << 10

const withheld = "(a line is left out: something in it has the form of an address, a number or a date of somebody)"

// diagnostics is the text.
func (k *Kiosk) diagnostics(ctx context.Context) (string, error) {
	now := time.Now()
	h, err := k.vitals.beat(ctx, now)
	if err != nil {
		return "", err
	}
	state, err := json.Marshal(h)
	if err != nil {
		return "", err
	}
	c := k.Config
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s/%s\ntime %s\n\n", version.Of("vaxkiosk"), runtime.GOOS, runtime.GOARCH, now.UTC().Format(time.RFC3339))
	fmt.Fprintf(&b, "name %s\ncentral %s\nproxy %s\nprinter %s\nuncounted %t\npaper %s\nfullscreen %t\ntest %t\nmetrics %s\nkey %s\ncertificate until %s\n\n",
		c.Kiosk.Name, c.Central.URL, cmp.Or(c.Central.Proxy, "none"), k.printerKind(), c.Printer.Uncounted, c.Paper.Size, c.Window.FullScreen, c.Kiosk.Test,
		cmp.Or(c.Metrics.Listen, "none"), tpm.Where(k.enrolled.PrivateKey), k.Client.Certificate().NotAfter.UTC().Format(time.RFC3339))
	fmt.Fprintf(&b, "%s\n", state)
	if why := k.Desk.Printer.Ready(ctx); why != nil {
		fmt.Fprintf(&b, "the printer says: %s (%s)\n", why.Code, searched(why.Detail))
	}
	if p, speaks := k.Desk.Printer.(interface {
		Said(context.Context) []string
	}); speaks {
		fmt.Fprintf(&b, "\nThe printer says of itself:\n")
		for _, line := range p.Said(ctx) {
			fmt.Fprintf(&b, "%s\n", searched(line))
		}
	}
	fmt.Fprintf(&b, "\nThe last lines of the log:\n")
	return within(b.String(), k.tail.last()), nil
}

// within is a head with as many of the last lines as there is room for.
func within(head string, lines []string) string {
	room := maxBundle - len(head)
	from := len(lines)
	for from > 0 {
		line := searched(lines[from-1])
		if room -= len(line) + 1; room < 0 {
			break
		}
		from--
		lines[from] = line
	}
	return head + strings.Join(lines[from:], "\n") + "\n"
}

var (
	// meant is what a line of the log has that is nobody's: times, days until which a
	// certificate is good, versions, addresses of machines, revisions, sums.
	meant = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)|certificate_until=\d{4}-\d\d-\d\d|\bversion=\d+\.\d+\.\d+|\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b|\b[0-9a-f]{12,}\b`)
	// personal is what has the form of something of a visitor: an e-mail address, a phone number,
	// a date, a receipt or tracking number, a code of six digits.
	personal = regexp.MustCompile(`[^\s"=<>]+@[^\s"=<>]+\.[A-Za-z]{2,}|\+?\(?\d[\d().\s-]{5,}\d|\b\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b|\b\d{6,}\b`)
)

// searched is a line as it may leave, or that it is left out.
func searched(line string) string {
	if personal.MatchString(meant.ReplaceAllString(line, "")) {
		return withheld
	}
	return line
}
