package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"vaxkiosk/sync/central/audit"
)

// The chain of the audit. What is done and the row of it are one transaction (act), so there is
// neither without the other, and a transaction that does not come about leaves no gap.
//
// Each row needs the one before, so acts are done one after the other, over all instances of a
// service. Those that only count, tries above all, are no acts and go on beside.

// act is write for what has a row in the audit, which f notes.
func (s *Store) act(ctx context.Context, f func(*transaction) error) error {
	return s.write(ctx, s.inTurn(ctx, f))
}

// actBeside is act for what many do at once (counting).
func (s *Store) actBeside(ctx context.Context, f func(*transaction) error) error {
	return s.counting(ctx, s.inTurn(ctx, f))
}

// inTurn lets one act at a time have the end of the chain.
func (s *Store) inTurn(ctx context.Context, f func(*transaction) error) func(*transaction) error {
	return func(tx *transaction) error {
		if s.d.chain != "" { // before anything is read, so that no two acts meet
			if _, err := tx.ExecContext(ctx, s.d.chain); err != nil {
				return err
			}
		}
		return f(tx)
	}
}

// audit adds a row to the chain. Who does it, and where, is said with ctx unless the row says
// it; a row without a time is of now.
func (t *transaction) audit(ctx context.Context, r audit.Row) error {
	if r.Actor == "" {
		by := audit.Of(ctx)
		r.Actor, r.Kiosk = by.String(), by.Kiosk
	}
	if r.At.IsZero() {
		r.At = time.Now()
	}
	n, before, err := lastAudit(ctx, t)
	if err != nil {
		return err
	}
	r = r.Sealed(n+1, before)
	_, err = t.ExecContext(ctx, `INSERT INTO audit (n, at, actor, kiosk, kind, request, person, other, outcome, prev, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.N, r.At.UnixMilli(), r.Actor, r.Kiosk, string(r.Kind), r.Request, r.Person, r.Other, r.Outcome, r.Prev[:], r.Sum[:])
	return err
}

// lastAudit is the last row, 0 when there is none yet. Of two that followed the same one, the
// second would have its number twice, and not come about.
func lastAudit(ctx context.Context, from oneRow) (n int64, sum audit.Sum, err error) {
	var hash []byte
	err = from.QueryRowContext(ctx, `SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1`).Scan(&n, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, sum, nil
	}
	return n, audit.SumOf(hash), err
}

// Audit adds rows of what changes nothing else here.
func (s *Store) Audit(ctx context.Context, all ...audit.Row) error {
	return s.act(ctx, func(tx *transaction) error {
		for _, r := range all {
			if err := tx.audit(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// LookAtAudit notes that somebody is shown the rows of a person. ErrStaffUnknown.
func (s *Store) LookAtAudit(ctx context.Context, number int, by Looker, now time.Time) error {
	return s.act(ctx, func(tx *transaction) error {
		if err := known(ctx, tx, by); err != nil {
			return err
		}
		return tx.audit(by.as(ctx), audit.Row{At: now, Kind: audit.AskedFor, Person: number})
	})
}

// AuditHead is the last row of the audit: its number, 0 when there is none yet, and its hash.
func (s *Store) AuditHead(ctx context.Context) (n int64, sum audit.Sum, err error) {
	n, sum, err = lastAudit(ctx, s.db)
	return n, sum, s.d.explain(err)
}

const selectAudit = `SELECT n, at, actor, kiosk, kind, request, person, other, outcome, prev, hash FROM audit `

func scanAudit(row scanner) (r audit.Row, err error) {
	var at int64
	var kind string
	var prev, sum []byte
	err = row.Scan(&r.N, &at, &r.Actor, &r.Kiosk, &kind, &r.Request, &r.Person, &r.Other, &r.Outcome, &prev, &sum)
	r.At, r.Kind, r.Prev, r.Sum = time.UnixMilli(at), audit.Kind(kind), audit.SumOf(prev), audit.SumOf(sum)
	return r, err
}

// AuditRow is the row with a number; none for 0.
func (s *Store) AuditRow(ctx context.Context, n int64) (r audit.Row, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		r, err = scanAudit(row)
		return err
	}, selectAudit+`WHERE n = ?`, n)
	return r, s.d.explain(err)
}

// AuditRows gives f the rows up to the one with a number, in order. It reads 2,000 at once, so
// that whoever reads millions needs little memory and keeps nobody waiting.
func (s *Store) AuditRows(ctx context.Context, last int64, f func(audit.Row) error) error {
	for after := int64(-1); ; {
		var page []audit.Row
		err := each(ctx, s.db, func(row scanner) error {
			r, err := scanAudit(row)
			page = append(page, r)
			return err
		}, selectAudit+`WHERE n > ? AND n <= ? ORDER BY n LIMIT 2000`, after, last)
		if err != nil || len(page) == 0 {
			return s.d.explain(err)
		}
		for _, r := range page {
			if err := f(r); err != nil {
				return err
			}
		}
		after = page[len(page)-1].N
	}
}

// LastSettings is what the row of the settings that were changed last says, "" when there is none.
func (s *Store) LastSettings(ctx context.Context) (outcome string, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT outcome FROM audit WHERE kind = 'settings.changed' ORDER BY n DESC LIMIT 1`).Scan(&outcome)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return outcome, s.d.explain(err)
}

// LastAuditBefore is the last row before which all rows are older than a time, 0 when there is none.
func (s *Store) LastAuditBefore(ctx context.Context, at time.Time) (n int64, sum audit.Sum, err error) {
	var hash []byte
	err = s.db.QueryRowContext(ctx, `SELECT n, hash FROM audit
		WHERE n < (SELECT n FROM audit WHERE at >= ? ORDER BY n LIMIT 1) ORDER BY n DESC LIMIT 1`, at.UnixMilli()).Scan(&n, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, audit.Sum{}, nil
	}
	return n, audit.SumOf(hash), s.d.explain(err)
}

// auditPiece is how many rows go in one transaction: others wait no longer than for these.
const auditPiece = 1000

// EraseAudit erases the rows up to one, of which a signed head says so, piece by piece, and notes
// it with the last. What is left when it is cut short goes the next time. The last row of all stays: the next
// one follows it.
func (s *Store) EraseAudit(ctx context.Context, last int64, head string, now time.Time) error {
	for whole, n := int64(0), int64(-1); n != 0; whole += n {
		err := s.act(ctx, func(tx *transaction) error {
			done, err := tx.ExecContext(ctx, `DELETE FROM audit WHERE n <= ?1 AND n < (SELECT min(n) FROM audit) + ?2 AND n < (SELECT max(n) FROM audit)`, last, auditPiece)
			if err != nil {
				return err
			}
			switch n, err = done.RowsAffected(); {
			case err != nil, n == 0 && whole == 0:
				return err
			case n == 0:
				return tx.audit(ctx, audit.Row{At: now, Kind: audit.Erased, Outcome: fmt.Sprintf("rows=%d up-to=%d", whole, last)})
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO audit_cuts (n, head) VALUES (?, ?) ON CONFLICT (n) DO NOTHING`, last, head)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// AuditCuts are the signed heads up to which rows were erased.
func (s *Store) AuditCuts(ctx context.Context) (all []string, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var head string
		err := row.Scan(&head)
		all = append(all, head)
		return err
	}, `SELECT head FROM audit_cuts ORDER BY n`)
	return all, s.d.explain(err)
}
