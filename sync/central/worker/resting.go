package worker

import (
	"context"
	"errors"
	"time"

	"vaxkiosk/sync/central/store"
)

// A folder that was restored, or copied by hand, rests: it takes requests and sends
// nothing, so that a drill or a second machine writes to nobody for whom another
// service does. Resume ends that, also under a service that runs.

// lookAgain is how soon a service that runs sees that its folder was resumed.
const lookAgain = 5 * time.Second

// resting reports whether the folder rests, as it is in the database by now.
func (c *Worker) resting(ctx context.Context) (bool, error) {
	if !c.State.Rests.Load() {
		return false, nil
	}
	f, err := c.Store.Folder(ctx)
	if err == nil && !f.Rests && c.State.Rests.Swap(false) { // another worker may have been faster
		c.Log.Info("the folder was resumed: requests are answered and notices sent", "event", "folder.resumed")
	}
	return c.State.Rests.Load(), err
}

// SayRest says at the start that the folder rests.
func (c *Worker) SayRest(ctx context.Context) {
	if !c.State.Rests.Load() {
		return
	}
	why := "it was copied by hand"
	if f, err := c.Store.Folder(ctx); err == nil && !f.Since.IsZero() {
		why = "it was restored at " + f.Since.UTC().Format(time.RFC3339)
	}
	c.Log.Warn("this folder takes requests and sends nothing until vaxcentral resume: "+why, "event", "folder.rests")
}

// ReadWhole reads the whole database once, while the service runs: that takes
// minutes when there are many people.
func (c *Worker) ReadWhole(ctx context.Context) {
	err := c.Store.Sound(ctx)
	switch {
	case err == nil || ctx.Err() != nil:
	case errors.Is(err, store.ErrCorrupt):
		c.State.Damaged.Store(true)
		c.Log.Error("the database is damaged", "event", "database.damaged", "why", err.Error())
	default:
		c.Log.Error("the database could not be checked", "event", "database.unchecked", "why", err.Error())
	}
}
