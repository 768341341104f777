package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/speech"
	"vaxkiosk/app/visit"
)

// ear hears everything that is to be said, as somebody with headphones does.
type ear struct {
	all   []speech.Utterance
	set   speech.Settings
	visit uint64
	again int
	stops int
}

func (e *ear) Begin(visit uint64)     { e.visit, e.all = visit, nil }
func (e *ear) Set(s speech.Settings)  { e.set = s }
func (e *ear) Say(u speech.Utterance) { e.all = append(e.all, u) }
func (e *ear) Again()                 { e.again++ }
func (e *ear) Stop()                  { e.stops++ }

// heard is the last utterance, its pieces joined; what is personal stands in brackets.
func (e *ear) heard() string {
	if len(e.all) == 0 {
		return ""
	}
	var all []string
	for _, p := range e.all[len(e.all)-1].Pieces {
		if p.Level != speech.Public {
			p.Text = "[" + p.Text + "]"
		}
		all = append(all, p.Text)
	}
	return strings.Join(all, " ")
}

// listens is a stage with somebody who listens, in a visit or at Welcome.
func listens(t *testing.T, v visit.Visit) (*stage, *ear) {
	t.Helper()
	st := newStage(t, standing, v)
	e := &ear{}
	st.u.SetSpeaker(e)
	st.turnTo(standing, v)
	return st, e
}

func wants(t *testing.T, e *ear, parts ...string) {
	t.Helper()
	said := e.heard()
	for _, part := range parts {
		if !strings.Contains(said, part) {
			t.Errorf("said is %q, want %q", said, part)
		}
	}
}

func TestAVisitBeginsByEar(t *testing.T) {
	st, e := listens(t, visit.New(house()))
	st.presses(fyne.KeyUp)
	if len(e.all) != 0 {
		t.Errorf("said without anybody who listens: %q", e.heard())
	}
	st.presses(fyne.KeyF4)
	wants(t, e, "Speech is on.", "La voz está activa.", "English button 1 of ")
	st.presses(fyne.KeyDown, fyne.KeyUp)
	wants(t, e, "English button 1 of ")
	st.presses(fyne.KeyReturn)
	wants(t, e, "What would you like to do?")
	st.presses(fyne.KeyDown)
	wants(t, e, "Ask for a record", "button suggested 2 of ")
	st.presses(fyne.KeyReturn)
	wants(t, e, "Your privacy")
	st.presses(fyne.KeyDown, fyne.KeyDown)
	wants(t, e, "We need a name, birth date, gender", "3 of ")
	st.presses(fyne.KeyReturn)
	if st.v.State != visit.Consent {
		t.Error("a text was touched")
	}
	st.presses(fyne.KeyRight)
	wants(t, e, "I agree button")
	st.presses(fyne.KeyRight)
	if st.v.State != visit.Declaring {
		t.Errorf("%v", st.v.State)
	}
}

func TestWhatIsTypedIsSaidAndAPINIsNot(t *testing.T) {
	st, e := listens(t, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given = "" }), func(v *visit.Visit) { v.Voice.On = true }))
	wants(t, e, "What is your name?")
	for range 10 {
		if st.presses(fyne.KeyDown); strings.Contains(e.heard(), "First name") {
			break
		}
	}
	st.robot.Strike("Ana")
	wants(t, e, "[A]")
	st.robot.Strike(" ")
	wants(t, e, "[Ana]")
	st, e = listens(t, at("en", visit.Filling, asking(request.AskPIN), draft(func(d *request.Draft) { d.PIN = "" }), func(v *visit.Visit) { v.Voice.On = true }))
	for range 10 {
		if st.presses(fyne.KeyDown); strings.Contains(e.heard(), "of 4 digits") {
			break
		}
	}
	st.robot.Strike("80")
	wants(t, e, "2 of 4 digits")
	for _, u := range e.all {
		for _, p := range append(u.Pieces, u.Spelled...) {
			if strings.ContainsAny(p.Text, "8") || p.Text == "0" {
				t.Errorf("%q was said", p.Text)
			}
		}
	}
}

// What comes to a screen by itself is said, and what only counts down is not.
func TestWhatAppearsIsSaid(t *testing.T) {
	st, e := listens(t, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given = "" }), func(v *visit.Visit) { v.Voice.On = true }))
	st.presses(fyne.KeyRight, fyne.KeyRight)
	wants(t, e, "Please type the first name.")
	st, e = listens(t, sampleOf(t, "done"))
	st.do(visit.Listen{On: true})
	n := len(e.all)
	for range 5 {
		st.now = st.now.Add(1e9)
		st.do(visit.Tick{})
	}
	if len(e.all) != n {
		t.Errorf("the count-down is said: %q", e.heard())
	}
}

func TestTheEndsOfAScreenAreSaid(t *testing.T) {
	st, e := listens(t, at("en", visit.Choosing, func(v *visit.Visit) { v.Voice.On = true }))
	for range 30 {
		st.presses(fyne.KeyDown)
	}
	wants(t, e, "This is the last item.")
	for range 30 {
		st.presses(fyne.KeyUp)
	}
	wants(t, e, "This is the first item.")
}

func TestVolumeRateRepeatAndSilence(t *testing.T) {
	st, e := listens(t, at("en", visit.Choosing, func(v *visit.Visit) { v.Voice.On = true }))
	st.presses(fyne.KeyF6)
	wants(t, e, "Speed 128 percent")
	st.do(visit.Louder{By: 1})
	wants(t, e, "Volume 60 percent")
	if e.set.Louder != 1 || e.set.Faster != 1 || e.set.Private {
		t.Errorf("%+v", e.set)
	}
	before := e.stops
	if st.presses(fyne.KeyF2); e.again != 1 || e.stops == before {
		t.Errorf("repeated %d times, %d stops", e.again, e.stops)
	}
	st.do(visit.Plug{In: true})
	if !e.set.Private {
		t.Error("headphones are for everybody")
	}
	st.do(visit.Plug{})
	wants(t, e, "The headphones are out.")
	said := len(e.all)
	st.presses(fyne.KeyF4, fyne.KeyDown, fyne.KeyDown)
	if st.v.Voice.On || len(e.all) != said {
		t.Errorf("off, and %d more are said", len(e.all)-said)
	}
}

func TestTheRecordIsSaidDoseByDoseIntoHeadphones(t *testing.T) {
	st, e := listens(t, sampleOf(t, "ready"))
	st.do(visit.Listen{On: true})
	wants(t, e, "[María José O’Neill-García]")
	st.presses(fyne.KeyDown, fyne.KeyDown)
	wants(t, e, "[January 1, 2025]", "[COVID-19]", "3 of ")
	for _, u := range e.all {
		for _, p := range u.Pieces {
			if p.Level == speech.Public && (strings.Contains(p.Text, "COVID") || strings.Contains(p.Text, "María")) {
				t.Errorf("everybody hears %q", p.Text)
			}
		}
	}
}

// The ring goes with what is said, into sight; another size of text keeps the place.
func TestWhatIsSaidIsShown(t *testing.T) {
	st, e := listens(t, sampleOf(t, "ready-long"))
	st.do(visit.Listen{On: true})
	for range 12 {
		st.presses(fyne.KeyDown)
	}
	ring := st.u.ear.ring
	if ring.Hidden || ring.Position().Y < 0 || ring.Position().Y+ring.Size().Height > st.u.size.Height {
		t.Errorf("the ring is at %v, %v, hidden %v", ring.Position(), ring.Size(), ring.Hidden)
	}
	before := e.heard()
	st.do(visit.Resize{By: 1})
	st.presses(fyne.KeyDown, fyne.KeyUp)
	if got := e.heard(); got != before {
		t.Errorf("in another size %q, before %q", got, before)
	}
}

func TestTheQuestionWhetherSomebodyIsThereIsSaid(t *testing.T) {
	st, e := listens(t, at("en", visit.Choosing, func(v *visit.Visit) { v.Voice.On = true }))
	st.now = st.now.Add(visit.SpokenIdle - 20e9)
	st.do(visit.Tick{})
	wants(t, e, "Are you still there?", "Yes, I need more time button")
	if kind := e.all[len(e.all)-1].Kind; kind != speech.Warning {
		t.Errorf("kind %v", kind)
	}
	st.presses(fyne.KeyReturn)
	if st.v.IdleWarning || st.v.State != visit.Choosing {
		t.Error("the question stays")
	}
	wants(t, e, "What would you like to do?")
}

func TestAnotherVisitHearsNothingOfTheOneBefore(t *testing.T) {
	st, e := listens(t, sampleOf(t, "ready"))
	st.do(visit.Listen{On: true})
	number := st.v.Number
	st.do(visit.Leave{})
	if e.visit == number || st.u.ear.texts != nil || st.u.ear.value.Words != nil || slices.ContainsFunc(e.all, func(u speech.Utterance) bool { return u.Visit == number }) {
		t.Errorf("visit %d, then %d; %q is left", number, e.visit, st.u.ear.texts)
	}
}

// A real keyboard, or a scanner, types into the field wherever the visitor reads.
func TestLettersGoIntoTheFieldWhileATextIsRead(t *testing.T) {
	st, e := listens(t, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given, d.Family = "", "" }), func(v *visit.Visit) { v.Voice.On = true }))
	wants(t, e, "What is your name?")
	st.robot.Strike("Ana")
	wants(t, e, "[A]")
	if st.v.Form.Draft.Given != "Ana" || st.win.Canvas().Focused() == nil || !st.u.ear.ring.Hidden {
		t.Errorf("%d letters arrived, focus on %v", len(st.v.Form.Draft.Given), st.win.Canvas().Focused())
	}
	st.robot.Press(fyne.KeyBackspace)
	wants(t, e, "[An]")
	st.presses(fyne.KeyUp)
	wants(t, e, "As the doctor or pharmacy has it.")
}

// A keypad has no letters: they are on the screen, and said one by one as the cursor comes to them.
func TestANameIsTypedByEarWithArrowsAndOneKey(t *testing.T) {
	st, e := listens(t, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given, d.Family = "", "" }), func(v *visit.Visit) { v.Voice.On = true }))
	presses := 0
	press := func(k fyne.KeyName) { st.presses(k); presses++ }
	for range 9 {
		if press(down); strings.Contains(e.heard(), "First name") {
			break
		}
	}
	press(enter)
	wants(t, e, "[Q]")
	find := func(letter string) {
		for range 4 {
			for start := e.heard(); e.heard() != "["+letter+"]"; {
				if press(right); e.heard() == start {
					break
				}
			}
			if e.heard() == "["+letter+"]" {
				return
			}
			press(down)
		}
		t.Fatalf("no key says %s, the last says %s", letter, e.heard())
	}
	for _, letter := range "ANA" {
		find(string(letter))
		press(enter)
	}
	if st.v.Form.Draft.Given != "Ana" || presses > 80 {
		t.Errorf("%d letters with %d keys", len(st.v.Form.Draft.Given), presses)
	}
	press(fyne.KeyEscape)
	wants(t, e, "keyboard on the screen")
}
