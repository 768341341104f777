package client

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
)

// The kiosk's certificate, and another one in its place while calls are under way: those end
// on the connection that they began on, which central lets them for a minute.

// identity is a certificate and the connections that were opened with it.
type identity struct {
	tls       *tls.Config
	transport *http.Transport
	key       *witness
}

func (c *Client) identify(conf *tls.Config) *identity {
	i := &identity{tls: conf, key: &witness{}}
	i.key.Signer, _ = conf.Certificates[0].PrivateKey.(crypto.Signer)
	heard := conf.Clone()
	heard.Certificates = []tls.Certificate{conf.Certificates[0]}
	if i.key.Signer != nil {
		heard.Certificates[0].PrivateKey = i.key
	}
	i.transport = transport(heard, c.road)
	return i
}

// witness is the kiosk's key, and remembers why it could not be used: of that, crypto/tls
// passes on the words alone.
type witness struct {
	crypto.Signer
	last atomic.Pointer[error]
}

// Sign signs, and remembers.
func (w *witness) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	signature, err := w.Signer.Sign(rand, digest, opts)
	if err != nil {
		w.last.Store(&err)
	}
	return signature, err
}

// trouble is what the failure of a connection means when the key is its reason, else nil.
func (w *witness) trouble(err error) error {
	if err == nil || !strings.Contains(err.Error(), "failed to sign handshake") {
		return nil
	}
	why := w.last.Load()
	switch {
	case why == nil:
		return nil
	case fault.CodeOf(*why) == fault.Away:
		return fmt.Errorf("%w: %s", ErrAway, (*why).Error())
	}
	return fmt.Errorf("%w: %s", ErrKey, (*why).Error())
}

// roundTrip sends over the connections of the present certificate.
func (c *Client) roundTrip(r *http.Request) (*http.Response, error) {
	return c.me.Load().transport.RoundTrip(r)
}

// tripper is a RoundTripper.
type tripper func(*http.Request) (*http.Response, error)

// RoundTrip is the function.
func (t tripper) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// Certificate is the kiosk's present one.
func (c *Client) Certificate() *x509.Certificate { return c.me.Load().tls.Certificates[0].Leaf }

// Use has every new call made with another certificate.
func (c *Client) Use(cert tls.Certificate) {
	conf := c.me.Load().tls.Clone()
	conf.Certificates = []tls.Certificate{cert}
	c.me.Swap(c.identify(conf)).transport.CloseIdleConnections()
}

// Renew asks central for a new certificate, of another key, or with nil of the present one. It is checked, and not used yet: keep it, then call Use. Central ends the one before when the
// new one calls first.
func (c *Client) Renew(ctx context.Context, key crypto.Signer) (tls.Certificate, error) {
	now := c.me.Load().tls
	old := now.Certificates[0]
	if present, is := old.PrivateKey.(crypto.Signer); key == nil && is {
		key = present
	}
	if key == nil {
		return tls.Certificate{}, errors.New("the kiosk's key cannot sign")
	}
	csr, err := requestFor(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	body, err := json.Marshal(api.CertificateRequest{Csr: csr})
	if err != nil {
		return tls.Certificate{}, err
	}
	var got api.Certificate
	if err := c.json(ctx, call{method: http.MethodPost, path: "/v1/certificate", body: body}, &got); err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := ofKey(got.Certificate, key, now.RootCAs)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if !leaf.NotAfter.After(old.Leaf.NotAfter) {
		return tls.Certificate{}, fmt.Errorf("%w: a certificate that is good for no longer", ErrAnswer)
	}
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// requestFor is a CSR in DER, which says nothing but the key.
func requestFor(key crypto.Signer) ([]byte, error) {
	return x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "kiosk"}}, key)
}

// ofKey wants a client's certificate for a key that a CA has made. Its time is no matter: the
// clocks of both ends have been compared before.
func ofKey(der []byte, key crypto.Signer, ca *x509.CertPool) (*x509.Certificate, error) {
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	if public, is := key.Public().(*ecdsa.PublicKey); !is || !public.Equal(leaf.PublicKey) {
		return nil, errors.New("a certificate of another key")
	}
	_, err = leaf.Verify(x509.VerifyOptions{Roots: ca, CurrentTime: leaf.NotAfter, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	return leaf, err
}
