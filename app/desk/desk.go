// Package desk runs visits.
//
// One goroutine owns the visit: it takes events, asks visit.Step, shows the
// result and starts the effects. Each effect runs on a goroutine of its own
// against one of the ports (Outbox, Central, Renderer, Printer) and answers with
// an event that carries the number of the visit that asked, so a late answer
// never reaches the next visitor (promise P4).
//
// Use: fill in the ports, call Run, feed Post. Show is called with every new
// snapshot, from the desk's goroutine, and must not block.
//
// The desk refuses to print two documents at once: the next print waits until
// the job before it has ended and is gone from the printer (promise P8). It logs
// codes and outcomes, never a value. It counts what happens (usage.go): counts of
// an hour, under names from a fixed list.
package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// Desk runs visits against its ports.
type Desk struct {
	Outbox   Outbox
	Reports  Reports
	Central  Central
	Renderer Renderer
	Printer  Printer
	Show     func(visit.Visit, time.Time)
	Log      *slog.Logger
	Now      func() time.Time // the wall clock; nil for time.Now

	once    sync.Once
	events  chan visit.Event
	printer chan struct{} // holds one token while a document is at the printer
	doubt   chan struct{} // holds one token when the printer is to be asked whether it can print
	stopped chan struct{} // closed when no event is taken any more
	running sync.WaitGroup
	asked   atomic.Bool // the printer was, once
}

// A print outcome is offered to central for auditFor, each time for auditLimit, and
// again after auditPause, while central is away; once the desk was told to stop for
// auditGrace more.
const (
	auditFor   = time.Hour // as long as central takes it
	auditLimit = time.Minute
	auditPause = 10 * time.Second
	auditGrace = 5 * time.Second
)

func (d *Desk) queue() chan visit.Event {
	d.once.Do(func() {
		d.events, d.printer, d.stopped = make(chan visit.Event, 256), make(chan struct{}, 1), make(chan struct{})
		d.doubt = make(chan struct{}, 1)
	})
	return d.events
}

// Post hands an event to the desk. It may be called from any goroutine; a desk
// that has stopped takes none.
func (d *Desk) Post(e visit.Event) {
	select {
	case d.queue() <- e:
	case <-d.stopped:
	}
}

// Run runs visits, beginning with v, until ctx ends; then it waits for the
// effects to end, and until the counts of the last hour are kept. A desk runs once.
func (d *Desk) Run(ctx context.Context, v visit.Visit) {
	events := d.queue()
	defer d.running.Wait()
	defer close(d.stopped)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	d.running.Go(func() { d.watchPrinter(ctx) })
	clock := clock{wall: d.Now}
	if clock.wall == nil {
		clock.wall = time.Now
	}
	var counts tally
	defer func() { d.keepUsage(counts.Flush(clock.now())) }() //nolint:contextcheck // ctx is over then
	second := time.NewTicker(time.Second)
	defer second.Stop()
	life := newLife(ctx)
	defer func() { life.end() }()
	d.Show(v, clock.now())
	for {
		var e visit.Event
		select {
		case <-ctx.Done():
			return
		case <-second.C:
			e.Do = visit.Tick{}
		case e = <-events:
		}
		now, before := clock.now(), v
		var effects []visit.Effect
		v, effects = visit.Step(v, e, now)
		d.keepUsage(counts.observe(before, v, e, now)) //nolint:contextcheck // counts are kept, whatever ends
		if v.Number != before.Number {
			life.end()
			life = newLife(ctx) //nolint:contextcheck // what one visit had done ends with it
		}
		if v.Touched.IsZero() { // nobody is there
			clock.rest()
		}
		d.Show(v, now)
		for _, effect := range effects {
			d.start(life.ctx, effect) //nolint:contextcheck // life is made from ctx
		}
	}
}

// life is the context that everything done for one visit runs in.
type life struct {
	ctx context.Context
	end context.CancelFunc
}

func newLife(ctx context.Context) life {
	ctx, end := context.WithCancel(ctx)
	return life{ctx, end}
}

// start carries one effect out. Forget needs nothing here: the visit's context
// has ended with its number.
func (d *Desk) start(ctx context.Context, effect visit.Effect) {
	switch f := effect.(type) {
	case visit.Save:
		d.running.Go(func() { d.save(ctx, f) })
	case visit.SaveAmendment:
		d.running.Go(func() { d.saveAmendment(ctx, f) })
	case visit.SaveReport:
		d.running.Go(func() { d.saveReport(ctx, f) })
	case visit.Track:
		d.running.Go(func() { d.track(ctx, f) })
	case visit.PrintSlip:
		d.running.Go(func() { d.printSlip(ctx, f) })
	case visit.PrintTest:
		d.running.Go(func() { d.printTest(ctx, f) })
	case visit.Watch:
		d.running.Go(func() { d.watch(ctx, f) })
	case visit.TryUnlock:
		d.running.Go(func() { d.unlock(ctx, f) })
	case visit.ResendCode:
		d.running.Go(func() { d.resend(ctx, f) })
	case visit.SignIn:
		d.running.Go(func() { d.signIn(ctx, f) })
	case visit.Fetch:
		d.running.Go(func() { d.fetch(ctx, f) })
	case visit.Reject:
		d.reject(f) //nolint:contextcheck // told to central after the visit, too
	case visit.PrintRecord:
		d.running.Go(func() { d.print(ctx, f) })
	case visit.Forget:
	}
}

// answer posts what an effect came to; a desk that has stopped takes no answers.
func (d *Desk) answer(ctx context.Context, number, call uint64, a visit.Action) {
	select {
	case d.queue() <- visit.Event{Visit: number, Call: call, Do: a}:
	case <-ctx.Done():
	}
}

func (d *Desk) save(ctx context.Context, f visit.Save) {
	call, cancel := context.WithTimeout(ctx, visit.SaveLimit-saveMargin)
	defer cancel()
	saved, err := d.Outbox.Save(call, f.Request)
	d.answer(ctx, f.Visit, f.Call, d.savedEvent(saved, err))
}

func (d *Desk) saveAmendment(ctx context.Context, f visit.SaveAmendment) {
	call, cancel := context.WithTimeout(ctx, visit.SaveLimit-saveMargin)
	defer cancel()
	saved, err := d.Outbox.SaveAmendment(call, f.Amendment)
	d.answer(ctx, f.Visit, f.Call, d.savedEvent(saved, err))
}

func (d *Desk) savedEvent(s Saved, err error) visit.Action {
	if err != nil {
		d.Log.Error("not saved", "event", "visit.not-saved", "cause", err)
		return visit.SaveFailed{Fault: fault.Fault{Code: fault.Database}}
	}
	return visit.Saved{Key: s.Key, Receipt: s.Receipt}
}

// saveMargin lets a save that is given up say so before the visit's own
// deadline: then it is certain that nothing was kept.
const saveMargin = 2 * time.Second

func (d *Desk) watch(ctx context.Context, f visit.Watch) {
	if d.Central.Answered(ctx, f.Key) == nil {
		d.answer(ctx, f.Visit, 0, visit.Answered{})
	}
}

func (d *Desk) unlock(ctx context.Context, f visit.TryUnlock) {
	call, cancel := context.WithTimeout(ctx, visit.UnlockLimit)
	defer cancel()
	token, err := d.prove(call, f)
	var no *Refusal
	switch {
	case err == nil:
		d.answer(ctx, f.Visit, f.Call, visit.Unlocked{Token: token})
	case errors.As(err, &no):
		d.answer(ctx, f.Visit, f.Call, visit.Refused{Left: no.Left})
	default:
		d.Log.Warn("unlock not answered", "event", "visit.unlock-unanswered", "cause", err)
		d.answer(ctx, f.Visit, f.Call, visit.UnlockFailed{Fault: faultOf(err)})
	}
}

// prove shows the code, or what staff vouches for.
func (d *Desk) prove(ctx context.Context, f visit.TryUnlock) (token string, err error) {
	if f.StaffToken != "" {
		return d.Central.Vouch(ctx, f.Key, f.StaffToken, string(f.IDKind), f.PIN)
	}
	return d.Central.Unlock(ctx, f.Key, f.Receipt, f.Code, f.PIN)
}

func (d *Desk) signIn(ctx context.Context, f visit.SignIn) {
	call, cancel := context.WithTimeout(ctx, visit.StaffLimit)
	defer cancel()
	token, err := d.Central.SignIn(call, f.ID, f.PIN)
	if err != nil {
		d.Log.Warn("staff not signed in", "event", "visit.sign-in-unanswered", "cause", err)
		d.answer(ctx, f.Visit, f.Call, visit.SignInFailed{Fault: faultOf(err)})
		return
	}
	d.answer(ctx, f.Visit, f.Call, visit.SignedIn{Token: token})
}

func (d *Desk) saveReport(ctx context.Context, f visit.SaveReport) {
	call, cancel := context.WithTimeout(ctx, visit.SaveLimit-saveMargin)
	defer cancel()
	if err := d.Reports.SaveReport(call, f.Kind, f.Screen); err != nil {
		d.Log.Error("problem report not saved", "event", "visit.report-not-saved", "cause", err)
		d.answer(ctx, f.Visit, f.Call, visit.ReportFailed{Fault: fault.Fault{Code: fault.Database}})
		return
	}
	d.answer(ctx, f.Visit, f.Call, visit.Reported{})
}

func (d *Desk) track(ctx context.Context, f visit.Track) {
	call, cancel := context.WithTimeout(ctx, visit.TrackLimit)
	defer cancel()
	progress, err := d.Central.Track(call, f.Number)
	if err != nil {
		d.Log.Warn("correction not followed", "event", "visit.correction-unanswered", "cause", err)
		d.answer(ctx, f.Visit, f.Call, visit.TrackFailed{Fault: faultOf(err)})
		return
	}
	d.answer(ctx, f.Visit, f.Call, visit.Tracked{Progress: progress})
}

func (d *Desk) resend(ctx context.Context, f visit.ResendCode) {
	call, cancel := context.WithTimeout(ctx, visit.ResendLimit)
	defer cancel()
	left, err := d.Central.Resend(call, f.Key, f.Receipt, f.Other)
	if err != nil {
		d.Log.Warn("no new code asked for", "event", "visit.code-unanswered", "cause", err)
		d.answer(ctx, f.Visit, f.Call, visit.ResendFailed{Fault: faultOf(err)})
		return
	}
	d.answer(ctx, f.Visit, f.Call, visit.Resent{Left: left})
}

func (d *Desk) fetch(ctx context.Context, f visit.Fetch) {
	call, cancel := context.WithTimeout(ctx, visit.FetchLimit)
	defer cancel()
	r, err := d.Central.Record(call, f.Token)
	if err != nil {
		d.Log.Warn("record not fetched", "event", "visit.record-unanswered", "cause", err)
		d.answer(ctx, f.Visit, f.Call, visit.FetchFailed{Fault: faultOf(err)})
		return
	}
	d.answer(ctx, f.Visit, f.Call, visit.Fetched{Record: r})
}

// faultOf reduces an error of Central to its code.
func faultOf(err error) fault.Fault {
	return fault.Fault{Code: cmp.Or(fault.CodeOf(err), fault.Away)}
}

// reject says that a record was not shown, here and at central.
func (d *Desk) reject(f visit.Reject) {
	d.Log.Error("what central handed out failed a check and was not shown", "event", "visit.record-refused", "fault", f.Why)
	d.audit(f.Token, Result{fault.Failed, fault.Fault{Code: f.Why}}, 0)
}

// audit tells central how a print ended; it outlives the visit and holds no
// personal value.
func (d *Desk) audit(token string, how Result, pages int) {
	job := jobID()
	d.running.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), auditFor)
		defer cancel()
		d.running.Go(func() { d.hurry(ctx, cancel) })
		if err := d.offer(ctx, token, job, how, pages); err != nil {
			d.Log.Warn("print not audited at central", "event", "print.not-noted", "outcome", how.Outcome, "cause", err)
		}
	})
}

// offer hands in a print outcome until central has it or can never take it.
func (d *Desk) offer(ctx context.Context, token, job string, how Result, pages int) error {
	for {
		call, cancel := context.WithTimeout(ctx, auditLimit)
		err := d.Central.Printed(call, token, job, how, pages)
		cancel()
		if code := faultOf(err).Code; err == nil || code != fault.Away && code != fault.Busy {
			return err
		}
		select {
		case <-time.After(auditPause):
		case <-ctx.Done():
			return err
		}
	}
}

// hurry ends a call soon after the desk has stopped.
func (d *Desk) hurry(call context.Context, end context.CancelFunc) {
	select {
	case <-d.stopped:
	case <-call.Done():
		return
	}
	select {
	case <-time.After(auditGrace):
		end()
	case <-call.Done():
	}
}

func jobID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
