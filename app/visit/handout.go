package visit

import (
	"slices"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
)

// What central hands out is checked before anything of it is shown (promise P7): the
// desk's Central verifies signatures, dates and the list of revoked cards, and here
// the record is held against what the visitor asked for. Whatever fails looks the same
// to the visitor, as after any other failure behind the PIN (promise P5); staff reads
// which check it was, and central is told.
//
// A record that is collected by receipt was asked for in another visit, perhaps at
// another kiosk. Nothing of that is kept at any kiosk (promise P1), so there is nothing
// to compare: the receipt, the code and the PIN stand for it at central.

// arrived shows a record, if it can be the one that was asked for.
func arrived(v Visit, r record.Record, now time.Time) (Visit, []Effect) {
	if v.Unlock.Key != "" && !r.IsOf(v.Unlock.Claim.asked()) {
		return notShown(v, fault.Fault{Code: fault.OtherPerson}, now)
	}
	v = v.backTo(Ready, now, fault.Fault{})
	v.Unlock.AtPIN, v.Unlock.Left, v.Unlock.Record = false, -1, &r
	v.Staff = Vouching{}
	v = v.withoutForm()
	v.Track.Typed = "" // left over when this was collected by receipt
	return v, nil
}

func (c Claim) asked() record.Asked {
	return record.Asked{Given: c.Given, Middle: c.Middle, Family: c.Family, Other: c.Other, Birth: c.Birth}
}

// notShown asks for the code again. Of a record that failed a check central is told.
func notShown(v Visit, f fault.Fault, now time.Time) (Visit, []Effect) {
	reject := Reject{Visit: v.Number, Token: v.Unlock.Token, Why: f.Code}
	v = v.backTo(Unlocking, now, f)
	if v.NotShown() {
		return v, []Effect{reject}
	}
	return v, nil
}

// NotShown reports whether the record that came failed a check. No code or PIN mends that,
// so the screen is for staff as well.
func (v Visit) NotShown() bool {
	return v.State == Unlocking && v.Fault != nil &&
		slices.Contains([]fault.Code{fault.Record, fault.OtherPerson, fault.Revoked, fault.Clock}, v.Fault.Code)
}

// takenBack is for a record that central has revoked while it was open: it is shown no
// longer, and what the visitor reads is what they would have read before. The desk has
// told central with the outcome of the print.
func takenBack(v Visit, f fault.Fault, now time.Time) Visit {
	v = v.backTo(Unlocking, now, f)
	v.Unlock.Record, v.Print.Pages, v.Print.Page, v.Print.HandedAt = nil, 0, 0, time.Time{}
	return v
}
