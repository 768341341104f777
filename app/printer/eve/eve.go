// Package eve starts a real IPP Everywhere printer in software for tests:
// ippeveprinter of CUPS (Debian package cups-ipp-utils).
//
//	p := eve.Start(t, "exit 0\n") // each job runs this script
//
// Its DNS-SD announcements go nowhere (testdata/avahi.c), so that it starts as any
// user, in a bare container, and beside an avahi that is running already. Nothing
// but tests imports this.
package eve

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

//go:embed testdata/avahi.c
var avahi []byte

// Printer is a running printer.
type Printer struct {
	URI string // ipp://localhost:PORT/ipp/print
	Dir string // the folder $DIR of the script; what it was sent is in spool
	t   testing.TB
}

// Start starts a printer in a folder of the test, until the test ends. Its jobs run
// a shell script, in which $1 is the document and $DIR the folder. It keeps what it
// was sent. Key and certificate for ipps are localhost.key and localhost.crt in the
// folder that prepare, if not nil, is called with.
func Start(t testing.TB, script string, prepare func(dir string)) *Printer {
	t.Helper()
	p := &Printer{Dir: t.TempDir(), t: t}
	stub, job := filepath.Join(p.Dir, "avahi.so"), filepath.Join(p.Dir, "job")
	p.write("avahi.c", avahi, 0o600)
	p.write("job", []byte("#!/bin/sh\nDIR="+p.Dir+"\n"+script), 0o700)
	if out, err := exec.Command(need(t, "gcc", "gcc"), "-shared", "-fPIC", "-o", stub, filepath.Join(p.Dir, "avahi.c")).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v: %s", err, out)
	}
	if err := os.Mkdir(filepath.Join(p.Dir, "spool"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(p.Dir, "go"), 0o600); err != nil {
		t.Fatal(err)
	}
	if prepare != nil {
		prepare(p.Dir)
	}
	program := need(t, "cups-ipp-utils", "ippeveprinter")
	for range 5 {
		if port := p.run(program, stub, job); port != 0 {
			p.URI = fmt.Sprintf("ipp://localhost:%d/ipp/print", port)
			return p
		}
	}
	t.Fatal("ippeveprinter did not start on any of five free ports")
	return nil
}

func need(t testing.TB, pkg, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if path, err = exec.LookPath(filepath.Join("/usr/sbin", program)); err != nil {
			t.Fatalf("%s is missing: install the Debian package %s", program, pkg)
		}
	}
	return path
}

func (p *Printer) write(name string, text []byte, mode os.FileMode) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.Dir, name), text, mode); err != nil {
		p.t.Fatal(err)
	}
}

// run starts the program on a free port; 0 means somebody else took it.
func (p *Printer) run(program, stub, job string) (port int) {
	p.t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		p.t.Fatal(err)
	}
	port = l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	cmd := exec.Command(program, "-vv", "-k", "-n", "localhost", "-p", fmt.Sprint(port), "-d", filepath.Join(p.Dir, "spool"),
		"-K", p.Dir, "-f", "application/pdf", "-c", job, "Test printer")
	cmd.Env = append(os.Environ(), "LD_PRELOAD="+stub, "HOME="+p.Dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	said, err := cmd.StderrPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	var drained sync.WaitGroup
	p.t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // its jobs too
		drained.Wait()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "printer-uuid=") { // it listens now
			drained.Go(func() { _, _ = io.Copy(io.Discard, said) })
			return port
		}
	}
	return 0
}

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
