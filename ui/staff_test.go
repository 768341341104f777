package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// claimed is what a visitor typed about the person.
func claimed(v *visit.Visit) {
	v.Unlock.Claim = visit.Claim{Relation: request.Self, Given: "María José", Family: "O’Neill-García", Birth: request.Date{Year: 1958, Month: 3, Day: 14}}
}

func vouched(v *visit.Visit) {
	v.Unlock.AtPIN, v.Staff.Vouched, v.Staff.Token, v.Staff.IDKind = true, true, "s", visit.Passport
}

func staffSamples(lang string) []sample {
	wrong := func(v *visit.Visit) { v.Staff.ID = "nurse.a-1" }
	return []sample{
		{"staff-in", at(lang, visit.StaffIn, asked, claimed)},
		{"staff-in-long", at(lang, visit.StaffIn, asked, claimed, func(v *visit.Visit) { v.Staff.ID = strings.Repeat("n", 33) })},
		{"staff-in-wrong", at(lang, visit.StaffIn, asked, claimed, wrong, trouble(fault.StaffWrong))},
		{"staff-in-locked", at(lang, visit.StaffIn, asked, claimed, wrong, trouble(fault.StaffLocked))},
		{"staff-in-pin", at(lang, visit.StaffIn, asked, claimed, wrong, func(v *visit.Visit) { v.Staff.PIN = "4829" })},
		{"staff-asking", at(lang, visit.StaffAsking, asked, claimed, waiting)},
		{"staff-check", at(lang, visit.StaffCheck, asked, claimed)},
		{"staff-check-picked", at(lang, visit.StaffCheck, asked, claimed, func(v *visit.Visit) {
			v.Unlock.Claim.Given, v.Staff.IDKind = strings.Repeat("Maximiliana ", 4), visit.Passport
		})},
		{"unlocking-vouched", at(lang, visit.Unlocking, asked, claimed, vouched, func(v *visit.Visit) { v.Unlock.PIN = "83" })},
		{"unlocking-vouched-refused", at(lang, visit.Unlocking, asked, claimed, vouched, trouble(fault.Refused), func(v *visit.Visit) { v.Unlock.Left = 3 })},
		{"unlocking-vouched-late", at(lang, visit.Unlocking, asked, claimed, vouched, trouble(fault.StaffWrong))},
		{"fetching-vouched", at(lang, visit.Fetching, asked, claimed, vouched, waiting)},
	}
}

// called is a stage after a sent request, at the staff sign-in.
func called(t *testing.T, size fyne.Size) *stage {
	t.Helper()
	st := newStage(t, size, at("en", visit.Saving, waiting, claimed))
	st.do(visit.Saved{Key: "k", Receipt: "7KQ2-M4V9-3X1"})
	st.tap("sent.staff")
	return st
}

// signIn types id and PIN of a staff member as they do.
func (s *stage) signIn() {
	s.t.Helper()
	s.typeIn("nurse.a")
	s.tap("key.next")
	s.typeIn("482913")
	s.tap("staff.next")
}

func TestStaffSignsInComparesAndVouches(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := called(t, size)
		st.reads("For staff")
		if err := st.robot.Tap("staff.next"); err == nil {
			t.Error("staff can sign in without id and PIN")
		}
		st.signIn()
		if st.v.State != visit.StaffAsking || st.v.Staff.ID != "nurse.a" {
			t.Fatalf("%v: state %d, an id of %d letters", size, st.v.State, len(st.v.Staff.ID))
		}
		st.reads("We are signing you in")
		st.do(visit.SignInFailed{Fault: fault.Fault{Code: fault.StaffWrong}})
		st.reads("do not go together")
		st.typeIn("482931") // at the PIN again, the id stays
		st.tap("staff.next")
		st.do(visit.SignedIn{Token: "s"})
		st.reads("María José O’Neill-García", "March 14, 1958", "You are vouching for this person.")
		if err := st.robot.Tap("staff.vouch"); err == nil {
			t.Error("staff can vouch without saying which ID they saw")
		}
		st.tap("staff.saw.passport", "staff.vouch")
		st.reads("Staff has checked your ID.")
		st.typeIn("1111")
		st.tap("unlock.next")
		st.do(visit.Refused{Left: 4})
		st.reads("We could not open a record with this PIN.", "You have 4 tries left.")
		st.typeIn("8305")
		st.tap("unlock.next")
		if st.v.State != visit.Fetching || st.v.Staff.IDKind != visit.Passport {
			t.Errorf("%v: state %d with ID %q", size, st.v.State, st.v.Staff.IDKind)
		}
	}
}

func TestKeyboardAndPadTakeTurnsAtTheStaffSignIn(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		st := called(t, size)
		page := st.u.page
		for _, c := range []struct{ touch, there, gone string }{
			{"staff.pin", "pin.5", "key.n"},
			{"staff.id", "key.n", "pin.5"},
			{"key.next", "pin.5", "key.n"},
		} {
			st.tap(c.touch)
			if !st.robot.Has(c.there) || st.robot.Has(c.gone) {
				t.Errorf("%v: after %s there is no %s, or still %s", size, c.touch, c.there, c.gone)
			}
		}
		if st.u.page != page {
			t.Errorf("%v: the screen was built again", size)
		}
	}
}

func TestStaffWhoLeaveBringTheVisitorsScreenBack(t *testing.T) {
	for _, leave := range []string{"back", "no match", "idle", "finish"} {
		st := called(t, standing)
		st.signIn()
		switch leave {
		case "back":
			st.do(visit.SignInFailed{Fault: fault.Fault{Code: fault.Away}})
			st.typeIn("48")
			st.tap("staff.back")
		case "no match":
			st.do(visit.SignedIn{Token: "s"})
			st.tap("staff.back")
		case "idle":
			st.do(visit.SignedIn{Token: "s"})
			st.now = st.now.Add(visit.StaffIdle)
			st.do(visit.Tick{})
		case "finish":
			st.do(visit.SignedIn{Token: "s"})
			st.do(visit.Leave{})
		}
		if leave != "finish" && !st.robot.Has("sent.unlock") {
			t.Errorf("%s: not the visitor's screen, state %d", leave, st.v.State)
		}
		for _, value := range []string{"nurse", "482913", "María", "March 14, 1958"} {
			if strings.Contains(everyText(st), value) {
				t.Errorf("%s: the window still holds %q", leave, value)
			}
		}
	}
}

// afterTheForm are screens after the form, by what leads to staff there.
func afterTheForm() map[string][]visit.Visit {
	done := func(v *visit.Visit) { v.Unlock.Key, v.Form.Draft = "k", request.Draft{} }
	return map[string][]visit.Visit{
		"sent.staff":      {at("en", visit.Sent, asked)},
		"nocode.staff":    {at("en", visit.NoCode, asked, resends(0))},
		"unlock.staff":    {at("en", visit.Unlocking, asked, trouble(fault.Refused)), at("en", visit.Unlocking, asked, func(v *visit.Visit) { v.Unlock.AtPIN = true })},
		"collect.staff":   {at("en", visit.Collecting)},
		"record.staff":    {at("en", visit.Ready, done, withDoses(2)), at("en", visit.Ready, done, withDoses(0))},
		"printed.staff":   {at("en", visit.PrintFailed, done, withDoses(2)), at("en", visit.PrintUnknown, done, withDoses(2))},
		"corrected.staff": {at("en", visit.Amended), at("en", visit.Amended, done, withDoses(2))},
	}
}

func TestStaffIsAskedOnEveryScreenAfterTheForm(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		for tag, all := range afterTheForm() {
			for _, v := range all {
				from, st := v.State, newStage(t, size, v)
				if err := st.robot.Reveal(tag); err != nil {
					t.Fatalf("%v, %v: %v", size, from, err)
				}
				st.tap(tag)
				if v.StaffCanHelp() {
					if st.v.State != visit.StaffIn {
						t.Errorf("%v: %s leads to %v", size, tag, st.v.State)
					}
					continue
				}
				st.reads("What can staff do here?", "Staff cannot look up your code or your PIN.")
				st.tap("form.back")
				if st.v.State != from {
					t.Errorf("%v: %s comes back to %v, not to %v", size, tag, st.v.State, from)
				}
			}
		}
	}
}

// Where no ID stands in for the code, staff's sign-in would lead nowhere.
func TestStaffWhoCannotVouchAreNotAskedToSignIn(t *testing.T) {
	child := func(v *visit.Visit) { v.Unlock.Claim.Relation = request.Child }
	represented := func(v *visit.Visit) { v.Unlock.Claim.Relation = request.Represented }
	renamed := func(v *visit.Visit) { v.Unlock.Claim.Other = request.Name{Family: "Ruiz"} }
	over := func(v *visit.Visit) { v.Unlock.Over, v.Unlock.Left = true, 0 }
	byReceipt := func(v *visit.Visit) { v.Unlock.Key = "" }
	for tag, s := range map[string]visit.State{"sent.staff": visit.Sent, "nocode.staff": visit.NoCode, "unlock.staff": visit.Unlocking} {
		for _, change := range []func(*visit.Visit){child, represented, renamed} {
			st := newStage(t, standing, at("en", s, asked, change))
			st.tap(tag)
			st.reads("An ID does not prove these things.")
		}
	}
	for _, change := range []func(*visit.Visit){over, byReceipt} {
		st := newStage(t, lying, at("en", visit.Unlocking, asked, change))
		st.tap("unlock.staff")
		st.reads("What can staff do here?")
	}
}
