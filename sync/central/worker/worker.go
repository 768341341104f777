// Package worker is what runs by itself behind the calls: requests are opened, decided and
// answered, new codes sent, notices handed over within their limits, and once an hour what
// is too old is erased and keys looked after.
//
// New makes one and Run works until its ctx ends. What is unfinished then, or after a
// crash, is taken up at the next start: everything is committed before anybody is told, and
// a notice that may have gone out before a crash goes out again with a newer code.
//
// Whatever is found, a request costs one slow hash and the same texts; so neither time nor
// silence tells what is on file. It answers no call, and no log line of it says of a
// request what became of it.
package worker

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notify"
	"vaxkiosk/sync/central/retention"
	"vaxkiosk/sync/central/sealing"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/watch"
)

// How the worker keeps time.
const (
	AuditLife    = retention.Requests // after a request's end; then it is forgotten, unless another time is set
	SendLimit    = 30 * time.Second   // for handing over one notice
	firstPutOff  = time.Second        // doubles with every failure
	LastPutOff   = 5 * time.Minute
	lastDue      = LastPutOff + record.ClockSlack // what was put off is due by then, also by another instance's clock
	afterTrouble = time.Second                    // pause after an error
	lookEvery    = 30 * time.Second               // for what vaxcentral has put into the database
	lookBeside   = 5 * time.Second                // and what another instance has, which may die before it tells
)

// Options of New. All but Reads, Workers, Grace, Several and Tables are required; Folder is
// needed for what is done once an hour.
type Options struct {
	Store *store.Store
	folder.Keys
	Folder    Folder
	State     *notify.State
	Bootstrap Bootstrap
	Sender    notice.Sender     // hands over notices
	Receipts  bool              // of every text message comes one
	Keep      retention.Periods // for how long what is kept (the defaults)
	AuditDir  string            // where signed heads of the audit are kept
	HelpPhone string            // for people who are stuck
	Workers   int               // how many requests are worked on at a time (1)
	Reads     int               // up to which version of a request (what this program writes)
	Grace     time.Duration     // how long what is in work when Run's ctx ends may take to end
	Several   bool              // other instances serve the same database
	Tables    func()            // looks once an hour whether the folder has other code tables
	Now       func() time.Time
	Log       *slog.Logger
}

// Folder is where keys are changed.
//
// Obligations: ChangeKeys runs change once, while no other instance changes keys, and shares what
// comes of it; with folder.ErrBusy it has not run. TakeKeys takes over what others have shared.
type Folder interface {
	ChangeKeys(ctx context.Context, change func() error) error
	TakeKeys(ctx context.Context) error
}

// Bootstrap is what kiosks are told of the keys.
//
// Obligations: after Renew has returned nil, every kiosk that asks is told of the keys as
// they are, and SealingKey is the id of the one that they seal to.
type Bootstrap interface {
	SealingKey() string
	Renew() error
}

// Worker works on the requests of one folder. Use New to get one.
type Worker struct {
	Options

	opener sealing.Opener
	crew   crew  // who works on what
	paces  paces // of the gateway
}

// New makes a worker. Only one may run on a folder; those of several folders share the work of
// one database.
func New(o Options) *Worker {
	return &Worker{Options: o, opener: sealing.Opener{Keys: o.Sealing, Store: o.Store, Now: o.Now, Reads: o.Reads}}
}

// Run works on requests until ctx ends. What is left unfinished, here or by a
// crash, is taken up at the next start, and so is what could not be read before.
func (c *Worker) Run(ctx context.Context) {
	match.Prepare()
	c.tryHeld(ctx)
	inHand, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(c.Grace, cancel) })()
	var crew sync.WaitGroup
	for n := range max(1, c.Workers) {
		crew.Go(func() { c.workAlong(ctx, inHand, n == 0) })
	}
	crew.Wait()
}

// workAlong is one worker; one of them does the housework. What it has in hand when ctx ends goes
// on until inHand does.
func (c *Worker) workAlong(ctx, inHand context.Context, keeper bool) {
	h := housework{Worker: c, done: c.Now()}
	for ctx.Err() == nil {
		wake := c.State.Work.Next()
		now := c.Now()
		if keeper && now.Sub(h.tried) >= PurgeEvery {
			h.do(ctx, now)
		}
		worked, err := c.next(ctx, inHand, now)
		c.sayOnce(ctx, worked, err)
		if !worked || err != nil {
			c.rest(ctx, wake, err != nil)
		}
	}
}

// tryHeld has what is held tried again.
func (c *Worker) tryHeld(ctx context.Context) {
	n, err := c.Store.Unhold(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		c.Log.Error("requests that are held cannot be tried again", "event", "requests.held", "why", err.Error())
	case n > 0:
		c.Log.Info("requests that could not be read are tried again", "event", "requests.tried-again", "count", n)
	}
}

// Next works on one thing and reports whether there was one. In a folder that rests
// no worker does anything.
func (c *Worker) Next(ctx context.Context, now time.Time) (worked bool, err error) {
	return c.next(ctx, ctx, now)
}

func (c *Worker) next(ctx, inHand context.Context, now time.Time) (worked bool, err error) {
	if rests, err := c.resting(ctx); rests || err != nil {
		return false, err
	}
	t, ok, err := c.take(ctx, now)
	if !ok || err != nil {
		return false, err
	}
	defer c.done(t)
	if t.wish != nil {
		return true, c.grant(inHand, *t.wish, now)
	}
	return true, c.finish(inHand, t)
}

// unbroken makes an error of a panic. The panic's value may be personal.
func unbroken(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("it broke in the middle")
		}
	}()
	return f()
}

// rest waits for a new request, for one that was put off, or until it is time to
// look for what another program has done.
func (c *Worker) rest(ctx context.Context, wake <-chan struct{}, trouble bool) {
	wait := lookEvery
	if c.Several {
		wait = lookBeside
	}
	now := c.Now()
	if c.State.Rests.Load() {
		wait = lookAgain
	} else if taken, full := c.crew.taken(); !full {
		if due, ok, err := c.Store.NextDue(ctx, now, taken...); err == nil && ok {
			wait = min(wait, max(0, due.Sub(now)))
		}
	}
	if trouble { // a new request must not make it a busy loop
		wait, wake = afterTrouble, nil
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}

// sayOnce logs the begin of trouble, and its end when something has been worked
// on or nothing is left that waits for it.
func (c *Worker) sayOnce(ctx context.Context, worked bool, err error) {
	switch {
	case ctx.Err() != nil:
	case err != nil && !c.State.Troubled.Swap(true):
		if store.DiskFull(err) {
			c.Log.Error("the disk is full: requests cannot be worked on; make room", "event", "disk.full", "why", err.Error())
			return
		}
		c.Log.Error("requests cannot be worked on", "event", "requests.stopped", "why", err.Error())
	case err == nil && c.State.Troubled.Load() && (worked || c.nothingWaits(ctx)) && c.State.Troubled.Swap(false):
		c.Log.Info("requests are worked on again", "event", "requests.resumed")
	}
}

func (c *Worker) nothingWaits(ctx context.Context) bool {
	taken, _ := c.crew.taken()
	_, waits, err := c.Store.NextDue(ctx, c.Now(), taken...)
	return err == nil && !waits
}

// Finish answers a job that was taken, puts it off, or holds it.
func (c *Worker) Finish(ctx context.Context, j store.Job) error {
	return c.finish(ctx, c.task(j, c.Now()))
}

func (c *Worker) finish(ctx context.Context, t task) error {
	c.State.Changed.Ring() // processing now
	if t.unread != nil {
		c.State.SayHeld(c.Log, t.unread, "")
		c.State.Counts.Work(watch.Held)
		err := c.Store.Hold(ctx, t.ID, t.unread.Error())
		c.State.Changed.Ring()
		return err
	}
	err := unbroken(func() error { return c.answer(ctx, t) })
	if errors.Is(err, store.ErrChanged) {
		return nil // it is still due; the code that went out opens nothing
	}
	if err != nil && ctx.Err() == nil {
		c.State.Counts.Work(watch.PutOff)
		return errors.Join(err, c.Store.PutOff(ctx, t.ID, c.Now().Add(pause(t.Failures, err))))
	}
	if err == nil {
		c.State.Counts.Work(watch.Answered)
	}
	c.State.Changed.Ring()
	return err
}

// answer does everything for one request. Its notice goes out before the answer is
// committed: after a crash in between it goes out again, the newer code counts, and
// nobody waits for a notice in vain. Every request costs one slow hash and one
// notice, whatever is found (see notices.go for a second one). A stop of the
// service does not come between a notice and the note of it.
func (c *Worker) answer(ctx context.Context, t task) error {
	now := c.Now()
	code, err := access.NewCode()
	if err != nil {
		return err
	}
	a := store.Answer{ID: t.ID, CodeExpires: now.Add(access.CodeLife)}
	counted, err := c.decide(ctx, t.Job, t.asked, &a, now)
	if err == nil {
		err = c.conclude(ctx, t, a, code, now)
	}
	if err != nil { // it comes again, and counts then
		return errors.Join(err, c.Store.Return(context.WithoutCancel(ctx), counted...))
	}
	return nil
}

// conclude hands over the notices of a request that has been decided on and keeps
// the answer. The code is the last to go out, so that nothing can fail between it
// and the answer but the database; one that did not go out opens nothing.
func (c *Worker) conclude(ctx context.Context, t task, a store.Answer, code string, now time.Time) error {
	r := t.asked
	a.Lock = c.Keeper.NewLock(t.ID, r.PIN, code)
	out, err := c.notices(ctx, t, a.Decision, code, request.DateOf(now))
	if err != nil {
		return err
	}
	a.Lang, a.Relation, a.Renamed = notice.Language(r.Lang), r.Relation, r.Other != (request.Name{})
	took := time.Duration(0)
	for _, n := range out {
		if n.kind == notice.NotHere {
			err = c.tell(ctx, t.Job, n)
		} else {
			a.Notice, took, err = c.handOver(ctx, t.ID, n)
		}
		if err != nil {
			return err
		}
	}
	if !a.Notice.Out() {
		a.CodeExpires = now
	}
	a.Done = c.Now().Add(took)
	return insist(ctx, func(ctx context.Context) error { return c.Store.PutAnswer(ctx, a, now) })
}

// tell tells the contact named first that no code comes there, unless an earlier
// try of the job has.
func (c *Worker) tell(ctx context.Context, j store.Job, n outgoing) error {
	if j.Told {
		return nil
	}
	noted, took, err := c.handOver(ctx, j.ID, n)
	if err == nil {
		err = insist(ctx, func(ctx context.Context) error { return c.Store.Tell(ctx, j.ID, noted, c.Now().Add(took)) })
	}
	if err == nil {
		c.State.Changed.Ring()
	}
	return err
}
