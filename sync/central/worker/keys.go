package worker

// Keys whose time has come: the one that signs cards is replaced, one that kiosks seal to is
// published, and the one before ended.

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// TurnKeys does with all keys what the time has come for, unless another instance does.
func (c *Worker) TurnKeys(ctx context.Context, now time.Time) error {
	err := c.Folder.ChangeKeys(ctx, func() error {
		return errors.Join(c.turnCards(ctx, now), c.turnSealing(ctx, now))
	})
	if errors.Is(err, folder.ErrBusy) {
		return nil // who changes them does that
	}
	return err
}

// FollowKeys takes over what others change of the keys, until ctx ends.
func (c *Worker) FollowKeys(ctx context.Context) {
	for changed := c.State.Keys.Next(); ; {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		changed = c.State.Keys.Next()
		if err := c.takeKeys(ctx); err != nil && ctx.Err() == nil {
			c.Log.Error("keys that another instance has changed cannot be taken over", "event", "keys.not-taken", "why", err.Error())
		}
	}
}

// takeKeys takes over what others have changed of the keys, and gives it out. What could not be
// opened is tried again.
func (c *Worker) takeKeys(ctx context.Context) error {
	sealing, signing, cards := c.Bootstrap.SealingKey(), c.Cards.Signer().Thumbprint(), len(c.Cards.List())
	err := c.Folder.TakeKeys(ctx)
	if errors.Is(err, folder.ErrBusy) {
		return nil // whoever has them tells when that is over
	}
	if err == nil {
		err = c.Bootstrap.Renew()
	}
	if err != nil || sealing == c.Sealing.Public().ID && signing == c.Cards.Signer().Thumbprint() && cards == len(c.Cards.List()) {
		return err
	}
	c.tryHeld(ctx)
	c.Log.Info("keys that another instance has changed are in use", "event", "keys.taken", "signing", c.Cards.Signer().Thumbprint(), "sealing", c.Sealing.Public().ID)
	return nil
}

// turnSealing publishes a key that was made, and ends the one before in its time.
func (c *Worker) turnSealing(ctx context.Context, now time.Time) error {
	err := c.Sealing.Load()
	if err == nil && c.Bootstrap.SealingKey() != c.Sealing.Public().ID {
		err = c.Bootstrap.Renew()
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
func (c *Worker) sealAnew(ctx context.Context, old string) error {
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

func (c *Worker) sealedAnew(r store.Sealed) ([]byte, error) {
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

// turnCards replaces the key that signs cards when its time has come.
func (c *Worker) turnCards(ctx context.Context, now time.Time) error {
	changed, err := c.Cards.Turn(ctx, now)
	if err != nil || !changed {
		return err
	}
	if err := c.Bootstrap.Renew(); err != nil {
		return err
	}
	c.Log.Info("the keys of health cards have changed", "event", "keys.changed", "signing", c.Cards.Signer().Thumbprint(), "published", len(c.Cards.Keys().Keys))
	return nil
}
