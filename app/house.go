package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"

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
	bootstrapFirst = 10 * time.Second // patience at the start
)

// errNoBootstrap: this kiosk has never reached central.
var errNoBootstrap = errors.New("this kiosk has no settings from central yet")

// rules keeps the verified bootstrap: what central says about texts and keys. It
// is kept in the outbox, so that a kiosk starts and works without a network.
type rules struct {
	box    *outbox.Box
	client *client.Client
	pin    string
	log    *slog.Logger
	now    atomic.Pointer[api.Bootstrap]

	retry time.Duration // after a failure
	again chan struct{} // ask at once
	turns atomic.Int64  // how often follow has asked
}

func newRules(box *outbox.Box, c *client.Client, pin string, log *slog.Logger) *rules {
	return &rules{box: box, client: c, pin: pin, log: log, retry: bootstrapRetry, again: make(chan struct{}, 1)}
}

// ask has central asked at once, because something else found it out of order.
func (r *rules) ask() {
	select {
	case r.again <- struct{}{}:
	default:
	}
}

// load takes the kept bootstrap; without one that verifies it asks central, and
// fails when central does not answer soon.
func (r *rules) load(ctx context.Context) error {
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
		r.log.Error("kept bootstrap does not verify and is not used", "cause", err)
	}
	ctx, cancel := context.WithTimeout(ctx, bootstrapFirst)
	defer cancel()
	if _, err := r.refresh(ctx); err != nil {
		return fmt.Errorf("%w: %w", errNoBootstrap, err)
	}
	return nil
}

// refresh asks central for a newer bootstrap and tells whether there was one.
func (r *rules) refresh(ctx context.Context) (changed bool, err error) {
	_, etag, err := r.box.Bootstrap(ctx)
	if err != nil {
		return false, err
	}
	if r.now.Load() == nil {
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
func (r *rules) follow(ctx context.Context, changed func(), trouble func(error)) {
	said := ""
	for {
		news, err := r.refresh(ctx)
		r.turns.Add(1)
		pause := bootstrapEvery
		if err != nil {
			pause = r.retry
		}
		if code := faultOfCentral(err).Code; ctx.Err() == nil && code != said {
			said = code
			r.log.Warn("bootstrap", "refreshed", err == nil, "cause", err)
			trouble(err)
		}
		if news {
			changed()
		}
		select {
		case <-ctx.Done():
			return
		case <-r.again:
		case <-time.After(pause):
		}
	}
}

func (r *rules) sealingKey() seal.PublicKey { return client.SealingKey(*r.now.Load()) }

// cardKeys are the keys that records and cards must be signed with. A bootstrap
// whose keys cannot be read has been refused by VerifyBootstrap before.
func (r *rules) cardKeys() jose.JSONWebKeySet {
	keys, err := client.CardKeys(*r.now.Load())
	if err != nil {
		r.log.Error("card keys cannot be read", "cause", err)
	}
	return keys
}

// house is the bootstrap as the visit needs it.
func (r *rules) house() visit.House {
	b := *r.now.Load()
	h := visit.House{Name: b.Service, HelpPhone: b.HelpPhone, Zone: time.Local, Texts: map[string]visit.Texts{}}
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
