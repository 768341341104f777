package printer

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"encoding/hex"
	"net"
	"strings"
	"time"
)

// Encryption to a printer. The pin vouches for it and nothing else does, so that neither
// names nor authorities count, and what is odd in a certificate is passed over: go.mod lets
// serial numbers be negative, as those of some printers are.
//
// TLS 1.0 and 1.1 stay refused. With the pinned key TLS 1.2 may exchange keys by RSA, the
// only way that many printers know: who has recorded what was sent, and gets the printer's
// private key later, could then read it.

// connectLimit is how long a connection may take, and then its encryption.
const connectLimit = 5 * time.Second

// byRSA are the cipher suites without forward secrecy that are still sound.
var byRSA = []uint16{
	tls.TLS_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA,
}

// pinned trusts one public key and nothing else: printers sign their own
// certificates, so names and authorities say nothing.
func pinned(pin []byte) *tls.Config {
	c := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // VerifyConnection below is stricter
		VerifyConnection: func(s tls.ConnectionState) error {
			sum := sha256.Sum256(s.PeerCertificates[0].RawSubjectPublicKeyInfo)
			if subtle.ConstantTimeCompare(sum[:], pin) != 1 {
				return &keyError{hex.EncodeToString(sum[:])}
			}
			return nil
		},
	}
	if len(pin) > 0 {
		for _, s := range tls.CipherSuites() {
			c.CipherSuites = append(c.CipherSuites, s.ID)
		}
		c.CipherSuites = append(c.CipherSuites, byRSA...)
	}
	return c
}

// dialTLS is a connection with its encryption, or why there is none.
func dialTLS(c *tls.Config) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		plain, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		c := c.Clone()
		c.ServerName = host
		secret := tls.Client(plain, c)
		ctx, stop := context.WithTimeout(ctx, connectLimit)
		defer stop()
		if err := secret.HandshakeContext(ctx); err != nil {
			_ = plain.Close()
			return nil, &tlsError{err}
		}
		return secret, nil
	}
}

// dialer connects to printers.
var dialer = net.Dialer{Timeout: connectLimit}

// keyError says that another key than the pinned one answers.
type keyError struct{ sum string }

func (e *keyError) Error() string {
	return "the printer has another key than the pinned one: its SHA-256 is " + e.sum
}

// tlsError says that the connection could not be encrypted.
type tlsError struct{ err error }

func (e *tlsError) Error() string { return "no encryption with it: " + e.err.Error() }

func (e *tlsError) Unwrap() error { return e.err }

// unreadable reports whether it is the certificate that cannot be read. Crypto/tls has no error
// of its own for it.
func (e *tlsError) unreadable() bool {
	return strings.Contains(e.err.Error(), "failed to parse certificate")
}
