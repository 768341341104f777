package visit

import (
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
)

// The way from the sent request to the paper.

func inSent(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a.(type) {
	case Unlock:
		v.State, v.Fault = Unlocking, nil
	case CallStaff:
		return callStaff(v), nil
	case Missing:
		v.State, v.Fault = NoCode, nil
	case Slip:
		return printSlip(v, ReceiptSlip, v.Unlock.Receipt, now)
	}
	return v, nil
}

// inNoCode offers a new code. Whether there is anybody to send it to stays with
// central (promise P5).
func inNoCode(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case Resend:
		if v.Unlock.Resends <= 0 {
			v.Fault = &fault.Fault{Code: fault.NoMoreCodes}
			return v, nil
		}
		v = v.wait(Resending, ForResend, now, ResendLimit)
		ask := ResendCode{Visit: v.Number, Call: v.Calls, Key: v.Unlock.Key, Other: a.Other}
		if v.Unlock.Key == "" {
			ask.Receipt = v.Unlock.Receipt
		}
		return v, []Effect{ask}
	case Unlock:
		v.State, v.Fault = Unlocking, nil
	case CallStaff:
		return callStaff(v), nil
	case Back:
		v.State, v.Fault = beforeNoCode(v), nil
	}
	return v, nil
}

// beforeNoCode is where a visitor without a code comes from: who has the receipt
// only was asked for the code.
func beforeNoCode(v Visit) State {
	if v.Unlock.Key == "" {
		return Unlocking
	}
	return Sent
}

func inResending(v Visit, a Action, now time.Time) Visit {
	u := &v.Unlock
	switch a := a.(type) {
	case Resent:
		v = v.backTo(beforeNoCode(v), now, fault.Fault{})
		u.Resends, u.Resent, u.Code, u.SentAt = a.Left, true, "", now // a new code takes its time, too
	case ResendFailed:
		v = v.backTo(NoCode, now, a.Fault)
		if a.Fault.Code == fault.NoMoreCodes {
			u.Resends = 0
		}
	}
	return v
}

func inCollecting(v Visit, a Action, _ time.Time) Visit {
	switch a := a.(type) {
	case TypeReceipt:
		v.typeNumber(a.Text, request.ParseReceipt)
	case Next:
		receipt, ok := request.ParseReceipt(v.Track.Typed)
		if !ok {
			v.Fault = &fault.Fault{Code: fault.BadReceipt}
			return v
		}
		v.Unlock.Receipt, v.State = receipt, Unlocking
	case Back:
		v.State, v.Fault = Choosing, nil
	}
	return v
}

func inUnlocking(v Visit, a Action, now time.Time) (Visit, []Effect) {
	u := &v.Unlock
	switch a := a.(type) {
	case TypeCode:
		if !u.AtPIN && !u.Over {
			u.Code, v.Fault, u.Resent = digits(a.Digits, request.CodeDigits), nil, false
		}
	case TypePIN:
		if u.AtPIN {
			u.PIN = digits(a.Digits, request.PINDigits)
		}
	case Next:
		return tryUnlock(v, now)
	case CallStaff:
		return callStaff(v), nil
	case Missing:
		if !u.AtPIN && !u.Over {
			v.State, v.Fault = NoCode, nil
		}
	case Back:
		return beforeUnlock(v), nil
	}
	return v, nil
}

// tryUnlock goes from the code to the PIN, and with both to central.
func tryUnlock(v Visit, now time.Time) (Visit, []Effect) {
	u := &v.Unlock
	switch {
	case u.Over || len(u.Code) < request.CodeDigits && !v.Staff.Vouched:
		return v, nil
	case !u.AtPIN:
		u.AtPIN, v.Fault = true, nil
		return v, nil
	case len(u.PIN) < request.PINDigits:
		return v, nil
	}
	v = v.wait(Fetching, ForUnlock, now, UnlockLimit)
	try := TryUnlock{Visit: v.Number, Call: v.Calls, Key: u.Key, Code: u.Code, PIN: u.PIN}
	if v.Staff.Vouched {
		try.Code, try.StaffToken, try.IDKind = "", v.Staff.Token, v.Staff.IDKind
	}
	if u.Key == "" {
		try.Receipt = u.Receipt
	}
	return v, []Effect{try}
}

func beforeUnlock(v Visit) Visit {
	u := &v.Unlock
	switch {
	case v.Staff.Vouched:
		return v.dismissStaff()
	case u.AtPIN:
		u.AtPIN, u.PIN = false, ""
	case u.Key != "":
		v.State, u.Code, v.Fault = Sent, "", nil
	default:
		v.State, v.Fault, v.Unlock = Collecting, nil, nothingProved()
	}
	return v
}

func inFetching(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case Unlocked:
		if v.Waiting.For != ForUnlock {
			return v, nil
		}
		v.Unlock.Token, v.Unlock.Code, v.Unlock.PIN = a.Token, "", ""
		v = v.wait(Fetching, ForRecord, now, FetchLimit)
		return v, []Effect{Fetch{Visit: v.Number, Call: v.Calls, Token: a.Token}}
	case Refused:
		return refused(v, a, now), nil
	case UnlockFailed:
		return v.backTo(Unlocking, now, a.Fault), nil
	case Fetched:
		return arrived(v, a.Record, now)
	case FetchFailed:
		return notShown(v, a.Fault, now)
	}
	return v, nil
}

// refused asks for code and PIN again: nobody says which of them was wrong.
func refused(v Visit, a Refused, now time.Time) Visit {
	v = v.backTo(Unlocking, now, fault.Fault{Code: fault.Refused})
	u := &v.Unlock
	u.Code, u.Left = "", a.Left
	if a.Left <= 0 {
		u.Over, u.AtPIN, u.Left, v.Fault = true, false, 0, &fault.Fault{Code: fault.NoTries}
	}
	return v
}

// withRecord is Ready, and the states after a print that did not succeed: the
// record is on the screen and only the visitor prints it again (promise P8). Back
// shows it also when this was a second print, after a print server had taken the
// first: whoever asked for that stands here, waits for the printer as after any other
// fault, and is held by the idle limit like everybody whose record is open.
func withRecord(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a.(type) {
	case Print:
		if v.PrinterDown != nil {
			return v, nil // nothing would come out
		}
		v = v.wait(Printing, ForPrint, now, PrintLimit)
		v.Print.Pages, v.Print.Page, v.Print.HandedOn = 0, 0, false
		return v, []Effect{PrintRecord{
			Visit: v.Number, Call: v.Calls, Record: *v.Unlock.Record, Lang: v.Lang, Receipt: v.Unlock.Receipt, Large: v.LargePrint(), Token: v.Unlock.Token,
		}}
	case Amend:
		return startAmendment(v), nil
	case Back:
		v.State, v.Fault = Ready, nil
	}
	return v, nil
}

func inPrinting(v Visit, a Action, now time.Time) Visit {
	switch a := a.(type) {
	case PrintStarted:
		v.Print.Pages = a.Pages
	case PrintProgress:
		v.Print.Page, v.Fault, v.Print.Release = max(v.Print.Page, min(a.Page, v.Print.Pages)), a.Fault, a.Release
	case Ended:
		return ended(v, a, now)
	}
	return v
}

// ended goes on by how the print of a record ended. What is not known to be printed, or
// not to be, is in doubt.
func ended(v Visit, a Ended, now time.Time) Visit {
	switch {
	case a.Outcome == fault.Printed:
		return done(v, now)
	case a.Outcome == fault.HandedOn:
		return handedOn(v, now)
	case a.Outcome == fault.Failed && a.Fault.Code == fault.Revoked:
		return takenBack(v, a.Fault, now)
	case a.Outcome == fault.Failed:
		return v.backTo(PrintFailed, now, a.Fault)
	}
	return v.backTo(PrintUnknown, now, a.Fault)
}

// done keeps language, look, the number of pages to take, and what the visitor
// said of themself for another record; the rest is cleared now.
func done(v Visit, now time.Time) Visit {
	v = v.backTo(Done, now, fault.Fault{})
	v.Person = Person{
		Lang: v.Lang, Look: v.Look, Voice: v.Voice, Mixed: v.Mixed, Recall: v.Recall, Unlock: nothingProved(),
		Print: Prints{Pages: v.Print.Pages, Copies: v.Print.Copies + 1, DoneAt: now},
	}
	return v
}

// handedOn is done as well, but for the record: whether the pages came out only the
// visitor can see, and a print server that dropped them must not lose it (promise
// P8). They may print it again for a moment, which begins with the first print.
func handedOn(v Visit, now time.Time) Visit {
	next := done(v, now)
	next.Print.HandedOn, next.Print.HandedAt = true, v.Print.HandedAt
	if v.Print.HandedAt.IsZero() {
		next.Print.HandedAt = now
	}
	u := v.Unlock
	next.Unlock.Record, next.Unlock.Token, next.Unlock.Receipt = u.Record, u.Token, u.Receipt
	next.Calls, next.SaveCall = v.Calls, v.SaveCall
	return next.forgetHanded(now)
}

// forgetHanded drops the record once the moment to print it again is over.
func (v Visit) forgetHanded(now time.Time) Visit {
	if v.againLeft(now) == 0 {
		v.Unlock.Record, v.Unlock.Token, v.Unlock.Receipt = nil, "", ""
	}
	return v
}

// inDone asks for one more record, under a new number: whatever still runs for
// the record before is dropped.
func inDone(v Visit, a Action, now time.Time) (Visit, []Effect) {
	if _, is := a.(Print); is && v.Unlock.Record != nil {
		return withRecord(v, a, now)
	}
	if _, is := a.(Another); !is {
		return v, nil
	}
	if v.OutOfOrder != nil {
		return leave(v)
	}
	next := Wipe(v)
	next.State, next.Touched = Consent, v.Touched
	next.Lang, next.Look, next.Mixed = v.Lang, v.Look, v.Mixed
	if v.Recall.PIN != "" {
		next.State, next.Recall, next.Print.DoneAt, next.Unlock.Left = ConfirmPIN, v.Recall, v.Print.DoneAt, RecallTries
	}
	return next, []Effect{Forget{Visit: v.Number}}
}

// inConfirmPIN gives the visitor what they said of themself for the record before.
// By now somebody else may be standing there, so it takes their PIN.
func inConfirmPIN(v Visit, a Action, _ time.Time) Visit {
	u := &v.Unlock
	switch a := a.(type) {
	case TypePIN:
		u.PIN, v.Fault = digits(a.Digits, request.PINDigits), nil
	case Next:
		switch {
		case len(u.PIN) < request.PINDigits:
		case u.PIN == v.Recall.PIN:
			return recalled(v, Declaring, v.Recall)
		case u.Left > 1:
			u.PIN, u.Left, v.Fault = "", u.Left-1, &fault.Fault{Code: fault.Recall}
		default:
			return recalled(v, Consent, Mine{})
		}
	case Back:
		return recalled(v, Consent, Mine{})
	}
	return v
}

// recalled goes on to the next record with as much as is known of the visitor.
func recalled(v Visit, s State, m Mine) Visit {
	m.PIN = ""
	v.State, v.Recall, v.Form.Draft.Consent.Policy = s, m, m.Policy
	v.Unlock.PIN, v.Unlock.Left, v.Fault, v.Print.DoneAt = "", -1, nil, time.Time{}
	return v
}
