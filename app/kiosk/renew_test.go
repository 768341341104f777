package kiosk

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var enrolledAt = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

const aDay = 24 * time.Hour

func newSigner(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// certFor is a certificate for a key of whatever kind, by itself.
func certFor(t *testing.T, key crypto.Signer, until time.Time) tls.Certificate {
	t.Helper()
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "lobby"}, NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// issuer is a central that gives certificates, or does not.
type issuer struct {
	t     *testing.T
	now   tls.Certificate
	next  tls.Certificate
	makes func(crypto.Signer) tls.Certificate // nil: it gives next
	fails error
	asked int
	path  string
	first tls.Certificate // the configured one, unless that is now
}

func (i *issuer) configured() tls.Certificate {
	if i.first.Leaf != nil {
		return i.first
	}
	return i.now
}

func (i *issuer) Certificate() *x509.Certificate { return i.now.Leaf }

func (i *issuer) Renew(_ context.Context, key crypto.Signer) (tls.Certificate, error) {
	i.asked++
	if i.makes != nil {
		return i.makes(key), nil
	}
	return i.next, i.fails
}

func (i *issuer) Use(cert tls.Certificate) {
	if got := presentCert(i.configured(), filepath.Dir(i.path)); !got.Leaf.Equal(cert.Leaf) {
		i.t.Error("it is used before it is on the disk")
	}
	i.now = cert
}

func newIssuer(t *testing.T) (*issuer, *renewal, *bytes.Buffer) {
	t.Helper()
	key, log := newSigner(t), &bytes.Buffer{}
	i := &issuer{t: t, path: filepath.Join(t.TempDir(), RenewedFile), now: certFor(t, key, enrolledAt.Add(90*aDay)), next: certFor(t, key, enrolledAt.Add(150*aDay))}
	return i, &renewal{from: i, path: i.path, log: slog.New(slog.NewTextHandler(log, nil)), used: func() {}}, log
}

func TestACertificateIsRenewedFromDaySixtyOn(t *testing.T) {
	i, r, log := newIssuer(t)
	calls := 0
	r.used = func() { calls++ }
	r.look(t.Context(), enrolledAt.Add(60*aDay-time.Hour))
	if i.asked != 0 {
		t.Error("asked before")
	}
	r.look(t.Context(), enrolledAt.Add(60*aDay))
	if i.asked != 1 || !i.now.Leaf.Equal(i.next.Leaf) || calls != 1 || !strings.Contains(log.String(), "level=INFO") {
		t.Errorf("asked %d times: %s", i.asked, log)
	}
	r.look(t.Context(), enrolledAt.Add(119*aDay))
	if i.asked != 1 {
		t.Error("asked again, though the new one is good for longer")
	}
	if info, err := os.Stat(i.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestARenewalIsTriedEachDayAndSaidToBeUrgentInTheLastTwoWeeks(t *testing.T) {
	i, r, log := newIssuer(t)
	i.fails = errors.New("central is away")
	for hour := range 29 * 24 {
		r.look(t.Context(), enrolledAt.Add(60*aDay+time.Duration(hour)*time.Hour))
	}
	warned, alarms := strings.Count(log.String(), "event=certificate.not-renewed"), strings.Count(log.String(), "event=certificate.ends")
	if i.asked != 29 || warned != 16 || alarms != 13 || !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "days=14") {
		t.Errorf("asked %d times, warned %d, alarms %d", i.asked, warned, alarms)
	}
	i.fails = nil
	r.look(t.Context(), enrolledAt.Add(89*aDay))
	if !i.now.Leaf.Equal(i.next.Leaf) {
		t.Error("not renewed when it could be")
	}
}

// One that is used and then lost would leave the kiosk with none that central takes.
func TestACertificateThatCannotBeKeptIsNotUsed(t *testing.T) {
	i, r, log := newIssuer(t)
	before := i.now
	r.path = filepath.Join(filepath.Dir(i.path), "nowhere", RenewedFile)
	r.look(t.Context(), enrolledAt.Add(61*aDay))
	if !i.now.Leaf.Equal(before.Leaf) || !strings.Contains(log.String(), "certificate.not-renewed") {
		t.Errorf("used: %s", log)
	}
}

func TestTheCertificateThatCountsIsTheLaterOneOfTheConfiguredKey(t *testing.T) {
	key, dir := newSigner(t), t.TempDir()
	configured := certFor(t, key, enrolledAt.Add(90*aDay))
	i := &issuer{}
	r := &renewal{from: i, path: filepath.Join(dir, RenewedFile), log: slog.New(slog.DiscardHandler)}
	for name, tt := range map[string]struct {
		kept tls.Certificate
		want bool
	}{
		"a later one":         {certFor(t, key, enrolledAt.Add(150*aDay)), true},
		"of another key":      {certFor(t, newSigner(t), enrolledAt.Add(150*aDay)), false},
		"of before":           {certFor(t, key, enrolledAt.Add(30*aDay)), false},
		"that is nonsense":    {tls.Certificate{Certificate: [][]byte{{1, 2, 3}}}, false},
		"again the later one": {certFor(t, key, enrolledAt.Add(150*aDay)), true},
	} {
		if err := r.keep(tt.kept); err != nil {
			t.Fatal(err)
		}
		if got := presentCert(configured, dir); got.Leaf.Equal(configured.Leaf) == tt.want {
			t.Errorf("%s: until %s", name, got.Leaf.NotAfter)
		}
	}
	if err := os.WriteFile(r.path, []byte("nothing"), 0o600); err != nil || !presentCert(configured, dir).Leaf.Equal(configured.Leaf) {
		t.Errorf("no PEM: %v", err)
	}
	if got := presentCert(configured, t.TempDir()); !got.Leaf.Equal(configured.Leaf) {
		t.Error("none")
	}
}
