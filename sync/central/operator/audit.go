package operator

import (
	"context"
	"fmt"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/registry"
)

// The audit that can be shown. Whoever looks into it is a row of it, too.

// AuditKey is the id of the key that signs heads.
func (o *Operator) AuditKey(context.Context) string { return o.f.Audit.Thumbprint() }

// SignAudit signs the last row of the audit and keeps that in a folder, "" for that in the data
// folder.
func (o *Operator) SignAudit(ctx context.Context, dir, why string) (audit.Head, error) {
	head, err := o.f.HeadsIn(dir).Sign(ctx, why, o.now())
	if err == nil {
		o.log.Info("the audit is signed", "event", "audit.head", "row", head.N, "hash", head.Hash, "signature", head.Signature)
	}
	return head, err
}

// VerifyAudit looks at all rows of the audit against the heads of a folder; an *audit.Fault is
// what is wrong with it.
func (o *Operator) VerifyAudit(ctx context.Context, dir string, seen func(n, of int64)) (*audit.Walk, error) {
	return o.f.HeadsIn(dir).Verify(ctx, seen)
}

// ExportAudit gives f the rows of a time, from inclusive and to exclusive, which is noted.
func (o *Operator) ExportAudit(ctx context.Context, from, to time.Time, f func(audit.Row) error) error {
	said := fmt.Sprintf("from=%s to=%s", from.UTC().Format(time.DateOnly), to.UTC().Format(time.DateOnly))
	if err := o.f.Store.Audit(ctx, audit.Row{At: o.now(), Kind: audit.Exported, Outcome: said}); err != nil {
		return err
	}
	last, _, err := o.f.Store.AuditHead(ctx)
	if err != nil {
		return err
	}
	return o.f.Store.AuditRows(ctx, last, func(r audit.Row) error {
		if r.At.Before(from) || !r.At.Before(to) {
			return nil
		}
		return f(r)
	})
}

// AuditOf returns what was done with the data of somebody, oldest first, by their id in a source,
// and who they are now, without doses. That somebody looks is noted first. ErrNobody.
func (o *Operator) AuditOf(ctx context.Context, id string, by Looker) (all []audit.Row, who registry.Person, err error) {
	err = o.onPerson(ctx, id, func(number int) error {
		if err := o.f.Store.LookAtAudit(ctx, number, by, o.now()); err != nil {
			return err
		}
		if all, err = o.f.Store.AuditOf(ctx, number); err != nil {
			return err
		}
		who, _, err = o.f.Store.Contact(ctx, number)
		return err
	})
	return all, who, err
}
