// Package authority is the small CA of a data folder. It vouches for this service and
// for its kiosks and for nothing else: Make makes it with the folder, Server, Kiosk and
// Certify issue certificates, Verify is the handshake's question to a kiosk's certificate.
//
// The service's certificate is made anew at every start and lives only in memory.
// Kiosk makes the private key of a kiosk that gets files, and nobody but the kiosk keeps
// it; Certify never sees one, and believes nothing of a CSR but its key. It has no list
// of what it has issued: who may call is the store's table of kiosks.
package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/sync/keyfile"
)

// KioskLife is how long the certificate of a kiosk is good that is enrolled by a code: it
// renews it by itself, from 30 days before the end.
const KioskLife = 90 * 24 * time.Hour

const (
	caLife     = 10 * 365 * 24 * time.Hour
	filesLife  = 2 * 365 * 24 * time.Hour // of a kiosk that gets files, and may have no network to renew it over
	serverLife = 398 * 24 * time.Hour

	// Backdated lets a kiosk whose clock is behind by less than that hand in what it
	// has saved, though this service has made itself a new certificate.
	Backdated = 7 * 24 * time.Hour
)

// Files of the CA in its folder.
const (
	KeyFile  = "ca-key.pem"
	CertFile = "ca.pem"
)

// Authority is the CA of a folder. Use Open to get one.
type Authority struct {
	Cert *x509.Certificate

	key *ecdsa.PrivateKey
}

// Make makes the CA of a new folder.
func Make(dir string, now time.Time) error {
	key, err := keyfile.NewECDSA(filepath.Join(dir, KeyFile))
	if err != nil {
		return err
	}
	b, err := newCA(key, now)
	return errors.Join(err, keyfile.New(filepath.Join(dir, CertFile), b))
}

// Open reads the CA of a folder.
func Open(dir string) (Authority, error) {
	key, err := keyfile.ECDSA(filepath.Join(dir, KeyFile))
	if err != nil {
		return Authority{}, err
	}
	a := Authority{key: key}
	path := filepath.Join(dir, CertFile)
	b, err := os.ReadFile(path) // no secret
	if err != nil {
		return Authority{}, fmt.Errorf("the CA's certificate: %w", err)
	}
	block, _ := pem.Decode(b)
	if block != nil {
		a.Cert, err = x509.ParseCertificate(block.Bytes)
	}
	if block == nil || err != nil || !key.PublicKey.Equal(a.Cert.PublicKey) {
		return Authority{}, fmt.Errorf("%s does not fit %s beside it: restore both from the backup", path, KeyFile)
	}
	return a, nil
}

func newCA(key *ecdsa.PrivateKey, now time.Time) ([]byte, error) {
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "VaxKiosk central"}, NotAfter: now.Add(caLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}
	return sign(template, template, &key.PublicKey, key, now)
}

// sign completes a template and returns the certificate in PEM.
func sign(template, parent *x509.Certificate, key *ecdsa.PublicKey, by *ecdsa.PrivateKey, now time.Time) ([]byte, error) {
	template.NotBefore = now.Add(-Backdated)
	if !template.IsCA {
		template.KeyUsage = x509.KeyUsageDigitalSignature
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, by)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

// Pool has the CA alone.
func (a Authority) Pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.Cert)
	return p
}

// Issue makes a key and a certificate for it.
func (a Authority) Issue(template *x509.Certificate, now time.Time) (cert, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if cert, err = sign(template, a.Cert, &private.PublicKey, a.key, now); err != nil {
		return nil, nil, err
	}
	key, err = keyfile.EncodeECDSA(private)
	return cert, key, err
}

// Server makes a certificate for the names and addresses of this service.
func (a Authority) Server(hosts []string, now time.Time) (tls.Certificate, error) {
	t := &x509.Certificate{
		Subject: pkix.Name{CommonName: hosts[0]}, NotAfter: now.Add(serverLife),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	cert, key, err := a.Issue(t, now)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(cert, key)
}

// Kiosk makes a key and a certificate for a kiosk that gets files.
func (a Authority) Kiosk(name string, now time.Time) (cert, key []byte, err error) {
	return a.Issue(ofKiosk(name, now.Add(filesLife)), now)
}

func ofKiosk(name string, until time.Time) *x509.Certificate {
	return &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotAfter: until, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
}

// ErrRequest is wrapped when a CSR is none, or not of a P-256 key that has signed it.
var ErrRequest = errors.New("no certificate signing request of a P-256 key")

// Certify makes a certificate for a kiosk's key, for KioskLife, from a CSR in DER.
func (a Authority) Certify(name string, csr []byte, now time.Time) (*x509.Certificate, error) {
	key, err := KeyOf(csr)
	if err != nil {
		return nil, err
	}
	text, err := sign(ofKiosk(name, now.Add(KioskLife)), a.Cert, key, a.key, now)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	return x509.ParseCertificate(block.Bytes)
}

// KeyOf is the key of a CSR, which it has signed; else ErrRequest.
func KeyOf(csr []byte) (*ecdsa.PublicKey, error) {
	r, err := x509.ParseCertificateRequest(csr)
	if err == nil {
		err = r.CheckSignature()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRequest, err)
	}
	key, is := r.PublicKey.(*ecdsa.PublicKey)
	if !is || key.Curve != elliptic.P256() {
		return nil, ErrRequest
	}
	return key, nil
}

// Verify refuses in the handshake a certificate that is not of this CA or not for
// clients. One whose time is over passes.
func (a Authority) Verify(leaf *x509.Certificate, at time.Time) error {
	if at.After(leaf.NotAfter) {
		at = leaf.NotAfter
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: a.Pool(), CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	return err
}

// Fingerprint is the SHA-256 of a certificate in DER, in hexadecimal: what the table of
// kiosks calls a kiosk.
func Fingerprint(cert []byte) string {
	sum := sha256.Sum256(cert)
	return hex.EncodeToString(sum[:])
}
