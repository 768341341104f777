package sms

import (
	"context"
	"errors"
	"sync"
	"time"

	"vaxkiosk/sync/central/notice"
)

// When a gateway is left for a while: that many errors in a row, or that share of that many
// messages within that time. One message tries it again afterwards.
const (
	inARow  = 5
	share   = 2 // one in so many
	fewest  = 20
	window  = time.Minute
	resting = time.Minute
)

// Line hands messages over to the first of several gateways that works. It is safe for
// concurrent use.
//
// A gateway that fails is left for a minute, then one message tries it. What counts is that it
// fails, never that it is slow. A fault that is of the number counts as work well done, and nobody
// else is asked: who wants no messages wants none from another number either. Of a message of which
// nobody knows whether it was taken, no other gateway hears: two would be one too many.
type Line struct {
	now func() time.Time
	all []*stretch
}

// Way is a gateway with its name for metrics, which has nothing personal or secret in it.
type Way struct {
	Name string
	notice.Sender
}

// Several is a line of gateways in their order, of one at least.
func Several(now func() time.Time, ways ...Way) *Line {
	l := &Line{now: now}
	for _, w := range ways {
		l.all = append(l.all, &stretch{Way: w})
	}
	return l
}

// Send implements notice.Sender.
func (l *Line) Send(ctx context.Context, m notice.Message) error {
	var last error
	for _, s := range l.all {
		goes, tries := s.begin(l.now())
		if !goes {
			continue
		}
		err := s.Send(ctx, m)
		f := fault(err)
		s.end(l.now(), result(ctx, err, f), tries)
		if err == nil || f.Final || f.Unknown || ctx.Err() != nil {
			return err
		}
		last = err
	}
	if last != nil {
		return last
	}
	return &notice.Fault{What: "no gateway works at present", After: l.rest()}
}

// rest is how long until a gateway is tried again.
func (l *Line) rest() time.Duration {
	least := resting
	for _, s := range l.all {
		least = min(least, s.left(l.now()))
	}
	return max(least, time.Second)
}

// Health is how a gateway does.
type Health struct {
	Name   string
	Open   bool // it is left for a while
	Failed int  // messages since the start that it failed at
	Took   int  // and that it took; nothing for a page that others see (package watch)
}

// Health says how all of them do.
func (l *Line) Health() []Health {
	all := make([]Health, len(l.all))
	for i, s := range l.all {
		s.mu.Lock()
		all[i] = Health{Name: s.Name, Open: !s.until.IsZero(), Failed: s.failed, Took: s.took}
		s.mu.Unlock()
	}
	return all
}

// fault is what an error says, or that it says nothing of its own.
func fault(err error) *notice.Fault {
	if f := (*notice.Fault)(nil); errors.As(err, &f) {
		return f
	}
	return &notice.Fault{}
}

// outcome is what one message says of its gateway.
type outcome int

const (
	good outcome = iota
	bad
	nothing // we went away ourselves
)

func result(ctx context.Context, err error, f *notice.Fault) outcome {
	switch {
	case err == nil, f.Final:
		return good
	case errors.Is(ctx.Err(), context.Canceled):
		return nothing
	}
	return bad
}

// second is what came of the messages of a second.
type second struct {
	at      time.Time
	all, no int
}

// stretch is one gateway of a line, and what is known of it.
type stretch struct {
	Way

	mu      sync.Mutex
	row     int       // errors since the last success
	seconds []second  // of the window
	until   time.Time // when it is tried again; zero: it is in use
	trying  bool      // one message tries it

	failed, took int
}

// begin reports whether a message may go this way, and whether it is the one that tries it.
func (s *stretch) begin(now time.Time) (goes, tries bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.until.IsZero():
		return true, false
	case s.trying || now.Before(s.until):
		return false, false
	}
	s.trying = true
	return true, true
}

// left is how long it is not tried for.
func (s *stretch) left(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.until.Sub(now)
}

// end notes how it went, of a message that tries or of any other.
func (s *stretch) end(now time.Time, o outcome, tries bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if tries {
		s.trying = false
	}
	switch o {
	case good:
		s.took++
		s.row = 0
		if tries {
			s.until, s.seconds = time.Time{}, nil
		}
	case bad:
		s.failed++
		s.row++
	case nothing:
		return
	}
	s.note(now, o == bad)
	if o == bad && (tries || s.row >= inARow || s.many()) {
		s.until, s.row, s.seconds = now.Add(resting), 0, nil
	}
}

// note counts a message within the window.
func (s *stretch) note(now time.Time, failed bool) {
	for len(s.seconds) > 0 && now.Sub(s.seconds[0].at) >= window {
		s.seconds = s.seconds[1:]
	}
	if n := len(s.seconds); n == 0 || now.Sub(s.seconds[n-1].at) >= time.Second {
		s.seconds = append(s.seconds, second{at: now})
	}
	one := &s.seconds[len(s.seconds)-1]
	one.all++
	if failed {
		one.no++
	}
}

// many reports whether too many messages of the window failed.
func (s *stretch) many() bool {
	all, no := 0, 0
	for _, one := range s.seconds {
		all, no = all+one.all, no+one.no
	}
	return all >= fewest && no*share >= all
}
