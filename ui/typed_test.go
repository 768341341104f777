package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// pour types what a scanner or a real keyboard would, faster than anybody.
func (s *stage) pour(text string) {
	s.t.Helper()
	if s.win.Canvas().Focused() == nil {
		s.t.Fatal("nothing has the cursor")
	}
	s.robot.Strike(text)
}

// field is what the field with the cursor holds.
func (s *stage) field() string {
	if f, ok := s.win.Canvas().Focused().(interface{ Typed() string }); ok {
		return f.Typed()
	}
	return ""
}

func TestAFieldTakesNoMoreThanItSays(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	correcting := func(v *visit.Visit) {
		v.Form.Task, v.Form.Draft.Fix = visit.ToAmend, request.Fix{Kind: request.MissingDose}
	}
	for name, c := range map[string]struct {
		v    visit.Visit
		tap  string
		of   request.Field
		kept func(visit.Visit) string
		told string
	}{
		"name":    {at("en", visit.Filling, asking(request.AskName)), "form.given", request.FieldGiven, func(v visit.Visit) string { return v.Form.Draft.Given }, "50 letters at most."},
		"e-mail":  {at("en", visit.Filling, asking(request.AskSecond)), "form.email", request.FieldEmail, func(v visit.Visit) string { return v.Form.Draft.Email }, "254 letters at most."},
		"vaccine": {at("en", visit.Filling, correcting, asking(request.AskVaccine)), "form.vaccine", request.FieldVaccine, func(v visit.Visit) string { return v.Form.Draft.Fix.Vaccine }, "80 letters at most."},
		"search":  {at("en", visit.Helping), "helping.search", request.FieldQuery, func(v visit.Visit) string { return v.Help.Query }, "60 letters at most."},
		"staff":   {at("en", visit.StaffIn), "staff.id", request.FieldStaffID, func(v visit.Visit) string { return v.Staff.ID }, "32 letters at most."},
		"number":  {at("en", visit.Collecting), "collect.number", request.FieldNumber, func(v visit.Visit) string { return v.Track.Typed }, "The number has 11 letters and digits, or 8."},
	} {
		t.Run(name, func(t *testing.T) {
			for _, size := range []fyne.Size{standing, lying} {
				st := newStage(t, size, c.v)
				st.tap(c.tap)
				st.robot.Press(fyne.KeyEnd) // the finger came down in the middle
				for st.field() != "" {
					st.robot.Press(fyne.KeyBackspace)
				}
				st.pour(strings.Repeat("n", request.Longest(c.of)))
				if text := everyText(st); strings.Contains(text, c.told) {
					t.Errorf("%v: it is said of what fits", size)
				}
				st.pour("\u200b\ufeff\x00\u202e") // which nobody sees
				st.pour(strings.Repeat("m", 10_000))
				if n := request.Letters(st.field()); n != request.Longest(c.of)+1 || c.kept(st.v) != st.field() {
					t.Errorf("%v: the field holds %d letters, the visit %d", size, n, request.Letters(c.kept(st.v)))
				}
				st.reads(c.told)
				st.robot.Press(fyne.KeyBackspace)
				if text := everyText(st); strings.Contains(text, c.told) {
					t.Errorf("%v: it is said when it has been made shorter", size)
				}
			}
		})
	}
}

func TestADigitTooManyIsSaidAndTheCountrysOneIsNone(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, at("en", visit.Filling, asking(request.AskContact), draft(func(d *request.Draft) { d.Phone = "" })))
		st.typeIn("6175550123")
		st.reads("(617) 555-0123")
		st.typeIn("44")
		st.reads("(617) 555-01234")
		st.reads("10 digits at most.")
		st.tap("form.next")
		if st.v.Form.Question != request.AskContact {
			t.Errorf("%v: eleven digits lead on", size)
		}
		st.tap("pin.delete")
		st.reads("(617) 555-0123")
		st.tap("pin.clear")
		st.typeIn("16175550123")
		st.reads("1 (617) 555-0123")
		st.tap("form.next")
		if st.v.Form.Question == request.AskContact {
			t.Errorf("%v: the country's 1 is in the way", size)
		}
	}
}

func atEmail(t *testing.T, size fyne.Size) *stage {
	t.Helper()
	return newStage(t, size, at("en", visit.Filling, asking(request.AskContact), draft(func(d *request.Draft) { d.Contact, d.Email = request.ByEmail, "" })))
}

func TestAnAddressThatLooksLikeASlipIsAskedAboutOnAScreenOfItsOwn(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		for tag, want := range map[string]string{"meant.yes": "ana@gmail.com", "meant.no": "ana@gmail.con"} {
			st := atEmail(t, size)
			st.typeIn("ana@gmail.con")
			st.tap("form.next")
			for _, text := range []string{"Did you mean gmail.com?", "Yes, gmail.com", "ana@gmail.com", "No, it is right as it is", "ana@gmail.con"} {
				st.reads(text)
			}
			if st.robot.Has("form.next") || st.robot.Has("key.next") {
				t.Errorf("%v: a second tap on Next answers", size)
			}
			st.tap(tag)
			if st.v.Form.Draft.Email != want || st.v.Form.Question != request.AskPIN {
				t.Errorf("%v: %s leads to %s, with the right address %v", size, tag, st.v.Form.Question, st.v.Form.Draft.Email == want)
			}
		}
	}
}

func TestWhoWasAskedAboutAnAddressCanChangeIt(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := atEmail(t, size)
		st.typeIn("ana@gmail.con")
		st.tap("form.next", "form.back")
		if st.field() != "ana@gmail.con" {
			t.Errorf("%v: back does not lead to the address", size)
		}
		st.typeIn("x")
		st.tap("key.delete", "form.next")
		if st.v.Form.Question != request.AskPIN || st.v.Form.Draft.Email != "ana@gmail.con" {
			t.Errorf("%v: the same address is asked about again", size)
		}
	}
}
