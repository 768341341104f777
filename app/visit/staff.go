package visit

import (
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
)

// A staff member helps at the kiosk: signs in, compares a photo ID with what the
// visitor typed, and vouches for it in place of the pickup code. They see name
// and birth date as typed, nothing of central's and nothing of earlier visits.

// StaffCanHelp reports whether a photo ID can stand in for the pickup code: for
// one's own record only, because nobody's ID proves that a child or somebody
// represented is theirs, and for the one name that an ID shows. By receipt alone
// there is nothing to compare an ID with, and a closed request stays closed.
func (v Visit) StaffCanHelp() bool {
	return v.Unlock.Key != "" && !v.Unlock.Over && v.Unlock.Claim.Relation == request.Self && v.Unlock.Claim.Other == (request.Name{})
}

// withStaff reports whether a staff member is signing in, is signed in, or has vouched
// and the PIN is still to be typed, perhaps after reading help.
func (v Visit) withStaff() bool {
	return v.State == StaffIn || v.State == StaffCheck || v.Staff.Vouched && (v.State == Unlocking || v.State == Helping)
}

// callStaff opens the sign-in: beside a visitor, or before one has asked for
// anything, to look after the kiosk.
func callStaff(v Visit) Visit {
	if v.State != Choosing && !v.StaffCanHelp() {
		return v
	}
	v = v.dismissStaff()
	v.State = StaffIn
	return v
}

// dismissStaff signs staff out and returns to the visitor's screen.
func (v Visit) dismissStaff() Visit {
	v.State, v.Fault = Sent, nil
	if v.Unlock.Key == "" { // nothing was asked for: staff came for the kiosk
		v.State = Choosing
	}
	v.Staff = Vouching{}
	v.Unlock.AtPIN, v.Unlock.PIN, v.Unlock.Code = false, "", ""
	return v
}

func inStaffIn(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case TypeStaffID:
		v.Staff.ID, v.Fault = request.Kept(request.FieldStaffID, a.Text), nil
	case TypeStaffPIN:
		v.Staff.PIN, v.Fault = digits(a.Digits, StaffPINLen), nil
	case Next:
		id := strings.ToLower(request.Fold(v.Staff.ID))
		if id == "" || request.TooMuch(request.FieldStaffID, id) || len(v.Staff.PIN) < StaffPINLen {
			return v, nil
		}
		v = v.wait(StaffAsking, ForStaff, now, StaffLimit)
		ask := SignIn{Visit: v.Number, Call: v.Calls, ID: id, PIN: v.Staff.PIN}
		v.Staff.PIN = ""
		return v, []Effect{ask}
	case Back:
		return v.dismissStaff(), nil
	}
	return v, nil
}

func inStaffAsking(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case SignedIn:
		if v.Unlock.Key == "" {
			return startUpkeep(v, now)
		}
		v = v.backTo(StaffCheck, now, fault.Fault{})
		v.Staff.Token = a.Token
	case SignInFailed:
		v = v.backTo(StaffIn, now, a.Fault)
	}
	return v, nil
}

func inStaffCheck(v Visit, a Action, _ time.Time) Visit {
	switch a := a.(type) {
	case SawID:
		if slices.Contains(IDKinds, a.Kind) {
			v.Staff.IDKind = a.Kind
		}
	case Next:
		if v.Staff.IDKind != "" {
			v.State, v.Unlock.AtPIN, v.Staff.Vouched, v.Staff.ID = Unlocking, true, true, ""
		}
	case Back:
		return v.dismissStaff()
	}
	return v
}
