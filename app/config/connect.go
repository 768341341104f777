package config

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"net/url"
	"strings"

	"vaxkiosk/app/tpm"
)

// Connections: central and the printer. Nothing here is trusted without being
// named: no system CAs, no printer certificate without its pin.

func (f file) central() Central {
	return Central{URL: f.centralURL(), CA: f.ca(), Cert: f.certificate(), Pin: f.centralPin(), Proxy: f.proxy()}
}

// proxy reads the address of a proxy. One that wants a password is refused: the
// configuration is no place for it, and a kiosk can be let through by its address.
func (f file) proxy() string {
	const what = `"http://HOST:PORT"`
	if !f.Has("central.proxy") {
		return ""
	}
	u, err := url.Parse(f.Text("central.proxy", what))
	if err != nil {
		u = &url.URL{}
	}
	bare := u.RawQuery == "" && u.Fragment == "" && strings.Trim(u.Path, "/") == ""
	switch {
	case f.Value("central.proxy") == "":
	case u.User != nil:
		f.Wrong("central.proxy", "has a name or password in it; let the kiosk's address through without, and set it to %s", what)
	case u.Scheme != "http" || u.Hostname() == "" || u.Port() == "" || !bare:
		f.Wrong("central.proxy", "is not the address of a proxy; set it to %s", what)
	default:
		return u.Host
	}
	return ""
}

func (f file) centralURL() string {
	const what = `central's address, for example "https://central.example.org"`
	s := f.Text("central.url", what)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		f.Wrong("central.url", "is not an address without a path; set it to %s", what)
	case u.Scheme != "https":
		f.Wrong("central.url", "must start with https://; set it to %s", what)
	default:
		return "https://" + u.Host
	}
	return ""
}

func (f file) centralPin() string {
	const what = "the thumbprint of the key that signs central's settings, as the enrolment wrote it, 43 characters"
	pin := f.Text("central.pin", what)
	if raw, err := base64.RawURLEncoding.DecodeString(pin); pin != "" && (err != nil || len(raw) != sha256.Size) {
		f.Wrong("central.pin", "is not a SHA-256 thumbprint in base64url; set it to %s", what)
	}
	return pin
}

func (f file) ca() *x509.CertPool {
	b := f.Read("central.ca", "the file with the CA that vouches for central, in PEM")
	pool := x509.NewCertPool()
	if b != nil && !pool.AppendCertsFromPEM(b) {
		f.Wrong("central.ca", "has no certificate in it; name a PEM file with BEGIN CERTIFICATE")
	}
	return pool
}

// certificate reads the kiosk's certificate. Whether it is out of its time is no
// matter of the file: the kiosk starts, and says on the screen that it is. So does one whose
// key is in a TPM that does not have it any more, or not now.
func (f file) certificate() tls.Certificate {
	const what = "the file with the private key of this kiosk's certificate, in PEM"
	store, device := f.keyStore(), f.tpm()
	cert := f.Read("central.cert", "the file with this kiosk's certificate, in PEM")
	if name, is := f.Value("central.key").(string); is && tpm.Is(name) {
		return f.inTPM(cert, f.Text("central.key", what), device)
	}
	key := f.Secret("central.key", what, "and enrol the kiosk again") // with it anybody is the kiosk
	if key != nil && store == KeyInTPM {
		f.Wrong("central.key", "is in a file, and central.key_store wants it in a TPM; enrol the kiosk again, or set central.key_store to %q", KeyAuto)
	}
	if cert == nil || key == nil {
		return tls.Certificate{}
	}
	pair, err := tls.X509KeyPair(cert, key)
	switch {
	case err != nil && strings.Contains(err.Error(), "does not match"):
		f.Wrong("central.key", "does not belong to central.cert; name the key that the certificate was made for")
	case err != nil && strings.Contains(err.Error(), "key"):
		f.Wrong("central.key", "has no usable private key in it; name a PEM file with BEGIN PRIVATE KEY")
	case err != nil:
		f.noCertificate()
	}
	return pair
}

func (f file) noCertificate() {
	f.Wrong("central.cert", "has no usable certificate in it; name a PEM file with BEGIN CERTIFICATE")
}

// inTPM is a certificate whose key is in a TPM. The TPM is not asked.
func (f file) inTPM(cert []byte, name, device string) tls.Certificate {
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
		f.Wrong("central.key", "does not name a key in a TPM for central.cert; enrol the kiosk again, which writes both")
		return tls.Certificate{}
	}
	return pair
}

// keyStore reads where an enrolment is to keep the key.
func (f file) keyStore() string {
	if !f.Has("central.key_store") {
		return KeyAuto
	}
	return f.OneOf("central.key_store", KeyAuto, KeyInTPM, KeyInFile)
}

// tpm reads where the TPM is, "" for the usual place.
func (f file) tpm() string {
	const what = `the path of its device, such as "/dev/tpmrm0", or "unix:PATH" of an emulator`
	if !f.Has("central.tpm") {
		return ""
	}
	path := f.Text("central.tpm", what)
	if path != "" && !tpm.Usable(path) {
		f.Wrong("central.tpm", "is not where a TPM is; set it to %s", what)
		return ""
	}
	return path
}

func (f file) printer() Printer {
	const what = `"ipp://HOST/ipp/print", "ipps://HOST/ipp/print" or "folder:PATH"`
	hasPin, hold, uncounted := f.Has("printer.pin"), f.Bool("printer.hold", false), f.Bool("printer.uncounted", false)
	s := f.Text("printer.uri", what)
	if folder, ok := strings.CutPrefix(s, "folder:"); ok && folder != "" {
		f.noPin(hasPin)
		f.noHold(hold)
		f.onlyTests()
		if uncounted {
			f.Wrong("printer.uncounted", "is for printers that count; remove it, as a folder does not")
		}
		return Printer{Folder: f.Path("printer.uri", folder)}
	}
	u, err := url.Parse(s)
	switch {
	case s == "":
	case err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "ipp" && u.Scheme != "ipps":
		f.Wrong("printer.uri", "is not the address of a printer; set it to %s", what)
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
func (f file) onlyTests() {
	if test := f.Value("kiosk.test"); test == nil || test == false {
		f.Wrong("printer.uri", "is a folder, which is for tests; set it to a printer, or set kiosk.test to true, and the welcome screen says TEST")
	}
}

func (f file) noPin(has bool) {
	if has {
		f.Wrong("printer.pin", "is for ipps:// only; remove it, or print over ipps://")
	}
}

func (f file) noHold(hold bool) {
	if hold {
		f.Wrong("printer.hold", "is for ipps:// only; remove it, or print over ipps://")
	}
}

func (f file) printerPin() []byte {
	const what = "the SHA-256 of the printer's public key, 64 hexadecimal digits"
	s := f.Text("printer.pin", what)
	if s == "" {
		return nil
	}
	pin, err := hex.DecodeString(strings.ReplaceAll(s, ":", ""))
	if err != nil || len(pin) != sha256.Size {
		f.Wrong("printer.pin", "is not a SHA-256; set it to %s", what)
		return nil
	}
	return pin
}
