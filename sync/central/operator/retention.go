package operator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/retention"
	"vaxkiosk/sync/central/store"
)

// Old counts what is too old, by the Key of its rule (package retention).
func (o *Operator) Old(ctx context.Context, keep retention.Periods) (map[string]int64, error) {
	return o.f.Store.Old(ctx, o.now(), keep)
}

// Forget erases what is too old now, as a service does every hour, and has a server give up what
// was erased before. It says how much that was; the folder of signed heads is auditDir, "" for
// that in the data folder. Nothing is erased by a clock that is in doubt, unless somebody is sure of it.
func (o *Operator) Forget(ctx context.Context, keep retention.Periods, auditDir string, sure bool) (map[string]int64, error) {
	now, s := o.now(), o.f.Store
	last, was, err := s.LastPurge(ctx)
	if err != nil {
		return nil, err
	}
	if was && now.Sub(last) > store.Doubtful && !sure {
		return nil, fmt.Errorf("nothing was erased: the clock says %s, and what is too old was last erased at %s; set the clock, or say --clock-is-right if no service was here in between",
			now.UTC().Format(time.RFC3339), last.UTC().Format(time.RFC3339))
	}
	old, err := o.Old(ctx, keep)
	if err != nil {
		return nil, err
	}
	left := keep.Of(retention.OfRequests)
	_, lapsed := s.PurgeAmendments(ctx, now, left)
	before := now.Add(-keep.Of(retention.OfAudit))
	_, cut := o.f.HeadsIn(auditDir).Erase(ctx, before, now)
	err = errors.Join(lapsed, cut, s.Purge(ctx, now, left), s.PurgeReports(ctx, now, keep.Of(retention.OfProblems), keep.Of(retention.OfCounts)),
		s.PurgeChecks(ctx, now), s.PurgeInvitations(ctx, now), s.PurgeLists(ctx, before))
	if err != nil {
		return nil, err
	}
	var all int64
	for _, n := range old {
		all += n
	}
	return old, errors.Join(s.Audit(ctx, audit.Row{At: now, Kind: audit.Swept, Outcome: fmt.Sprintf("rows=%d", all)}), s.Reclaim(ctx))
}
