package printer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/fault"
)

// selfSigned makes a printer's key with a certificate it signed itself.
func selfSigned(t *testing.T) (pair tls.Certificate, pin []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, sum[:]
}

// keyed is a fake that shows one key and, once changed, another.
func keyed(t *testing.T) (f *fake, p *ipp, changed *atomic.Bool) {
	t.Helper()
	before, pin := selfSigned(t)
	after, _ := selfSigned(t)
	f, changed = newFake(t), &atomic.Bool{}
	f.server.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		if changed.Load() {
			return &tls.Config{Certificates: []tls.Certificate{after}}, nil
		}
		return &tls.Config{Certificates: []tls.Certificate{before}}, nil
	}}
	f.server.Config.SetKeepAlivesEnabled(false) // each message is a new connection
	f.server.StartTLS()
	return f, f.open("ipps", pin), changed
}

func TestAPrinterWithAnotherKeyIsSentNothing(t *testing.T) {
	f, p, changed := keyed(t)
	if wrong := p.Ready(soon(t)); wrong != nil {
		t.Fatalf("the pinned key: %+v", *wrong)
	}
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != fault.Printed {
		t.Fatalf("the pinned key: %+v", r)
	}
	changed.Store(true)
	seen := len(f.seen)
	wrong := p.Ready(soon(t))
	if wrong == nil || wrong.Code != fault.PrinterKey {
		t.Errorf("ready: %+v", wrong)
	}
	r := p.Print(soon(t), page(2), ignore)
	honest(t, r)
	if r.Outcome != fault.Failed || r.Fault.Code != fault.PrinterKey {
		t.Errorf("print: %+v", r)
	}
	if len(f.seen) != seen {
		t.Errorf("another key was sent %v", f.seen[seen:])
	}
}

// What has the page may have printed it; what answers now is not asked about it.
func TestAPrinterWhoseKeyChangesWhileItHasThePageLeavesDoubtAtOnce(t *testing.T) {
	f, p, changed := keyed(t)
	f.on[goipp.OpGetJobAttributes] = func(http.ResponseWriter, *http.Request, *goipp.Message) bool {
		changed.Store(true)
		return false
	}
	f.looked = func(*fakeJob, int) {}
	r := p.Print(soon(t), page(1), ignore)
	honest(t, r)
	if r.Outcome != fault.Unknown || !strings.Contains(r.Fault.Detail, "another key") {
		t.Errorf("%+v, want doubt", r)
	}
	if f.did(goipp.OpCancelJob) {
		t.Error("the job was cancelled at another key")
	}
}
