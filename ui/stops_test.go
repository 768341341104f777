package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/keypad"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// goes presses keys, and returns where the focus is after each.
func (s *stage) goes(keys ...fyne.KeyName) (tags []string) {
	for _, key := range keys {
		s.robot.Press(key)
		tags = append(tags, s.robot.Focus())
	}
	return tags
}

// walk presses a key until the focus stays, and returns the tags on the way.
func (s *stage) walk(key fyne.KeyName) (tags []string) {
	for at := "-"; at != s.robot.Focus(); s.robot.Press(key) {
		at = s.robot.Focus()
		tags = append(tags, at)
	}
	return tags
}

func TestTabReachesEverythingInTheOrderOfThePage(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, size := range []fyne.Size{standing, lying} {
		for _, s := range samples("en") {
			st.turnTo(size, s.v)
			all := slices.DeleteFunc(st.u.stops(), off)
			if s.v.IdleWarning || len(all) == 0 || strings.HasPrefix(s.name, "birth-") { // the first key, or another part, ends what is asked
				continue
			}
			if reachable := focusables(st.win.Canvas().Content()); len(all) != len(reachable) {
				t.Errorf("%s %s: %d stops, %d can have the focus", s.name, turnOf(size), len(all), len(reachable))
			}
			st.checkOrder(s.name, all)
			var want []string
			for _, f := range all {
				want = append(want, f.(parts.Tagged).Tag())
			}
			st.win.Canvas().Focus(all[0])
			got := st.walk(fyne.KeyTab)
			if s.v.State == visit.Helping { // its keyboard comes with the focus on the search
				got = slices.DeleteFunc(got, func(tag string) bool { return tag == "keyboard" && !slices.Contains(want, tag) })
			}
			if want, got = slices.DeleteFunc(want, scrolls), slices.DeleteFunc(got, scrolls); !slices.Equal(got, want) {
				t.Errorf("%s %s: Tab goes to %v, want %v", s.name, turnOf(size), got, want)
			}
		}
	}
}

// scrolls reports whether a tag is that of a button that scrolls: which of them is on changes with
// the focus.
func scrolls(tag string) bool {
	return strings.HasSuffix(tag, ".up") || strings.HasSuffix(tag, ".down")
}

// checkOrder asks that nothing which erases comes before what goes on, and only the top bar
// after it.
func (s *stage) checkOrder(name string, all []fyne.Focusable) {
	s.t.Helper()
	erased, bar := "", focusables(s.u.page.bar)
	for _, f := range all {
		b, ok := f.(*parts.Button)
		switch {
		case ok && b.Erases():
			erased = b.Tag()
		case erased != "" && !slices.Contains(bar, f):
			s.t.Errorf("%s: %s comes after %s", name, f.(parts.Tagged).Tag(), erased)
		}
	}
}

func TestArrowsGoFromStopToStopOnceEachAndStopAtTheEnds(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Choosing))
	st.robot.Hold(fyne.KeyDown, 22)
	if got := st.robot.Focus(); got != "choose.collect" {
		t.Errorf("a held arrow goes to %q", got)
	}
	if down := st.walk(fyne.KeyDown); down[len(down)-1] != "top.language" {
		t.Errorf("the last stop is %q", down[len(down)-1])
	}
	if up := st.walk(fyne.KeyUp); up[len(up)-1] != "choose.ask" {
		t.Errorf("the first stop is %q", up[len(up)-1])
	}
}

func TestAnArrowGoesOnFromWhereATouchTookTheFocus(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Choosing))
	st.robot.Press(fyne.KeyDown)
	st.win.Canvas().Unfocus()
	if got := st.goes(fyne.KeyDown); got[0] != "choose.correct" {
		t.Errorf("the focus is on %q", got)
	}
}

func TestForwardComesToTheStrongButtonAndTouchesItWhenPressedAgain(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Filling, asking(request.AskGender), draft(func(d *request.Draft) { d.Gender = request.Female })))
	now := time.Now()
	st.u.clock = func() time.Time { return now }
	for _, wait := range []time.Duration{forwardAgain, forwardAgain, 0} {
		now = now.Add(wait)
		if got := st.goes(fyne.KeyRight); got[0] != "form.next" || len(st.acts()) != 0 {
			t.Fatalf("the focus is on %q, %v", got, st.acts())
		}
		if wait == 0 {
			break
		}
		now = now.Add(forwardAgain)
		st.robot.Press(fyne.KeyUp)
	}
}

func TestForwardTwiceIsTheStrongButton(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Filling, asking(request.AskGender), draft(func(d *request.Draft) { d.Gender = request.Female })))
	now := time.Now()
	st.u.clock = func() time.Time { return now }
	st.goes(fyne.KeyRight)
	now = now.Add(forwardAgain) // too late
	if st.goes(fyne.KeyRight); len(st.acts()) != 0 {
		t.Errorf("Forward touches after %v", forwardAgain)
	}
	now = now.Add(forwardAgain - 1)
	if st.goes(fyne.KeyRight); !slices.Equal(st.acts(), []visit.Action{visit.Next{}}) {
		t.Errorf("Forward, twice, does %v", st.acts())
	}
}

func TestBackIsBackAndErasesNothing(t *testing.T) {
	st := newStage(t, standing, sampleOf(t, "consent"))
	if st.goes(fyne.KeyLeft); !slices.Equal(st.acts(), []visit.Action{visit.Back{}}) {
		t.Errorf("Left on consent does %v", st.acts())
	}
	for _, screen := range []string{"ready", "done", "saving", "welcome", "choosing"} {
		st.turnTo(standing, sampleOf(t, screen))
		st.events = nil
		if st.goes(fyne.KeyLeft, fyne.KeyLeft); len(st.acts()) != 0 {
			t.Errorf("Left on %s does %v", screen, st.acts())
		}
	}
}

// Who writes means the field: the arrows beside the letters move its cursor then.
func TestArrowsMoveTheCursorOnlyWhileLettersAreTyped(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given, d.Family = "", "" })))
	st.robot.Strike("Aa")
	st.goes(fyne.KeyLeft)
	st.robot.Strike("n")
	if st.v.Form.Draft.Given != "Ana" || len(st.acts()) != 3 {
		t.Errorf("typed %q, and %v", st.v.Form.Draft.Given, st.acts())
	}
	if got := st.goes(fyne.KeyDown, fyne.KeyRight, fyne.KeyUp, fyne.KeyUp); !slices.Equal(got, []string{"form.family", "form.next", "keyboard", "name.more"}) {
		t.Errorf("the arrows go to %v", got)
	}
}

func TestAKeypadIsUsedAsItIsBound(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Choosing))
	bound, wrong := keypad.Bind("none", map[keypad.Command][]string{
		keypad.Next: {"scan:191"}, keypad.Previous: {"N"}, keypad.Select: {"F9"}, keypad.Help: {"scan:192"},
	})
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	st.u.SetKeypad(bound)
	if got := st.goes("scan:191", "scan:191", fyne.KeyN, fyne.KeyDown); !slices.Equal(got, []string{"choose.collect", "choose.correct", "choose.collect", "choose.collect"}) {
		t.Errorf("the focus goes to %v", got)
	}
	st.robot.Press("scan:192")
	st.robot.Press(fyne.KeyF9)
	if want := []visit.Action{visit.Help{}}; !slices.Equal(st.acts()[:1], want) || len(st.acts()) != 2 {
		t.Errorf("help and select do %v", st.acts())
	}
	st.turnTo(standing, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given = "" })))
	st.robot.Press(fyne.KeyN)
	if st.v.Form.Draft.Given != "N" {
		t.Error("a letter that is bound is not typed into a name")
	}
}

func TestEveryNameOfAKeyIsFynes(t *testing.T) {
	for _, key := range []fyne.KeyName{
		fyne.KeyDown, fyne.KeyUp, fyne.KeyLeft, fyne.KeyRight, fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyEscape, fyne.KeyBackspace,
		fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyInsert, fyne.KeyDelete, fyne.KeyF12, fyne.KeyA, fyne.Key0, fyne.KeyComma,
		fyne.KeyPlus, fyne.KeyBackTick, fyne.KeyBackslash,
	} {
		b, wrong := keypad.Bind("none", map[keypad.Command][]string{keypad.Blank: {string(key)}})
		if len(wrong) > 0 || b.Of(string(key), 0) != keypad.Blank {
			t.Errorf("%q cannot be bound: %v", key, wrong)
		}
	}
}
