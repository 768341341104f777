package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"vaxkiosk/app/config"
	"vaxkiosk/app/visit"
)

// The same troubles with a real IPP Everywhere printer in software, CUPS'
// ippeveprinter. It cannot freeze, restart or forget a job: those are the press's.

func eveDrills() []drill {
	return []drill{
		{"real printer out of paper", "while it prints, refilled", visit.FaultPaper, func(g *guest) {
			// Each job finds the tray empty and waits for a line from staff.
			e := newEve(g, "echo 'STATE: +media-empty-error' >&2\nread line < $DIR/staff\necho 'STATE: -media-empty-error' >&2\n")
			g.toRecord()
			g.do(visit.Print{})
			g.fault(visit.Printing, visit.FaultPaper)
			e.staff()
			e.printed(1)
		}},
		{"real printer jammed", "it gives the job up, the visitor asks again", visit.FaultJam, func(g *guest) {
			// The first job jams and ends once staff has torn the sheet out; the second prints.
			e := newEve(g, "[ -e $DIR/jammed ] && exit 0\ntouch $DIR/jammed\necho 'STATE: +media-jam-error' >&2\nread line < $DIR/staff\n"+
				"echo 'STATE: -media-jam-error' >&2\nexit 1\n")
			g.toRecord()
			g.do(visit.Print{})
			g.fault(visit.Printing, visit.FaultJam)
			e.staff()
			g.await(visit.PrintFailed)
			g.do(visit.Print{})
			e.printed(2) // it keeps what it was sent, also of the job it gave up
		}},
	}
}

// eve is a running ippeveprinter that a kiosk prints to.
type eve struct {
	*guest
	dir string
}

// newEve starts one whose jobs run a script in the folder $DIR, and the kiosk.
func newEve(g *guest, script string) *eve {
	g.t.Helper()
	program, err := exec.LookPath("/usr/sbin/ippeveprinter")
	if err != nil {
		g.t.Fatalf("install the Debian package cups-ipp-utils: %v", err)
	}
	e := &eve{g, g.t.TempDir()}
	job := filepath.Join(e.dir, "job")
	if err := os.WriteFile(job, []byte("#!/bin/sh\nDIR="+e.dir+"\n"+script), 0o700); err != nil {
		g.t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(e.dir, "staff"), 0o600); err != nil {
		g.t.Fatal(err)
	}
	quiet := filepath.Join(e.dir, "avahi.so") // it need not announce itself
	if out, err := exec.Command("gcc", "-shared", "-fPIC", "-o", quiet, "printer/testdata/avahi.c").CombinedOutput(); err != nil {
		g.t.Fatalf("gcc: %v: %s", err, out)
	}
	for range 5 {
		if port := e.run(program, quiet, job); port != 0 {
			g.cfg.Printer = config.Printer{URI: fmt.Sprintf("ipp://localhost:%d/ipp/print", port)}
			g.start()
			return e
		}
	}
	g.t.Fatal("ippeveprinter did not start on any of five free ports")
	return nil
}

// run starts the program on a free port; 0 means somebody else took it.
func (e *eve) run(program, quiet, job string) int {
	e.t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		e.t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	cmd := exec.Command(program, "-vv", "-k", "-n", "localhost", "-p", fmt.Sprint(port), "-d", e.dir, "-K", e.dir,
		"-f", "application/pdf", "-c", job, "Drill")
	cmd.Env = append(os.Environ(), "LD_PRELOAD="+quiet, "HOME="+e.dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	said, err := cmd.StderrPipe()
	if err != nil {
		e.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	var drained sync.WaitGroup
	e.t.Cleanup(func() {
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

// staff does what the script waits for.
func (e *eve) staff() {
	e.t.Helper()
	if err := os.WriteFile(filepath.Join(e.dir, "staff"), []byte("done\n"), 0); err != nil {
		e.t.Fatal(err)
	}
}

// printed ends the visit once the page is out; the printer was sent so many documents.
func (e *eve) printed(documents int) {
	e.t.Helper()
	e.await(visit.Done)
	if all, err := filepath.Glob(filepath.Join(e.dir, "*.pdf")); err != nil || len(all) != documents {
		e.t.Errorf("the printer was sent %d documents, %v", len(all), err)
	}
	e.leave()
}
