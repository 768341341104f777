package printer

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// Mistakes of setting up a printer: each has words of its own for IT.

// mistake is a fake that is not what the configuration takes it for.
type mistake struct {
	name string
	make func(f *fake) *ipp
	code fault.Code
	says string // in the detail
}

// answers has the printer's web server answer who asks what it is.
func answers(status int, header map[string]string, page string) func(*fake) *ipp {
	return func(f *fake) *ipp {
		f.on[goipp.OpGetPrinterAttributes] = func(w http.ResponseWriter, r *http.Request, _ *goipp.Message) bool {
			_, _ = io.Copy(io.Discard, r.Body)
			for name, value := range header {
				w.Header().Set(name, value)
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, page)
			return true
		}
		return f.printer()
	}
}

// redirects has it send on to somewhere else.
func redirects(status int, to string) func(*fake) *ipp {
	return answers(status, map[string]string{"Location": to}, "")
}

// says has something that is no web server answer whoever connects.
func says(greeting string) func(*fake) *ipp {
	return func(f *fake) *ipp {
		l, err := net.Listen("tcp", "localhost:0")
		if err != nil {
			f.t.Fatal(err)
		}
		f.t.Cleanup(func() { _ = l.Close() })
		go func() {
			for c, err := l.Accept(); err == nil; c, err = l.Accept() {
				// Closed with something unread, a connection may lose what was written.
				if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
					_, _ = io.Copy(io.Discard, r.Body)
				}
				_, _ = io.WriteString(c, greeting)
				_ = c.Close()
			}
		}()
		p := newIPP(&url.URL{Scheme: "ipp", Host: l.Addr().String(), Path: "/ipp/print"}, nil, lobby("", ""))
		p.limits = f.limits
		return p
	}
}

// refuses has it refuse in IPP.
func refuses(status goipp.Status) func(*fake) *ipp {
	return func(f *fake) *ipp {
		f.on[goipp.OpGetPrinterAttributes] = refuse(status)
		return f.printer()
	}
}

// secured is an ipps printer whose server does TLS in its way; the client has its pin.
func secured(c *tls.Config) func(*fake) *ipp {
	return func(f *fake) *ipp {
		f.server.TLS = c
		f.server.StartTLS()
		pin := sha256.Sum256(f.server.Certificate().RawSubjectPublicKeyInfo)
		return f.open("ipps", pin[:])
	}
}

// old is TLS 1.2 with one cipher suite.
func old(suite uint16) *tls.Config {
	return &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite}}
}

func mistakes(t *testing.T) []mistake {
	const html = "<html><body>Welcome to the printer</body></html>"
	return []mistake{
		{"it asks for an upgrade", answers(http.StatusUpgradeRequired, nil, ""), fault.PrinterEncryption, "426"},
		{"it sends on to https", redirects(http.StatusMovedPermanently, "https://printer/ipp/print"), fault.PrinterEncryption, "301 to https://printer/ipp/print"},
		{"it sends on to ipps", redirects(http.StatusPermanentRedirect, "ipps://printer/ipp/print"), fault.PrinterEncryption, "308"},
		{"it sends on to https for now", redirects(http.StatusFound, "https://printer/"), fault.PrinterEncryption, "302"},
		{"its port is for HTTPS", func(f *fake) *ipp {
			f.server.StartTLS()
			return f.open("ipp", nil)
		}, fault.PrinterEncryption, "400"},
		{"its port is for TLS alone", says("\x15\x03\x01\x00\x02\x02\x46"), fault.PrinterEncryption, "malformed HTTP"},
		{"nothing is at the path", answers(http.StatusNotFound, nil, html), fault.PrinterPath, "404"},
		{"the path makes no sense to it", answers(http.StatusBadRequest, nil, html), fault.PrinterPath, "400"},
		{"a web server is at the path", answers(http.StatusMethodNotAllowed, nil, html), fault.PrinterPath, "405"},
		{"it sends on to another path", redirects(http.StatusMovedPermanently, "/web/index.html"), fault.PrinterPath, "/web/index.html"},
		{"it says in IPP that nothing is at the path", refuses(goipp.StatusErrorNotFound), fault.PrinterPath, "client-error-not-found"},
		{"a web page", answers(http.StatusOK, nil, html), fault.PrinterNotIPP, "not IPP but text/html"},
		{"something for programs", answers(http.StatusOK, map[string]string{"Content-Type": "application/json"}, "{}"), fault.PrinterNotIPP, "application/json"},
		{"nothing at all", answers(http.StatusOK, map[string]string{"Content-Type": goipp.ContentType}, ""), fault.PrinterNotIPP, "not IPP"},
		{"more than any printer says", answers(http.StatusOK, nil, strings.Repeat("x", maxAnswer+1)), fault.PrinterNotIPP, "longer than 4 MiB"},
		{"another device", says("SSH-2.0-OpenSSH_9.2\r\n"), fault.PrinterNotIPP, "SSH-2.0"},
		{"no version of IPP fits", refuses(goipp.StatusErrorVersionNotSupported), fault.PrinterVersion, "version-not-supported"},
		{"its TLS is 1.1", secured(&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}), fault.PrinterTLS, "protocol version"},
		{"its ciphers are broken", secured(old(tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA)), fault.PrinterTLS, "handshake failure"},
		{"it has no TLS at this port", func(f *fake) *ipp {
			f.server.Start()
			return f.open("ipps", make([]byte, sha256.Size))
		}, fault.PrinterTLS, "does not look like a TLS handshake"},
		{"its certificate is damaged", func(f *fake) *ipp {
			pair, pin := selfSigned(t)
			pair.Certificate[0] = bytes.Replace(pair.Certificate[0], []byte("localhost"), []byte("localhos\xff"), 1)
			f.server.Listener = tls.NewListener(f.server.Listener, &tls.Config{Certificates: []tls.Certificate{pair}})
			f.server.Start()
			return f.open("ipps", pin)
		}, fault.PrinterCertificate, "failed to parse certificate"},
	}
}

func TestAMistakeOfSettingUpHasWordsOfItsOwn(t *testing.T) {
	for _, c := range mistakes(t) {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			p := c.make(f)
			wrong := p.Ready(soon(t))
			if codeOf(wrong) != c.code || !strings.Contains(wrong.Detail, c.says) {
				t.Errorf("ready: %+v, want %s with %q", wrong, c.code, c.says)
			}
			r := p.Print(soon(t), page(1), ignore)
			honest(t, r)
			if r.Outcome != fault.Failed || r.Fault.Code != c.code {
				t.Errorf("print: %+v, want failed, %s", r, c.code)
			}
			if row, _ := fault.PrinterFaultOf(c.code); !row.Gate {
				t.Errorf("visitors can print with it: %+v", row)
			}
		})
	}
}

// A printer that restarts may answer as if nothing were at its path: the page is waited for.
func TestAPathThatIsEmptyForAWhileLosesNoPage(t *testing.T) {
	f := newFake(t)
	f.on[goipp.OpGetJobAttributes] = f.firstFew(3, func(w http.ResponseWriter, _ *goipp.Message) { w.WriteHeader(http.StatusNotFound) })
	if r := f.printer().Print(soon(t), page(1), ignore); r != (desk.Result{Outcome: fault.Printed}) {
		t.Errorf("%+v, want printed", r)
	}
}

// Only with a pin, which ipps always has, are keys exchanged without forward secrecy.
func TestAPinnedPrinterMayExchangeKeysByRSA(t *testing.T) {
	for _, suite := range byRSA {
		f := newFake(t)
		p := secured(old(suite))(f)
		if r := p.Print(soon(t), page(1), ignore); r != (desk.Result{Outcome: fault.Printed}) {
			t.Errorf("%s: %+v, want printed", tls.CipherSuiteName(suite), r)
		}
		if wrong := f.open("ipps", nil).Ready(soon(t)); codeOf(wrong) != fault.PrinterTLS {
			t.Errorf("%s without a pin: %+v", tls.CipherSuiteName(suite), wrong)
		}
		if wrong := f.open("ipps", make([]byte, sha256.Size)).Ready(soon(t)); codeOf(wrong) != fault.PrinterKey {
			t.Errorf("%s with another pin: %+v", tls.CipherSuiteName(suite), wrong)
		}
	}
}

// Some printers take a random serial number of their certificate without looking at its sign.
func TestACertificateMayHaveANegativeSerialNumber(t *testing.T) {
	pair, pin := selfSigned(t)
	serial := []byte{0x02, 0x01, 0x01} // INTEGER 1, the first of its length after the version
	at := bytes.Index(pair.Certificate[0], append([]byte{0x02, 0x01, 0x02}, serial...))
	if at < 0 {
		t.Fatal("no serial number in the certificate")
	}
	pair.Certificate[0][at+5] = 0xff // -1
	f := newFake(t)
	f.server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	f.server.StartTLS()
	if r := f.open("ipps", pin).Print(soon(t), page(1), ignore); r != (desk.Result{Outcome: fault.Printed}) {
		t.Errorf("%+v, want printed", r)
	}
}
