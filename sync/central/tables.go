package central

import (
	"log/slog"
	"time"

	"vaxkiosk/assets"
	"vaxkiosk/sync/central/codes"
	"vaxkiosk/sync/central/notify"
)

// tables keeps the code tables of a data folder in force: at the start and once an hour.
type tables struct {
	dir   string
	state *notify.State
	now   func() time.Time
	log   *slog.Logger

	said, trouble string // what the log has
}

// use puts what is in the folder now in force, and says what has changed about it.
func (t *tables) use() {
	c, broken := codes.Load(t.dir)
	assets.Use(c)
	t.state.BadCodes.Store(broken != nil)
	why := ""
	if broken != nil {
		why = broken.Error()
	}
	if why != t.trouble && why != "" {
		t.log.Error("a code table of the data folder cannot be used: update it again", "event", "codes.broken", "why", why)
	}
	t.trouble = why
	newest := c.Newest().Format(time.DateOnly)
	if newest == t.said {
		return
	}
	t.said = newest
	t.log.Info("code tables are in force", "event", "codes.in-force", "newest", newest, "built_in", c == assets.BuiltIn())
	if codes.Old(c, t.now()) {
		t.log.Warn("the code tables are old: new vaccines are not known; get newer ones of the CDC", "event", "codes.old", "newest", newest)
	}
}
