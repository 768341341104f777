package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// scan types as a scanner does, which ends with Enter.
func (s *stage) scan(text string) {
	s.t.Helper()
	c := s.win.Canvas()
	for _, r := range text {
		if f := c.Focused(); f != nil {
			f.TypedRune(r)
		} else {
			c.OnTypedRune()(r)
		}
	}
	enter := &fyne.KeyEvent{Name: fyne.KeyReturn}
	if f := c.Focused(); f != nil {
		f.TypedKey(enter)
	} else {
		c.OnTypedKey()(enter)
	}
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
	const receipt = "7KQ2-M4VD"
	var want []visit.Action
	for i := range receipt {
		want = append(want, visit.TypeReceipt{Text: receipt[:i+1]})
	}
	want = append(want, visit.Next{})
	for _, beside := range []bool{false, true} {
		st := newStage(t, standing, at("en", visit.Collecting, func(v *visit.Visit) { v.Typed = "" }))
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
	st.win.Canvas().OnTypedRune()('o')
	if st.v.Draft.Family != "o" || st.v.Draft.Given != "" {
		t.Error("the letter did not go to the field of the touch keyboard")
	}
	pin := newStage(t, standing, at("en", visit.Filling, asking(request.AskPIN), draft(func(d *request.Draft) { d.PIN = "" })))
	pin.win.Canvas().Unfocus()
	pin.win.Canvas().OnTypedRune()('7')
	if pin.v.Draft.PIN != "7" {
		t.Error("the digit did not go to the PIN")
	}
	away := newStage(t, standing, at("en", visit.Choosing))
	away.win.Canvas().Unfocus()
	away.win.Canvas().OnTypedRune()('x')
	away.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(away.acts()) != 0 {
		t.Error("a screen with nothing to type into takes a letter")
	}
}
