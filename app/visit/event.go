package visit

import (
	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
)

// Event is something that happened to the visit with this number. Call is the
// number of the call that is answered, 0 when nothing is. Act numbers what a window
// sends that leads on, so that it knows what has been taken. Held is what a key does
// again that is held down: that acts, but is no sign of life.
type Event struct {
	Visit, Call uint64
	Act         uint64
	Held        bool
	Do          Action
}

// Action is what happened. The types below are all there are.
type Action interface{ action() }

// What the visitor does.
type (
	// Touch is any touch of the screen; every other visitor action counts as one too.
	Touch struct{}
	// Begin leaves Welcome in a language.
	Begin struct{ Lang string }
	// Speak changes the language in the middle of a visit.
	Speak struct{ Lang string }
	// Resize changes the text size by steps, cut off at both ends.
	Resize struct{ By int }
	// Recolour goes to the next contrast.
	Recolour struct{}
	// Ask starts a new request.
	Ask struct{}
	// Collect starts collecting a record asked for earlier.
	Collect struct{}
	// Amend starts an amendment, from the menu or from the open record.
	Amend struct{}
	// LookUp asks for a tracking number, in Amending.
	LookUp struct{}
	// Help opens Helping from any screen of the visitor's; Topic may be empty for
	// the list.
	Help struct{ Topic string }
	// TypeQuery replaces what is typed to find a topic.
	TypeQuery struct{ Text string }
	// Report reports a technical problem of one of ReportKinds.
	Report struct{ Kind string }
	// ReadAll opens or closes the full policy.
	ReadAll struct{ Open bool }
	// Agree accepts privacy and terms.
	Agree struct{}
	// Choose says whose record it is, in Declaring, or once the age has shown that
	// it is somebody else's.
	Choose struct{ Relation request.Relation }
	// PickCapacity says in which way somebody is represented.
	PickCapacity struct{ Capacity request.Capacity }
	// Declare accepts the declaration that fits the relation.
	Declare struct{}
	// Type replaces the text of a field of the form.
	Type struct {
		Field request.Field
		Text  string
	}
	// Add opens an optional question beside the one on screen.
	Add struct{ Question request.Question }
	// PickSingle says that the person has one name only, or not.
	PickSingle struct{ On bool }
	// PickSuffix sets the suffix, "" for none.
	PickSuffix struct{ Suffix string }
	// PickFix says what is to be amended.
	PickFix struct{ Kind request.FixKind }
	// PickDose picks a dose of the open record, from 1.
	PickDose struct{ N int }
	// PickDay sets the day of a dose as far as it is chosen.
	PickDay struct {
		Date request.Date
		Half request.Half
	}
	// PickWrong says what is wrong with a dose.
	PickWrong struct{ Wrong request.Wrong }
	// PickBirth sets the birth date as far as it is chosen.
	PickBirth struct {
		Date request.Date
		Half request.Half
	}
	// PickGender sets the gender.
	PickGender struct{ Gender request.Gender }
	// PickContact says whether a phone or an e-mail is given.
	PickContact struct{ Kind request.ContactKind }
	// TakeHint puts the e-mail address right as Hint says, and goes on. Next goes on with
	// it as it is.
	TakeHint struct{}
	// Next goes on; it is refused while the question has problems.
	Next struct{}
	// Back goes to the screen before, nothing is lost.
	Back struct{}
	// Change opens one question from Review; Next returns there.
	Change struct{ Question request.Question }
	// Send sends the reviewed request.
	Send struct{}
	// Unlock goes from Sent to the pickup code.
	Unlock struct{}
	// Missing tells that no pickup code came.
	Missing struct{}
	// Resend asks for a new code, to the same contact or the other one on file.
	Resend struct{ Other bool }
	// CallStaff opens the sign-in for staff, from every screen after the form and
	// from Choosing.
	CallStaff struct{}
	// TypeStaffID replaces the staff id.
	TypeStaffID struct{ Text string }
	// TypeStaffPIN replaces the staff PIN.
	TypeStaffPIN struct{ Digits string }
	// SawID says which kind of photo ID staff has compared.
	SawID struct{ Kind IDKind }
	// TypeReceipt replaces the number typed or scanned in Collecting or Tracking.
	TypeReceipt struct{ Text string }
	// TypeCode replaces the pickup code in Unlocking.
	TypeCode struct{ Digits string }
	// TypePIN replaces the PIN in Unlocking.
	TypePIN struct{ Digits string }
	// Print prints the record; after a failure or doubt only the visitor asks for it again.
	Print struct{}
	// Slip prints the receipt or tracking number on a slip.
	Slip struct{}
	// TestPrint prints a test page, in Upkeep.
	TestPrint struct{}
	// Mix turns the other order of digits on or off.
	Mix struct{}
	// Another asks for one more record after Done; what the visitor said of
	// themself stays.
	Another struct{}
	// Stay answers the idle question.
	Stay struct{}
	// Leave ends the visit and erases it, from any state.
	Leave struct{}
)

// What the kiosk does. Answers carry the numbers of the visit and the call that asked.
type (
	// Tick tells that time has passed.
	Tick struct{}
	// Saved tells that the request is committed on this kiosk.
	Saved struct{ Key, Receipt string }
	// SaveFailed tells that nothing was saved.
	SaveFailed struct{ Fault fault.Fault }
	// Reported tells that a problem report is committed on this kiosk.
	Reported struct{}
	// ReportFailed tells that it is not.
	ReportFailed struct{ Fault fault.Fault }
	// Tracked tells how far an amendment is.
	Tracked struct{ Progress Progress }
	// TrackFailed tells that it is not known.
	TrackFailed struct{ Fault fault.Fault }
	// Answered tells that central has dealt with the request; it does not say how.
	Answered struct{}
	// SignedIn tells that central knows the staff member.
	SignedIn struct{ Token string }
	// SignInFailed tells that it does not, or could not be asked.
	SignInFailed struct{ Fault fault.Fault }
	// Resent tells that central took the wish for a new code.
	Resent struct{ Left int }
	// ResendFailed tells that it did not.
	ResendFailed struct{ Fault fault.Fault }
	// Unlocked tells that code and PIN were right.
	Unlocked struct{ Token string }
	// Refused is one uniform no, with the tries left; none left means over.
	Refused struct{ Left int }
	// UnlockFailed tells that central could not be asked; no try was used that we know of.
	UnlockFailed struct{ Fault fault.Fault }
	// Fetched brings a verified record.
	Fetched struct{ Record record.Record }
	// FetchFailed tells that no record can be shown.
	FetchFailed struct{ Fault fault.Fault }
	// PrintStarted tells how many pages go to the printer.
	PrintStarted struct{ Pages int }
	// PrintProgress tells the page in the printer, or what it waits for.
	PrintProgress struct {
		Page    int
		Fault   *fault.Fault
		Release string // what to type at the printer, which holds the pages until then
	}
	// Ended tells how a print ended and, unless it was printed or handed on, why.
	Ended struct {
		Outcome fault.Outcome
		Fault   fault.Fault
	}
	// Settle replaces the site, for example after a new bootstrap. It is no visit's.
	Settle struct{ Site Site }
	// OutOfOrder puts the kiosk out of service. It is no visit's.
	OutOfOrder struct{ Fault fault.Fault }
	// Repair puts it back. It is no visit's.
	Repair struct{}
	// PrinterDown tells that the printer can print nothing, and why. It is no visit's.
	PrinterDown struct{ Fault fault.Fault }
	// PrinterUp tells that it can print again. It is no visit's.
	PrinterUp struct{}
)

func (Touch) action()         {}
func (Begin) action()         {}
func (Speak) action()         {}
func (Resize) action()        {}
func (Recolour) action()      {}
func (Ask) action()           {}
func (Collect) action()       {}
func (Help) action()          {}
func (Amend) action()         {}
func (LookUp) action()        {}
func (TypeQuery) action()     {}
func (Report) action()        {}
func (PickCapacity) action()  {}
func (Add) action()           {}
func (PickSingle) action()    {}
func (PickSuffix) action()    {}
func (PickFix) action()       {}
func (PickDose) action()      {}
func (PickDay) action()       {}
func (PickWrong) action()     {}
func (Slip) action()          {}
func (TestPrint) action()     {}
func (Mix) action()           {}
func (Another) action()       {}
func (Reported) action()      {}
func (ReportFailed) action()  {}
func (Tracked) action()       {}
func (TrackFailed) action()   {}
func (ReadAll) action()       {}
func (Agree) action()         {}
func (Choose) action()        {}
func (Declare) action()       {}
func (Type) action()          {}
func (PickBirth) action()     {}
func (PickGender) action()    {}
func (PickContact) action()   {}
func (TakeHint) action()      {}
func (Next) action()          {}
func (Back) action()          {}
func (Change) action()        {}
func (Send) action()          {}
func (Unlock) action()        {}
func (Missing) action()       {}
func (Resend) action()        {}
func (Resent) action()        {}
func (ResendFailed) action()  {}
func (CallStaff) action()     {}
func (TypeStaffID) action()   {}
func (TypeStaffPIN) action()  {}
func (SawID) action()         {}
func (SignedIn) action()      {}
func (SignInFailed) action()  {}
func (TypeReceipt) action()   {}
func (TypeCode) action()      {}
func (TypePIN) action()       {}
func (Print) action()         {}
func (Stay) action()          {}
func (Leave) action()         {}
func (Tick) action()          {}
func (Saved) action()         {}
func (SaveFailed) action()    {}
func (Answered) action()      {}
func (Unlocked) action()      {}
func (Refused) action()       {}
func (UnlockFailed) action()  {}
func (Fetched) action()       {}
func (FetchFailed) action()   {}
func (PrintStarted) action()  {}
func (PrintProgress) action() {}
func (Ended) action()         {}
func (Settle) action()        {}
func (OutOfOrder) action()    {}
func (Repair) action()        {}
func (PrinterDown) action()   {}
func (PrinterUp) action()     {}
