package kiosk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
)

// How often the bootstrap is asked for again, and how soon after a failure.
const (
	bootstrapEvery = 15 * time.Minute
	bootstrapRetry = 30 * time.Second
	bootstrapSoon  = time.Second      // the first time when there is none yet, then twice as long each time
	bootstrapFirst = 10 * time.Second // patience at the start
)

// errNoBootstrap: this kiosk has never reached central.
var errNoBootstrap = errors.New("this kiosk has no settings from central yet")

// Bootstrap keeps the verified bootstrap: what central says about texts and keys. It
// is kept in the outbox, so that a kiosk starts and works without a network. Before
// there is any it is empty: no language, no key, and so no visit.
type Bootstrap struct {
	box    *outbox.Box
	client *client.Client
	pin    string
	log    *slog.Logger
	now    atomic.Pointer[api.Bootstrap]

	Retry time.Duration // how soon central is asked again after a failure
	again chan struct{} // ask at once
	turns atomic.Int64  // how often follow has asked
	fresh atomic.Pointer[time.Time]
}

func newBootstrap(box *outbox.Box, c *client.Client, pin string, log *slog.Logger) *Bootstrap {
	r := &Bootstrap{box: box, client: c, pin: pin, log: log, Retry: bootstrapRetry, again: make(chan struct{}, 1)}
	r.now.Store(&api.Bootstrap{})
	return r
}

// Now is the present bootstrap, empty before there is any.
func (r *Bootstrap) Now() api.Bootstrap { return *r.now.Load() }

// Use puts b, which was not verified, in the place of the present one until central has a
// newer one.
func (r *Bootstrap) Use(b api.Bootstrap) { r.now.Store(&b) }

// Turns is how often central has been asked for a newer one.
func (r *Bootstrap) Turns() int64 { return r.turns.Load() }

// freshAt is when central said last that there is none newer; zero: not since the start.
func (r *Bootstrap) freshAt() time.Time {
	if at := r.fresh.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// known tells that there is a bootstrap to work with.
func (r *Bootstrap) known() bool { return len(r.now.Load().Languages) > 0 }

// ask has central asked at once, because something else found it out of order.
func (r *Bootstrap) ask() {
	select {
	case r.again <- struct{}{}:
	default:
	}
}

// load takes the kept bootstrap; without one that verifies it asks central once. A
// central that does not answer, or is not the right one, is for follow to go on with.
func (r *Bootstrap) load(ctx context.Context) error {
	kept, _, err := r.box.Bootstrap(ctx)
	if err != nil {
		return err
	}
	if kept != nil {
		b, err := client.VerifyBootstrap(kept, r.pin)
		if err == nil {
			r.now.Store(&b)
			return nil // follow asks for a newer one
		}
		r.log.Error("the settings that were kept do not verify and are not used", "event", "settings.kept-bad", "cause", err)
	}
	ctx, cancel := context.WithTimeout(ctx, bootstrapFirst)
	defer cancel()
	_, _ = r.refresh(ctx) // follow asks again, and says what is wrong
	return nil
}

// refresh asks central for a newer bootstrap and reports whether there was one. While
// there is none its errors are errNoBootstrap too.
func (r *Bootstrap) refresh(ctx context.Context) (changed bool, err error) {
	if !r.known() {
		defer func() {
			if err != nil {
				err = fmt.Errorf("%w: %w", errNoBootstrap, err)
			}
		}()
	}
	defer func() {
		if now := time.Now(); err == nil {
			r.fresh.Store(&now)
		}
	}()
	_, etag, err := r.box.Bootstrap(ctx)
	if err != nil {
		return false, err
	}
	if !r.known() {
		etag = "" // what is kept is of no use
	}
	jws, etag, err := r.client.Bootstrap(ctx, etag)
	if err != nil || jws == nil {
		return false, err
	}
	b, err := client.VerifyBootstrap(jws, r.pin)
	if err != nil {
		return false, err
	}
	if err := r.box.KeepBootstrap(ctx, jws, etag); err != nil {
		return false, err
	}
	r.now.Store(&b)
	return true, nil
}

// follow keeps the bootstrap fresh until ctx ends, beginning at once; changed is
// called after each change, trouble with the error when failures begin or become
// failures of another kind, and with nil when they end.
func (r *Bootstrap) follow(ctx context.Context, changed func(), trouble func(error)) {
	var said fault.Fault
	var soon time.Duration
	for {
		news, err := r.refresh(ctx)
		r.turns.Add(1)
		pause := bootstrapEvery
		if err != nil {
			pause = r.Retry
		}
		if errors.Is(err, errNoBootstrap) { // somebody stands before it and waits
			soon = min(max(2*soon, bootstrapSoon), r.Retry)
			pause = soon - rand.N(soon/2)
		}
		if news {
			changed() // first, because trouble may open the kiosk
		}
		if f := faultToSay(err); ctx.Err() == nil && f != said {
			said = f
			r.say(err)
			trouble(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.again:
		case <-time.After(pause):
		}
	}
}

// faultToSay is what is said once until it is another. A kiosk that works says
// its kind; to one that waits for its first settings, or for its TPM, the reason matters as well.
func faultToSay(err error) fault.Fault {
	f := faultOfCentral(err)
	if !errors.Is(err, errNoBootstrap) && f.Code != fault.Key {
		f.Detail = ""
	}
	return f
}

// say logs that failures begin, become others or end.
func (r *Bootstrap) say(err error) {
	switch {
	case err == nil:
		r.log.Info("central answers, and its settings are up to date", "event", "settings.fresh")
	case errors.Is(err, outbox.ErrFull):
		r.log.Error("the disk of this kiosk is full; make room", "event", "disk.full", "cause", err)
	case errors.Is(err, errNoBootstrap) && !errors.Is(err, client.ErrAway):
		r.log.Error("the kiosk cannot begin", "event", "settings.refused", "cause", err, "fix", fixFor(err))
	case errors.Is(err, errNoBootstrap):
		r.log.Warn("the kiosk waits for central and tries again", "event", "settings.awaited", "cause", err)
	default:
		r.log.Warn("the settings from central were not read anew; those read last count", "event", "settings.stale", "cause", err)
	}
}

// fixFor says what to do about a central that answers and does not fit.
func fixFor(err error) string {
	switch {
	case errors.Is(err, client.ErrClock):
		return "set the clock of this machine"
	case errors.Is(err, client.ErrKioskRevoked): // which is ErrCertificate, too
		return "the central operator has taken this kiosk out of service: have it invited anew (vaxcentral kiosk replace), and enrol it"
	case errors.Is(err, client.ErrKioskSuspended): // which is, too
		return "the central operator has suspended this kiosk, and lets it in again (vaxcentral kiosk resume)"
	case errors.Is(err, client.ErrKey): // which is, too
		return "mend what the cause says of the TPM, or enrol the kiosk again"
	case errors.Is(err, client.ErrCertificate):
		return "check central.url, central.ca, central.cert and central.key; the kiosk may have to be enrolled again"
	}
	return "correct central.url, or central.pin: it is the thumbprint that the enrolment wrote"
}

func (r *Bootstrap) sealingKey() seal.PublicKey { return client.SealingKey(*r.now.Load()) }

// CardKeys are the keys that records and cards must be signed with. A bootstrap
// whose keys cannot be read has been refused by VerifyBootstrap before.
func (r *Bootstrap) CardKeys() jose.JSONWebKeySet {
	keys, err := client.CardKeys(*r.now.Load())
	if err != nil {
		r.log.Error("the keys of health cards cannot be read", "event", "settings.card-keys", "cause", err)
	}
	return keys
}

// Site is the bootstrap as the visit needs it.
func (r *Bootstrap) Site() visit.Site {
	b := *r.now.Load()
	h := visit.Site{Name: b.Service, HelpPhone: b.HelpPhone, Zone: time.Local, Texts: map[string]visit.Texts{}}
	for _, l := range b.Languages {
		h.Languages = append(h.Languages, visit.Language{Tag: l.Tag, Name: l.Name})
	}
	for _, t := range b.Texts {
		texts := visit.Texts{
			PolicyVersion: t.PolicyVersion, Summary: t.Summary, Full: t.Full,
			Declarations: map[request.Relation]visit.Declaration{},
		}
		for _, d := range t.Declarations {
			texts.Declarations[request.Relation(d.Relation)] = visit.Declaration{Version: d.Version, Text: d.Text}
		}
		h.Texts[t.Language] = texts
	}
	return h
}
