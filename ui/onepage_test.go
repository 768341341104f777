package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// mayScroll tells screens whose list is as long as there is to tell, or that are
// typed into, from those to choose from or to read before one leaves.
func mayScroll(st *stage, name string) bool {
	for _, list := range []string{"helping", "consent-full", "review", "ready", "fix-dose", "fix-review"} {
		if strings.HasPrefix(name, list) {
			return true
		}
	}
	_, typed := st.win.Canvas().Focused().(interface{ Text() string })
	return st.u.page.board != nil || typed || strings.HasPrefix(name, "birth")
}

func TestWhatIsChosenFromOrReadBeforeLeavingStandsOnOnePage(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, size := range []fyne.Size{standing, lying} {
		for _, text := range hardest(0, 1) {
			for _, lang := range hardest("en", "es") {
				for _, s := range samples(lang) {
					s.v.Look.Size = text
					st.turnTo(size, s.v)
					if st.u.page.scrolls() && !mayScroll(st, s.name) {
						t.Errorf("%s %s %s %d %% scrolls", s.name, lang, turnOf(size), 100+25*text)
					}
				}
			}
		}
	}
}

// So it does when there is less room than when it was built: a printer that goes
// down, or the strip of the demo's phone.
func TestAPageStaysOnePageWhenSomethingComes(t *testing.T) {
	for _, text := range []int{0, 1} {
		st := newStage(t, lying, at("en", visit.Choosing, func(v *visit.Visit) { v.Look.Size = text }))
		st.robot.Press(fyne.KeyTab)
		at := st.robot.Focus()
		st.do(visit.PrinterDown{Fault: fault.Fault{Code: fault.Toner, Detail: "toner-empty"}})
		if st.u.page.scrolls() || st.robot.Focus() != at {
			t.Errorf("text %d: with a printer that is down it scrolls, or the focus went to %q", text, st.robot.Focus())
		}
		st.turnTo(lying, sampleOf(t, "sent-answered"))
		st.u.Messages([]Message{{"(617) 555-0123", "Your vaccine record pickup code is 482 913. It is good for 24 hours. Enter it at the kiosk with your PIN. We never ask for it by phone."}})
		if st.u.page.scrolls() {
			t.Errorf("text %d: with a message of the demo's phone it scrolls", text)
		}
	}
}

// Tight is not small: letters and targets stay as large as the visitor wants them.
func TestATightScreenKeepsLettersAndTargets(t *testing.T) {
	st := newStage(t, lying, at("en", visit.Choosing, func(v *visit.Visit) { v.Look.Size = 1 }))
	if !st.u.page.k.st.Tight {
		t.Fatal("the menu is not tight")
	}
	lintTexts(t, st.robot.TopTexts(), lying)
	lintTargets(t, st.robot.Touchables(), lying)
	for _, s := range st.robot.TopTexts() {
		if s.Text == "Ask for a record" && s.Size < st.u.st.Large(46) {
			t.Errorf("a choice has letters of %.0f px", s.Size)
		}
	}
}
