package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// progress says how far a long command is: a bar on a terminal, elsewhere a line
// every ten seconds.
type progress struct {
	to          io.Writer
	terminal    bool
	what        string // is counted
	total       int64  // of what tells how far it is, bytes or people
	from        int64  // was done before
	begun, said time.Time
	now         func() time.Time
}

func newProgress(to io.Writer, what string, total, from int64) *progress {
	f, ok := to.(*os.File)
	p := &progress{to: to, terminal: ok && term.IsTerminal(int(f.Fd())), what: what, total: max(1, total), from: from, now: time.Now}
	p.begun = p.now()
	p.said = p.begun
	return p
}

// at says that so much of the total is done, and how many that is. It says so a
// few times a second at most.
func (p *progress) at(done int64, count int) {
	every := 10 * time.Second
	if p.terminal {
		every = time.Second / 5
	}
	now := p.now()
	if now.Sub(p.said) < every {
		return
	}
	p.said = now
	text := p.line(done, count, now.Sub(p.begun))
	if p.terminal {
		const width = 30
		full := int(width * min(done, p.total) / p.total)
		fmt.Fprintf(p.to, "\r\x1b[K[%s%s] %s", strings.Repeat("#", full), strings.Repeat(".", width-full), text)
		return
	}
	fmt.Fprintln(p.to, text)
}

func (p *progress) line(done int64, count int, since time.Duration) string {
	text := fmt.Sprintf("%d %%, %d %s", 100*min(done, p.total)/p.total, count, p.what)
	if step := done - p.from; step > 0 {
		left := time.Duration(float64(since) / float64(step) * float64(max(0, p.total-done)))
		text += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return text
}

// clear takes the bar away, before something else is written.
func (p *progress) clear() {
	if p.terminal {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}
