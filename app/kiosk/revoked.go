package kiosk

import (
	"context"
	"fmt"
	"sync"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/sync/client"
)

// Which cards central has revoked, asked before a record is shown and before each
// print of it.
//
// A record is not shown while no list of its key was ever read: nothing could then be
// said of its cards. A screen and a page that say "could not be checked" would be no
// use to anybody: the school or employer who gets the page cannot make up for it, and
// would take a right one for a doubtful one. Central has just handed the record out, so
// it is back in a moment, and the visitor, with code and PIN still good, tries again.

// listLimit is how long a visitor waits for a newer revocation list, listAge how old the
// last answer may be when a record is printed. The first list is waited for as long as
// the record: it may be long, and without it nothing is shown.
const (
	listLimit = 2 * time.Second
	listAge   = time.Minute
)

// StillValid reports whether an open record may still be printed. Right after it was
// fetched nothing is asked again.
func (w *Central) StillValid(ctx context.Context, r record.Record) error {
	return w.stillValid(ctx, r, listAge)
}

// stillValid asks whether central has revoked a card of a record; one key has signed all.
// An answer that is younger than age will do. When central goes away at this moment,
// so will the list that was read last, and nobody has to come again: the cards were
// issued with the record (record.Parse), when it could be reached.
func (w *Central) stillValid(ctx context.Context, r record.Record, age time.Duration) error {
	if len(r.Cards) == 0 {
		return nil
	}
	list, known, err := w.revoked.by(ctx, w.client, r.Cards[0].KeyID, age, w.Now)
	switch {
	case err != nil && !known:
		w.log.Warn("no revocation list was ever read, so the record is not shown", "event", "revocations.unknown", "cause", err)
		return err
	case err != nil:
		w.log.Warn("the revocation list was not read; the one that was read last counts", "event", "revocations.stale", "cause", err)
	}
	for i, card := range r.Cards {
		if card.KeyID != r.Cards[0].KeyID {
			return fmt.Errorf("%w: card %d is signed with another key than the first", fault.Record, i+1)
		}
		if card.RevokedBy(list) {
			return fmt.Errorf("%w: card %d", fault.Revoked, i+1)
		}
	}
	return nil
}

// revoked keeps the revocation lists that were read last: they change seldom, and
// each record asks whether they have.
type revoked struct {
	mu    sync.Mutex
	lists map[string]revocations // by key
}

type revocations struct {
	etag  string
	rids  []string
	asked time.Time // when central said so last
}

// by is the present list of a key, or the last one that there was; known reports whether
// there was any.
func (l *revoked) by(ctx context.Context, c *client.Client, kid string, age time.Duration, clock func() time.Time) (rids []string, known bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	last, known := l.lists[kid]
	now := clock()
	if since := now.Sub(last.asked); known && 0 <= since && since < age {
		return last.rids, true, nil
	}
	if known {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, listLimit)
		defer cancel()
	}
	rids, etag, err := c.Revoked(ctx, kid, last.etag)
	if err != nil {
		return last.rids, known, err
	}
	if rids == nil { // not changed
		rids, etag = last.rids, last.etag
	}
	if l.lists == nil {
		l.lists = map[string]revocations{}
	}
	l.lists[kid] = revocations{etag, rids, now}
	return rids, true, nil
}
