// Package printertest starts a real IPP Everywhere printer in software for tests:
// ippeveprinter of CUPS (Debian package cups-ipp-utils).
//
//	p := printertest.Start(t, "came\n", nil) // each job runs this script
//
// Its own defaults would spoil a page: two copies, two on a sheet, fitted, on both sides
// (testdata/printer.conf). It counts what came out only when its script says so, by came.
//
// Its DNS-SD announcements go nowhere (testdata/avahi.c), so that it starts as any
// user, in a bare container, and beside an avahi that is running already. Nothing
// but tests imports this.
package printertest

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed testdata/avahi.c
var avahi []byte

//go:embed testdata/printer.conf
var conf []byte

// shell is the beginning of every script. Came makes the printer count all pages of the document.
const shell = `#!/bin/sh
DIR=%s
document=$1
came() {
	echo "ATTR: job-impressions-completed=$(grep -ac '/Type */Page\([^s]\|$\)' "$document")" >&2
}
`

// Printer is a running printer.
type Printer struct {
	URI string // ipp://localhost:PORT/ipp/print
	Dir string // the folder $DIR of the script; what it was sent is in spool
	t   testing.TB
}

// Start starts a printer in a folder of the test, until the test ends. Its jobs run
// a shell script, in which $1 is the document, $DIR the folder and came a command. It keeps
// what it was sent. Key and certificate for ipps are localhost.key and localhost.crt in the
// folder that prepare, if not nil, is called with.
func Start(t testing.TB, script string, prepare func(dir string)) *Printer {
	t.Helper()
	p := &Printer{Dir: t.TempDir(), t: t}
	in := func(name string) string { return filepath.Join(p.Dir, name) }
	write(t, in("avahi.c"), avahi, 0o600)
	write(t, in("printer.conf"), conf, 0o600)
	write(t, in("job"), []byte(fmt.Sprintf(shell, p.Dir)+script), 0o700)
	if out, err := exec.Command(need(t, "gcc", "gcc"), "-shared", "-fPIC", "-o", in("avahi.so"), in("avahi.c")).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v: %s", err, out)
	}
	if err := errors.Join(os.Mkdir(in("spool"), 0o700), fifo(in("go"))); err != nil {
		t.Fatal(err)
	}
	if prepare != nil {
		prepare(p.Dir)
	}
	program := need(t, "cups-ipp-utils", "ippeveprinter")
	port := run(t, func(port int) *exec.Cmd {
		cmd := exec.Command(program, "-vv", "-k", "-n", "localhost", "-p", fmt.Sprint(port), "-d", in("spool"),
			"-K", p.Dir, "-a", in("printer.conf"), "-c", in("job"), "Test printer")
		cmd.Env = append(os.Environ(), "LD_PRELOAD="+in("avahi.so"), "HOME="+p.Dir)
		return cmd
	}, endGroup, func(line string) bool { return strings.HasPrefix(line, "printer-uuid=") }, never)
	p.URI = fmt.Sprintf("ipp://localhost:%d/ipp/print", port)
	return p
}

// never: it ends when its port is taken.
func never(string) bool { return false }

// Go lets the script go on that waits for a line from $DIR/go.
func (p *Printer) Go() {
	f, err := os.OpenFile(filepath.Join(p.Dir, "go"), os.O_RDWR, 0) // does not block
	if err != nil {
		p.t.Error(err)
		return
	}
	p.t.Cleanup(func() { _ = f.Close() })
	if _, err := f.WriteString("go\n"); err != nil {
		p.t.Error(err)
	}
}
