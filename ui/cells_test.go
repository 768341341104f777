package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

const (
	down, up, right, left, enter = fyne.KeyDown, fyne.KeyUp, fyne.KeyRight, fyne.KeyLeft, fyne.KeyReturn
)

func (s *stage) presses(keys ...fyne.KeyName) {
	for _, key := range keys {
		s.robot.Press(key)
	}
}

// A keypad that is found by touch has four arrows and one key more.
func TestANameIsTypedWithArrowsAndOneKey(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given, d.Family = "", "" })))
		st.presses(down, up, enter)                // on the first name, and into the keyboard
		st.presses(down, enter)                    // from q to a
		st.presses(up, right, right, right, enter) // from q to r
		st.presses(left, left, left, left)         // to q, and out
		if got := st.robot.Focus(); st.v.Form.Draft.Given != "Ar" || got != "keyboard" {
			t.Errorf("%s: typed %q, the focus is on %s", turnOf(size), st.v.Form.Draft.Given, got)
		}
		if st.v.Form.Draft.Family != "" || st.v.Form.Question != request.AskName {
			t.Errorf("%s: typed elsewhere", turnOf(size))
		}
		st.robot.Strike("z") // a real keyboard goes on where the keys have typed
		if got := st.v.Form.Draft.Given; got != "Arz" || st.robot.Focus() != "form.given" {
			t.Errorf("%s: typed %q, the focus is on %s", turnOf(size), got, st.robot.Focus())
		}
	}
}

func TestTheCursorGoesAroundAtTheEndsOfTheKeys(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Collecting, func(v *visit.Visit) { v.Track.Typed = "" }))
	st.presses(down, up, enter)
	for range 10 { // around the row of ten digits, back to 1
		st.presses(right)
	}
	st.presses(enter, up, enter) // and around to the last row, which begins with z
	if got := st.v.Track.Typed; got != "1Z" {
		t.Errorf("typed %q", got)
	}
}

func TestAPINIsTypedWithArrowsAndOneKey(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Filling, asking(request.AskPIN), draft(func(d *request.Draft) { d.PIN = "" })))
	st.presses(down, up, enter)                  // into the pad
	st.presses(enter, right, enter, down, enter) // 1, 2, 5
	st.presses(left, left)                       // to 4, and out
	if st.v.Form.Draft.PIN != "125" || st.robot.Focus() != "keyboard" || len(st.acts()) != 3 {
		t.Errorf("typed %d digits, the focus is on %s", len(st.v.Form.Draft.PIN), st.robot.Focus())
	}
	if got := st.goes(right); got[0] != "form.next" {
		t.Errorf("Forward after the pad comes to %s", got[0])
	}
}

// Who has letters or Tab under the hand has filled in a field, and enters it.
func TestEnterInAFieldGoesToTheKeysOnlyForWhoComesByArrows(t *testing.T) {
	for _, before := range [][]fyne.KeyName{{fyne.KeyTab}, {down, up, "x"}} {
		st := newStage(t, standing, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given, d.Family = "Ana", "Ruiz" })))
		st.presses(before...)
		st.presses(enter)
		if !slices.Contains(st.acts(), visit.Action(visit.Next{})) {
			t.Errorf("after %v Enter does not go on", before)
		}
	}
}
