package ui

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// gaps are how far apart the two taps of a double tap are.
var gaps = []time.Duration{
	0, 80 * time.Millisecond, 120 * time.Millisecond, 200 * time.Millisecond, 300 * time.Millisecond, 350 * time.Millisecond,
}

// onClock runs a test of a screen with its calm, on its own clock. A window in a test
// has no goroutine of its own: what the screen does later waits until the test lets
// time pass.
func onClock(t *testing.T, size fyne.Size, v visit.Visit, do func(*stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, size, v)
		st.u.later = func(wait time.Duration, do func()) *time.Timer {
			return time.AfterFunc(wait, func() {
				st.window.Lock()
				defer st.window.Unlock()
				do()
			})
		}
		st.window.Lock()
		defer st.window.Unlock()
		st.u.SetCalm(Calm)
		st.turnTo(size, v)
		do(st)
	})
}

// pass lets time go by.
func (s *stage) pass(d time.Duration) {
	s.window.Unlock()
	time.Sleep(d)
	synctest.Wait()
	s.window.Lock()
}

// place is the middle of what has a tag.
func (s *stage) place(tag string) fyne.Position {
	s.t.Helper()
	for _, seen := range s.robot.Touchables() {
		if seen.Tag == tag {
			return fyne.NewPos(seen.Box.X+seen.Box.W/2, seen.Box.Y+seen.Box.H/2)
		}
	}
	s.t.Fatalf("no %s on the screen", tag)
	return fyne.Position{}
}

// finger comes down somewhere and leaves.
func (s *stage) finger(at fyne.Position) {
	s.robot.Land(at)
	s.robot.Lift()
}

// slowly holds what the visitor does back, as a desk with much to do, until the
// function that it returns is called.
func (s *stage) slowly() (answer func()) {
	var queue []visit.Event
	s.u.send = func(e visit.Event) { queue = append(queue, e) }
	return func() {
		s.u.send = s.post
		for _, e := range queue {
			s.post(e)
		}
	}
}

// story is a visit without the number and the times of its touches.
func story(v visit.Visit) string {
	waits, trouble := "", fault.Code("")
	if v.Waiting != nil {
		waits = fmt.Sprint(v.Waiting.For)
	}
	if v.Fault != nil {
		trouble = v.Fault.Code
	}
	v.Touched, v.Fresh, v.Site, v.Acted, v.Waiting, v.Fault = time.Time{}, time.Time{}, visit.Site{}, 0, nil, nil
	return fmt.Sprintf("%+v %s %s", v, waits, trouble)
}

// Whatever is touched in the tests of what touches post, touched twice: the visit is
// as after one touch, whether the second comes before the visit has taken the first
// or when its screen is there.
func TestASecondTapChangesNothing(t *testing.T) {
	all := map[string]visit.Visit{}
	for _, s := range samples("en") {
		all[s.name] = s.v
	}
	for _, size := range []fyne.Size{standing, lying} {
		onClock(t, size, visit.New(house()), func(st *stage) {
			for i, c := range touches {
				if !acts(c.want) {
					continue
				}
				gap := gaps[i%len(gaps)]
				once := all[c.screen]
				once.Number, once.Acted = once.Number+st.v.Number, st.u.acts+1
				once, _ = visit.Step(once, visit.Event{Visit: once.Number, Do: c.want}, st.now)
				st.turnTo(size, all[c.screen])
				st.pass(Calm)
				if err := st.robot.Reveal(c.tag); err != nil {
					st.t.Fatal(err)
				}
				at, answer := st.place(c.tag), func() {}
				if gap == 0 {
					answer = st.slowly()
				}
				st.finger(at)
				st.pass(gap)
				st.finger(at)
				answer()
				if got, want := story(st.v), story(once); got != want {
					st.t.Errorf("%s on %s, twice in %v:\n got %s\nwant %s", c.tag, c.screen, gap, got, want)
				}
				st.pass(Calm)
				if !st.robot.Calm() {
					st.t.Errorf("%s on %s: the screen after it takes no touch", c.tag, c.screen)
				}
			}
		})
	}
}

func TestAScreenThatComesByItselfTakesNoTouchAtFirst(t *testing.T) {
	still := func(v *visit.Visit) { v.Touched = morning.Add(-visit.WarnAfter) }
	for name, c := range map[string]struct {
		v    visit.Visit
		come visit.Action
	}{
		"saved":    {at("en", visit.Saving, waiting), visit.Saved{Key: "k", Receipt: "7KQ2-M4V9-3X1"}},
		"opened":   {at("en", visit.Fetching, waiting), history(3)},
		"printed":  {at("en", visit.Printing, waiting, withDoses(3)), visit.Ended{Outcome: fault.Printed}},
		"failed":   {at("en", visit.Printing, waiting, withDoses(3)), visit.Ended{Outcome: fault.Failed, Fault: fault.Fault{Code: fault.Jam}}},
		"refused":  {at("en", visit.Fetching, waiting), visit.Refused{Left: 3}},
		"question": {at("en", visit.Ready, withDoses(3), still), visit.Tick{}},
	} {
		onClock(t, standing, c.v, func(st *stage) {
			if c.v.Waiting != nil {
				c.v.Waiting.For = map[visit.State]visit.What{visit.Saving: visit.ForSave, visit.Fetching: visit.ForRecord, visit.Printing: visit.ForPrint}[c.v.State]
			}
			st.turnTo(standing, c.v)
			st.pass(Calm)
			st.do(c.come)
			st.pass(Calm - time.Millisecond)
			for _, seen := range st.robot.Touchables() {
				if err := st.robot.Tap(seen.Tag); err == nil {
					st.t.Errorf("%s: %s can be touched at once", name, seen.Tag)
				}
			}
			st.pass(time.Millisecond)
			if !st.robot.Calm() {
				st.t.Errorf("%s: no touch after %v", name, Calm)
			}
		})
	}
}

func TestTheScreenBelowTheIdleQuestionTakesNoTouchAtFirst(t *testing.T) {
	v := at("en", visit.Choosing, func(v *visit.Visit) { v.IdleWarning, v.Touched = true, morning.Add(-visit.WarnAfter) })
	onClock(t, standing, v, func(st *stage) {
		st.pass(Calm)
		at := st.place("idle.stay")
		st.finger(at)
		st.pass(200 * time.Millisecond)
		st.finger(at)
		if st.v.State != visit.Choosing || st.v.IdleWarning {
			st.t.Errorf("the second tap leads to %v, idle question %v", st.v.State, st.v.IdleWarning)
		}
		if err := st.robot.Tap("choose.ask"); err == nil {
			st.t.Error("what was below can be touched at once")
		}
		st.pass(Calm)
		st.tap("choose.ask")
	})
}

// Back leads to the menu; touched there once more, however slowly, it ends nothing.
func TestBackOnceTooOftenEndsNoVisit(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, size := range []fyne.Size{standing, lying} {
		for textSize := range 3 {
			for _, s := range []visit.State{visit.Consent, visit.Collecting, visit.Amending, visit.Helping} {
				st.turnTo(size, at("en", s, func(v *visit.Visit) { v.Help.From, v.Look.Size = visit.Choosing, textSize }))
				back, number := st.place("form.back"), st.v.Number
				st.finger(back)
				if st.v.State != visit.Choosing {
					t.Fatalf("Back on %v leads to %v", s, st.v.State)
				}
				st.finger(back)
				if st.v.Number != number {
					t.Errorf("%v, %v, %d %%: Back twice ends the visit", turnOf(size), s, 100+25*textSize)
				}
			}
		}
	}
}

// What comes down on the screen before and leaves on this one touches neither.
func TestAFingerThatCameDownBeforeTheScreenTouchesNothing(t *testing.T) {
	onClock(t, standing, at("en", visit.Saving, waiting, func(v *visit.Visit) { v.Waiting.For = visit.ForSave }), func(st *stage) {
		st.pass(Calm)
		st.robot.Land(st.place("wait.erase"))
		st.do(visit.Saved{Key: "k", Receipt: "7KQ2-M4V9-3X1"})
		st.pass(time.Second)
		st.robot.Lift()
		if st.v.State != visit.Sent {
			st.t.Errorf("state %v", st.v.State)
		}
	})
}

func TestASwallowedTouchIsASignOfLife(t *testing.T) {
	onClock(t, standing, at("en", visit.Filling, asking(request.AskName)), func(st *stage) {
		field := st.win.Canvas().Focused()
		before := len(st.events)
		st.finger(st.place("form.next"))
		if len(st.events) == before || st.events[before].Do != (visit.Touch{}) {
			st.t.Errorf("%d events, want a touch", len(st.events)-before)
		}
		if st.v.Form.Question != request.AskName || st.win.Canvas().Focused() != field {
			st.t.Error("it did more than that")
		}
	})
}

// A slow machine may paint a screen long after it was made.
func TestTheCalmBeginsWhenTheScreenIsPainted(t *testing.T) {
	onClock(t, fyne.NewSize(270, 480), at("en", visit.Choosing), func(st *stage) {
		paint := func() { st.win.Canvas().Capture() }
		paint() // from now on the window is known to say so
		st.pass(Calm)
		st.tap("choose.ask")
		st.pass(2 * Calm)
		if st.robot.Calm() {
			st.t.Fatal("a screen that nobody can see takes touches")
		}
		paint()
		st.pass(Calm - time.Millisecond)
		if st.robot.Calm() {
			st.t.Error("the slow frame has eaten the calm")
		}
		paint() // the same screen again
		st.pass(time.Millisecond)
		if !st.robot.Calm() {
			st.t.Error("no touch after the calm")
		}
		st.tap("consent.agree")
		st.pass(mostCalm)
		if !st.robot.Calm() {
			st.t.Error("a window that paints no more takes no touch for ever")
		}
	})
}

func TestLettersAreLargerAsFastAsFingersAre(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		for _, lang := range []string{"en", "es"} {
			onClock(t, size, at(lang, visit.Choosing), func(st *stage) {
				st.pass(Calm)
				at := st.place("top.bigger")
				for range 3 {
					st.finger(at)
					st.pass(60 * time.Millisecond)
				}
				if st.v.Look.Size != 3 {
					st.t.Errorf("%v: size %d after three touches", size, st.v.Look.Size)
				}
				for _, tag := range []string{"top.contrast", "top.help", "top.language", "choose.ask"} {
					if err := st.robot.Tap(tag); err == nil {
						st.t.Errorf("%v: %s can be touched at once", size, tag)
					}
				}
			})
		}
	}
}

// A key of a real keyboard that acts waits as a finger does; letters never do, nor does the
// key that enters them: a slip may be under the scanner before anybody has seen the screen.
func TestAKeyThatActsWaitsForTheScreen(t *testing.T) {
	for state, number := range map[visit.State]string{visit.Collecting: "7KQ2-M4V0", visit.Tracking: "60SA-JR3A"} {
		onClock(t, standing, at("en", state, func(v *visit.Visit) { v.Track.Typed = "" }), func(st *stage) {
			st.scan("")
			if st.v.Fault != nil || st.v.State != state {
				st.t.Fatalf("Enter on a screen that is new leads to %v, fault %v", st.v.State, st.v.Fault)
			}
			answer := st.slowly()
			st.scan(number)
			st.scan("")
			answer()
			if st.v.State == state || st.v.Fault != nil || len(st.acts()) != len(number)+1 {
				st.t.Errorf("%v: state %v, fault %v after %v", state, st.v.State, st.v.Fault, st.acts())
			}
		})
	}
}

// The Next key of the touch keyboard goes to the second field, and a second tap of it
// does not say that the second field is empty.
func TestTwoTapsOfTheNextKeyGoOnOnce(t *testing.T) {
	empty := draft(func(d *request.Draft) { d.Given, d.Family = "Ana", "" })
	onClock(t, standing, at("en", visit.Filling, asking(request.AskName), empty), func(st *stage) {
		st.pass(Calm)
		st.tap("key.next")
		st.pass(200 * time.Millisecond)
		st.tap("key.next")
		if len(st.v.Form.Problems) > 0 {
			st.t.Error("an error about a field that nobody has seen")
		}
		st.typeIn("Ng") // as fast as fingers are
		if st.v.Form.Draft.Family != "Ng" {
			st.t.Errorf("typed Ng, the visit has %d letters", len(st.v.Form.Draft.Family))
		}
		st.pass(Calm)
		st.tap("key.next")
		if st.v.Form.Question != request.AskBirth {
			st.t.Errorf("question %s", st.v.Form.Question)
		}
	})
}

func TestABoardThatComesUnderTheFingerTakesNoTouchAtFirst(t *testing.T) {
	onClock(t, standing, at("en", visit.StaffIn), func(st *stage) {
		st.pass(Calm)
		at := st.place("key.next")
		st.finger(at)
		st.pass(200 * time.Millisecond)
		st.finger(at)
		if err := st.robot.Tap("pin.1"); err == nil || st.v.Staff.PIN != "" {
			st.t.Errorf("the pad takes a touch: %d digits", len(st.v.Staff.PIN))
		}
		st.pass(Calm)
		st.tap("pin.1")
	})
}

// Letters that were typed before and the seconds that pass show the visit as it was:
// that is no answer to what was touched last.
func TestOnlyTheAnswerToATouchLetsTheNextOneAct(t *testing.T) {
	onClock(t, standing, at("en", visit.Filling, asking(request.AskGender)), func(st *stage) {
		st.pass(Calm)
		answer := st.slowly()
		st.tap("form.next")
		st.u.Show(st.v, st.now.Add(time.Second)) // a second passes at the desk
		if err := st.robot.Tap("form.next"); err == nil {
			st.t.Error("a second act before the first is answered")
		}
		answer()
		if st.v.Form.Question != request.AskContact {
			st.t.Errorf("question %s", st.v.Form.Question)
		}
	})
}

// A window that is made anew in the middle of a visit numbers its acts on.
func TestANewWindowKnowsWhatTheOneBeforeHasDone(t *testing.T) {
	onClock(t, standing, at("en", visit.Choosing, func(v *visit.Visit) { v.Acted = 40 }), func(st *stage) {
		st.pass(Calm)
		answer := st.slowly()
		st.tap("choose.ask")
		if err := st.robot.Tap("choose.collect"); err == nil {
			st.t.Error("a second act before the first is answered")
		}
		answer()
		if st.v.Acted != 41 || st.v.State != visit.Consent {
			st.t.Errorf("act %d, state %v", st.v.Acted, st.v.State)
		}
	})
}
