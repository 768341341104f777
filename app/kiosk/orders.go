package kiosk

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"vaxkiosk/app/exit"
	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
)

// Help from afar without remote control. Central's operator asks for one of a few things, which
// comes signed by the pinned key with the answer to a heartbeat. The kiosk does it when nobody
// is there, once, and tells what came of it; a restart only after central knows, so that it is
// not asked for again and again. Whatever else is asked, or by whomever else, is not done.

const (
	restLook  = time.Second
	tellLimit = time.Minute // of diagnostics
)

// errAsked is why a kiosk ends that was asked to.
var errAsked = exit.With(exit.Asked, errors.New("central's operator asked for a restart"))

// orders does what is asked of a kiosk.
type orders struct {
	verify   func(jws string, now time.Time) (api.Order, error)
	rests    func() bool // nobody is there
	testPage func(ctx context.Context) fault.Outcome
	settings func()
	bundle   func(ctx context.Context, order string) error // of diagnostics, to central
	restart  func()
	log      *slog.Logger

	past map[string]api.OrderAnswer // what was done, by id: central may not have heard of it
	ends string                     // the order to restart
	said string                     // what was refused last, so that it is said once
}

// do does what is asked, and returns what came of it; nil when it is not done now.
func (o *orders) do(ctx context.Context, jws string) *api.OrderAnswer {
	order, err := o.verify(jws, time.Now())
	if err != nil {
		if o.said != jws {
			o.said = jws
			o.log.Error("something is asked of this kiosk that is not accepted, and is not done", "event", "order.refused", "cause", err)
		}
		return nil
	}
	if answer, is := o.past[order.Id]; is {
		return &answer
	}
	answer := api.OrderAnswer{Id: order.Id, Outcome: api.Done}
	switch order.What {
	case api.OrderWhatSettings:
		o.settings()
	case api.OrderWhatTestPage:
		if !o.rests() {
			return nil
		}
		if how := o.testPage(ctx); how != fault.Printed && how != fault.HandedOn {
			answer.Outcome = api.NotDone
		}
	case api.OrderWhatDiagnostics:
		if err := o.bundle(ctx, order.Id); errors.Is(err, fault.Away) {
			return nil // the next time
		} else if err != nil {
			answer.Outcome = api.NotDone
		}
	case api.OrderWhatRestart:
		o.ends = order.Id
	}
	if o.past == nil {
		o.past = map[string]api.OrderAnswer{}
	}
	o.past[order.Id] = answer
	o.log.Info("central's operator has asked for something", "event", "order.done", "what", string(order.What), "outcome", string(answer.Outcome))
	return &answer
}

// after does what has to wait until central knows: it ends the kiosk, once nobody is there.
func (o *orders) after(ctx context.Context, a api.OrderAnswer) {
	if a.Id != o.ends {
		return
	}
	look := time.NewTicker(restLook)
	defer look.Stop()
	for !o.rests() {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
	o.restart()
}

// beats are the heartbeats of a kiosk, which restart ends when that is asked for.
func (k *Kiosk) beats(restart func()) *heartbeat {
	o := &orders{
		verify: func(jws string, now time.Time) (api.Order, error) {
			return client.VerifyOrder(jws, k.Config.Central.Pin, k.Client.Certificate(), now)
		},
		rests:    k.vitals.rests,
		testPage: func(ctx context.Context) fault.Outcome { return k.Desk.PrintTestPage(ctx, "en").Outcome },
		bundle: func(ctx context.Context, order string) error {
			ctx, cancel := context.WithTimeout(ctx, tellLimit)
			defer cancel()
			text, err := k.diagnostics(ctx)
			if err != nil {
				return err
			}
			return k.Client.Diagnostics(ctx, order, text)
		},
		settings: k.Bootstrap.ask, restart: restart, log: k.Log,
	}
	return &heartbeat{of: k.vitals, tell: k.Client.Heartbeat, asked: o.do, after: o.after, look: k.Bootstrap.ask, log: k.Log}
}
