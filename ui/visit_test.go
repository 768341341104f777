package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/robot"
)

// fill goes from Welcome to Review as a visitor does.
func (s *stage) fill(lang, given, family string) {
	s.t.Helper()
	s.tap("welcome."+lang, "choose.ask", "consent.agree", "declare.self", "declare.accept")
	s.typeIn(given)
	s.tap("form.family")
	s.typeIn(family)
	s.tap("form.next")
	s.enter(request.Date{Year: 1957, Month: 3, Day: 1})
	s.tap("form.next", "gender.female", "form.next", "contact.phone")
	s.typeIn("6175550123")
	s.tap("form.next")
	s.typeIn("8305")
	s.tap("form.next")
	s.typeIn("8305")
	s.tap("form.next")
}

func TestAVisitFromWelcomeToDone(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		for _, lang := range []string{"en", "es"} {
			st := newStage(t, size, visit.New(house()))
			st.fill(lang, "María José", "O'Neill-García")
			want := request.Draft{
				Relation: request.Self, Given: "María José", Family: "O'Neill-García",
				Birth: request.Date{Year: 1957, Month: 3, Day: 1}, Gender: request.Female,
				Contact: request.ByPhone, Phone: "6175550123", PIN: "8305", PINAgain: "8305", Consent: st.v.Form.Draft.Consent,
			}
			if st.v.State != visit.Review || st.v.Form.Draft != want {
				t.Fatalf("%v %s: state %d, draft differs: %v", size, lang, st.v.State, st.v.Form.Draft != want)
			}
			st.tap("review.send")
			st.do(visit.Saved{Key: "k", Receipt: "7KQ2-M4V9-3X1"})
			st.do(visit.Answered{})
			st.u.Messages([]Message{{To: "(617) 555-0123", Text: "Code 482913"}})
			st.tap("sent.unlock")
			st.typeIn("482913")
			st.tap("unlock.next")
			st.typeIn("8305")
			st.tap("unlock.next")
			st.do(visit.Unlocked{Token: "p"})
			theirs := history(3)
			theirs.Record.Birth = want.Birth.String()
			st.do(theirs)
			st.tap("record.print")
			st.do(visit.PrintStarted{Pages: 1})
			st.do(visit.Ended{Outcome: fault.Printed})
			st.tap("done.finish")
			if st.v.State != visit.Welcome || !st.robot.Has("welcome."+lang) {
				t.Errorf("%v %s: the visit ends in state %d", size, lang, st.v.State)
			}
		}
	}
}

func TestAVisitWithTheLargestText(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		v := visit.New(house())
		st := newStage(t, size, v)
		st.tap("welcome.en", "top.bigger", "top.bigger", "top.bigger")
		for _, tag := range []string{"choose.ask", "consent.agree", "declare.self", "declare.accept"} {
			if err := st.robot.Reveal(tag); err != nil {
				t.Fatal(err)
			}
			st.tap(tag)
		}
		st.typeIn("Ánh")
		st.tap("key.next")
		st.typeIn("Nguyễn")
		st.tap("key.next")
		if st.v.Form.Question != request.AskBirth || st.v.Form.Draft.Given != "Ánh" || st.v.Form.Draft.Family != "Nguyễn" {
			t.Errorf("%v: question %s, names differ", size, st.v.Form.Question)
		}
	}
}

func TestTheScreenIsTheSameWhetherOrNotARecordExists(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Sent))
	before := st.robot.Markup()
	for _, word := range []string{"not found", "no record", "was found"} {
		if strings.Contains(before, word) {
			t.Errorf("the screen says %q", word)
		}
	}
	st.v.Unlock.Answered = true
	st.u.Show(st.v, st.now)
	if !strings.Contains(st.robot.Markup(), "If we found a record") {
		t.Error("after the answer the screen does not stay neutral")
	}
}

// A wiped window holds nothing of the visitor, not even in hidden parts
// (promise P4).
func TestAWipedWindowHoldsNothingOfTheVisitor(t *testing.T) {
	for _, ending := range []string{"leave", "idle"} {
		st := newStage(t, standing, visit.New(house()))
		st.fill("en", "Ánh Tuyết", "O'Neill-García")
		st.u.Messages([]Message{{To: "(617) 555-0123", Text: "Code 482913"}})
		if all := everyText(st); !strings.Contains(all, "Ánh") || !strings.Contains(all, "482913") {
			t.Fatal("the test does not see what is typed")
		}
		if ending == "idle" {
			st.now = st.now.Add(visit.WarnAfter)
			st.do(visit.Tick{})
			st.now = st.now.Add(visit.IdleLimit)
			st.do(visit.Tick{})
		} else {
			st.do(visit.Leave{})
		}
		if st.v.State != visit.Welcome {
			t.Fatalf("%s: state %d", ending, st.v.State)
		}
		all := everyText(st)
		for _, value := range []string{"Ánh", "Tuyết", "Neill", "García", "6175550123", "555-0123", "8305", "1957", "482913"} {
			if strings.Contains(all, value) {
				t.Errorf("%s: the window still holds %q", ending, value)
			}
		}
		if st.u.messages != nil {
			t.Errorf("%s: messages stay", ending)
		}
		if f := st.robot.Focus(); f != "welcome.en" {
			t.Errorf("%s: the focus is on %q", ending, f)
		}
	}
}

// everyText is all text in the window, hidden or not.
func everyText(st *stage) string {
	var b strings.Builder
	see := func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case interface{ Typed() string }:
			b.WriteString(o.Typed() + "\n")
		case interface{ Text() string }:
			b.WriteString(o.Text() + "\n")
		case *canvas.Text:
			b.WriteString(o.Text + "\n")
		}
	}
	robot.Everything(st.win.Canvas().Content(), see)
	for _, o := range st.win.Canvas().Overlays().List() {
		robot.Everything(o, see)
	}
	return b.String()
}

func TestAnEchoNeverTakesLettersAway(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Filling, asking(request.AskName), func(v *visit.Visit) { v.Form.Draft.Given = "" }))
	behind := st.v
	st.typeIn("Maria")
	st.u.Show(behind, st.now) // a snapshot from before the letters
	st.typeIn("n")
	if got := st.v.Form.Draft.Given; got != "Marian" {
		t.Errorf("typed Marian, the visit has %d letters", len(got))
	}
}

func TestAKioskThatIsTriedOutSaysSoInEveryLanguageAndADemoDoesNot(t *testing.T) {
	st := newStage(t, standing, at("", visit.Welcome))
	if strings.Contains(st.robot.Markup(), "TEST") {
		t.Error("the demo's welcome says TEST: it has a sign of its own")
	}
	for _, size := range []fyne.Size{standing, lying} {
		for text := range visit.Sizes {
			st.turnTo(size, at("", visit.Welcome, triedOut, func(v *visit.Visit) { v.Look.Size = text }))
			sign := slices.ContainsFunc(st.robot.TopTexts(), func(s robot.Seen) bool { return s.Text == "TEST · PRUEBA" && s.Clip.Has(s.Box) })
			if note := st.robot.Markup(); !sign || !strings.Contains(note, "This kiosk is only being tried out") || !strings.Contains(note, "Este quiosco solo está a prueba") {
				t.Errorf("%v, text size %d: the sign is not to be seen", size, text)
			}
		}
	}
}

func TestOutOfServiceSaysItInEveryLanguage(t *testing.T) {
	broken := at("", visit.OutOfService, func(v *visit.Visit) { v.OutOfOrder = &fault.Fault{Code: fault.Clock} })
	for _, tt := range []struct {
		v    visit.Visit
		says []string
	}{
		{visit.New(visit.Site{}), []string{"Waiting for the records service", "Esperamos al servicio de registros"}},
		{at("", visit.OutOfService, func(v *visit.Visit) { v.OutOfOrder = &fault.Fault{Code: fault.OutOfUse} }), []string{"This kiosk is out of service", "no está en servicio", "enrol --replace"}},
		{broken, []string{"This kiosk is taking a break", "Este quiosco está en pausa", "(617) 555-0100"}},
	} {
		st := newStage(t, standing, tt.v)
		for _, words := range tt.says {
			if !strings.Contains(st.robot.Markup(), words) {
				t.Errorf("no %q on the screen", words)
			}
		}
	}
}

func TestAnotherReasonToWaitIsShownAtOnce(t *testing.T) {
	st := newStage(t, standing, nowhere(&fault.Fault{Code: fault.Setup, Detail: "the name of central is not found"}))
	st.do(visit.OutOfOrder{Fault: fault.Fault{Code: fault.Setup, Detail: "no connection"}})
	if all := st.robot.Markup(); !strings.Contains(all, "(no connection)") {
		t.Errorf("staff reads the reason before:\n%s", all)
	}
}

func TestWaitingSaysForHowLong(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Fetching, waiting))
	if !strings.Contains(st.robot.Markup(), "4 seconds") {
		t.Error("the screen does not say since when it waits")
	}
	page := st.u.page
	st.u.Show(st.v, st.now.Add(3*time.Second))
	if !strings.Contains(st.robot.Markup(), "7 seconds") {
		t.Error("the screen does not count on")
	}
	if st.u.page != page {
		t.Error("the screen was built again for a second that passed")
	}
}

func TestTabGoesInReadingOrderAndScrolls(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Review, func(v *visit.Visit) { v.Look.Size = visit.Sizes - 1 }))
	want := []string{
		"top.help", "top.smaller", "top.contrast", "top.language", "review.change.relation", "review.change.name", "review.change.birth",
		"review.change.gender", "review.change.contact", "review.change.pin",
	}
	st.win.Canvas().Unfocus()
	for _, tag := range want {
		st.win.Canvas().FocusNext()
		if st.robot.Focus() != tag {
			t.Fatalf("the focus is on %q, want %s", st.robot.Focus(), tag)
		}
		for _, s := range st.robot.Touchables() {
			if s.Tag == tag && !s.Clip.Has(s.Box) {
				t.Errorf("%s has the focus and cannot be seen", tag)
			}
		}
	}
}

func TestAMessageCoversNothingAndKeepsWhatIsTyped(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, at("en", visit.Unlocking))
		st.typeIn("48")
		page := st.u.page
		st.u.Messages([]Message{{To: "(617) 555-0123", Text: strings.Repeat("Your pickup code is 482913. ", 5)}})
		if st.u.page != page {
			t.Error("the screen was built again for a message")
		}
		st.typeIn("2913")
		if st.v.Unlock.Code != "482913" {
			t.Errorf("%v: the code has %d digits", size, len(st.v.Unlock.Code))
		}
		if !strings.Contains(st.robot.Markup(), "DEMONSTRATION · Message to (617) 555-0123") {
			t.Errorf("%v: the message is not shown as a demonstration", size)
		}
		lintTexts(t, st.robot.TopTexts(), size)
		lintTargets(t, st.robot.Touchables(), size)
	}
}

func TestNoMessageIsShownOutsideOfADemonstration(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Sent, func(v *visit.Visit) { v.Site.Demo = false }))
	st.u.Messages([]Message{{To: "(617) 555-0123", Text: "Code 482913"}})
	if strings.Contains(st.robot.Markup(), "482913") {
		t.Error("a message is shown")
	}
}

// No code comes, a new one is asked for twice, and then no more.
func TestAVisitorWithoutACodeAsksForANewOne(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, at("en", visit.Saving, waiting))
		st.do(visit.Saved{Key: "k", Receipt: "7KQ2-M4V9-3X1"})
		st.do(visit.Answered{})
		st.tap("sent.no-code")
		st.reads("You can ask for a new code 2 more times.", "7KQ2-M4V9-3X1", "(617) 555-0100")
		st.tap("nocode.again")
		st.reads("We are asking for a new code")
		st.do(visit.Resent{Left: 1})
		st.reads("The old code no longer works.")
		st.tap("sent.unlock")
		st.reads("The old code no longer works.")
		st.typeIn("48")
		st.tap("unlock.no-code")
		st.reads("You can ask for a new code 1 more time.")
		st.tap("nocode.other")
		st.do(visit.ResendFailed{Fault: fault.Fault{Code: fault.Away}})
		st.reads("We cannot reach the records service right now.")
		st.tap("nocode.other")
		st.do(visit.Resent{Left: 0})
		st.tap("sent.no-code")
		st.reads("You cannot ask for another new code.")
		for _, tag := range []string{"nocode.again", "nocode.other"} {
			if err := st.robot.Tap(tag); err == nil {
				t.Errorf("%s can be touched when no new code is left", tag)
			}
		}
		st.tap("nocode.unlock")
		st.typeIn("482913")
		st.tap("unlock.next")
		if !st.v.Unlock.AtPIN || st.v.Unlock.Code != "482913" {
			t.Errorf("%v: the code does not arrive", size)
		}
	}
}

func TestByReceiptAloneANewCodeIsOfferedToo(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, at("en", visit.Unlocking))
		st.tap("unlock.no-code", "nocode.again")
		if st.v.State != visit.Resending {
			t.Fatalf("%v: state %v", size, st.v.State)
		}
		st.do(visit.Resent{Left: 1})
		st.reads("a new code is on its way")
		st.typeIn("482913")
		st.tap("unlock.next")
		if !st.v.Unlock.AtPIN || st.v.Unlock.Code != "482913" {
			t.Errorf("%v: the code does not arrive", size)
		}
	}
}

// reads checks what the screen says.
func (s *stage) reads(words ...string) {
	s.t.Helper()
	for _, w := range words {
		if !strings.Contains(strings.ReplaceAll(s.robot.Markup(), "\n", " "), w) {
			s.t.Errorf("the screen does not say %q:\n%s", w, s.robot.Markup())
		}
	}
}

func TestAPrinterThatCannotPrintSaysWhyAndTakesNoPrint(t *testing.T) {
	for _, s := range []visit.State{visit.Ready, visit.PrintFailed, visit.PrintUnknown} {
		st := newStage(t, standing, at("en", s, withDoses(2)))
		st.do(visit.PrinterDown{Fault: fault.Fault{Code: fault.Cover, Detail: "cover-open"}})
		st.reads("A cover of the printer is open.", "(cover-open)")
		tag := "printed.again"
		if s == visit.Ready {
			tag = "record.print"
		}
		if err := st.robot.Tap(tag); err == nil {
			t.Errorf("%s: a print can be started", s)
		}
		st.do(visit.PrinterUp{})
		st.tap(tag)
		if st.v.State != visit.Printing {
			t.Errorf("%s: state %s once it can", s, st.v.State)
		}
	}
}
