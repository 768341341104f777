package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// claimed is what a visitor typed about the person.
func claimed(v *visit.Visit) {
	v.Claim = visit.Claim{Relation: request.Self, Given: "María José", Family: "O’Neill-García", Birth: request.Date{Year: 1958, Month: 3, Day: 14}}
}

func vouched(v *visit.Visit) {
	v.AtPIN, v.Vouched, v.StaffPass, v.IDKind = true, true, "s", visit.Passport
}

func staffSamples(lang string) []sample {
	wrong := func(v *visit.Visit) { v.StaffID = "nurse.a-1" }
	return []sample{
		{"staff-in", at(lang, visit.StaffIn, asked, claimed)},
		{"staff-in-wrong", at(lang, visit.StaffIn, asked, claimed, wrong, fault(visit.FaultStaff))},
		{"staff-in-locked", at(lang, visit.StaffIn, asked, claimed, wrong, fault(visit.FaultStaffLocked))},
		{"staff-in-pin", at(lang, visit.StaffIn, asked, claimed, wrong, func(v *visit.Visit) { v.StaffPIN = "4829" })},
		{"staff-asking", at(lang, visit.StaffAsking, asked, claimed, waiting)},
		{"staff-check", at(lang, visit.StaffCheck, asked, claimed)},
		{"staff-check-picked", at(lang, visit.StaffCheck, asked, claimed, func(v *visit.Visit) {
			v.Claim.Given, v.IDKind = strings.Repeat("Maximiliana ", 4), visit.Passport
		})},
		{"unlocking-vouched", at(lang, visit.Unlocking, asked, claimed, vouched, func(v *visit.Visit) { v.PIN = "83" })},
		{"unlocking-vouched-refused", at(lang, visit.Unlocking, asked, claimed, vouched, fault(visit.FaultRefused), func(v *visit.Visit) { v.Left = 3 })},
		{"unlocking-vouched-late", at(lang, visit.Unlocking, asked, claimed, vouched, fault(visit.FaultStaff))},
		{"fetching-vouched", at(lang, visit.Fetching, asked, claimed, vouched, waiting)},
	}
}

// called is a stage after a sent request, at the staff sign-in.
func called(t *testing.T, size fyne.Size) *stage {
	t.Helper()
	st := newStage(t, size, at("en", visit.Saving, waiting, claimed))
	st.do(visit.Saved{Key: "k", Receipt: "7KQ2-M4VD"})
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
		if st.v.State != visit.StaffAsking || st.v.StaffID != "nurse.a" {
			t.Fatalf("%v: state %d, an id of %d letters", size, st.v.State, len(st.v.StaffID))
		}
		st.reads("We are signing you in")
		st.do(visit.SignInFailed{Fault: visit.Fault{Code: visit.FaultStaff}})
		st.reads("do not go together")
		st.typeIn("482931") // at the PIN again, the id stays
		st.tap("staff.next")
		st.do(visit.SignedIn{Pass: "s"})
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
		if st.v.State != visit.Fetching || st.v.IDKind != visit.Passport {
			t.Errorf("%v: state %d with ID %q", size, st.v.State, st.v.IDKind)
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
			st.do(visit.SignInFailed{Fault: visit.Fault{Code: visit.FaultAway}})
			st.typeIn("48")
			st.tap("staff.back")
		case "no match":
			st.do(visit.SignedIn{Pass: "s"})
			st.tap("staff.back")
		case "idle":
			st.do(visit.SignedIn{Pass: "s"})
			st.now = st.now.Add(visit.StaffIdle)
			st.do(visit.Tick{})
		case "finish":
			st.do(visit.SignedIn{Pass: "s"})
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

func TestStaffIsOfferedWhereAndWhileTheyCanHelp(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		for tag, v := range map[string]visit.Visit{
			"sent.staff":   at("en", visit.Sent, asked),
			"nocode.staff": at("en", visit.NoCode, asked, resends(0)),
			"unlock.staff": at("en", visit.Unlocking, asked, fault(visit.FaultRefused)),
		} {
			st := newStage(t, size, v)
			st.tap(tag)
			if st.v.State != visit.StaffIn {
				t.Errorf("%v: %s leads to state %d", size, tag, st.v.State)
			}
		}
		byReceipt := at("en", visit.Unlocking)
		closed := at("en", visit.Unlocking, asked, func(v *visit.Visit) { v.Over, v.Left = true, 0 })
		for _, v := range []visit.Visit{byReceipt, closed} {
			if newStage(t, size, v).robot.Has("unlock.staff") {
				t.Errorf("%v: staff is offered and cannot help", size)
			}
		}
	}
}

func TestStaffIsNotOfferedForAChild(t *testing.T) {
	child := func(v *visit.Visit) { v.Claim.Relation = request.Child }
	for _, s := range []visit.State{visit.Sent, visit.Unlocking, visit.NoCode} {
		st := newStage(t, standing, at("en", s, asked, child))
		for _, tag := range []string{"sent.staff", "unlock.staff", "nocode.staff"} {
			if st.robot.Has(tag) {
				t.Errorf("state %d offers %s", s, tag)
			}
		}
	}
}
