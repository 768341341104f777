package operator

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/keyfile"
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
func (o *Operator) EnrolKiosk(ctx context.Context, name, dir string) (pin string, err error) {
	if name == "" || len(name) > maxName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", fmt.Errorf("the name of a kiosk has 1 to %d printable characters", maxName)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("cannot make the kiosk's folder (%w): check its path and rights", err)
	}
	now := o.now()
	cert, key, err := o.f.CA.Kiosk(name, now)
	if err != nil {
		return "", err
	}
	block, _ := pem.Decode(cert)
	k := store.Kiosk{Fingerprint: authority.Fingerprint(block.Bytes), Name: name, Issued: now}
	if err := o.f.Store.AddKiosk(ctx, k); err != nil {
		return "", err
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: o.f.CA.Cert.Raw})
	err = errors.Join(
		keyfile.Write(filepath.Join(dir, CAFile), ca),
		keyfile.Write(filepath.Join(dir, CertFile), cert),
		keyfile.Write(filepath.Join(dir, KeyFile), key),
	)
	if err != nil { // the name is free again
		return "", errors.Join(err, o.f.Store.ForgetKiosk(context.WithoutCancel(ctx), k.Fingerprint))
	}
	return o.f.Root.Thumbprint(), nil
}

// Kiosks lists the kiosks, those that are revoked too, by name.
func (o *Operator) Kiosks(ctx context.Context) ([]Kiosk, error) { return o.f.Store.Kiosks(ctx) }

// RevokeKiosk takes the certificate of a kiosk back permanently. A service that runs on
// the folder refuses it within seconds, on connections that are open as well.
func (o *Operator) RevokeKiosk(ctx context.Context, name, reason, by string) error {
	k, err := o.f.Store.RevokeKiosk(ctx, name, reason, by, o.now())
	if err != nil {
		return err
	}
	o.door.Drop()
	o.state.Changed.Ring()
	o.log.Warn("a kiosk is revoked", "event", "kiosk.revoked", "kiosk", k.Name)
	return nil
}
