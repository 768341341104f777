// Package door is who gets in: a Door asks the table of kiosks about each certificate,
// Connections keep one address or kiosk from taking all that this process can hold open,
// Proxies say where a call really comes from, and Buckets count by that address what
// strangers do.
//
// What it knows of addresses is in memory only, for as long as a bucket is not empty,
// and is never logged. It opens nothing: a kiosk that is let in still has to prove
// everything else, and a certificate that is not of this CA ends in the handshake
// (package authority).
package door

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/notify"
	"vaxkiosk/sync/central/store"
)

// The table. A certificate of this CA is asked for in the table of kiosks with every
// call, and again while a long poll waits. What the table says is kept in memory for
// doorFresh: a revocation by this process drops it at once, that of another one (the
// command vaxcentral, a second instance) shows within that time. When the table
// cannot be read, nobody is let in.
//
// A certificate that is not in the table was issued before there was one: it is
// adopted, under its own name, and the log says so.

const (
	doorFresh = 2 * time.Second
	// SeenEvery is how often it is written when kiosks called: once for all of them.
	SeenEvery = time.Minute
)

// revokedCalls is for the log: one line in its window.
var revokedCalls = access.Limit{Name: "revoked-kiosk", Most: 1, Window: time.Hour}

// Door lets kiosks in. Its four exported fields are required.
type Door struct {
	Store *store.Store
	State *notify.State
	Now   func() time.Time
	Log   *slog.Logger

	mu      sync.Mutex
	known   map[string]looked // by fingerprint
	turn    int               // of dropping: what was read before one is not kept after it
	seen    map[string]time.Time
	written time.Time
	revoked int
}

type looked struct {
	store.Kiosk
	at time.Time
}

// look returns what is known of a kiosk that calls now, and the turn for keep.
func (d *Door) look(fingerprint string, now time.Time) (k store.Kiosk, fresh bool, turn int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l, there := d.known[fingerprint]
	return l.Kiosk, there && now.Sub(l.at).Abs() < doorFresh, d.turn
}

// keep keeps what was read at a turn.
func (d *Door) keep(k store.Kiosk, now time.Time, turn int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[string]looked{}
	}
	if turn == d.turn {
		d.known[k.Fingerprint] = looked{k, now}
	}
}

// Drop forgets everything, so that a revocation shows at once.
func (d *Door) Drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known, d.turn = nil, d.turn+1
}

// calls notes that a kiosk called.
func (d *Door) calls(fingerprint string, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.seen == nil {
		d.seen = map[string]time.Time{}
	}
	d.seen[fingerprint] = now
}

// toWrite takes the calls that are to be written now, if it is time.
func (d *Door) toWrite(now time.Time) map[string]time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.seen) == 0 || now.Sub(d.written).Abs() < SeenEvery {
		return nil
	}
	seen := d.seen
	d.seen, d.written = nil, now
	return seen
}

// more reports whether so many revoked kiosks are news.
func (d *Door) more(revoked int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	news := revoked != d.revoked
	d.revoked = revoked
	return news
}

// LetIn finds the kiosk of a call by its certificate. ErrRevoked when that was taken back.
func (d *Door) LetIn(ctx context.Context, cert *x509.Certificate) (store.Kiosk, error) {
	id, now := authority.Fingerprint(cert.Raw), d.Now()
	k, fresh, turn := d.look(id, now)
	if !fresh {
		var err error
		if k, err = d.Store.KioskOf(ctx, id); errors.Is(err, store.ErrKioskUnknown) {
			k, err = d.adopt(ctx, cert, id)
		}
		if err != nil {
			return store.Kiosk{}, err
		}
		d.keep(k, now, turn)
	}
	d.calls(id, now)
	if k.Revoked.IsZero() {
		return k, nil
	}
	if d.State.Alarms.New(revokedCalls, id, now) {
		d.Log.Warn("a revoked kiosk calls and is refused", "event", "kiosk.refused", "kiosk", k.Name)
	}
	return store.Kiosk{}, ErrRevoked
}

// ErrRevoked is returned for a kiosk whose certificate was taken back.
var ErrRevoked = errors.New("this kiosk is out of service: its certificate was taken back")

// adopt enters a certificate that was issued before the table was.
func (d *Door) adopt(ctx context.Context, cert *x509.Certificate, fingerprint string) (store.Kiosk, error) {
	own := cert.Subject.CommonName
	for _, name := range []string{own, fmt.Sprintf("%s (%.8s)", own, fingerprint)} {
		k := store.Kiosk{Fingerprint: fingerprint, Name: name, Issued: cert.NotBefore.Add(authority.Backdated)}
		err := d.Store.AddKiosk(context.WithoutCancel(ctx), k)
		if err == nil {
			d.Log.Warn("a certificate from before kiosks were listed is adopted: revoke it if it is none of yours",
				"event", "kiosk.adopted", "kiosk", name)
			return k, nil
		}
		if !errors.Is(err, store.ErrKioskTaken) {
			return store.Kiosk{}, err
		}
		if k, err = d.Store.KioskOf(ctx, fingerprint); !errors.Is(err, store.ErrKioskUnknown) {
			return k, err // another call was faster
		}
	}
	return store.Kiosk{}, store.ErrKioskTaken
}

// Keep follows until ctx ends what other programs do to the table, so that long
// polls of kiosks that are revoked end, and writes when kiosks called.
func (d *Door) Keep(ctx context.Context) {
	tick := time.NewTicker(doorFresh)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			d.Tend(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// Tend looks once. Trouble is for the calls to tell: they ask the same table.
func (d *Door) Tend(ctx context.Context) {
	if n, err := d.Store.RevokedKiosks(ctx); err == nil && d.more(n) {
		d.Drop()
		d.State.Changed.Ring()
	}
	if seen := d.toWrite(d.Now()); seen != nil {
		if err := d.Store.SawKiosks(ctx, seen); err != nil && ctx.Err() == nil {
			d.Log.Debug("when kiosks called cannot be written", "event", "kiosk.not-noted", "why", err.Error())
		}
	}
}
