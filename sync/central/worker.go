package central

import (
	"context"
	"errors"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// How long requests live, and how the worker keeps time.
const (
	RequestLife  = request.ReceiptDays * 24 * time.Hour // from arrival; then its secrets are erased
	auditLife    = 90 * 24 * time.Hour                  // from then; then the request is forgotten
	longestWay   = 30 * 24 * time.Hour                  // a kiosk may have been offline that long
	zonesAhead   = 24 * time.Hour                       // a kiosk's day may have begun earlier by less than that
	sendLimit    = 30 * time.Second                     // for handing over one notice
	firstPutOff  = time.Second                          // doubles with every failure
	lastPutOff   = 5 * time.Minute
	lastDue      = lastPutOff + record.ClockSlack // what was put off is due by then, also by another instance's clock
	afterTrouble = time.Second                    // pause after an error
	lookEvery    = 30 * time.Second               // for what vaxcentral or another instance has put into the database
)

// workOn works on requests one after the other until ctx ends. What is left
// unfinished, here or by a crash, is taken up at the next start.
func (c *Central) workOn(ctx context.Context) {
	match.Prepare()
	h := housework{Central: c, done: c.o.Now()}
	for ctx.Err() == nil {
		wake := c.work.next()
		now := c.o.Now()
		if now.Sub(h.tried) >= purgeEvery {
			h.do(ctx, now)
		}
		worked, err := c.workOnNext(ctx, now)
		c.sayOnce(ctx, worked, err)
		if !worked || err != nil {
			c.rest(ctx, wake, err != nil)
		}
	}
}

// workOnNext works on one thing: a new code first, since somebody waits for it at
// a kiosk, or else the next request. In a folder that rests it does nothing.
func (c *Central) workOnNext(ctx context.Context, now time.Time) (worked bool, err error) {
	if rests, err := c.resting(ctx); rests || err != nil {
		return false, err
	}
	if worked, err = c.remindNext(ctx, now); worked || err != nil {
		return worked, err
	}
	job, ok, err := c.store.TakeJob(ctx, now)
	if !ok || err != nil {
		return false, err
	}
	return true, c.finish(ctx, job)
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
func (c *Central) rest(ctx context.Context, wake <-chan struct{}, trouble bool) {
	wait := lookEvery
	now := c.o.Now()
	if c.rests.Load() {
		wait = lookAgain
	} else if due, ok, err := c.store.NextDue(ctx, now); err == nil && ok {
		wait = min(wait, max(0, due.Sub(now)))
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
func (c *Central) sayOnce(ctx context.Context, worked bool, err error) {
	switch {
	case ctx.Err() != nil:
	case err != nil && !c.troubled.Swap(true):
		if diskFull(err) {
			c.o.Log.Error("the disk is full: requests cannot be worked on; make room", "event", "disk.full", "why", err.Error())
			return
		}
		c.o.Log.Error("requests cannot be worked on", "event", "requests.stopped", "why", err.Error())
	case err == nil && c.troubled.Load() && (worked || c.nothingWaits(ctx)):
		c.troubled.Store(false)
		c.o.Log.Info("requests are worked on again", "event", "requests.resumed")
	}
}

func (c *Central) nothingWaits(ctx context.Context) bool {
	_, waits, err := c.store.NextDue(ctx, c.o.Now())
	return err == nil && !waits
}

// finish answers a job or puts it off.
func (c *Central) finish(ctx context.Context, j store.Job) error {
	c.changed.ring() // processing now
	err := unbroken(func() error { return c.answer(ctx, j) })
	if errors.Is(err, store.ErrChanged) {
		return nil // it is still due; the code that went out opens nothing
	}
	if err != nil && ctx.Err() == nil {
		wait := min(lastPutOff, firstPutOff<<min(j.Failures, 20))
		return errors.Join(err, c.store.PutOff(ctx, j.ID, c.o.Now().Add(wait)))
	}
	c.changed.ring()
	return err
}

// answer does everything for one request. Its notice goes out before the answer is
// committed: after a crash in between it goes out again, the newer code counts, and
// nobody waits for a notice in vain. Every request costs one slow hash and one
// notice, whatever is found (see notices.go for a second one). A stop of the
// service does not come between a notice and the note of it.
func (c *Central) answer(ctx context.Context, j store.Job) error {
	now := c.o.Now()
	code, err := access.NewCode()
	if err != nil {
		return err
	}
	a := store.Answer{ID: j.ID, CodeExpires: now.Add(access.CodeLife)}
	r, err := c.open(j, now)
	if err != nil {
		c.o.Log.Warn("a request is not readable and stays without a notice", "event", "requests.unreadable", "why", err.Error())
		a.Decision = match.Decision{Verdict: match.None, Reasons: []match.Reason{"not-readable"}}
		a.Lock = c.keeper.NewLock(j.ID, "", code)
		return c.store.PutAnswer(ctx, a, now)
	}
	counted, err := c.decide(ctx, j, r, &a, now)
	if err == nil {
		err = c.conclude(ctx, j, r, a, code, now)
	}
	if err != nil { // it comes again, and counts then
		return errors.Join(err, c.store.Return(context.WithoutCancel(ctx), counted...))
	}
	return nil
}

// conclude hands over the notices of a request that has been decided on and keeps
// the answer. The code is the last to go out, so that nothing can fail between it
// and the answer but the database; one that was held back opens nothing.
func (c *Central) conclude(ctx context.Context, j store.Job, r request.Request, a store.Answer, code string, now time.Time) error {
	a.Lock = c.keeper.NewLock(j.ID, r.PIN, code)
	out, err := c.notices(ctx, j.ID, r, a.Decision, code)
	if err != nil {
		return err
	}
	a.Lang, a.Relation, a.Renamed = notice.Language(r.Lang), r.Relation, r.Other != (request.Name{})
	for _, n := range out {
		if n.kind == notice.NotHere {
			err = c.tell(ctx, j, n, now)
		} else {
			a.Notice, err = c.handOver(ctx, n)
		}
		if err != nil {
			return err
		}
	}
	if a.Notice.Kind == string(heldBack) {
		a.CodeExpires = now
	}
	return c.store.PutAnswer(context.WithoutCancel(ctx), a, now)
}

// tell tells the contact named first that no code comes there, unless an earlier
// try of the job has.
func (c *Central) tell(ctx context.Context, j store.Job, n outgoing, now time.Time) error {
	if j.Told {
		return nil
	}
	noted, err := c.handOver(ctx, n)
	if err == nil {
		err = c.store.Tell(context.WithoutCancel(ctx), j.ID, noted, now)
	}
	if err == nil {
		c.changed.ring()
	}
	return err
}

// handOver hands a notice over, or holds it back, and returns its audit.
func (c *Central) handOver(ctx context.Context, n outgoing) (store.Notice, error) {
	sent, err := c.send(ctx, n.kind, n.message)
	if !sent {
		n.kind = heldBack
	}
	return n.audit(), err
}

// open opens and checks a request. It may come from a kiosk that was offline
// for long, so a child of that day may be of age by now; and from one whose
// calendar is a day ahead of central's, so a birthday may be tomorrow here.
func (c *Central) open(j store.Job, now time.Time) (request.Request, error) {
	e, err := seal.Decode(j.Envelope)
	if err != nil {
		return request.Request{}, err
	}
	plain, err := c.sealing.Open(e, seal.ForRequest, j.ID)
	if err != nil {
		return request.Request{}, err
	}
	r, err := request.Decode(plain, request.DateOf(now))
	for _, off := range []time.Duration{-longestWay, zonesAhead} {
		if err == nil {
			break
		}
		if other, no := request.Decode(plain, request.DateOf(now.Add(off))); no == nil {
			return other, nil
		}
	}
	return r, err
}
