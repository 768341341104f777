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
// The first call with a certificate takes it into use and ends the one before (package
// store, invitations.go). A certificate that is not in the table was issued before there was
// one: it is adopted, under its own name, and the log says so.

const (
	doorFresh = 2 * time.Second
	// SeenEvery is how often it is written when kiosks called: once for all of them.
	SeenEvery = time.Minute
)

// refusedCalls is for the log: one line in its window.
var refusedCalls = access.Limit{Name: "revoked-kiosk", Most: 1, Window: time.Hour}

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
	change  int64
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

// Drop forgets everything, so that a change shows at once.
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

// news reports whether this is another change of kiosks than the one before.
func (d *Door) news(change int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	other := change != d.change
	d.change = change
	return other
}

// LetIn finds the kiosk of a call by its certificate. ErrRevoked when that was taken back
// or replaced, ErrSuspended when the kiosk is out of service for now.
func (d *Door) LetIn(ctx context.Context, cert *x509.Certificate) (store.Kiosk, error) {
	id, now := authority.Fingerprint(cert.Raw), d.Now()
	k, fresh, turn := d.look(id, now)
	if !fresh {
		var err error
		if k, err = d.Store.KioskOf(ctx, id); errors.Is(err, store.ErrKioskUnknown) {
			k, err = d.adopt(ctx, cert, id)
		}
		if err == nil && k.Begun.IsZero() {
			k, turn, err = d.begin(ctx, id, now)
		}
		if err != nil {
			return store.Kiosk{}, err
		}
		d.keep(k, now, turn)
	}
	err := refusal(k, now)
	if err == nil || k.Ended.IsZero() { // one that is out of service is seen as well, but not by what was replaced
		d.calls(k.ID, now)
	}
	if err == nil {
		return k, nil
	}
	if d.State.Alarms.New(refusedCalls, id, now) {
		d.Log.Warn("a kiosk that is revoked, suspended or replaced calls and is refused", "event", "kiosk.refused", "kiosk", k.Name)
	}
	return store.Kiosk{}, err
}

// Why a kiosk is not let in.
var (
	ErrRevoked   = errors.New("this kiosk is out of service: its certificate was taken back")
	ErrSuspended = errors.New("this kiosk is out of service for now: it is suspended")
)

// refusal is why a kiosk is not let in, or nil.
func refusal(k store.Kiosk, now time.Time) error {
	switch {
	case !k.Revoked.IsZero(), !k.Ended.IsZero() && !now.Before(k.Ended), k.Begun.IsZero() && k.Suspended.IsZero():
		return ErrRevoked
	case !k.Suspended.IsZero():
		return ErrSuspended
	}
	return nil
}

// begin takes a certificate into use, and returns the turn for keep.
func (d *Door) begin(ctx context.Context, fingerprint string, now time.Time) (k store.Kiosk, turn int, err error) {
	k, err = d.Store.BeginKiosk(context.WithoutCancel(ctx), fingerprint, now)
	if err == nil && refusal(k, now) == nil {
		d.Drop() // the one before has ended
		d.State.Changed.Ring()
		d.Log.Info("a kiosk calls with a new certificate for the first time; the one before ends", "event", "kiosk.enrolled", "kiosk", k.Name,
			"certificate_until", k.Until.UTC().Format(time.DateOnly))
	}
	_, _, turn = d.look(fingerprint, now)
	return k, turn, err
}

// adopt enters a certificate that was issued before the table was.
func (d *Door) adopt(ctx context.Context, cert *x509.Certificate, fingerprint string) (store.Kiosk, error) {
	own := cert.Subject.CommonName
	for _, name := range []string{own, fmt.Sprintf("%s (%.8s)", own, fingerprint)} {
		issued := cert.NotBefore.Add(authority.Backdated)
		k := store.Kiosk{ID: fingerprint, Fingerprint: fingerprint, Name: name, Issued: issued, Begun: issued, Until: cert.NotAfter}
		err := d.Store.AddKiosk(context.WithoutCancel(ctx), k, "adopted", "")
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
// polls of kiosks that are revoked or suspended end, and writes when kiosks called.
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
	if n, err := d.Store.LastKioskChange(ctx); err == nil && d.news(n) {
		d.Drop()
		d.State.Changed.Ring()
	}
	if seen := d.toWrite(d.Now()); seen != nil {
		if err := d.Store.SawKiosks(ctx, seen); err != nil && ctx.Err() == nil {
			d.Log.Debug("when kiosks called cannot be written", "event", "kiosk.not-noted", "why", err.Error())
		}
	}
}
