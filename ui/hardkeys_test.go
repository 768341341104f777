package ui

import (
	"slices"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// scan types as a scanner does, which ends with Enter.
func (s *stage) scan(text string) {
	s.t.Helper()
	s.robot.Strike(text)
	s.robot.Press(fyne.KeyReturn)
}

// acts are what the visitor did, touches left out.
func (s *stage) acts() []visit.Action {
	var all []visit.Action
	for _, e := range s.events {
		if _, ok := e.Do.(visit.Touch); !ok {
			all = append(all, e.Do)
		}
	}
	return all
}

func TestAScannedReceiptArrivesWholeAndOnce(t *testing.T) {
	const receipt = "7KQ2-M4V9-3X1"
	var want []visit.Action
	for i := range receipt {
		want = append(want, visit.TypeReceipt{Text: receipt[:i+1]})
	}
	want = append(want, visit.Next{})
	for _, beside := range []bool{false, true} {
		st := newStage(t, standing, at("en", visit.Collecting, func(v *visit.Visit) { v.Track.Typed = "" }))
		if beside {
			st.win.Canvas().Unfocus() // what a touch beside everything does
		}
		st.scan(receipt)
		if got := st.acts(); !slices.Equal(got, want) {
			t.Errorf("touched beside %v: %v, want %v", beside, got, want)
		}
	}
}

func TestAKeyboardWithoutFocusTypesWhereTheScreenTypes(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given, d.Family = "", "" })))
	st.tap("form.family")
	st.win.Canvas().Unfocus()
	st.robot.Strike("o")
	if st.v.Form.Draft.Family != "o" || st.v.Form.Draft.Given != "" {
		t.Error("the letter did not go to the field of the touch keyboard")
	}
	pin := newStage(t, standing, at("en", visit.Filling, asking(request.AskPIN), draft(func(d *request.Draft) { d.PIN = "" })))
	pin.win.Canvas().Unfocus()
	pin.robot.Strike("7")
	if pin.v.Form.Draft.PIN != "7" {
		t.Error("the digit did not go to the PIN")
	}
	away := newStage(t, standing, at("en", visit.Choosing))
	away.win.Canvas().Unfocus()
	away.scan("x")
	if len(away.acts()) != 0 {
		t.Error("a screen with nothing to type into takes a letter")
	}
}

func TestAHeldKeyActsOnce(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		for _, c := range []struct {
			screen string
			want   visit.State
		}{
			{"welcome", visit.Choosing}, {"choosing", visit.Consent}, {"consent", visit.Declaring}, {"declaring-child", visit.Filling}, {"nocode", visit.Resending},
		} {
			st.turnTo(standing, sampleOf(t, c.screen))
			st.events = nil
			st.robot.Hold(key, 22)
			if n := len(st.acts()); n != 1 || st.v.State != c.want {
				t.Errorf("%s held on %s acts %d times, and leads to %v", key, c.screen, n, st.v.State)
			}
		}
		if key == fyne.KeySpace {
			continue // is typed into a field
		}
		for _, screen := range []string{"name-empty", "pin-again", "collecting", "unlocking-pin"} {
			st.turnTo(standing, sampleOf(t, screen))
			st.events = nil
			st.robot.Hold(key, 22)
			if acts := st.acts(); len(acts) != 1 || acts[0] != (visit.Next{}) {
				t.Errorf("%s held on %s does %v", key, screen, acts)
			}
		}
	}
}

// A key that went down on the screen before has to come up before it does
// anything on the next one.
func TestAKeyHeldOverAChangeOfTheScreenTypesNothingThere(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Declaring, relation(request.Self), draft(func(d *request.Draft) { d.Given = "" })))
	st.robot.Down(fyne.KeySpace)
	for _, key := range []fyne.KeyName{fyne.KeySpace, "x", fyne.KeyBackspace} {
		for range 5 {
			st.robot.Again(key)
		}
	}
	if st.v.State != visit.Filling || len(st.acts()) != 1 {
		t.Errorf("state %v, %d letters", st.v.State, len(st.v.Form.Draft.Given))
	}
	st.robot.Up(fyne.KeySpace)
	st.robot.Strike("Ana")
	if st.v.Form.Draft.Given != "Ana" {
		t.Errorf("typed Ana, the visit has %d letters", len(st.v.Form.Draft.Given))
	}
}

// A book on the keyboard is nobody.
func TestWhatAHeldKeyRepeatsIsNoSignOfLife(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for screen, key := range map[string]fyne.KeyName{
		"name-empty": "a", "fix-new-name": fyne.KeyBackspace, "pin-again": "7", "pin": fyne.KeyBackspace, "collecting": "4", "staff-in": "n", "helping-search": "i",
	} {
		st.turnTo(standing, sampleOf(t, screen))
		if screen == "helping-search" {
			st.tap("helping.search")
		}
		st.events = nil
		st.robot.Hold(key, 3)
		want := []bool{false, false, true, true, true} // the key, what it does, and does again
		var got []bool
		for _, e := range st.events {
			got = append(got, e.Held)
		}
		if st.events[0].Do != (visit.Touch{}) || !slices.Equal(got, want) {
			t.Errorf("%s on %s: held %v, want %v", key, screen, got, want)
		}
		if k := st.robot; k.Has("key.delete") { // a finger is somebody, whatever lies on the keyboard
			st.robot.Down(key)
			st.robot.Again(key)
			st.tap("key.delete")
			if st.events[len(st.events)-1].Held {
				t.Errorf("%s: a finger counts as a held key", screen)
			}
		}
	}
}

func TestEveryKeyIsASignOfLifeAndAHeldOneIsOne(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, key := range []fyne.KeyName{fyne.KeyTab, desktop.KeyShiftLeft, fyne.KeyEscape, fyne.KeyF1, fyne.KeyLeft, fyne.KeyUnknown, "x"} {
		for _, screen := range []string{"choosing", "name-empty", "pin", "saving", "idle"} {
			st.turnTo(standing, sampleOf(t, screen))
			st.events = nil
			st.robot.Hold(key, 5)
			n := 0
			for _, e := range st.events {
				if e.Do == (visit.Touch{}) && !e.Held {
					n++
				}
			}
			if n != 1 || st.v.IdleWarning {
				t.Errorf("%q on %s is %d signs of life", key, screen, n)
			}
		}
	}
	st.turnTo(standing, sampleOf(t, "choosing"))
	st.events = nil
	for range 5 { // a key that has no name is pressed anew with every repeat
		st.robot.Down(fyne.KeyUnknown)
	}
	if len(st.events) != 1 {
		t.Errorf("a held key without a name is %d signs of life", len(st.events))
	}
	st.robot.Up(fyne.KeyUnknown)
	st.robot.Down(fyne.KeyUnknown)
	if len(st.events) != 2 {
		t.Error("the same key, pressed again, is none")
	}
}

// A scanner that is used at the wrong time touches nothing.
func TestTheEnterOfAScannerIsNoTouchOfAButton(t *testing.T) {
	for _, screen := range []string{"welcome", "choosing", "ready", "review", "done"} {
		st := newStage(t, standing, sampleOf(t, screen))
		st.scan("SMITH JOHN 7KQ2-M4V9-3X1")
		if acts := st.acts(); len(acts) != 0 {
			t.Errorf("%s: what is scanned does %v", screen, acts)
		}
		st.robot.Press(fyne.KeyReturn)
		if len(st.acts()) != 1 {
			t.Errorf("%s: Enter alone does nothing after a scan", screen)
		}
	}
}

// sampleOf is a screen in English.
func sampleOf(t *testing.T, name string) visit.Visit {
	t.Helper()
	v, known := englishSamples()[name]
	if !known {
		t.Fatalf("no sample %s", name)
	}
	return v
}

// englishSamples are made once: that takes long.
var englishSamples = sync.OnceValue(func() map[string]visit.Visit {
	all := map[string]visit.Visit{}
	for _, s := range samples("en") {
		all[s.name] = s.v
	}
	return all
})
