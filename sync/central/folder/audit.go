package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/store"
)

// auditKind is the kind of the key that signs heads of the audit.
const auditKind = "audit"

// AuditFolder is where heads are kept in the data folder when no other place is said.
const AuditFolder = "audit"

// knows reports whether a key of a kind is noted and trusted.
func knows(known []store.KeyPrint, kind string) bool {
	return slices.ContainsFunc(known, func(k store.KeyPrint) bool { return k.Kind == kind && !k.Gone })
}

func lostAudit(dir string) error {
	return fmt.Errorf("%s is missing, so %s is %w: without it nobody can show that the audit is what was written; put the file of this folder back, or restore a back-up into an empty folder (vaxcentral restore)",
		filepath.Join(dir, audit.KeyFile), dir, ErrNoFolder)
}

// besideServer reports whether the database of a folder is on a server, which other folders may share.
func besideServer(dir string) bool { return filepath.Base(databaseOf(dir)) == ServerFile }

// keyOfAudit makes the key of a folder from before the audit was signed, one for all instances.
// After a crash in between the file is there and not known, and is known then.
func (f *Folder) keyOfAudit(ctx context.Context) error {
	known, err := f.Store.KeyPrints(ctx)
	if err != nil || f.Audit != nil && knows(known, auditKind) {
		return err
	}
	return f.ChangeKeys(ctx, func() (err error) { // which takes over what another instance has made
		if f.Audit, err = audit.OpenKey(f.Dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		known, err := f.Store.KeyPrints(ctx)
		switch {
		case err != nil:
			return err
		case f.Audit != nil && knows(known, auditKind):
			return nil
		case f.Audit == nil && knows(known, auditKind):
			return lostAudit(f.Dir)
		case f.Audit == nil:
			if f.Audit, err = audit.MakeKey(f.Dir); err != nil {
				return err
			}
		}
		return f.Store.AddKey(ctx, auditKind, f.Audit.Thumbprint(), f.now())
	})
}

// Heads are the signed heads of a folder's audit, and where they are kept.
type Heads struct {
	Store *store.Store
	Key   *audit.Signer
	Dir   string
}

// HeadsIn are the heads kept in a folder, "" for that in the data folder.
func (f *Folder) HeadsIn(dir string) Heads {
	if dir == "" {
		dir = filepath.Join(f.Dir, AuditFolder)
	}
	return Heads{f.Store, f.Audit, dir}
}

// Sign signs the last row and keeps that.
func (h Heads) Sign(ctx context.Context, why string, now time.Time) (audit.Head, error) {
	n, sum, err := h.Store.AuditHead(ctx)
	if err != nil {
		return audit.Head{}, err
	}
	return h.keep(n, sum, why, now)
}

func (h Heads) keep(n int64, sum audit.Sum, why string, now time.Time) (audit.Head, error) {
	head, err := h.Key.Sign(n, sum, why, now)
	if err == nil {
		err = h.Key.Keep(h.Dir, head)
	}
	return head, err
}

// Erase erases the rows that are older than a time, behind a signed head that says so, by which
// the others can be verified as before. It reports whether there were any.
func (h Heads) Erase(ctx context.Context, before, now time.Time) (any bool, err error) {
	n, sum, err := h.Store.LastAuditBefore(ctx, before)
	if err != nil || n == 0 {
		return false, err
	}
	head, err := h.keep(n, sum, audit.Cut, now)
	if err != nil {
		return true, err
	}
	return true, h.Store.EraseAudit(ctx, n, head.Line(), now)
}

// Verify looks at all rows against all heads; an *audit.Fault is what is wrong. It tells seen
// now and then how many it has looked at, of how many.
func (h Heads) Verify(ctx context.Context, seen func(n, of int64)) (*audit.Walk, error) {
	heads, err := audit.ReadHeads(h.Dir, h.Key.Public())
	if err != nil {
		return nil, err
	}
	cuts, err := h.Store.AuditCuts(ctx)
	if err != nil {
		return nil, err
	}
	for _, line := range cuts { // by whichever instance: its own folder has that head
		if err := heads.Add(line, h.Key.Public()); err != nil {
			return nil, err
		}
	}
	last, _, err := h.Store.AuditHead(ctx) // after the heads, so that none is of a later row
	if err != nil {
		return nil, err
	}
	w := audit.NewWalk(heads)
	err = h.Store.AuditRows(ctx, last, func(r audit.Row) error {
		seen(r.N, last)
		return w.Row(r)
	})
	if err == nil {
		err = w.End(last)
	}
	return w, err
}
