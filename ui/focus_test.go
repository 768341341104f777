package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// erases reports whether the focus is on what ends the visit.
func (s *stage) erases() bool {
	b, ok := s.win.Canvas().Focused().(*parts.Button)
	return ok && b.Erases()
}

func TestAScreenBeginsWithTheFocusOnItsQuestion(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for screen, want := range map[string]string{
		"welcome": "welcome.en", "choosing": "choose.ask", "consent": "consent.agree", "consent-full": "consent.agree", "declaring": "declare.self",
		"declaring-capacity": "declare.guardian", "declaring-child": "declare.accept", "name-empty": "form.given", "name-only": "form.family",
		"more": "more.middle", "gender": "gender.female", "contact": "contact.phone", "contact-phone": "form.phone", "contact-email": "form.email",
		"pin": "form.pin", "review": "review.change.relation", "sent": "sent.unlock", "nocode": "nocode.again", "nocode-none": "nocode.unlock",
		"collecting": "collect.number", "collecting-empty": "collect.number",
		"unlocking": "unlock.code", "unlocking-pin": "unlock.pin", "ready": "record.print", "ready-blind": "record.correct", "saving": "", "printing": "",
		"print-failed": "printed.again", "done": "done.another", "unlocking-over": "unlock.staff", "correcting": "fix.missing-dose",
		"helping": "help.no-code", "helping-report": "report.touch", "staff-in": "staff.id", "staff-check": "staff.saw.license", "upkeep": "upkeep.print",
		"idle": "idle.stay", "out-of-service": "",
	} {
		for _, size := range []fyne.Size{standing, lying} {
			st.turnTo(size, sampleOf(t, screen))
			if got := st.robot.Focus(); got != want {
				t.Errorf("%s %s: the focus is on %q, want %q", screen, turnOf(size), got, want)
			}
		}
	}
}

func TestNoScreenBeginsWithTheFocusOnWhatErases(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, size := range []fyne.Size{standing, lying} {
		for _, s := range samples("es") {
			st.turnTo(size, s.v)
			if st.erases() {
				t.Errorf("%s %s begins with the focus on %s", s.name, turnOf(size), st.robot.Focus())
			}
		}
	}
}

// What leads to Welcome is known by what it does, not by its own word for it.
func TestEveryButtonThatEndsTheVisitIsKnownToErase(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	st := newStage(t, standing, visit.New(house()))
	for _, s := range samples("en") {
		if s.v.State == visit.Helping && s.v.Help.From == visit.Welcome {
			s.v.Help.From = visit.Choosing
		}
		st.turnTo(standing, s.v)
		for _, seen := range st.robot.Touchables() {
			b, ok := seen.Object.(*parts.Button)
			if !ok || seen.Off {
				continue
			}
			st.turnTo(standing, s.v)
			if err := st.robot.Reveal(b.Tag()); err != nil {
				t.Fatal(err)
			}
			st.tap(b.Tag())
			if ends := st.v.State == visit.Welcome && s.v.State != visit.Welcome; ends != b.Erases() {
				t.Errorf("%s: %s ends the visit: %v, and is known for it: %v", s.name, b.Tag(), ends, b.Erases())
			}
		}
	}
}

func TestEraseAndFinishAsksOnceWhenAKeyIsPressed(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for screen, tag := range map[string]string{
		"saving": "wait.erase", "ready": "record.leave", "printing": "printing.erase", "print-unknown": "printed.finish",
		"corrected-record": "corrected.leave", "unlocking-not-shown": "not-shown.finish",
	} {
		for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeySpace} {
			st.turnTo(standing, sampleOf(t, screen))
			number := st.v.Number
			if !st.robot.TabTo(tag) {
				t.Fatalf("%s: the Tab key does not come to %s", screen, tag)
			}
			st.robot.Hold(key, 22)
			st.reads("Press again to erase")
			st.robot.Press(fyne.KeyTab)
			st.robot.ShiftTab()
			st.robot.Press(key)
			st.reads("Press again to erase")
			if st.v.Number != number {
				t.Errorf("%s: %s erases at the first press of %s", screen, tag, key)
			}
			st.robot.Press(key)
			if st.v.Number == number {
				t.Errorf("%s: %s never erases", screen, tag)
			}
			st.turnTo(standing, sampleOf(t, screen))
			st.tap(tag)
			if st.v.State != visit.Welcome {
				t.Errorf("%s: a touch of %s is not enough", screen, tag)
			}
		}
	}
}

// The question of a button needs no more room than the button has.
func TestTheQuestionOfAButtonFitsIt(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	st := newStage(t, standing, visit.New(house()))
	for _, size := range []fyne.Size{standing, lying} {
		for text := range visit.Sizes {
			for _, lang := range []string{"en", "es"} {
				for _, s := range samples(lang) {
					if !slices.Contains([]string{"saving", "ready", "ready-none", "printing", "print-failed", "corrected-record", "unlocking-not-shown"}, s.name) {
						continue // others have buttons as wide as these
					}
					s.v.Look.Size = text
					st.turnTo(size, s.v)
					for _, f := range focusables(st.win.Canvas().Content()) {
						b, ok := f.(*parts.Button)
						if !ok || !b.Erases() {
							continue
						}
						st.win.Canvas().Focus(b)
						number := st.v.Number
						st.robot.Press(fyne.KeyReturn)
						if st.v.Number != number {
							continue // it does not ask
						}
						if b.MinSize().Height > b.Size().Height+1 {
							t.Errorf("%s %s %s %d: the question needs %.0f px, %s has %.0f", s.name, lang, turnOf(size), text, b.MinSize().Height, b.Tag(), b.Size().Height)
						}
					}
				}
			}
		}
	}
}

func TestTheFocusSurvivesAnotherSizeContrastAndLanguage(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	tried := map[screenKey]bool{}
	for _, s := range samples("en") {
		st.turnTo(standing, s.v)
		place := st.u.key.place()
		place.number = 0
		if s.v.IdleWarning || s.v.Lang == "" || tried[place] {
			continue
		}
		tried[place] = true
		all := focusables(st.win.Canvas().Content())
		for _, f := range []fyne.Focusable{all[1], all[len(all)/2], all[len(all)-2], all[len(all)-1]} {
			tag := f.(parts.Tagged).Tag()
			st.turnTo(standing, s.v)
			for _, f := range focusables(st.win.Canvas().Content()) {
				if f.(parts.Tagged).Tag() == tag {
					st.win.Canvas().Focus(f)
				}
			}
			for _, a := range []visit.Action{visit.Recolour{}, visit.Speak{Lang: "es"}} {
				st.do(a)
				if got := st.robot.Focus(); got != tag {
					t.Errorf("%s: after %T the focus is on %q, not %s", s.name, a, got, tag)
					break
				}
			}
		}
	}
}

// By touch, too: the finger that changes the size takes the focus away first.
func TestTheCursorSurvivesAnotherSize(t *testing.T) {
	for _, touched := range []bool{false, true} {
		st := newStage(t, standing, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given, d.Family = "Ana", "Ruz" })))
		st.robot.Press(fyne.KeyTab)
		st.robot.Press(fyne.KeyHome)
		st.robot.Press(fyne.KeyRight)
		st.robot.Press(fyne.KeyRight)
		if touched {
			st.win.Canvas().Unfocus()
		}
		st.do(visit.Resize{By: 1})
		st.robot.Strike("i")
		if st.v.Form.Draft.Family != "Ruiz" || st.v.Form.Draft.Given != "Ana" {
			t.Errorf("touched %v: the cursor was lost: %q", touched, st.v.Form.Draft.Family)
		}
	}
}

func TestTabGoesOnFromWhereATouchTookTheFocus(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Choosing))
	st.robot.Press(fyne.KeyTab)
	st.win.Canvas().Unfocus()
	st.robot.Press(fyne.KeyTab)
	if got := st.robot.Focus(); got != "choose.correct" {
		t.Errorf("the focus is on %q", got)
	}
}

// One thing at a time is marked.
func TestAFieldIsMarkedOnlyWhileNothingElseHasTheFocus(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Filling, asking(request.AskName)))
	marked := func() (n int) {
		parts.Each(st.win.Canvas().Content(), func(o fyne.CanvasObject) {
			if f, ok := o.(*parts.Field); ok && f.Active() {
				n++
			}
		})
		return n
	}
	if marked() != 1 {
		t.Errorf("%d fields are marked at first", marked())
	}
	if !st.robot.TabTo("form.next") || marked() != 0 {
		t.Errorf("%d fields are marked while Next has the focus", marked())
	}
	st.tap("key.x")
	if marked() != 1 || st.robot.Focus() != "form.family" {
		t.Errorf("%d fields are marked after a letter, the focus is on %q", marked(), st.robot.Focus())
	}
}
