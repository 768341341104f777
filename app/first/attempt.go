package first

import (
	"context"
	"errors"
	"strings"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/enrol"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/client"
)

// attempt is one enrolment that runs, or is to run after the one before. The nil attempt is
// none.
type attempt struct {
	of      visit.Enrol
	stop    context.CancelFunc
	stopped bool       // by staff, not by an outcome
	done    chan error // gets one outcome
}

// margin lets an attempt that is given up say so before the visit's own deadline.
const margin = 2 * time.Second

// begin enrols the machine. What still runs is stopped first: two would write over each other.
// If that has come too far for it, the machine is a kiosk.
func (s *Start) begin(ctx context.Context, f visit.Enrol, before *attempt) *attempt {
	ctx, stop := context.WithTimeout(ctx, visit.EnrolLimit-margin)
	a := &attempt{of: f, stop: stop, done: make(chan error, 1)}
	before.cancel()
	go func() {
		defer stop()
		if before != nil && <-before.done == nil {
			a.done <- nil
			return
		}
		a.done <- enrol.Machine(ctx, s.machine, f.Central, f.Code)
	}()
	return a
}

func (a *attempt) cancel() {
	if a != nil {
		a.stopped = true
		a.stop()
	}
}

// outcome gets what came of it; of none it never does.
func (a *attempt) outcome() <-chan error {
	if a == nil {
		return nil
	}
	return a.done
}

// end stops it, waits until nothing is half done, and reports whether the machine is a kiosk.
func (a *attempt) end() bool {
	if a == nil {
		return false
	}
	a.cancel()
	return <-a.done == nil
}

// refused is what the visit is told of an attempt that came to nothing.
func (s *Start) refused(a *attempt, err error) visit.Event {
	if !a.stopped {
		s.log.Warn("this machine is not enrolled", "event", "enrolment.refused", "cause", err)
	}
	snag, detail := snagOf(err)
	return visit.Event{Visit: a.of.Visit, Call: a.of.Call, Do: visit.EnrolFailed{Snag: snag, Detail: detail}}
}

// snags are the errors of an enrolment, the first that fits counts.
var snags = []struct {
	is   error
	snag visit.Snag
}{
	{enrol.ErrTaken, visit.UsedTwice},
	{client.ErrCode, visit.NotTaken},
	{client.ErrStranger, visit.Stranger},
	{client.ErrNoHost, visit.NoHost},
	{client.ErrClock, visit.WrongTime},
	{client.ErrBusy, visit.Pause},
	{client.ErrCertificate, visit.OtherHost},
	{client.ErrAnswer, visit.Stranger}, // it is no central at all
	{client.ErrAway, visit.NoCentral},
	{context.Canceled, visit.NoCentral},
	{context.DeadlineExceeded, visit.NoCentral},
}

// snagOf says why in a word, and to IT in a few.
func snagOf(err error) (visit.Snag, string) {
	var wrong config.Problems
	if errors.As(err, &wrong) {
		return visit.Unusable, strings.ReplaceAll(wrong.Error(), "\n", "; ")
	}
	var key *enrol.KeyError
	if errors.As(err, &key) {
		return visit.NoKey, key.Cause.Error()
	}
	for _, s := range snags {
		if errors.Is(err, s.is) {
			return s.snag, ""
		}
	}
	return visit.Unwritten, ""
}
