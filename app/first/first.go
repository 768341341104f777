// Package first is the first start: it runs a machine that has the program and is no kiosk yet
// (config.Machine.New) until somebody has enrolled it.
//
//	s := first.New(config.Look(file), log)
//	w := window.Open(full, s.Post)
//	if err := s.Run(ctx, w.Show); err == nil { // the machine is a kiosk now
//		s.HandOver(k.Desk.Post) // and its visits have the window
//	}
//
// What staff types and reads is the states FirstStart and Enrolling of a visit (app/visit), so
// the window, its screens and its keyboard are those of every other. Run is what the desk is to
// a kiosk, with one thing to do: an enrolment (app/enrol), one at a time, after which there is a
// configuration of a kiosk or all is as it was. Whoever stops one that has come too far to be
// stopped gets a kiosk all the same, and so does who enrols it over the network meanwhile.
//
// It refuses to show or log the code, and to touch a machine that somebody has enrolled already.
package first

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
)

// Start is one first start.
type Start struct {
	machine config.Machine
	log     *slog.Logger
	events  chan visit.Event
	stopped chan struct{} // closed when no event is taken any more
	next    atomic.Pointer[func(visit.Event)]
}

// New prepares the first start of a machine that is new.
func New(m config.Machine, log *slog.Logger) *Start {
	return &Start{machine: m, log: log, events: make(chan visit.Event, 256), stopped: make(chan struct{})}
}

// Post hands over what staff does, from any goroutine. After HandOver it goes to the kiosk, and
// between the end of Run and that to nobody.
func (s *Start) Post(e visit.Event) {
	if next := s.next.Load(); next != nil {
		(*next)(e)
		return
	}
	select {
	case <-s.stopped:
	default:
		select {
		case s.events <- e:
		case <-s.stopped:
		}
	}
}

// HandOver has all events go elsewhere from now on.
func (s *Start) HandOver(post func(visit.Event)) { s.next.Store(&post) }

// Run runs until the machine is a kiosk, or ctx ends: then it is an error. Show gets every
// snapshot, and must not block. It returns when no enrolment runs any more.
func (s *Start) Run(ctx context.Context, show func(visit.Visit, time.Time)) error {
	defer close(s.stopped)
	s.log.Info("this machine is no kiosk yet: its screen asks for central's address and a code", "event", "enrolment.awaited", "central", s.machine.Central)
	second := time.NewTicker(time.Second)
	defer second.Stop()
	v, try := visit.New(s.site()), (*attempt)(nil)
	show(v, time.Now())
	for {
		var e visit.Event
		select {
		case <-ctx.Done():
			if try.end() {
				s.enrolled()
			}
			return context.Cause(ctx)
		case <-second.C:
			if try == nil && s.elsewhere() {
				s.enrolled()
				return nil
			}
			e.Do = visit.Tick{}
		case e = <-s.events:
		case err := <-try.outcome():
			if err == nil {
				s.enrolled()
				return nil
			}
			e, try = s.refused(try, err), nil
		}
		var effects []visit.Effect
		now := time.Now()
		v, effects = visit.Step(v, e, now)
		show(v, now)
		for _, f := range effects {
			switch f := f.(type) {
			case visit.Enrol:
				try = s.begin(ctx, f, try)
			case visit.Forget:
				try.cancel()
			}
		}
	}
}

// elsewhere reports whether IT has made the machine a kiosk meanwhile, over the network. Files
// that do not fit together are still being copied.
func (s *Start) elsewhere() bool {
	if config.Look(s.machine.File).By == "" {
		return false
	}
	_, err := config.Load(s.machine.File)
	return err == nil
}

func (s *Start) enrolled() {
	s.log.Info("this machine is a kiosk now", "event", "enrolment.done")
}

// site is what is known before there is a kiosk.
func (s *Start) site() visit.Site {
	h := visit.Site{Unenrolled: true, Central: s.machine.Central, CentralFixed: s.machine.Central != "", Zone: time.Local}
	for _, l := range assets.Languages {
		h.Languages = append(h.Languages, visit.Language{Tag: l.Tag, Name: l.Name})
	}
	return h
}
