package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// formOf is a stage at the declaration, after "Ask for a record".
func formOf(t *testing.T, size fyne.Size, tags ...string) *stage {
	t.Helper()
	st := newStage(t, size, visit.New(house()))
	st.tap(append([]string{"welcome.en", "choose.ask", "consent.agree"}, tags...)...)
	return st
}

func TestAParentAsksForAChildInTheirOwnName(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := formOf(t, size, "declare.child", "declare.accept")
		st.reads("What is your own name?")
		st.typeIn("Ana")
		st.tap("form.next")
		st.reads("Please type your own last name.")
		st.typeIn("Nguyễn")
		st.tap("key.next")
		st.reads("What is your child’s name?")
		st.typeIn("Linh")
		st.tap("key.next")
		st.typeIn("Nguyễn")
		st.tap("form.next", "form.back")
		if d := st.v.Form.Draft; d.Asker != (request.Name{Given: "Ana", Family: "Nguyễn"}) || d.Given != "Linh" || d.Family != "Nguyễn" {
			t.Errorf("%v: the names are mixed up", size)
		}
		st.tap("form.back")
		st.reads("What is your own name?")
		if !strings.Contains(everyText(st), "Ana") {
			t.Errorf("%v: back loses the name", size)
		}
	}
}

func TestWhoRepresentsSomebodySaysHowBeforeTheyDeclare(t *testing.T) {
	st := formOf(t, standing, "declare.represented")
	if st.robot.Has("declare.accept") {
		t.Error("the declaration comes before the question how")
	}
	for _, c := range request.Capacities {
		st.tap("declare." + string(c))
		if st.v.Form.Draft.Capacity != c || !st.robot.Has("declare.accept") {
			t.Errorf("%s does not lead to the declaration", c)
		}
		st.tap("form.back")
	}
	st.tap("declare.agent", "declare.accept")
	if st.v.Form.Question != request.AskAsker {
		t.Errorf("question %s after the declaration", st.v.Form.Question)
	}
}

func TestABirthDateOfSomebodyElseLeadsToTheRightDeclaration(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		for _, c := range []struct {
			from, to request.Relation
			year     int
			tag      string
			says     string
		}{
			{request.Self, request.Child, 2016, "birth.guardian", "If that is you, touch the button."},
			{request.Child, request.Self, 1990, "birth.grown-up", "From 18 on, people ask for their own record"},
		} {
			st := newStage(t, size, at("en", visit.Filling, asking(request.AskBirth), relation(c.from),
				draft(func(d *request.Draft) { d.Birth.Year = c.year })))
			if st.robot.Has(c.tag) {
				t.Errorf("%v: %s is offered before Next", size, c.tag)
			}
			st.tap("form.next")
			st.reads(c.says)
			st.tap(c.tag)
			if st.v.State != visit.Declaring || st.v.Form.Draft.Relation != c.to || !st.robot.Has("declare.accept") {
				t.Errorf("%v: %s leads to %v for %q", size, c.tag, st.v.State, st.v.Form.Draft.Relation)
			}
		}
	}
}

func TestWhatFewNamesHaveIsOneTouchAwayAndInTheReview(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, at("en", visit.Filling, asking(request.AskName)))
		st.tap("name.more", "more.middle")
		st.typeIn("Guadalupe")
		st.tap("suffix.III", "suffix.Jr", "form.back", "name.more", "more.other")
		st.tap("form.other-family")
		st.typeIn("Ruiz")
		st.tap("form.next")
		if st.v.Form.Question != request.AskBirth {
			t.Errorf("%v: question %s after the other name", size, st.v.Form.Question)
		}
		want := person("María José", "O'Neill-García") // as it is sent
		want.Middle, want.Suffix, want.Other.Family = "Guadalupe", "Jr.", "Ruiz"
		if st.v.Form.Draft != want {
			t.Errorf("%v: the draft differs", size)
		}
		st.v.State = visit.Review
		st.u.Show(st.v, st.now)
		st.reads("Guadalupe Jr.", "Ruiz")
		st.tap("review.change.middle", "suffix.none", "form.next")
		if st.v.State != visit.Review || st.v.Form.Draft.Suffix != "" {
			t.Errorf("%v: the change does not come back to the review", size)
		}
	}
}

func TestOneNameIsEnoughForWhoHasOnlyOne(t *testing.T) {
	st := newStage(t, standing, at("en", visit.Filling, asking(request.AskName), draft(func(d *request.Draft) { d.Given, d.Family = "", "" })))
	st.tap("form.next")
	st.reads("Only one name?")
	st.tap("name.more", "more.single")
	if st.robot.Has("form.given") {
		t.Error("the first name is still asked for")
	}
	st.typeIn("Sukarno")
	st.tap("form.next")
	if st.v.Form.Question != request.AskBirth {
		t.Errorf("question %s after the only name", st.v.Form.Question)
	}
	st.tap("form.back", "name.more")
	st.reads("picked>I have only one name")
	st.tap("more.single")
	if !st.robot.Has("form.given") {
		t.Error("two names cannot be had again")
	}
}

func TestASecondContactCanBeAddedAndLeftOut(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := newStage(t, size, at("en", visit.Filling, asking(request.AskContact), draft(func(d *request.Draft) { d.Email = "" })))
		st.tap("contact.second")
		st.typeIn("ana@example.org")
		st.tap("key.next")
		if st.v.Form.Question != request.AskPIN || !st.v.Form.Draft.Both || st.v.Form.Draft.Email != "ana@example.org" {
			t.Errorf("%v: question %s, both %v", size, st.v.Form.Question, st.v.Form.Draft.Both)
		}
		st.v.State = visit.Review
		st.u.Show(st.v, st.now)
		st.reads("(617) 555-0123", "ana@example.org")
		if st.robot.Has("review.second") {
			t.Errorf("%v: a third contact is offered", size)
		}
		if err := st.robot.Reveal("review.change.second"); err != nil {
			t.Fatal(err)
		}
		st.tap("review.change.second")
		for range "ana@example.org" {
			st.tap("key.delete")
		}
		st.tap("key.next")
		if st.v.State != visit.Review || st.v.Form.Draft.Both || !st.robot.Has("review.second") {
			t.Errorf("%v: an empty second contact is not left out", size)
		}
		st.tap("review.second")
		if st.v.Form.Question != request.AskSecond {
			t.Errorf("%v: the review does not lead to a second contact", size)
		}
	}
}

func TestThePadOfAPINCanMixItsDigitsAndKeepsWhatIsTyped(t *testing.T) {
	for name, v := range map[string]visit.Visit{
		"form":   at("en", visit.Filling, asking(request.AskPIN), draft(func(d *request.Draft) { d.PIN = "" })),
		"again":  at("en", visit.Filling, asking(request.AskPINAgain), draft(func(d *request.Draft) { d.PINAgain = "" })),
		"unlock": at("en", visit.Unlocking, asked, func(v *visit.Visit) { v.Unlock.AtPIN = true }),
		"staff":  at("en", visit.StaffIn, asked, claimed, trouble(fault.StaffWrong)),
	} {
		for _, size := range []fyne.Size{standing, lying} {
			st := newStage(t, size, v)
			st.typeIn("83")
			if got := keysOf(st); got != parts.InOrder {
				t.Errorf("%s: the digits stand as %s", name, got)
			}
			st.tap("pin.mix")
			if got := keysOf(st); got != "7391506248" {
				t.Errorf("%s: mixed, the digits stand as %s", name, got)
			}
			st.typeIn("05")
			if got := st.v.Form.Draft.PIN + st.v.Unlock.PIN + st.v.Staff.PIN; name != "again" && got != "8305" && got != "83058305" {
				t.Errorf("%s: %d digits are typed after mixing", name, len(got))
			}
			if name == "again" && st.v.Form.Draft.PINAgain != "8305" {
				t.Errorf("%s: %d digits are typed after mixing", name, len(st.v.Form.Draft.PINAgain))
			}
			st.tap("pin.mix")
			if got := keysOf(st); got != parts.InOrder {
				t.Errorf("%s: the digits do not come back in order: %s", name, got)
			}
		}
	}
	for _, v := range []visit.Visit{at("en", visit.Unlocking, asked), at("en", visit.Filling, asking(request.AskContact))} {
		if newStage(t, standing, v).robot.Has("pin.mix") {
			t.Errorf("%v: digits that are no secret can be mixed", v.State)
		}
	}
}

// keysOf is the digits of the pad, row by row.
func keysOf(st *stage) string {
	order := ""
	for _, s := range st.robot.Touchables() {
		if digit := strings.TrimPrefix(s.Tag, "pin."); digit != s.Tag && len(digit) == 1 {
			order += digit
		}
	}
	return order
}

func TestMixedDigitsAreTheTenDigitsAndHardlyEverTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		order := mixedDigits()
		sorted := []byte(order)
		slices.Sort(sorted)
		if string(sorted) != "0123456789" {
			t.Fatalf("the pad would have the keys %s", order)
		}
		seen[order] = true
	}
	if len(seen) < 95 { // two of a hundred are the same once in 700 times
		t.Errorf("a hundred pads have %d orders", len(seen))
	}
}

func TestEveryPhoneVisitorIsToldThatALandlineGetsNoCode(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		for _, q := range []request.Question{request.AskContact, request.AskSecond} {
			st := newStage(t, size, at("en", visit.Filling, asking(q), draft(func(d *request.Draft) {
				if q == request.AskSecond {
					d.Contact = request.ByEmail
				}
			})))
			st.reads("A landline phone cannot get one.")
		}
	}
}
