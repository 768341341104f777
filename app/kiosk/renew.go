package kiosk

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/sync/keyfile"
)

// The kiosk's certificate is renewed while the kiosk runs, with the same key. The new one is
// kept in the data folder, which alone is the kiosk's to write into: it is on the disk before
// it is used, since the one before ends with its first call. The configuration's counts where
// there is none, or it is of another key or good for longer.

// RenewedFile is the renewed certificate inside the data folder.
const RenewedFile = "kiosk-renewed.pem"

const (
	renewWithin = 30 * 24 * time.Hour // of its end: from day 60 of 90
	renewEvery  = 24 * time.Hour
	renewAlarm  = 14 * 24 * time.Hour
	renewLook   = time.Hour
)

// renewer gets the kiosk new certificates: *client.Client. Renew asks for one and leaves the
// present one in use, Use takes one into use.
type renewer interface {
	Certificate() *x509.Certificate
	Renew(ctx context.Context) (tls.Certificate, error)
	Use(cert tls.Certificate)
}

// renewal renews a certificate in time.
type renewal struct {
	from renewer
	path string
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
	cert, err := r.from.Renew(ctx)
	if err == nil {
		err = r.keep(cert)
	}
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

func (r *renewal) keep(cert tls.Certificate) error {
	return keyfile.Write(r.path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]}))
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
	if key, is := configured.Leaf.PublicKey.(*ecdsa.PublicKey); !is || !key.Equal(leaf.PublicKey) {
		return configured
	}
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: configured.PrivateKey, Leaf: leaf}
}
