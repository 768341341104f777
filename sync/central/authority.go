package central

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
)

// The certificates. A small CA of its own, made with the folder, vouches for
// this service and for its kiosks and for nothing else. The service's
// certificate is made anew at every start and lives only in memory.

const (
	caLife     = 10 * 365 * 24 * time.Hour
	kioskLife  = 2 * 365 * 24 * time.Hour
	serverLife = 398 * 24 * time.Hour
	maxName    = 64 // ub-common-name, RFC 5280

	// backdated lets a kiosk whose clock is behind by less than that hand in what it
	// has saved, though this service has made itself a new certificate.
	backdated = 7 * 24 * time.Hour
)

type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

// makeAuthority makes the CA of a new folder.
func makeAuthority(dir string, now time.Time) error {
	key, err := keyfile.NewECDSA(filepath.Join(dir, caKeyFile))
	if err != nil {
		return err
	}
	b, err := newCA(key, now)
	return errors.Join(err, keyfile.New(filepath.Join(dir, CAFile), b))
}

// openAuthority reads the CA of a folder.
func openAuthority(dir string) (authority, error) {
	key, err := keyfile.ECDSA(filepath.Join(dir, caKeyFile))
	if err != nil {
		return authority{}, err
	}
	a := authority{key: key}
	path := filepath.Join(dir, CAFile)
	b, err := os.ReadFile(path) // no secret
	if err != nil {
		return authority{}, fmt.Errorf("the CA's certificate: %w", err)
	}
	block, _ := pem.Decode(b)
	if block != nil {
		a.cert, err = x509.ParseCertificate(block.Bytes)
	}
	if block == nil || err != nil || !key.PublicKey.Equal(a.cert.PublicKey) {
		return authority{}, fmt.Errorf("%s does not fit %s beside it: restore both from the backup", path, caKeyFile)
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
	template.NotBefore = now.Add(-backdated)
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, by)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

func (a authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// issue makes a key and a certificate for it.
func (a authority) issue(template *x509.Certificate, now time.Time) (cert, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	if cert, err = sign(template, a.cert, &private.PublicKey, a.key, now); err != nil {
		return nil, nil, err
	}
	key, err = keyfile.EncodeECDSA(private)
	return cert, key, err
}

// serverCertificate is for the names and addresses of this service.
func (a authority) serverCertificate(hosts []string, now time.Time) (tls.Certificate, error) {
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
	cert, key, err := a.issue(t, now)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(cert, key)
}

// The files EnrolKiosk writes.
const (
	CAFile   = "ca.pem"
	CertFile = "kiosk.pem"
	KeyFile  = "kiosk-key.pem"
)

// EnrolKiosk lets a kiosk in and writes what it needs to connect into dir: ca.pem,
// kiosk.pem and kiosk-key.pem, all with mode 0600. It returns the thumbprint of the
// key that signs the bootstrap, which the kiosk pins. store.ErrKioskTaken when there
// is, or was, a kiosk of that name.
func (c *Central) EnrolKiosk(name, dir string) (pin string, err error) {
	if name == "" || len(name) > maxName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", fmt.Errorf("the name of a kiosk has 1 to %d printable signs", maxName)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("cannot make the kiosk's folder (%w): check its path and rights", err)
	}
	now := c.o.Now()
	cert, key, err := c.issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotAfter: now.Add(kioskLife),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, now)
	if err != nil {
		return "", err
	}
	block, _ := pem.Decode(cert)
	k := store.Kiosk{Fingerprint: fingerprintOf(block.Bytes), Name: name, Issued: now}
	if err := c.store.AddKiosk(context.Background(), k); err != nil {
		return "", err
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.cert.Raw})
	err = errors.Join(
		keyfile.Write(filepath.Join(dir, CAFile), ca),
		keyfile.Write(filepath.Join(dir, CertFile), cert),
		keyfile.Write(filepath.Join(dir, KeyFile), key),
	)
	if err != nil { // the name is free again
		return "", errors.Join(err, c.store.ForgetKiosk(context.Background(), k.Fingerprint))
	}
	return c.root.Thumbprint(), nil
}

// issuer is who stands behind records.
func (c *Central) issuer() card.Issuer { return card.Issuer{URL: c.o.Issuer, Registry: c.o.Registry} }
