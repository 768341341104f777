package store

import (
	"context"
	"strings"
	"time"

	"vaxkiosk/sync/central/retention"
)

// What is too old, by package retention. It is erased by Purge and its like, and counted here by
// the same statements.

// forgetLists erase from the tables beside the audit that say the same by kind.
var forgetLists = []string{
	`DELETE FROM prints WHERE at < ?`, `DELETE FROM notices WHERE at < ?`, `DELETE FROM releases WHERE at < ?`,
	`DELETE FROM review_looks WHERE at < ?`, `DELETE FROM amendment_looks WHERE at < ?`, `DELETE FROM acts WHERE at < ?`,
}

// PurgeLists erases what is older than a time in the lists beside the audit.
func (s *Store) PurgeLists(ctx context.Context, before time.Time) error {
	return s.write(ctx, func(tx *transaction) error {
		for _, q := range forgetLists {
			if _, err := tx.ExecContext(ctx, q, before.Unix()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Old counts what is too old, by the Key of its rule.
func (s *Store) Old(ctx context.Context, now time.Time, keep retention.Periods) (map[string]int64, error) {
	all := map[string]int64{}
	add := func(key string, before int64, erases ...string) error {
		for _, q := range erases {
			var n int64
			if err := s.db.QueryRowContext(ctx, strings.Replace(q, "DELETE", "SELECT count(*)", 1), before).Scan(&n); err != nil {
				return s.d.explain(err)
			}
			all[key] += n
		}
		return nil
	}
	ago := func(n retention.Name) int64 { return now.Add(-keep.Of(n)).Unix() }
	for _, rule := range []struct {
		key    string
		before int64
		erases []string
	}{
		{"secrets", now.Unix(), []string{`DELETE FROM requests WHERE expires <= ? AND state <> 'expired'`}},
		{"requests", ago(retention.OfRequests), []string{forgetRequests, forgetAmendments}},
		{"tokens", now.Add(-TokenGrace).Unix(), []string{forgetTokens}},
		{"amendments", now.Unix(), []string{`DELETE FROM amendments WHERE expires <= ? AND state <> 'closed'`}},
		{"checks", now.Unix(), []string{forgetChecks}},
		{"problems", ago(retention.OfProblems), []string{forgetProblems}},
		{"counts", ago(retention.OfCounts), []string{forgetBatches}},
		{"audit", now.Add(-keep.Of(retention.OfAudit)).UnixMilli(), []string{`DELETE FROM audit WHERE n < (SELECT n FROM audit WHERE at >= ? ORDER BY n LIMIT 1)`}},
		{"lists", ago(retention.OfAudit), forgetLists},
	} {
		if err := add(rule.key, rule.before, rule.erases...); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Reclaim has a server forget for good what was erased, which stays in its files until then; a
// file needs none of it.
func (s *Store) Reclaim(ctx context.Context) error {
	if s.d.reclaim == "" {
		return nil
	}
	_, err := s.one.ExecContext(ctx, s.d.reclaim)
	return s.d.explain(err)
}
