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
		return printSlip(v, ReceiptSlip, v.Receipt, now)
	}
	return v, nil
}

// inNoCode offers a new code. Whether there is anybody to send it to stays with
// central (promise P5).
func inNoCode(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case Resend:
		if v.Resends <= 0 {
			v.Fault = &fault.Fault{Code: fault.NoMoreCodes}
			return v, nil
		}
		v = v.wait(Resending, ForResend, now, ResendLimit)
		ask := ResendCode{Visit: v.Number, Call: v.Calls, Key: v.Key, Other: a.Other}
		if v.Key == "" {
			ask.Receipt = v.Receipt
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
	if v.Key == "" {
		return Unlocking
	}
	return Sent
}

func inResending(v Visit, a Action, now time.Time) Visit {
	switch a := a.(type) {
	case Resent:
		v = v.backTo(beforeNoCode(v), now, fault.Fault{})
		v.Resends, v.Resent, v.Code, v.SentAt = a.Left, true, "", now // a new code takes its time, too
	case ResendFailed:
		v = v.backTo(NoCode, now, a.Fault)
		if a.Fault.Code == fault.NoMoreCodes {
			v.Resends = 0
		}
	}
	return v
}

func inCollecting(v Visit, a Action, _ time.Time) Visit {
	switch a := a.(type) {
	case TypeReceipt:
		v.typeNumber(a.Text, request.ParseReceipt)
	case Next:
		receipt, ok := request.ParseReceipt(v.Typed)
		if !ok {
			v.Fault = &fault.Fault{Code: fault.BadReceipt}
			return v
		}
		v.Receipt, v.State = receipt, Unlocking
	case Back:
		v.State, v.Fault = Choosing, nil
	}
	return v
}

func inUnlocking(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case TypeCode:
		if !v.AtPIN && !v.Over {
			v.Code, v.Fault, v.Resent = digits(a.Digits, request.CodeDigits), nil, false
		}
	case TypePIN:
		if v.AtPIN {
			v.PIN = digits(a.Digits, request.PINDigits)
		}
	case Next:
		return tryUnlock(v, now)
	case CallStaff:
		return callStaff(v), nil
	case Missing:
		if !v.AtPIN && !v.Over {
			v.State, v.Fault = NoCode, nil
		}
	case Back:
		return beforeUnlock(v), nil
	}
	return v, nil
}

// tryUnlock goes from the code to the PIN, and with both to central.
func tryUnlock(v Visit, now time.Time) (Visit, []Effect) {
	switch {
	case v.Over || len(v.Code) < request.CodeDigits && !v.Vouched:
		return v, nil
	case !v.AtPIN:
		v.AtPIN, v.Fault = true, nil
		return v, nil
	case len(v.PIN) < request.PINDigits:
		return v, nil
	}
	v = v.wait(Fetching, ForUnlock, now, UnlockLimit)
	try := TryUnlock{Visit: v.Number, Call: v.Calls, Key: v.Key, Code: v.Code, PIN: v.PIN}
	if v.Vouched {
		try.Code, try.StaffToken, try.IDKind = "", v.StaffToken, v.IDKind
	}
	if v.Key == "" {
		try.Receipt = v.Receipt
	}
	return v, []Effect{try}
}

func beforeUnlock(v Visit) Visit {
	switch {
	case v.Vouched:
		return v.dismissStaff()
	case v.AtPIN:
		v.AtPIN, v.PIN = false, ""
	case v.Key != "":
		v.State, v.Code, v.Fault = Sent, "", nil
	default:
		v.State, v.Code, v.Fault, v.Over, v.Left = Collecting, "", nil, false, -1
		v.Resends, v.Resent = ResendsInAll, false
	}
	return v
}

func inFetching(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case Unlocked:
		if v.Waiting.For != ForUnlock {
			return v, nil
		}
		v.Token, v.Code, v.PIN = a.Token, "", ""
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
	v.Code, v.Left = "", a.Left
	if a.Left <= 0 {
		v.Over, v.AtPIN, v.Left, v.Fault = true, false, 0, &fault.Fault{Code: fault.NoTries}
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
		v.Pages, v.Page, v.HandedOn = 0, 0, false
		return v, []Effect{PrintRecord{
			Visit: v.Number, Call: v.Calls, Record: *v.Record, Lang: v.Lang, Receipt: v.Receipt, Large: v.LargePrint(), Token: v.Token,
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
		v.Pages = a.Pages
	case PrintProgress:
		v.Page, v.Fault, v.Release = max(v.Page, min(a.Page, v.Pages)), a.Fault, a.Release
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
		Lang: v.Lang, Look: v.Look, Mixed: v.Mixed, Mine: v.Mine, Proof: nothingProved(),
		Prints: Prints{Pages: v.Pages, Copies: v.Copies + 1, DoneAt: now},
	}
	return v
}

// handedOn is done as well, but for the record: whether the pages came out only the
// visitor can see, and a print server that dropped them must not lose it (promise
// P8). They may print it again for a moment, which begins with the first print.
func handedOn(v Visit, now time.Time) Visit {
	next := done(v, now)
	next.HandedOn, next.HandedAt = true, v.HandedAt
	if v.HandedAt.IsZero() {
		next.HandedAt = now
	}
	next.Record, next.Token, next.Receipt = v.Record, v.Token, v.Receipt
	next.Calls, next.SaveCall = v.Calls, v.SaveCall
	return next.forgetHanded(now)
}

// forgetHanded drops the record once the moment to print it again is over.
func (v Visit) forgetHanded(now time.Time) Visit {
	if v.againLeft(now) == 0 {
		v.Record, v.Token, v.Receipt = nil, "", ""
	}
	return v
}

// inDone asks for one more record, under a new number: whatever still runs for
// the record before is dropped.
func inDone(v Visit, a Action, now time.Time) (Visit, []Effect) {
	if _, is := a.(Print); is && v.Record != nil {
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
	if v.Mine.PIN != "" {
		next.State, next.Mine, next.DoneAt, next.Left = ConfirmPIN, v.Mine, v.DoneAt, RecallTries
	}
	return next, []Effect{Forget{Visit: v.Number}}
}

// inConfirmPIN gives the visitor what they said of themself for the record before.
// By now somebody else may be standing there, so it takes their PIN.
func inConfirmPIN(v Visit, a Action, _ time.Time) Visit {
	switch a := a.(type) {
	case TypePIN:
		v.PIN, v.Fault = digits(a.Digits, request.PINDigits), nil
	case Next:
		switch {
		case len(v.PIN) < request.PINDigits:
		case v.PIN == v.Mine.PIN:
			return recalled(v, Declaring, v.Mine)
		case v.Left > 1:
			v.PIN, v.Left, v.Fault = "", v.Left-1, &fault.Fault{Code: fault.Recall}
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
	v.State, v.Mine, v.Draft.Consent.Policy = s, m, m.Policy
	v.PIN, v.Left, v.Fault, v.DoneAt = "", -1, nil, time.Time{}
	return v
}
