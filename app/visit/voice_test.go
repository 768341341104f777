package visit_test

import (
	"testing"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/visit"
)

// after is a visit after actions, each a second after the one before.
func after(v visit.Visit, now *time.Time, all ...visit.Action) visit.Visit {
	for _, a := range all {
		*now = now.Add(time.Second)
		v, _ = visit.Step(v, visit.Event{Visit: v.Number, Call: v.Calls, Do: a}, *now)
	}
	return v
}

func TestVoiceEndsWithTheVisitAndHeadphonesStay(t *testing.T) {
	now := noon
	v := after(visit.New(house()), &now, visit.Plug{In: true}, visit.Begin{Lang: "en"}, visit.Louder{By: 2}, visit.Faster{By: 9}, visit.Darken{}, visit.Hush{})
	want := visit.Voice{On: true, Paused: true, Dark: true, Louder: 2, Faster: visit.Rates}
	if v.Voice != want || !v.Private() {
		t.Fatalf("%+v, private %v", v.Voice, v.Private())
	}
	v = after(v, &now, visit.Leave{})
	if v.Voice != (visit.Voice{}) || !v.Private() {
		t.Errorf("the next visitor has %+v, private %v", v.Voice, v.Private())
	}
}

func TestWithoutSpeechItsKeysDoNothing(t *testing.T) {
	now := noon
	v := after(visit.New(house()), &now, visit.Begin{Lang: "en"})
	before := v.Voice
	if v = after(v, &now, visit.Hush{}, visit.Louder{By: 1}, visit.Faster{By: 1}, visit.Darken{}); v.Voice != before {
		t.Errorf("%+v", v.Voice)
	}
	v = after(v, &now, visit.Listen{On: true}, visit.Darken{}, visit.Hush{}, visit.Listen{})
	if v.Voice != before {
		t.Errorf("speech that was turned off leaves %+v", v.Voice)
	}
}

// Without headphones what is personal would be heard by everybody.
func TestOnlyHeadphonesOrAHandsetArePrivate(t *testing.T) {
	now := noon
	v := after(visit.New(house()), &now, visit.Begin{Lang: "en"}, visit.Listen{On: true})
	if v.Private() {
		t.Error("a loudspeaker is")
	}
	v = after(v, &now, visit.Plug{In: true})
	if !v.Private() {
		t.Error("headphones are not")
	}
	if v = after(v, &now, visit.Plug{}); v.Private() || !v.Voice.On || v.State != visit.Choosing {
		t.Errorf("taken out: private %v, speech %v, %v", v.Private(), v.Voice.On, v.State)
	}
	if v.Site.Handset = true; !v.Private() {
		t.Error("a handset is not")
	}
}

func TestHeadphonesTakenOutAtTheEndEndTheVisit(t *testing.T) {
	for _, c := range []struct {
		state visit.State
		ends  bool
	}{{visit.Welcome, true}, {visit.Done, true}, {visit.Ready, false}, {visit.Unlocking, false}} {
		now := noon
		v := after(visit.New(house()), &now, visit.Plug{In: true})
		number := v.Number
		if v.State = c.state; c.state != visit.Welcome {
			v.Lang, v.Print.DoneAt = "en", now
		}
		if v = after(v, &now, visit.Plug{}); (v.Number != number) != c.ends {
			t.Errorf("%v: ended %v", c.state, v.Number != number)
		}
	}
}

// Whoever listens gets five minutes after the last key or word, and is asked first.
func TestWhoListensHasLonger(t *testing.T) {
	now := noon
	v := after(visit.New(house()), &now, visit.Begin{Lang: "en"}, visit.Listen{On: true})
	tick := func(d time.Duration) {
		now = now.Add(d - time.Second)
		v = after(v, &now, visit.Tick{})
	}
	if tick(visit.SpokenIdle - 31*time.Second); v.IdleWarning {
		t.Error("asked too early")
	}
	v = after(v, &now, visit.Spoken{})
	if tick(visit.SpokenIdle - 31*time.Second); v.IdleWarning {
		t.Error("what was said does not count")
	}
	if tick(time.Second); !v.IdleWarning || v.EndsIn(now) != 30*time.Second {
		t.Errorf("asked %v, %v before the end", v.IdleWarning, v.EndsIn(now))
	}
	if v = after(v, &now, visit.Spoken{}); !v.IdleWarning {
		t.Error("the question, once said, answers itself")
	}
	if tick(30 * time.Second); v.Lang != "" {
		t.Error("the visit goes on")
	}
}

// The next person may be the one who listens.
func TestNoSpeechKeepsWhatIsDone(t *testing.T) {
	now := noon
	v := visit.New(house())
	v.Lang, v.State, v.Touched, v.Fresh, v.Voice.On, v.Print.DoneAt = "en", visit.Done, now, now, true, now
	number := v.Number
	for range int(visit.SpokenDone/time.Second) - 1 {
		v = after(v, &now, visit.Spoken{})
	}
	if v.Number != number {
		t.Fatalf("over after %v", now.Sub(noon))
	}
	if v = after(v, &now, visit.Spoken{}); v.Number == number {
		t.Errorf("not over after %v", now.Sub(noon))
	}
}

// A machine that is no kiosk yet is set up by who sees it.
func TestNothingIsSaidBeforeThereIsAKiosk(t *testing.T) {
	now := noon
	if v := after(visit.New(newMachine()), &now, visit.Listen{On: true}, visit.Plug{In: true}); v.Voice.On {
		t.Error("speech is on")
	}
}

func TestSpeechIsThereWhereTheKioskIsOutOfService(t *testing.T) {
	now := noon
	v := after(visit.New(house()), &now, visit.OutOfOrder{Fault: fault.Fault{Code: fault.Away}}, visit.Listen{On: true})
	if !v.Voice.On || v.State != visit.OutOfService {
		t.Errorf("speech %v, %v", v.Voice.On, v.State)
	}
	now = now.Add(visit.SpokenIdle)
	if v = after(v, &now, visit.Tick{}); v.Voice.On {
		t.Error("it stays on when nobody is there")
	}
}

func TestSpeechGoesOnToTheEndOfTheVisit(t *testing.T) {
	now := noon
	v := visit.New(house())
	v.Lang, v.State, v.Touched, v.Fresh, v.Voice.On = "en", visit.Printing, now, now, true
	v.Unlock.Record, v.Waiting = &record.Record{}, &visit.Wait{For: visit.ForPrint, Since: now, Until: now.Add(time.Minute)}
	if v = after(v, &now, visit.Ended{Outcome: fault.Printed}); v.State != visit.Done || !v.Voice.On {
		t.Errorf("%v, speech %v", v.State, v.Voice.On)
	}
}
