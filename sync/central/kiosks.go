package central

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/keyfile"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/central/store"
)

// Kiosk is a kiosk in the table of those that are let in.
type Kiosk = store.Kiosk

// The files EnrolKiosk writes.
const (
	CAFile   = authority.CertFile
	CertFile = "kiosk.pem"
	KeyFile  = "kiosk-key.pem"
)

const maxName = 64 // ub-common-name, RFC 5280

// EnrolKiosk lets a kiosk in and writes what it needs to connect into dir: ca.pem,
// kiosk.pem and kiosk-key.pem, all with mode 0600. It returns the thumbprint of the
// key that signs the bootstrap, which the kiosk pins. store.ErrKioskTaken when there
// is, or was, a kiosk of that name.
func (c *Central) EnrolKiosk(name, dir string) (pin string, err error) {
	if name == "" || len(name) > maxName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", fmt.Errorf("the name of a kiosk has 1 to %d printable characters", maxName)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("cannot make the kiosk's folder (%w): check its path and rights", err)
	}
	now := c.Now()
	cert, key, err := c.CA.Kiosk(name, now)
	if err != nil {
		return "", err
	}
	block, _ := pem.Decode(cert)
	k := store.Kiosk{Fingerprint: authority.Fingerprint(block.Bytes), Name: name, Issued: now}
	if err := c.Store.AddKiosk(context.Background(), k); err != nil {
		return "", err
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.CA.Cert.Raw})
	err = errors.Join(
		keyfile.Write(filepath.Join(dir, CAFile), ca),
		keyfile.Write(filepath.Join(dir, CertFile), cert),
		keyfile.Write(filepath.Join(dir, KeyFile), key),
	)
	if err != nil { // the name is free again
		return "", errors.Join(err, c.Store.ForgetKiosk(context.Background(), k.Fingerprint))
	}
	return c.Root.Thumbprint(), nil
}

// Kiosks lists the kiosks, those that are revoked too, by name.
func (c *Central) Kiosks() ([]Kiosk, error) { return c.Store.Kiosks(context.Background()) }

// RevokeKiosk takes the certificate of a kiosk back permanently. A service that runs on
// the folder refuses it within seconds, on connections that are open as well.
func (c *Central) RevokeKiosk(name, reason, by string) error {
	k, err := c.Store.RevokeKiosk(context.Background(), name, reason, by, c.Now())
	if err != nil {
		return err
	}
	c.Door.Drop()
	c.State.Changed.Ring()
	c.Log.Warn("a kiosk is revoked", "event", "kiosk.revoked", "kiosk", k.Name)
	return nil
}

// RotateSealing makes a new key for kiosks to seal to, and lets the one before go on opening.
func (c *Central) RotateSealing() error { return c.Sealing.Rotate() }

// SealingKeys returns the id of the key that kiosks seal to, of the one before, "" when there
// is none, and until when that opens; zero when no service has published the new one yet.
func (c *Central) SealingKeys() (now, before string, until time.Time, err error) {
	now, before = c.Sealing.Public().ID, c.Sealing.Before()
	if before == "" {
		return now, before, until, nil
	}
	since, known, err := c.Store.SealingReplaced(context.Background(), before)
	if known {
		until = since.Add(sealing.Overlap)
	}
	return now, before, until, err
}
