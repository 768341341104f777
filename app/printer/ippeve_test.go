package printer

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/visit"
)

// A real IPP Everywhere printer in software: ippeveprinter of CUPS. Its DNS-SD
// announcements go nowhere (testdata/avahi.c), so that it starts as any user, in
// a bare container, and beside an avahi that is running already.

func need(t *testing.T, pkg, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if path, err = exec.LookPath(filepath.Join("/usr/sbin", program)); err != nil {
			t.Fatalf("%s is missing: install the Debian package %s", program, pkg)
		}
	}
	return path
}

// eve is a running ippeveprinter.
type eve struct {
	*ipp
	dir string // with the spool and what the job script needs
	pin string // of its key
}

// startEve starts a printer whose jobs run a script: $1 is the document, the
// folder $DIR has the FIFO "go". It keeps spooled files.
func startEve(t *testing.T, script string) *eve {
	t.Helper()
	program := need(t, "cups-ipp-utils", "ippeveprinter")
	dir := t.TempDir()
	stub := filepath.Join(dir, "avahi.so")
	if out, err := exec.Command(need(t, "gcc", "gcc"), "-shared", "-fPIC", "-o", stub, "testdata/avahi.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v: %s", err, out)
	}
	command := filepath.Join(dir, "job")
	if err := os.WriteFile(command, []byte("#!/bin/sh\nDIR="+dir+"\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "spool"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "go"), 0o600); err != nil {
		t.Fatal(err)
	}
	pin := writeKey(t, dir)
	for range 5 {
		if port := tryEve(t, program, stub, dir, command); port != 0 {
			u := &url.URL{Scheme: "ipp", Host: fmt.Sprintf("localhost:%d", port), Path: "/ipp/print"}
			p := newIPP(u, nil)
			p.poll = 20 * time.Millisecond
			t.Cleanup(p.http.CloseIdleConnections)
			return &eve{p, dir, pin}
		}
	}
	t.Fatal("ippeveprinter did not start on any of five free ports")
	return nil
}

// writeKey makes the printer's key with a certificate it signed itself.
func writeKey(t *testing.T, dir string) (pin string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"localhost.crt": {Type: "CERTIFICATE", Bytes: der}, "localhost.key": {Type: "PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}

// tryEve starts the program on a free port; 0 means somebody else took it.
func tryEve(t *testing.T, program, stub, dir, command string) int {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	cmd := exec.Command(program, "-vv", "-k", "-n", "localhost", "-p", fmt.Sprint(port), "-d", filepath.Join(dir, "spool"),
		"-K", dir,
		"-f", pdfFormat, "-c", command, "Test printer")
	cmd.Env = append(os.Environ(), "LD_PRELOAD="+stub, "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var drained sync.WaitGroup
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // its jobs too
		drained.Wait()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "printer-uuid=") { // it listens now
			drained.Go(func() { _, _ = io.Copy(io.Discard, log) })
			return port
		}
	}
	return 0
}

// release lets the script go on that waits for a line from the FIFO.
func (e *eve) release(t *testing.T) {
	f, err := os.OpenFile(filepath.Join(e.dir, "go"), os.O_RDWR, 0) // does not block
	if err != nil {
		t.Error(err)
		return
	}
	t.Cleanup(func() { f.Close() })
	if _, err := f.WriteString("go\n"); err != nil {
		t.Error(err)
	}
}

func (e *eve) spool(t *testing.T) [][]byte { return files(t, filepath.Join(e.dir, "spool"), "*.pdf") }

func TestARealPrinterConforms(t *testing.T) {
	e := startEve(t, "exit 0\n")
	conform(t, rig{e.ipp, func() [][]byte { return e.spool(t) }})
}

func TestARealPrinterOverTLSIsPinned(t *testing.T) {
	e := startEve(t, "exit 0\n")
	secure := strings.Replace(e.printer, "ipp:", "ipps:", 1)
	p, err := Open(secure, e.pin)
	if err != nil {
		t.Fatal(err)
	}
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != desk.Printed {
		t.Errorf("%+v", r)
	}
	stranger, err := Open(secure, strings.Repeat("00", sha256.Size))
	if err != nil {
		t.Fatal(err)
	}
	if fault := stranger.Ready(soon(t)); fault == nil || !strings.Contains(fault.Detail, e.pin) {
		t.Errorf("a key nobody pinned: %+v, want a fault that tells the key", fault)
	}
}

func TestARealPrinterThatAbortsHasFailed(t *testing.T) {
	e := startEve(t, "echo 'ERROR: fuser is cold' >&2\nexit 1\n")
	r := e.Print(soon(t), page(1), ignore)
	if r.Outcome != desk.Failed || r.Fault.Code != visit.FaultPrinter {
		t.Errorf("%+v, want failed", r)
	}
}

func TestARealPrinterOutOfPaperPrintsWhenRefilled(t *testing.T) {
	e := startEve(t, `echo 'STATE: +media-empty-error' >&2
read line < $DIR/go
echo 'STATE: -media-empty-error' >&2
exit 0
`)
	var faults []string
	r := e.Print(soon(t), page(1), func(g desk.Progress) {
		if g.Fault != nil {
			faults = append(faults, g.Fault.Code)
			e.release(t)
		}
	})
	if r.Outcome != desk.Printed || strings.Join(faults, " ") != visit.FaultPaper {
		t.Errorf("%+v after %q, want printed after paper", r, faults)
	}
	if came := e.spool(t); len(came) != 1 || !bytes.Equal(came[0], page(1).PDF) {
		t.Error("the document did not arrive byte by byte")
	}
}

// afterCancel lets do happen once the printer has answered a Cancel-Job.
type afterCancel struct {
	http.RoundTripper
	do func()
}

func (a afterCancel) RoundTrip(r *http.Request) (*http.Response, error) {
	var head [4]byte
	if _, err := io.ReadFull(r.Body, head[:]); err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(head[:]), r.Body))
	res, err := a.RoundTripper.RoundTrip(r)
	if err == nil && goipp.Op(head[2])<<8|goipp.Op(head[3]) == goipp.OpCancelJob {
		a.do()
	}
	return res, err
}

func TestARealPrinterRemovesTheJobOfAnEndedVisit(t *testing.T) {
	e := startEve(t, `echo 'STATE: +media-empty-error' >&2
read line < $DIR/go
exit 0
`)
	e.http.Transport = afterCancel{e.http.Transport, func() { e.release(t) }}
	ctx, end := context.WithCancel(soon(t))
	defer end()
	r := e.Print(ctx, page(1), func(g desk.Progress) {
		if g.Fault != nil {
			end()
		}
	})
	if r.Outcome != desk.Failed || r.Fault.Code != visit.FaultPaper {
		t.Errorf("%+v, want failed for want of paper", r)
	}
}
