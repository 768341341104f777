package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/words"
)

// enter enters a date by touching, as the language orders it, and returns how many
// touches that takes.
func (s *stage) enter(d request.Date) (touches int) {
	s.t.Helper()
	for _, part := range words.Of(s.v.Lang).Order() {
		switch part {
		case 'm':
			s.tap(fmt.Sprintf("month.%d", d.Month))
			touches++
		case 'd':
			s.typeIn(fmt.Sprintf("%02d", d.Day))
			touches += 2
		default:
			s.typeIn(fmt.Sprint(d.Year))
			touches += 4
		}
	}
	return touches
}

// atBirth is a form that asks for the birth date, with nothing of it entered.
func atBirth(t *testing.T, size fyne.Size, lang string) *stage {
	t.Helper()
	return newStage(t, size, noBirth(lang))
}

func noBirth(lang string) visit.Visit {
	return at(lang, visit.Filling, asking(request.AskBirth), draft(func(d *request.Draft) { d.Birth = request.Date{} }))
}

var october16 = request.Date{Year: 1988, Month: 10, Day: 16}

func TestABirthDateTakesSevenTouches(t *testing.T) {
	for lang, told := range map[string]string{"en": "October 16, 1988 · 38 years old", "es": "16 de octubre de 1988 · 38 años"} {
		for _, size := range []fyne.Size{standing, lying} {
			st := atBirth(t, size, lang)
			if touches := st.enter(october16); touches != 7 || len(st.acts()) != 7 {
				t.Errorf("%v %s: %d touches, %d reported", size, lang, touches, len(st.acts()))
			}
			if st.v.Form.Draft.Birth != october16 {
				t.Errorf("%v %s: another date is entered", size, lang)
			}
			st.reads(told)
			st.tap("form.next")
			if st.v.Form.Question != request.AskGender {
				t.Errorf("%v %s: question %s", size, lang, st.v.Form.Question)
			}
		}
	}
}

func TestADateIsTypedOnARealKeyboardAndScanned(t *testing.T) {
	for lang, all := range map[string][]string{
		"en": {
			"10161988", "10/16/1988", "10-16-1988", "10.16.1988", "10 16 1988", "1988-10-16", "19881016", "1988/10/16",
			"16/10/1988", "oct 16 1988", "October 16, 1988", "05/01/1970 10/16/1988", "0501197010161988",
		},
		"es": {
			"16101988", "16/10/1988", "16-10-1988", "16.10.1988", "1988-10-16", "19881016", "10/16/1988",
			"16 de octubre de 1988", "16 oc 1988", "16 OCTUBRE 1988",
		},
	} {
		st := atBirth(t, standing, lang)
		for _, text := range all {
			for _, beside := range []bool{false, true} {
				st.turnTo(standing, noBirth(lang))
				if beside {
					st.win.Canvas().Unfocus() // what a touch beside everything does
				}
				st.scan(text)
				if st.v.Form.Draft.Birth != october16 || st.v.Form.Question != request.AskGender {
					t.Errorf("%s %q, beside %v: another date is entered, or the form does not go on", lang, text, beside)
				}
			}
		}
	}
}

// A scanned date counts as a whole, whatever was entered before.
func TestAScannedDateTakesThePlaceOfWhatWasEntered(t *testing.T) {
	st := atBirth(t, standing, "en")
	for _, tags := range [][]string{
		{"month.3"},
		{"month.3", "pin.1"},
		{"month.3", "pin.1", "pin.4", "pin.1"},
		{"birth.year", "pin.2", "pin.0", "pin.2", "pin.9"},
		{"month.3", "pin.1", "pin.4", "pin.1", "pin.9", "pin.5", "pin.8"},
	} {
		for _, text := range []string{"10/16/1988", "1988-10-16"} {
			st.turnTo(standing, noBirth("en"))
			st.tap(tags...)
			st.scan(text)
			if st.v.Form.Draft.Birth != october16 || st.v.Form.Question != request.AskGender {
				t.Errorf("%v, then %q: another date is entered, or the form does not go on", tags, text)
			}
		}
	}
}

func (s *stage) strike(names ...fyne.KeyName) {
	s.t.Helper()
	for _, name := range names {
		if s.win.Canvas().Focused() == nil {
			s.t.Fatalf("nothing has the focus for %s", name)
		}
		s.robot.Press(name)
	}
}

func TestADateIsEnteredWithArrowKeysAlone(t *testing.T) {
	const left, right, up, down, enter = fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyReturn
	st := atBirth(t, standing, "en")
	st.strike(down, down, down, down, down, right, left, enter) // the first shows January, the last row is October's
	st.strike(down, down, down, up, right)                      // the day begins with 1
	st.strike(down, up, up, left, down, right)                  // the year fifty years ago
	if want := (request.Date{Year: 1974, Month: 10, Day: 3}); st.v.Form.Draft.Birth != want {
		t.Errorf("entered %v, want %v", st.v.Form.Draft.Birth, want)
	}
	st.strike(enter)
	if st.v.Form.Question != request.AskGender {
		t.Errorf("question %s", st.v.Form.Question)
	}
}

func TestEnterEndsAPartAndGoesOnOnceTheDateIsWhole(t *testing.T) {
	st := atBirth(t, standing, "en")
	st.scan("1")
	st.scan("1")
	if want := (request.Date{Month: 1, Day: 1}); st.v.Form.Draft.Birth != want || st.v.Form.Half.Part != request.YearPart {
		t.Errorf("entered %v, want %v", st.v.Form.Draft.Birth, want)
	}
	st.scan("19")
	st.reads("Please enter the month, the day and the year.")
	st.scan("88")
	if want := (request.Date{Year: 1988, Month: 1, Day: 1}); st.v.Form.Draft.Birth != want || st.v.Form.Question != request.AskGender {
		t.Errorf("entered %v, want %v", st.v.Form.Draft.Birth, want)
	}
}

func TestTabGoesThroughTheDateAndOn(t *testing.T) {
	st := atBirth(t, standing, "en")
	for _, want := range []string{"birth.month", "birth.day", "birth.year", "form.next", "form.back"} {
		if got := st.robot.Focus(); got != want {
			t.Fatalf("the focus is on %q, want %s", got, want)
		}
		st.strike(fyne.KeyTab)
	}
	st.tap("birth.month")
	st.robot.Strike("10") // goes on to the day by itself
	st.strike(fyne.KeyTab)
	if got := st.robot.Focus(); got != "birth.day" {
		t.Errorf("Tab behind a month that has gone on by itself leads to %q", got)
	}
	st.strike(fyne.KeyTab)
	if got := st.robot.Focus(); got != "birth.year" {
		t.Errorf("Tab is held for ever: the focus is on %q", got)
	}
	st.robot.ShiftTab()
	st.robot.Strike("161988")
	if st.v.Form.Draft.Birth != october16 {
		t.Errorf("entered %v", st.v.Form.Draft.Birth)
	}
}

func TestNothingTypedOfADateIsLostWhenTheScreenIsBuiltAgain(t *testing.T) {
	for _, tags := range [][2]string{{"top.bigger", "top.smaller"}, {"top.contrast", "top.contrast"}, {"top.language", "top.language"}} {
		there, back := tags[0], tags[1]
		st := atBirth(t, standing, "en")
		st.tap("month.10", there, "pin.1", back, "pin.6", "pin.1", there, "pin.9", back, "pin.8", "pin.8")
		if st.v.Form.Draft.Birth != october16 {
			t.Errorf("%s: entered %v", there, st.v.Form.Draft.Birth)
		}
	}
	st := atBirth(t, standing, "en")
	st.tap("month.10", "pin.1", "top.help", "form.back", "pin.6", "pin.1", "pin.9", "top.help", "form.back", "pin.8", "pin.8")
	if st.v.Form.Draft.Birth != october16 {
		t.Errorf("help: entered %v", st.v.Form.Draft.Birth)
	}
}

func TestADayThatCannotBeIsRefusedAsItIsCompleted(t *testing.T) {
	st := atBirth(t, standing, "en")
	const noDay, future, past = "The calendar does not have this day.", "This day is still to come.", "Please choose a year from 1900 on."
	for _, c := range []struct {
		touches string // tags
		says    string
		then    string // puts it right
		want    request.Date
	}{
		{"month.2 pin.3 pin.0", noDay, "pin.2 pin.8 pin.1 pin.9 pin.8 pin.8", request.Date{Year: 1988, Month: 2, Day: 28}},
		{"month.2 pin.3 pin.0", noDay, "month", request.Date{Month: 4, Day: 30}},
		{"month.2 pin.2 pin.9 pin.1 pin.9 pin.8 pin.7", noDay, "pin.1 pin.9 pin.8 pin.8", request.Date{Year: 1988, Month: 2, Day: 29}},
		{"month.2 pin.2 pin.9 pin.1 pin.9 pin.8 pin.7", noDay, "pin.delete pin.8", request.Date{Year: 1988, Month: 2, Day: 29}},
		{"month.5 pin.3 pin.5", noDay, "pin.delete pin.1", request.Date{Month: 5, Day: 31}},
		{"month.5 pin.5 pin.2 pin.0 pin.2 pin.7", future, "pin.1 pin.9 pin.8 pin.8", request.Date{Year: 1988, Month: 5, Day: 5}},
		{"month.12 pin.2 pin.4 pin.2 pin.0 pin.2 pin.6", future, "pin.1 pin.9 pin.8 pin.8", request.Date{Year: 1988, Month: 12, Day: 24}},
		{"birth.year pin.1 pin.8 pin.9 pin.9", past, "pin.clear pin.1 pin.9 pin.8 pin.8", request.Date{Year: 1988}},
	} {
		st.turnTo(standing, noBirth("en"))
		st.tap(strings.Fields(c.touches)...)
		st.reads(c.says)
		if c.then == "month" {
			st.tap("birth.month", "month.4")
		} else {
			st.tap(strings.Fields(c.then)...)
		}
		if strings.Contains(st.robot.Markup(), c.says) || st.v.Form.Draft.Birth != c.want {
			t.Errorf("%s, %s: %v, want %v", c.touches, c.then, st.v.Form.Draft.Birth, c.want)
		}
	}
}

func TestBackCorrectsDigitByDigitAndOverTheParts(t *testing.T) {
	st := atBirth(t, standing, "en")
	st.enter(october16)
	for _, want := range []request.Date{
		{Month: 10, Day: 16},
		{Month: 10, Day: 16},
		{Month: 10, Day: 16},
		{Month: 10, Day: 16},
		{Month: 10, Day: 1},
		{Month: 10},
		{},
	} {
		st.tap("pin.delete")
		if st.v.Form.Draft.Birth != want {
			t.Errorf("left %v, want %v", st.v.Form.Draft.Birth, want)
		}
	}
	if !st.robot.Has("month.10") || st.robot.Has("pin.1") {
		t.Error("the month is not asked for again")
	}
	st.tap("form.back")
	if st.v.Form.Question != request.AskName {
		t.Errorf("the screen's own Back leads to %s", st.v.Form.Question)
	}
}

func TestADateGoesOnToWhatIsMissing(t *testing.T) {
	st := atBirth(t, standing, "en")
	st.tap("birth.year", "pin.1", "pin.9", "pin.8", "pin.8", "month.10")
	st.tap("birth.month", "form.next") // Next says what is missing and asks for it
	st.reads("Please enter the month, the day and the year.")
	st.tap("pin.1", "pin.6")
	if st.v.Form.Draft.Birth != october16 {
		t.Errorf("entered %v", st.v.Form.Draft.Birth)
	}
}

// What the sentence below the question says moves no key under the finger.
func TestTheKeysOfADateStayWhereTheyAre(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		for text := range visit.Sizes {
			for _, lang := range []string{"en", "es"} {
				st := atBirth(t, size, lang)
				st.v.Look.Size = text
				st.v.Form.Draft.Relation = request.Represented
				st.u.Show(st.v, st.now)
				places := map[string]string{}
				check := func(when string) {
					for _, s := range st.robot.Touchables() {
						if !strings.HasPrefix(s.Tag, "pin.") && !strings.HasPrefix(s.Tag, "month.") && !strings.HasPrefix(s.Tag, "birth.") {
							continue
						}
						at := fmt.Sprint(s.Box)
						if before, known := places[s.Tag]; known && before != at {
							t.Errorf("%v %s, text %d: %s moves from %s to %s when %s", size, lang, text, s.Tag, before, at, when)
						}
						places[s.Tag] = at
					}
				}
				check("nothing is entered")
				st.tap("birth.day", "pin.3", "pin.1", "birth.month", "month.2")
				check("a day cannot be")
				st.tap("birth.month", "month.3", "birth.year", "pin.1", "pin.9", "pin.8", "pin.8")
				check("the date is told")
				st.tap("birth.year", "pin.2", "pin.0", "pin.2", "pin.7")
				check("a year cannot be")
			}
		}
	}
}

func TestADateFitsBelowAMessage(t *testing.T) {
	for text := range visit.Sizes {
		v := noBirth("es")
		v.Look.Size = text
		st := newStage(t, lying, v)
		st.u.Messages([]Message{{To: "(617) 555-0123", Text: strings.Repeat("Your pickup code is 482913. ", 5)}})
		if st.robot.Has("list.down") {
			t.Errorf("text %d: the keys scroll", text)
		}
	}
}
