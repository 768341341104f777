package store

import (
	"context"
	"strings"
	"time"

	"vaxkiosk/sync/central/audit"
)

// Print is the audit of one print job, or of a record that a kiosk refused to show.
// It says nothing of the person.
type Print struct {
	Outcome   string
	Reason    string // a code of the contract; "" when all went well or the kiosk did not say
	Pages     int
	Kiosk     string // SHA-256 of its certificate
	KioskName string // "" in what was noted before names were, by a kiosk that has not called since
	At        time.Time
	Person    int // whose record it was, for the audit of a new one
}

// AddPrint notes a print and reports whether it is new. The same again changes
// nothing; the same job with another outcome is ErrReused.
func (s *Store) AddPrint(ctx context.Context, request, job string, p Print) (added bool, err error) {
	err = s.act(ctx, func(tx *transaction) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO prints (request, job, outcome, reason, pages, kiosk, kiosk_name, at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			request, job, p.Outcome, p.Reason, p.Pages, p.Kiosk, p.KioskName, p.At.Unix())
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if added = n > 0; err == nil && added {
			err = tx.audit(ctx, audit.Row{At: p.At, Kind: audit.Printed, Request: request, Person: p.Person, Outcome: strings.TrimSpace(p.Outcome + " " + p.Reason)})
		}
		if err != nil || added {
			return err
		}
		var same bool
		err = tx.QueryRowContext(ctx, `SELECT outcome = ? AND reason = ? AND pages = ? FROM prints WHERE request = ? AND job = ?`,
			p.Outcome, p.Reason, p.Pages, request, job).Scan(&same)
		if err == nil && !same {
			return ErrReused
		}
		return err
	})
	return added && err == nil, err
}

// Prints lists the audit since a time, oldest first.
func (s *Store) Prints(ctx context.Context, from time.Time) (all []Print, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var p Print
		var at int64
		err := row.Scan(&p.Outcome, &p.Reason, &p.Pages, &p.Kiosk, &p.KioskName, &at)
		p.At = time.Unix(at, 0)
		all = append(all, p)
		return err
	}, `SELECT outcome, prints.reason, pages, kiosk, coalesce(nullif(kiosk_name, ''), name, ''), at
		FROM prints LEFT JOIN kiosks ON fingerprint = kiosk WHERE at >= ? ORDER BY at, prints.rowid`, from.Unix())
	return all, err
}
