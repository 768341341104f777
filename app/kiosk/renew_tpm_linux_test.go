package kiosk

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/tls"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vaxkiosk/app/tpm"
	"vaxkiosk/app/tpm/tpmtest"
)

func newInTPM(t *testing.T, d *tpm.Device) *tpm.Key {
	t.Helper()
	key, err := d.New()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestARenewedCertificateIsFoundWithItsOwnKeyInTheTPM(t *testing.T) {
	d, dir := tpm.At(tpmtest.Start(t).At()), t.TempDir()
	configured := certFor(t, newInTPM(t, d), enrolledAt.Add(90*aDay))
	i := &issuer{t: t, path: filepath.Join(dir, RenewedFile), now: configured, first: configured}
	r := &renewal{from: i, path: i.path, of: configured, log: slog.New(slog.DiscardHandler), used: func() {}}
	for turn := range 2 {
		last := i.now
		until := enrolledAt.Add(time.Duration(150+60*turn) * aDay)
		i.makes = func(key crypto.Signer) tls.Certificate { return certFor(t, key, until) }
		r.look(t.Context(), last.Leaf.NotAfter.Add(-10*aDay))
		if i.now.Leaf.PublicKey.(*ecdsa.PublicKey).Equal(last.Leaf.PublicKey) {
			t.Fatal("it has the same key")
		}
		got := presentCert(configured, dir) // as after a restart
		if !got.Leaf.Equal(i.now.Leaf) || tpm.Check(got.PrivateKey) != nil {
			t.Errorf("until %s, %v", got.Leaf.NotAfter, tpm.Check(got.PrivateKey))
		}
	}
	if b, err := os.ReadFile(i.path); err != nil || bytes.Contains(b, []byte("PRIVATE")) {
		t.Errorf("a private key is in a file, %v", err)
	}
	other := certFor(t, newInTPM(t, d), enrolledAt.Add(95*aDay)) // the kiosk was enrolled anew
	if got := presentCert(other, dir); !got.Leaf.Equal(other.Leaf) {
		t.Error("the certificate of an enrolment before counts")
	}
	inFile := certFor(t, newSigner(t), enrolledAt.Add(95*aDay))
	if got := presentCert(inFile, dir); !got.Leaf.Equal(inFile.Leaf) {
		t.Error("the certificate of an enrolment before counts over a key in a file")
	}
}

func TestWithoutItsTPMNothingIsRenewed(t *testing.T) {
	v := tpmtest.Start(t)
	configured := certFor(t, newInTPM(t, tpm.At(v.At())), enrolledAt.Add(90*aDay))
	i := &issuer{t: t, path: filepath.Join(t.TempDir(), RenewedFile), now: configured}
	var log bytes.Buffer
	r := &renewal{from: i, path: i.path, of: configured, log: slog.New(slog.NewTextHandler(&log, nil)), used: func() {}}
	v.Stop()
	r.look(t.Context(), enrolledAt.Add(70*aDay))
	if i.asked != 0 || !bytes.Contains(log.Bytes(), []byte("event=certificate.not-renewed")) || !bytes.Contains(log.Bytes(), []byte("shows no TPM")) {
		t.Errorf("asked %d times: %s", i.asked, &log)
	}
}
