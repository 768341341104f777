package central

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
)

// The door. A certificate of this CA is asked for in the table of kiosks with every
// call, and again while a long poll waits. What the table says is kept in memory for
// doorFresh: RevokeKiosk of this process drops it at once, that of another one (the
// command vaxcentral, a second instance) shows within that time. When the table
// cannot be read, nobody is let in.
//
// A certificate that is not in the table was issued before there was one: it is
// adopted, under its own name, and the log says so.

const (
	doorFresh = 2 * time.Second
	// seenEvery is how often it is written when kiosks called: once for all of them.
	seenEvery = time.Minute
)

// Kiosk is a kiosk in the table of those that are let in.
type Kiosk = store.Kiosk

// revokedCalls is for the log: one line in its window.
var revokedCalls = access.Limit{Name: "revoked-kiosk", Most: 1, Window: time.Hour}

// door is what is known of kiosks. The zero door is ready.
type door struct {
	mu      sync.Mutex
	known   map[string]looked // by fingerprint
	turn    int               // of dropping: what was read before one is not kept after it
	seen    map[string]time.Time
	written time.Time
	revoked int
}

type looked struct {
	Kiosk
	at time.Time
}

// look returns what is known of a kiosk that calls now, and the turn for keep.
func (d *door) look(fingerprint string, now time.Time) (k Kiosk, fresh bool, turn int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l, there := d.known[fingerprint]
	return l.Kiosk, there && now.Sub(l.at).Abs() < doorFresh, d.turn
}

// keep keeps what was read at a turn.
func (d *door) keep(k Kiosk, now time.Time, turn int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[string]looked{}
	}
	if turn == d.turn {
		d.known[k.Fingerprint] = looked{k, now}
	}
}

// drop forgets everything.
func (d *door) drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known, d.turn = nil, d.turn+1
}

// calls notes that a kiosk called.
func (d *door) calls(fingerprint string, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.seen == nil {
		d.seen = map[string]time.Time{}
	}
	d.seen[fingerprint] = now
}

// toWrite takes the calls that are to be written now, if it is time.
func (d *door) toWrite(now time.Time) map[string]time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.seen) == 0 || now.Sub(d.written).Abs() < seenEvery {
		return nil
	}
	seen := d.seen
	d.seen, d.written = nil, now
	return seen
}

// more tells whether so many revoked kiosks are news.
func (d *door) more(revoked int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	news := revoked != d.revoked
	d.revoked = revoked
	return news
}

// letIn finds the kiosk of a call and refuses one that is revoked.
func (c *Central) letIn(r *http.Request) (Kiosk, error) {
	id, now := kioskOf(r), c.o.Now()
	k, fresh, turn := c.door.look(id, now)
	if !fresh {
		var err error
		if k, err = c.store.KioskOf(r.Context(), id); errors.Is(err, store.ErrKioskUnknown) {
			k, err = c.adoptKiosk(r.Context(), r.TLS.PeerCertificates[0], id)
		}
		if err != nil {
			return Kiosk{}, err
		}
		c.door.keep(k, now, turn)
	}
	c.door.calls(id, now)
	if k.Revoked.IsZero() {
		return k, nil
	}
	if c.alarms.new(revokedCalls, id, now) {
		c.o.Log.Warn("a revoked kiosk calls and is refused", "event", "kiosk-revoked-calls", "kiosk", k.Name)
	}
	return Kiosk{}, errRevoked
}

var errRevoked = problem(http.StatusUnauthorized, api.ProblemKioskRevoked, "this kiosk is out of service: its certificate was taken back")

// adoptKiosk enters a certificate that was issued before the table was.
func (c *Central) adoptKiosk(ctx context.Context, cert *x509.Certificate, fingerprint string) (Kiosk, error) {
	own := cert.Subject.CommonName
	for _, name := range []string{own, fmt.Sprintf("%s (%.8s)", own, fingerprint)} {
		k := Kiosk{Fingerprint: fingerprint, Name: name, Issued: cert.NotBefore.Add(backdated)}
		err := c.store.AddKiosk(context.WithoutCancel(ctx), k)
		if err == nil {
			c.o.Log.Warn("a certificate from before kiosks were listed is adopted: revoke it if it is none of yours",
				"event", "kiosk-adopted", "kiosk", name)
			return k, nil
		}
		if !errors.Is(err, store.ErrKioskTaken) {
			return Kiosk{}, err
		}
		if k, err = c.store.KioskOf(ctx, fingerprint); !errors.Is(err, store.ErrKioskUnknown) {
			return k, err // another call was faster
		}
	}
	return Kiosk{}, store.ErrKioskTaken
}

// keepDoor follows until ctx ends what other programs do to the table, so that long
// polls of kiosks that are revoked end, and writes when kiosks called.
func (c *Central) keepDoor(ctx context.Context) {
	tick := time.NewTicker(doorFresh)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.tendDoor(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// tendDoor looks once. Trouble is for the calls to tell: they ask the same table.
func (c *Central) tendDoor(ctx context.Context) {
	if n, err := c.store.RevokedKiosks(ctx); err == nil && c.door.more(n) {
		c.door.drop()
		c.changed.ring()
	}
	if seen := c.door.toWrite(c.o.Now()); seen != nil {
		if err := c.store.SawKiosks(ctx, seen); err != nil && ctx.Err() == nil {
			c.o.Log.Debug("when kiosks called cannot be written", "why", err.Error())
		}
	}
}

// Kiosks lists the kiosks, those that are revoked too, by name.
func (c *Central) Kiosks() ([]Kiosk, error) { return c.store.Kiosks(context.Background()) }

// RevokeKiosk takes the certificate of a kiosk back, for good. A service that runs on
// the folder refuses it within seconds, on connections that are open as well.
func (c *Central) RevokeKiosk(name, reason, by string) error {
	k, err := c.store.RevokeKiosk(context.Background(), name, reason, by, c.o.Now())
	if err != nil {
		return err
	}
	c.door.drop()
	c.changed.ring()
	c.o.Log.Warn("a kiosk is revoked", "event", "kiosk-revoked", "kiosk", k.Name)
	return nil
}

// caller is the key of the kiosk in the context of its call.
type caller struct{}

// kioskName is the name of the kiosk that calls.
func kioskName(r *http.Request) string {
	if k, is := r.Context().Value(caller{}).(Kiosk); is {
		return k.Name
	}
	return r.TLS.PeerCertificates[0].Subject.CommonName
}
