package sms_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/smstest"
)

// puppet is a sender that says what it is told to.
type puppet struct {
	say   error
	calls int
	in    func() // while it is called
}

func (p *puppet) Send(context.Context, notice.Message) error {
	p.calls++
	if p.in != nil {
		p.in()
	}
	return p.say
}

// line is one of two puppets with a clock.
type line struct {
	*sms.Line
	t             *testing.T
	now           time.Time
	first, second *puppet
}

func newLine(t *testing.T) *line {
	l := &line{t: t, now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), first: &puppet{}, second: &puppet{}}
	l.Line = sms.Several(func() time.Time { return l.now }, sms.Way{Name: "first", Sender: l.first}, sms.Way{Name: "second", Sender: l.second})
	return l
}

// sends sends messages, of which so many are to come to each.
func (l *line) sends(what string, n, first, second int) (last error) {
	l.t.Helper()
	a, b := l.first.calls, l.second.calls
	for range n {
		last = l.Send(l.t.Context(), message())
	}
	if l.first.calls-a != first || l.second.calls-b != second {
		l.t.Errorf("%s: %d and %d calls, want %d and %d", what, l.first.calls-a, l.second.calls-b, first, second)
	}
	return last
}

var (
	errLater   = &notice.Fault{What: "later"}
	errFinal   = &notice.Fault{What: "never", Final: true}
	errUnknown = &notice.Fault{What: "who knows", Unknown: true}
)

func TestAGatewayThatFailsFiveTimesInARowIsLeftForAMinute(t *testing.T) {
	l := newLine(t)
	l.sends("while it works", 30, 30, 0)
	l.first.say = errLater
	l.now = l.now.Add(time.Hour)
	if err := l.sends("while it fails", 5, 5, 5); err != nil {
		t.Errorf("the other one works, and the line says %v", err)
	}
	l.sends("as it is left", 10, 0, 10)
	if h := l.Health(); !h[0].Open || h[1].Open || h[0].Failed != 5 || h[0].Took != 30 || h[1].Took != 15 {
		t.Errorf("health %+v", h)
	}
	l.now = l.now.Add(time.Minute - 1)
	l.sends("shortly before the minute is over", 1, 0, 1)
	l.now = l.now.Add(1)
	l.sends("one message tries it", 3, 1, 3)
	l.now = l.now.Add(time.Minute)
	l.first.say = nil
	l.sends("it works again", 3, 3, 0)
	l.first.say = errLater
	l.sends("what it did before is forgotten", 4, 4, 4)
	if l.Health()[0].Open {
		t.Error("four failures are too many")
	}
}

func TestOneMessageAtATimeTriesAGateway(t *testing.T) {
	l := newLine(t)
	l.first.say = errLater
	l.sends("while it fails", 5, 5, 5)
	l.now, l.first.say = l.now.Add(time.Minute), nil
	l.first.in = func() {
		l.first.in = nil
		l.sends("while one tries it", 2, 0, 2)
	}
	if err := l.Send(t.Context(), message()); err != nil || l.Health()[0].Open {
		t.Errorf("%v, %+v", err, l.Health())
	}
}

func TestHalfOfTwentyWithinAMinuteIsTooMany(t *testing.T) {
	for _, c := range []struct {
		every time.Duration
		n     int
		open  bool
	}{{time.Second, 20, true}, {time.Second, 18, false}, {7 * time.Second, 40, false}} {
		l := newLine(t)
		for n := range c.n {
			l.first.say = nil
			if n%2 == 1 {
				l.first.say = errLater
			}
			if err := l.Send(t.Context(), message()); err != nil {
				t.Fatal(err)
			}
			l.now = l.now.Add(c.every)
		}
		if open := l.Health()[0].Open; open != c.open {
			t.Errorf("%d messages, one each %v: it is left: %t", c.n, c.every, open)
		}
	}
}

func TestAMessageThatMayHaveBeenTakenGoesToNobodyElse(t *testing.T) {
	l := newLine(t)
	l.first.say = errUnknown
	if err := l.sends("unknown", 5, 5, 0); !errors.Is(err, errUnknown) {
		t.Errorf("got %v", err)
	}
	l.sends("it counts as a failure all the same", 1, 0, 1)
}

func TestAFaultOfTheNumberIsNoneOfTheGateway(t *testing.T) {
	l := newLine(t)
	l.first.say = errFinal
	if err := l.sends("refused for good", 40, 40, 0); !notice.Final(err) || l.Health()[0].Open {
		t.Errorf("%v, %+v", err, l.Health())
	}
}

func TestALineWorksWithOneGatewayAndSaysHowLongNoneDoes(t *testing.T) {
	now, only := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), &puppet{say: errLater}
	l := sms.Several(func() time.Time { return now }, sms.Way{Name: "only", Sender: only})
	for range 5 {
		if err := l.Send(t.Context(), message()); !errors.Is(err, errLater) {
			t.Errorf("got %v", err)
		}
	}
	now = now.Add(20 * time.Second)
	f := &notice.Fault{}
	if err := l.Send(t.Context(), message()); !errors.As(err, &f) || f.After != 40*time.Second || f.Final || f.Unknown || only.calls != 5 {
		t.Errorf("got %v, after %v, %d calls", err, f.After, only.calls)
	}
	now, only.say = now.Add(40*time.Second), nil
	if err := l.Send(t.Context(), message()); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestWhoGoesAwayBlamesNobody(t *testing.T) {
	l := newLine(t)
	ctx, cancel := context.WithCancel(t.Context())
	l.first.say, l.first.in = errUnknown, cancel
	for range 6 {
		if err := l.Send(ctx, message()); err == nil {
			t.Error("it was handed over")
		}
	}
	if h := l.Health()[0]; h.Open || h.Failed != 0 || l.second.calls != 0 {
		t.Errorf("%+v, and %d calls of the other one", h, l.second.calls)
	}
}

func TestALineOfRealGatewaysDeliversWhileOneIsDown(t *testing.T) {
	a, b := open(t, sms.Twilio), open(t, sms.Telnyx)
	l := sms.Several(time.Now, sms.Way{Name: "twilio", Sender: sender(t, a, nil)}, sms.Way{Name: "telnyx", Sender: sender(t, b, nil)})
	a.Behave(smstest.Broken, smstest.Full, smstest.Cuts, smstest.Landline, smstest.Good)
	said := ""
	for range 5 {
		err := l.Send(t.Context(), message())
		said += fmt.Sprint(err == nil, " ")
	}
	if said != "true true false false true " || len(a.Messages()) != 2 || len(b.Messages()) != 2 {
		t.Errorf("%s, %d and %d messages", said, len(a.Messages()), len(b.Messages()))
	}
}
