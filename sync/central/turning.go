package central

import (
	"context"
	"fmt"
	"slices"
	"time"

	"vaxkiosk/assets"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// turnSealing publishes a key that was made, and ends the one before in its time.
func (c *Central) turnSealing(ctx context.Context, now time.Time) error {
	err := c.Sealing.Load()
	if err == nil && c.bootstrap.Load().sealing != c.Sealing.Public().ID {
		err = c.renewBootstrap()
		c.Log.Info("kiosks are given a new key to seal to", "event", "sealing-key.replaced", "key", c.Sealing.Public().ID, "before", c.Sealing.Before())
	}
	old := c.Sealing.Before()
	if err != nil || old == "" {
		return err
	}
	since, err := c.Store.ReplaceSealing(ctx, old, now)
	if err != nil || now.Before(since.Add(sealing.Overlap)) || !c.Sealing.Close() {
		return err
	}
	if err := c.sealAnew(ctx, old); err != nil {
		return err
	}
	if err := c.Sealing.Erase(); err != nil {
		return err
	}
	c.Log.Info("the sealing key before is erased: what waits is sealed to the present one", "event", "sealing-key.erased", "key", old)
	return nil
}

// sealAnew seals all that waits to the key that is published, and fails when something
// does not open: then its key is kept.
func (c *Central) sealAnew(ctx context.Context, old string) error {
	all, err := c.Store.SealedTo(ctx, old)
	if err != nil {
		return err
	}
	left := 0
	for _, r := range all {
		e, err := c.sealedAnew(r)
		if err != nil {
			left++
			continue
		}
		if err := c.Store.SealAnew(ctx, r, e); err != nil {
			return err
		}
	}
	if left > 0 {
		return fmt.Errorf("%d of what waits cannot be opened, so the sealing key before is kept", left)
	}
	return nil
}

func (c *Central) sealedAnew(r store.Sealed) ([]byte, error) {
	e, err := seal.Decode(r.Envelope)
	if err != nil {
		return nil, err
	}
	plain, err := c.Sealing.Open(e, e.Purpose, e.Key)
	if err != nil {
		return nil, err
	}
	e, err = seal.Seal(c.Sealing.Public(), e.Purpose, e.Key, plain)
	return e.Encode(), err
}

// turnKeys replaces the key that signs cards when its time has come.
func (c *Central) turnKeys(ctx context.Context, now time.Time) error {
	changed, err := c.Cards.Turn(ctx, now)
	if err != nil || !changed {
		return err
	}
	if err := c.renewBootstrap(); err != nil {
		return err
	}
	c.Log.Info("the keys of health cards have changed", "event", "keys.changed", "signing", c.Cards.Signer().Thumbprint(), "published", len(c.Cards.Keys().Keys))
	return nil
}

// publish publishes the counts of days and months that are over.
func (c *Central) publish(ctx context.Context, now time.Time) error {
	var spoken []string
	for _, l := range assets.Languages {
		spoken = append(spoken, l.Tag)
	}
	return c.Store.Publish(ctx, now, spoken)
}

// chosen is the decision on a job. What staff has chosen stands as long as the
// registry still has that person among those who may be meant; nobody else is
// released instead.
func chosen(j store.Job, d match.Decision) match.Decision {
	switch {
	case j.Chosen == 0:
	case d.Person == j.Chosen || slices.Contains(d.MayBe, j.Chosen):
		return match.Decision{Verdict: match.Release, Person: j.Chosen, Reasons: []match.Reason{match.ChosenByStaff}}
	case d.Verdict == match.Release:
		return match.Decision{Verdict: match.None, Reasons: []match.Reason{match.ChosenByStaff, match.NobodyComparing}}
	}
	return d
}
