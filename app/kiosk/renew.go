package kiosk

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/app/tpm"
	"vaxkiosk/sync/keyfile"
)

// The kiosk's certificate is renewed while the kiosk runs: with the same key when that is in a
// file, with a new one when keys are in a TPM. The new certificate is kept in the data folder,
// which alone is the kiosk's to write into: it is on the disk before it is used, since the one
// before ends with its first call. The configuration's counts where there is none, or it is good
// for longer, or the one that is there is no successor of it: of another key in a file, or of one
// in a TPM that was made for another enrolment.

// RenewedFile is the renewed certificate inside the data folder.
const RenewedFile = "kiosk-renewed.pem"

// What the file says of a key in a TPM: its name, and the certificate of the enrolment.
const (
	headerKey = "Key"
	headerOf  = "Enrolled"
)

const (
	renewWithin = 30 * 24 * time.Hour // of its end: from day 60 of 90
	renewEvery  = 24 * time.Hour
	renewAlarm  = 14 * 24 * time.Hour
	renewLook   = time.Hour
)

// renewer gets the kiosk new certificates: *client.Client. Renew asks for one, of a key or with nil of
// the present one, and leaves the present one in use, Use takes one into use.
type renewer interface {
	Certificate() *x509.Certificate
	Renew(ctx context.Context, key crypto.Signer) (tls.Certificate, error)
	Use(cert tls.Certificate)
}

// renewal renews a certificate in time.
type renewal struct {
	from renewer
	path string
	of   tls.Certificate // the configuration's
	log  *slog.Logger
	used func() // a new one is in use: a call with it ends the one before

	tried time.Time
}

// follow looks each hour until ctx ends, beginning at once.
func (r *renewal) follow(ctx context.Context) {
	for {
		r.look(ctx, time.Now())
		select {
		case <-ctx.Done():
			return
		case <-time.After(renewLook):
		}
	}
}

// look renews the certificate if that is due at a time, once a day until it succeeds.
func (r *renewal) look(ctx context.Context, now time.Time) {
	left := r.from.Certificate().NotAfter.Sub(now)
	if left > renewWithin || now.Sub(r.tried).Abs() < renewEvery {
		return
	}
	r.tried = now
	cert, err := r.renew(ctx)
	days := int(left / (24 * time.Hour))
	switch {
	case ctx.Err() != nil:
	case err == nil:
		r.from.Use(cert)
		r.log.Info("the kiosk has renewed its certificate", "event", "certificate.renewed", "certificate_until", cert.Leaf.NotAfter.UTC().Format(time.DateOnly))
		r.used()
	case left <= renewAlarm:
		r.log.Error("the certificate of this kiosk ends soon and cannot be renewed: enrol the kiosk anew before", "event", "certificate.ends", "days", days, "cause", err)
	default:
		r.log.Warn("the certificate of this kiosk cannot be renewed; it is tried again tomorrow", "event", "certificate.not-renewed", "days", days, "cause", err)
	}
}

// renew gets a certificate and keeps it.
func (r *renewal) renew(ctx context.Context) (cert tls.Certificate, err error) {
	var key crypto.Signer // the present one
	if in, is := r.of.PrivateKey.(*tpm.Key); is {
		if key, err = in.Another(); err != nil {
			return cert, err
		}
	}
	if cert, err = r.from.Renew(ctx, key); err == nil {
		err = r.keep(cert)
	}
	return cert, err
}

func (r *renewal) keep(cert tls.Certificate) error {
	block := &pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]}
	if key, is := cert.PrivateKey.(*tpm.Key); is {
		block.Headers = map[string]string{headerKey: key.Name(), headerOf: sumOf(r.of)}
	}
	return keyfile.Write(r.path, pem.EncodeToMemory(block))
}

// sumOf says in a word which certificate it is.
func sumOf(cert tls.Certificate) string {
	sum := sha256.Sum256(cert.Certificate[0])
	return hex.EncodeToString(sum[:])
}

// presentCert is the certificate that counts: the configured one, or the one in its data
// folder that it was renewed with.
func presentCert(configured tls.Certificate, data string) tls.Certificate {
	text, err := os.ReadFile(filepath.Join(data, RenewedFile))
	if err != nil {
		return configured // there is none
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return configured
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil || configured.Leaf == nil || !leaf.NotAfter.After(configured.Leaf.NotAfter) {
		return configured
	}
	public, is := leaf.PublicKey.(*ecdsa.PublicKey)
	if !is {
		return configured
	}
	key := keyOf(configured, block.Headers, public)
	if key == nil {
		return configured
	}
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
}

// keyOf is the private key of a renewed certificate, nil when that is no successor of the
// configured one.
func keyOf(configured tls.Certificate, headers map[string]string, public *ecdsa.PublicKey) crypto.PrivateKey {
	if in, is := configured.PrivateKey.(*tpm.Key); is && headers[headerOf] == sumOf(configured) {
		if key, err := in.Beside(headers[headerKey], public); err == nil {
			return key
		}
	}
	if public.Equal(configured.Leaf.PublicKey) {
		return configured.PrivateKey
	}
	return nil
}
