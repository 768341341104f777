package operator

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/enrol"
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
	if err := GoodName(name); err != nil {
		return "", err
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
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return "", err
	}
	k := store.Kiosk{Fingerprint: authority.Fingerprint(leaf.Raw), Name: name, Issued: now, Until: leaf.NotAfter}
	if err := o.f.Store.AddKiosk(ctx, k, "added", ""); err != nil {
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

// GoodName refuses what cannot be the name of a kiosk.
func GoodName(name string) error {
	if name == "" || len(name) > maxName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("the name of a kiosk has 1 to %d printable characters", maxName)
	}
	return nil
}

// For is what an invitation is for.
type For struct {
	Name    string // of the kiosk
	Replace bool   // the kiosk that has the name, which may be revoked or suspended

	Printer, PrinterPin, Paper string // for the kiosk's configuration; empty: not said

	Life time.Duration // how long the code can be used; 0: enrol.Life
	By   string        // who invites
}

// InviteKiosk draws a code that enrols a kiosk, once and within its life, in place of an
// earlier one for the name. Only the code's hashes are kept. store.ErrKioskTaken when there
// is, or was, a kiosk of that name; to replace it, store.ErrKioskUnknown when there is none.
func (o *Operator) InviteKiosk(ctx context.Context, f For) (code enrol.Code, until time.Time, err error) {
	codes, until, err := o.invite(ctx, f.Replace, f)
	if err != nil {
		return enrol.Code{}, until, err
	}
	return codes[0], until, nil
}

// InviteKiosks is InviteKiosk for many that are new, with one life: for all of them, or none.
// store.Refused says which have the name of a kiosk that is there, or was.
func (o *Operator) InviteKiosks(ctx context.Context, all []For) (codes []enrol.Code, until time.Time, err error) {
	return o.invite(ctx, false, all...)
}

func (o *Operator) invite(ctx context.Context, replace bool, all ...For) (codes []enrol.Code, until time.Time, err error) {
	now := o.now()
	kept := make([]store.Invitation, 0, len(all))
	for _, f := range all {
		if err := GoodName(f.Name); err != nil {
			return nil, until, err
		}
		code := enrol.NewCode()
		codes, until = append(codes, code), now.Add(cmp.Or(f.Life, enrol.Life))
		kept = append(kept, store.Invitation{
			ID: code.ID(), Name: f.Name, Secret: o.f.Keeper.Masked(code.ID(), code.Secret()),
			Printer: f.Printer, PrinterPin: f.PrinterPin, Paper: f.Paper, Made: now, Expires: until, By: f.By,
		})
	}
	if err := o.f.Store.Invite(ctx, replace, kept...); err != nil {
		return nil, until, err
	}
	o.kiosksChanged()
	for _, f := range all {
		o.log.Info("a kiosk is invited", "event", "kiosk.invited", "kiosk", f.Name)
	}
	return codes, until, nil
}

// Invitation is a code that enrols, without the code.
type Invitation = store.Invitation

// Invitations lists the kiosks that are invited and have not called yet, by name.
func (o *Operator) Invitations(ctx context.Context) ([]Invitation, error) {
	return o.f.Store.Invitations(ctx, o.now())
}

// KioskChanges lists what was done to kiosks, of one name or of all (""), the first first.
func (o *Operator) KioskChanges(ctx context.Context, name string) ([]store.KioskChange, error) {
	return o.f.Store.KioskChanges(ctx, name)
}

// SuspendKiosk lets a kiosk in no more until ResumeKiosk: on connections that are open as
// well, within seconds.
func (o *Operator) SuspendKiosk(ctx context.Context, name, reason, by string) error {
	if err := o.f.Store.SuspendKiosk(ctx, name, reason, by, o.now()); err != nil {
		return err
	}
	o.kiosksChanged()
	o.log.Warn("a kiosk is suspended", "event", "kiosk.suspended", "kiosk", name)
	return nil
}

// ResumeKiosk ends SuspendKiosk.
func (o *Operator) ResumeKiosk(ctx context.Context, name, by string) error {
	if err := o.f.Store.ResumeKiosk(ctx, name, by, o.now()); err != nil {
		return err
	}
	o.kiosksChanged()
	o.log.Info("a kiosk is let in again", "event", "kiosk.resumed", "kiosk", name)
	return nil
}

// kiosksChanged shows a change to whoever calls or waits in this process.
func (o *Operator) kiosksChanged() {
	o.door.Drop()
	o.state.Changed.Ring()
}

// Kiosks lists the kiosks, those that are revoked too, by name.
func (o *Operator) Kiosks(ctx context.Context) ([]Kiosk, error) { return o.f.Store.Kiosks(ctx) }

// RevokeKiosk takes the certificates of a kiosk back permanently, and its name is enrolled
// again by a replacement only; of one that is only invited it takes the code back. A service that runs on
// the folder refuses it within seconds, on connections that are open as well.
func (o *Operator) RevokeKiosk(ctx context.Context, name, reason, by string) error {
	k, err := o.f.Store.RevokeKiosk(ctx, name, reason, by, o.now())
	if err != nil {
		return err
	}
	o.kiosksChanged()
	o.log.Warn("a kiosk is revoked", "event", "kiosk.revoked", "kiosk", k.Name)
	return nil
}
