package printer

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// How a job goes (RFC 8011, 4.3 and 5.3). Where the printer can, the job is
// created first and the document sent after, so that the job is known by number
// and UUID before anything personal leaves the kiosk: whatever happens then, it
// can be followed, cancelled and asked about. Only a printer that has nothing
// but Print-Job may be left with a job that nobody can name: when its answer is
// lost.

const jobName = "Vaccine record" // constant: printers log it

// Job states (RFC 8011, 5.3.7).
const (
	jobHeld       = 4
	jobProcessing = 5
	jobStopped    = 6
	jobCanceled   = 7
	jobAborted    = 8
	jobCompleted  = 9
)

// job is one document on its way.
type job struct {
	*ipp
	doc     desk.Document
	tell    func(desk.Progress)
	last    desk.Progress
	id      int
	who     identity
	able    about         // the printer, when the job began
	sure    bool          // the number meant this job a moment ago
	number  string        // that frees the pages at the printer, if it is to hold them
	ignored bool          // the printer did not take the number
	held    bool          // it did hold them
	lag     int           // looks at a job that is complete, and counted too little
	sent    chan delivery // nil once the printer has answered
}

func failed(f fault.Fault) desk.Result { return desk.Result{Outcome: fault.Failed, Fault: f} }

func unknown(detail string) desk.Result {
	return desk.Result{Outcome: fault.Unknown, Fault: fault.Fault{Code: fault.NoAnswer, Detail: detail}}
}

func restarted() desk.Result {
	return desk.Result{Outcome: fault.Unknown, Fault: fault.Fault{Code: fault.Restarted, Detail: "the number means another job now"}}
}

// Print implements desk.Printer.
func (p *ipp) Print(ctx context.Context, d desk.Document, progress func(desk.Progress)) desk.Result {
	j := &job{ipp: p, doc: d, tell: progress}
	a, err := p.about(ctx)
	if err != nil {
		return failed(j.early(ctx, err))
	}
	if wrong := first(p.clear(ctx, a), a.refusal(p.paper, p.hold)); wrong != nil {
		return failed(*wrong)
	}
	j.able = a
	if p.hold && d.Personal {
		j.number = newNumber(a.passwords.digits())
	}
	result := j.print(ctx)
	if result.Outcome == fault.Unknown {
		p.lose()
	}
	return result
}

func (j *job) print(ctx context.Context) desk.Result {
	if !j.able.splits {
		return j.printAtOnce(ctx)
	}
	if err := j.create(ctx); err != nil {
		if !isRefusal(err) {
			j.lose()
		}
		return failed(j.early(ctx, err))
	}
	if j.ignored {
		return j.unlocked(ctx)
	}
	j.say(desk.Progress{Release: j.number})
	ctx, stop := context.WithCancel(ctx)
	sent := make(chan delivery, 1)
	var sending sync.WaitGroup
	sending.Go(func() { sent <- j.send(ctx) })
	defer sending.Wait()
	defer stop()
	j.sent = sent
	return j.follow(ctx)
}

// follow looks at the job until it has ended. While the document goes out it
// leaves the printer alone, as some serve one connection at a time; but a
// printer may take the document only as it prints, so not for longer than it
// waits for other answers.
func (j *job) follow(ctx context.Context) desk.Result {
	tick, long := time.NewTicker(j.poll), time.NewTimer(j.answer)
	defer tick.Stop()
	defer long.Stop()
	for looking := j.sent == nil; ; {
		select {
		case <-ctx.Done():
			return j.giveUp(ctx, j.lastFault(ctx))
		case d := <-j.sent:
			j.sent, looking = nil, true
			var page *httpError
			switch {
			case isRefusal(d.err), errors.As(d.err, &page):
				return j.refused(ctx, d.err)
			case d.err != nil && !d.whole && ctx.Err() == nil:
				return j.giveUp(ctx, trouble(d.err))
			}
		case <-long.C:
			looking = true
		case <-tick.C:
		}
		if !looking {
			continue
		}
		if result, ended := j.look(ctx); ended {
			return result
		}
	}
}

// refused removes a job whose document was refused. If the printer itself
// refused it, nothing can come out, whatever becomes of the job.
func (j *job) refused(ctx context.Context, err error) desk.Result {
	r := j.giveUp(ctx, trouble(err))
	if r.Outcome == fault.Unknown && isRefusal(err) {
		return failed(trouble(err))
	}
	return r
}

// early is why nothing was sent.
func (j *job) early(ctx context.Context, err error) fault.Fault {
	if ctx.Err() != nil {
		return j.lastFault(ctx)
	}
	return trouble(err)
}

// lastFault is why nothing came out when the time is over.
func (j *job) lastFault(ctx context.Context) fault.Fault {
	switch {
	case j.last.Fault != nil:
		return *j.last.Fault
	case errors.Is(ctx.Err(), context.DeadlineExceeded) && j.held && j.last.Release != "":
		return fault.Fault{Code: fault.NotTyped}
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fault.Fault{Code: fault.PrintSlow}
	}
	return fault.Fault{Code: fault.Cancelled}
}

// look asks for the job once, tells how it goes, and whether it has ended.
func (j *job) look(ctx context.Context) (desk.Result, bool) {
	s, err := j.see(ctx)
	switch {
	case ctx.Err() != nil:
		return desk.Result{}, false
	case isGone(err):
		return j.forgotten(ctx), true
	case errors.Is(err, errAnother):
		return restarted(), true
	case err != nil:
		wrong := trouble(err)
		if retry(wrong) == fault.Asks {
			j.leave()
			return unknown(wrong.Detail), true // nothing more will be learnt of the job for now
		}
		j.say(desk.Progress{Page: j.last.Page, Fault: &wrong, Release: j.last.Release})
		return desk.Result{}, false
	}
	switch s.state {
	case jobCompleted:
		if j.lags(s) {
			return desk.Result{}, false
		}
		if j.number != "" && !j.held {
			j.log.Warn("the printer did not hold a page until its number was typed: do not rely on printer.hold with it", "event", "printer.not-held")
		}
		return j.complete(ctx, s), true
	case jobCanceled, jobAborted:
		why := j.endFault(ctx, s)
		j.purge(ctx)
		return failed(why), true
	}
	a, err := j.about(ctx)
	if err == nil {
		stopped := a.stopped || s.state == jobStopped && !j.waits(s)
		j.say(desk.Progress{Page: j.page(s), Fault: faultOf(a.reasons, stopped, true), Release: j.release(s)})
	}
	return desk.Result{}, false
}

// say tells progress when it differs from what was told before.
func (j *job) say(p desk.Progress) {
	same := p.Page == j.last.Page && p.Release == j.last.Release && (p.Fault == nil) == (j.last.Fault == nil) && (p.Fault == nil || *p.Fault == *j.last.Fault)
	if !same {
		j.last = p
		j.tell(p)
	}
}

// page is the page in the printer: one more than it has finished.
func (j *job) page(s snapshot) int {
	if s.done() < 0 || j.waits(s) || s.state != jobProcessing && s.state != jobStopped {
		return 0
	}
	return min(s.done()+1, j.doc.Pages)
}

// endFault is why the job ended at the printer. It may have done so between two
// looks: then the printer itself still knows why. A print server cancels what its
// printer gives up.
func (j *job) endFault(ctx context.Context, s snapshot) fault.Fault {
	detail := strings.Join(s.reasons, " ")
	switch {
	case strings.Contains(detail, "document-format-error"), strings.Contains(detail, "unsupported-document-format"):
		return fault.Fault{Code: fault.NoPDF, Detail: detail + ": " + formatHint}
	case s.state == jobCanceled && !j.able.queue:
		return fault.Fault{Code: fault.Cancelled, Detail: detail}
	case j.last.Fault != nil:
		return *j.last.Fault
	}
	if a, err := j.about(ctx); err == nil {
		if f := faultOf(a.reasons, a.stopped, true); f != nil {
			return *f
		}
	}
	return fault.Fault{Code: fault.PrinterStopped, Detail: detail}
}

// forgotten is a job the printer no longer knows: it was switched off and on, if
// its clock says so.
func (j *job) forgotten(ctx context.Context) desk.Result {
	if a, err := j.about(ctx); err == nil && a.up < j.able.up {
		return desk.Result{Outcome: fault.Unknown, Fault: fault.Fault{Code: fault.Restarted, Detail: "switched on " + strconv.Itoa(a.up) + " s ago"}}
	}
	return unknown("the printer no longer knows the job")
}

func isGone(err error) bool {
	var refused *statusError
	return errors.As(err, &refused) && (refused.status == goipp.StatusErrorNotFound || refused.status == goipp.StatusErrorGone)
}

// giveUp cancels the job and waits until it is gone. Ctx may have ended. When the last
// look failed it cancels nothing before one that works: after a restart the number may
// mean somebody else's job.
func (j *job) giveUp(ctx context.Context, why fault.Fault) desk.Result {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), j.cancel)
	defer stop()
	tick := time.NewTicker(j.poll)
	defer tick.Stop()
	if !j.sure {
		if result, over := j.settled(ctx, false, why); over {
			return result
		}
	}
	taken := false // the printer has taken the cancellation
	for {
		if !taken && j.sure {
			_, err := j.quick(ctx, j.message(goipp.OpCancelJob, j.id))
			taken = err == nil
		}
		if result, over := j.settled(ctx, taken, why); over {
			return result
		}
		select {
		case <-ctx.Done():
			j.leave()
			return unknown("the printer did not confirm that the job is gone")
		case <-tick.C:
		}
	}
}

// settled tells how a job that is to be cancelled has ended, if it has.
func (j *job) settled(ctx context.Context, taken bool, why fault.Fault) (desk.Result, bool) {
	s, err := j.see(ctx)
	switch {
	case isGone(err) && taken:
		return failed(why), true
	case isGone(err):
		return j.forgotten(ctx), true
	case errors.Is(err, errAnother):
		return restarted(), true
	case err != nil:
		return desk.Result{}, false
	case s.state == jobCompleted:
		return j.complete(ctx, s), true
	case (s.state == jobCanceled || s.state == jobAborted) && !j.lingers(ctx):
		j.purge(ctx)
		return failed(why), true
	}
	return desk.Result{}, false
}
