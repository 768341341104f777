package config

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"vaxkiosk/app/tpm"
	"vaxkiosk/sync/keyfile"
)

// Connections: central and the printer. Nothing here is trusted without being
// named: no system CAs, no printer certificate without its pin.

func (f *file) central() Central {
	return Central{URL: f.centralURL(), CA: f.ca(), Cert: f.certificate(), Pin: f.centralPin(), Proxy: f.proxy()}
}

// proxy reads the address of a proxy. One that wants a password is refused: the
// configuration is no place for it, and a kiosk can be let through by its address.
func (f *file) proxy() string {
	const what = `"http://HOST:PORT"`
	if !f.has("central.proxy") {
		return ""
	}
	u, err := url.Parse(f.text("central.proxy", what))
	if err != nil {
		u = &url.URL{}
	}
	bare := u.RawQuery == "" && u.Fragment == "" && strings.Trim(u.Path, "/") == ""
	switch {
	case f.values["central.proxy"] == "":
	case u.User != nil:
		f.wrong("central.proxy", "has a name or password in it; let the kiosk's address through without, and set it to %s", what)
	case u.Scheme != "http" || u.Hostname() == "" || u.Port() == "" || !bare:
		f.wrong("central.proxy", "is not the address of a proxy; set it to %s", what)
	default:
		return u.Host
	}
	return ""
}

func (f *file) centralURL() string {
	const what = `central's address, for example "https://central.example.org"`
	s := f.text("central.url", what)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		f.wrong("central.url", "is not an address without a path; set it to %s", what)
	case u.Scheme != "https":
		f.wrong("central.url", "must start with https://; set it to %s", what)
	default:
		return "https://" + u.Host
	}
	return ""
}

func (f *file) centralPin() string {
	const what = "the thumbprint of the key that signs central's settings, as the enrolment wrote it, 43 characters"
	pin := f.text("central.pin", what)
	if raw, err := base64.RawURLEncoding.DecodeString(pin); pin != "" && (err != nil || len(raw) != sha256.Size) {
		f.wrong("central.pin", "is not a SHA-256 thumbprint in base64url; set it to %s", what)
	}
	return pin
}

func (f *file) ca() *x509.CertPool {
	b := f.read("central.ca", "the file with the CA that vouches for central, in PEM")
	pool := x509.NewCertPool()
	if b != nil && !pool.AppendCertsFromPEM(b) {
		f.wrong("central.ca", "has no certificate in it; name a PEM file with BEGIN CERTIFICATE")
	}
	return pool
}

// certificate reads the kiosk's certificate. Whether it is out of its time is no
// matter of the file: the kiosk starts, and says on the screen that it is. So does one whose
// key is in a TPM that does not have it any more, or not now.
func (f *file) certificate() tls.Certificate {
	const what = "the file with the private key of this kiosk's certificate, in PEM"
	store, device := f.keyStore(), f.tpm()
	cert := f.read("central.cert", "the file with this kiosk's certificate, in PEM")
	if name, is := f.values["central.key"].(string); is && tpm.Is(name) {
		return f.inTPM(cert, f.text("central.key", what), device)
	}
	key := f.secret("central.key", what)
	if key != nil && store == KeyInTPM {
		f.wrong("central.key", "is in a file, and central.key_store wants it in a TPM; enrol the kiosk again, or set central.key_store to %q", KeyAuto)
	}
	if cert == nil || key == nil {
		return tls.Certificate{}
	}
	pair, err := tls.X509KeyPair(cert, key)
	switch {
	case err != nil && strings.Contains(err.Error(), "does not match"):
		f.wrong("central.key", "does not belong to central.cert; name the key that the certificate was made for")
	case err != nil && strings.Contains(err.Error(), "key"):
		f.wrong("central.key", "has no usable private key in it; name a PEM file with BEGIN PRIVATE KEY")
	case err != nil:
		f.noCertificate()
	}
	return pair
}

func (f *file) noCertificate() {
	f.wrong("central.cert", "has no usable certificate in it; name a PEM file with BEGIN CERTIFICATE")
}

// inTPM is a certificate whose key is in a TPM. The TPM is not asked.
func (f *file) inTPM(cert []byte, name, device string) tls.Certificate {
	var pair tls.Certificate
	for block, rest := pem.Decode(cert); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			pair.Certificate = append(pair.Certificate, block.Bytes)
		}
	}
	if cert == nil {
		return tls.Certificate{}
	}
	var err error
	if len(pair.Certificate) > 0 {
		pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0])
	}
	if err != nil || pair.Leaf == nil {
		f.noCertificate()
		return tls.Certificate{}
	}
	public, is := pair.Leaf.PublicKey.(*ecdsa.PublicKey)
	if pair.PrivateKey, err = tpm.At(device).Key(name, public); err != nil || !is {
		f.wrong("central.key", "does not name a key in a TPM for central.cert; enrol the kiosk again, which writes both")
		return tls.Certificate{}
	}
	return pair
}

// keyStore reads where an enrolment is to keep the key.
func (f *file) keyStore() string {
	if !f.has("central.key_store") {
		return KeyAuto
	}
	return f.oneOf("central.key_store", KeyAuto, KeyInTPM, KeyInFile)
}

// tpm reads where the TPM is, "" for the usual place.
func (f *file) tpm() string {
	const what = `the path of its device, such as "/dev/tpmrm0", or "unix:PATH" of an emulator`
	if !f.has("central.tpm") {
		return ""
	}
	path := f.text("central.tpm", what)
	if path != "" && !tpm.Usable(path) {
		f.wrong("central.tpm", "is not where a TPM is; set it to %s", what)
		return ""
	}
	return path
}

// secret is read for a file that nobody else may read: with this key anybody is the
// kiosk.
func (f *file) secret(key, what string) []byte {
	b := f.read(key, what)
	var wide *keyfile.ModeError
	if b != nil && errors.As(keyfile.Private(f.path(key, f.values[key].(string))), &wide) {
		f.wrong(key, "names %s, which others can read (mode %04o); run chmod 600 on it, and enrol the kiosk again if somebody may have seen it", wide.Path, wide.Mode)
		return nil
	}
	return b
}

// read returns the content of the file a key names; nil means a noted problem.
func (f *file) read(key, what string) []byte {
	name := f.text(key, what)
	if name == "" {
		return nil
	}
	b, err := os.ReadFile(f.path(key, name))
	if err != nil {
		f.wrong(key, "names %s, which cannot be read (%v); correct the path or the file's rights", f.path(key, name), cause(err))
		return nil
	}
	return b
}

func (f *file) printer() Printer {
	const what = `"ipp://HOST/ipp/print", "ipps://HOST/ipp/print" or "folder:PATH"`
	hasPin, hold, uncounted := f.has("printer.pin"), f.flag("printer.hold", false), f.flag("printer.uncounted", false)
	s := f.text("printer.uri", what)
	if folder, ok := strings.CutPrefix(s, "folder:"); ok && folder != "" {
		f.noPin(hasPin)
		f.noHold(hold)
		f.onlyTests()
		if uncounted {
			f.wrong("printer.uncounted", "is for printers that count; remove it, as a folder does not")
		}
		return Printer{Folder: f.path("printer.uri", folder)}
	}
	u, err := url.Parse(s)
	switch {
	case s == "":
	case err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "ipp" && u.Scheme != "ipps":
		f.wrong("printer.uri", "is not the address of a printer; set it to %s", what)
	case u.Scheme == "ipp":
		f.noPin(hasPin)
		f.noHold(hold)
		return Printer{URI: s, Uncounted: uncounted}
	default:
		return Printer{URI: s, Hold: hold, Uncounted: uncounted, Pin: f.printerPin()}
	}
	return Printer{}
}

// onlyTests refuses a folder in place of a printer where the public stands: nobody
// would get a page, and records would pile up on the disk, readable.
func (f *file) onlyTests() {
	if test := f.values["kiosk.test"]; test == nil || test == false {
		f.wrong("printer.uri", "is a folder, which is for tests; set it to a printer, or set kiosk.test to true, and the welcome screen says TEST")
	}
}

func (f *file) noPin(has bool) {
	if has {
		f.wrong("printer.pin", "is for ipps:// only; remove it, or print over ipps://")
	}
}

func (f *file) noHold(hold bool) {
	if hold {
		f.wrong("printer.hold", "is for ipps:// only; remove it, or print over ipps://")
	}
}

func (f *file) printerPin() []byte {
	const what = "the SHA-256 of the printer's public key, 64 hexadecimal digits"
	s := f.text("printer.pin", what)
	if s == "" {
		return nil
	}
	pin, err := hex.DecodeString(strings.ReplaceAll(s, ":", ""))
	if err != nil || len(pin) != sha256.Size {
		f.wrong("printer.pin", "is not a SHA-256; set it to %s", what)
		return nil
	}
	return pin
}

// cause drops the file name that the sentence already has.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
