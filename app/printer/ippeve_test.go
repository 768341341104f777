package printer

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/printer/printertest"
)

// The same with a real IPP Everywhere printer in software.

// rigEve starts one whose jobs run a script, and a client for it that asks often.
func rigEve(t *testing.T, script string) (*printertest.Printer, *ipp) {
	t.Helper()
	e := printertest.Start(t, script, nil)
	return e, client(t, e.URI)
}

// writeKey gives the printer a key and a certificate.
func writeKey(t *testing.T, dir string) (pin string) {
	t.Helper()
	pair, sum := selfSigned(t)
	secret, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"localhost.crt": {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, "localhost.key": {Type: "PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(sum)
}

// mayRunOut is a script whose jobs wait for paper while a file "empty" is there, and are
// not counted when a file "mute" is.
const mayRunOut = `if [ -e $DIR/empty ]; then
	echo 'STATE: +media-empty-error' >&2
	read line < $DIR/go
	rm $DIR/empty
	echo 'STATE: -media-empty-error' >&2
fi
if [ -e $DIR/mute ]; then rm $DIR/mute; else came; fi
`

// conformEve has a client conform, whose pages come out of a printer.
func conformEve(t *testing.T, e *printertest.Printer, p *ipp, ends fault.Outcome) {
	empty := filepath.Join(e.Dir, "empty")
	put := func(name string) func() {
		return func() {
			if err := os.WriteFile(filepath.Join(e.Dir, name), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	conform(t, rig{
		printer: p, ends: ends, came: func() [][]byte { return completed(t, e) },
		empty: put("empty"), mute: put("mute"), asked: listen(t, p).asked,
		refill: func() {
			if _, err := os.Stat(empty); err == nil {
				e.Go()
			}
		},
	})
}

// completed are the documents of the jobs that a printer completed, as it was sent
// them, by number.
func completed(t *testing.T, e *printertest.Printer) [][]byte {
	t.Helper()
	var all [][]byte
	for j := (&job{ipp: client(t, e.URI), id: 1}); ; j.id++ {
		s, err := j.state(soon(t))
		if isGone(err) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if s.state == jobCompleted {
			all = append(all, files(t, filepath.Join(e.Dir, "spool"), fmt.Sprintf("%d-*.pdf", j.id))...)
		}
	}
}

func TestARealPrinterConforms(t *testing.T) {
	e, p := rigEve(t, mayRunOut)
	// It calls a job cancelled when its script has ended.
	p.http.Transport = afterCancel{p.http.Transport, e.Go}
	conformEve(t, e, p, fault.Printed)
}

func TestARealPrinterOverTLSIsPinned(t *testing.T) {
	var pin string
	e := printertest.Start(t, "came\n", func(dir string) { pin = writeKey(t, dir) })
	secure := strings.Replace(e.URI, "ipp:", "ipps:", 1)
	p, err := open(secure, pin)
	if err != nil {
		t.Fatal(err)
	}
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != fault.Printed {
		t.Errorf("%+v", r)
	}
	stranger, err := open(secure, strings.Repeat("00", sha256.Size))
	if err != nil {
		t.Fatal(err)
	}
	if wrong := stranger.Ready(soon(t)); wrong == nil || !strings.Contains(wrong.Detail, pin) {
		t.Errorf("a key nobody pinned: %+v, want a fault that tells the key", wrong)
	}
}

func TestARealPrinterThatAbortsHasFailed(t *testing.T) {
	_, p := rigEve(t, "echo 'ERROR: fuser is cold' >&2\nexit 1\n")
	r := p.Print(soon(t), page(1), ignore)
	if r.Outcome != fault.Failed || r.Fault.Code != fault.PrinterStopped {
		t.Errorf("%+v, want failed", r)
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
	e, p := rigEve(t, `echo 'STATE: +media-empty-error' >&2
read line < $DIR/go
exit 0
`)
	p.http.Transport = afterCancel{p.http.Transport, func() { e.Go() }}
	leavesWithoutPaper(t, p, 1)
}
