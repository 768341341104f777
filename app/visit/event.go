package visit

import (
	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
)

// Event is something that happened to the visit with this number. Call is the number of
// the call that is answered, 0 when nothing is. Act numbers those of a window's events
// that lead on, so that the window knows which were taken. Held marks the repeats of a key
// that is held down: they act, but are no sign of life.
type Event struct {
	Visit, Call uint64
	Act         uint64
	Held        bool
	Do          Action
}

// Action is what happened. The types below and those of voice.go are all there are. Each says who sends it
// and in which states it counts: in every other it changes nothing. No action counts
// when it carries another visit's number, and no answer when it is to a call that was
// given up; those of which it is said that they are no visit's carry no numbers.
type Action interface{ action() }

// What the visitor does.
type (
	// Touch is any touch of the screen; every other visitor action counts as one too.
	// The screens send it; it counts in every state.
	Touch struct{}
	// Begin leaves Welcome in a language.
	// The screens send it; it counts in Welcome.
	Begin struct{ Lang string }
	// Speak changes the language in the middle of a visit.
	// The screens send it; it counts in every state but Welcome and OutOfService.
	Speak struct{ Lang string }
	// Resize changes the text size by steps, cut off at both ends.
	// The screens send it; it counts in every state.
	Resize struct{ By int }
	// Recolour goes to the next contrast.
	// The screens send it; it counts in every state.
	Recolour struct{}
	// Ask starts a new request.
	// The screens send it; it counts in Choosing.
	Ask struct{}
	// Collect starts collecting a record asked for earlier.
	// The screens send it; it counts in Choosing.
	Collect struct{}
	// Amend starts an amendment, from the menu or from the open record.
	// The screens send it; it counts in Choosing, Ready, PrintFailed and PrintUnknown.
	Amend struct{}
	// LookUp asks for a tracking number.
	// The screens send it; it counts in Amending.
	LookUp struct{}
	// Help opens Helping from any screen of the visitor's; Topic may be empty for
	// the list.
	// The screens send it; it counts in Choosing, Consent, Declaring, Filling, Review,
	// Sent, Collecting, Unlocking, NoCode, Ready, PrintFailed, PrintUnknown, Amending,
	// Amended, Tracking and Helping.
	Help struct{ Topic string }
	// TypeQuery replaces what is typed to find a topic.
	// The screens send it; it counts in Helping.
	TypeQuery struct{ Text string }
	// Report reports a technical problem of one of ReportKinds.
	// The screens send it; it counts in Helping.
	Report struct{ Kind string }
	// ReadAll opens or closes the full policy.
	// The screens send it; it counts in Consent.
	ReadAll struct{ Open bool }
	// Agree accepts privacy and terms.
	// The screens send it; it counts in Consent.
	Agree struct{}
	// Choose says whose record it is, in Declaring, or once the age has shown that
	// it is somebody else's.
	// The screens send it; it counts in Declaring and Filling.
	Choose struct{ Relation request.Relation }
	// PickCapacity says in which way somebody is represented.
	// The screens send it; it counts in Declaring.
	PickCapacity struct{ Capacity request.Capacity }
	// Declare accepts the declaration that fits the relation.
	// The screens send it; it counts in Declaring.
	Declare struct{}
	// Type replaces the text of a field of the form.
	// The screens send it; it counts in Filling.
	Type struct {
		Field request.Field
		Text  string
	}
	// Add opens an optional question beside the one on screen.
	// The screens send it; it counts in Filling.
	Add struct{ Question request.Question }
	// PickSingle says that the person has one name only, or not.
	// The screens send it; it counts in Filling.
	PickSingle struct{ On bool }
	// PickSuffix sets the suffix, "" for none.
	// The screens send it; it counts in Filling.
	PickSuffix struct{ Suffix string }
	// PickFix says what is to be amended.
	// The screens send it; it counts in Amending.
	PickFix struct{ Kind request.FixKind }
	// PickDose picks a dose of the open record, from 1.
	// The screens send it; it counts in Filling.
	PickDose struct{ N int }
	// PickDay sets the day of a dose as far as it is chosen.
	// The screens send it; it counts in Filling.
	PickDay struct {
		Date request.Date
		Half request.Half
	}
	// PickWrong says what is wrong with a dose.
	// The screens send it; it counts in Filling.
	PickWrong struct{ Wrong request.Wrong }
	// PickBirth sets the birth date as far as it is chosen.
	// The screens send it; it counts in Filling.
	PickBirth struct {
		Date request.Date
		Half request.Half
	}
	// PickGender sets the gender.
	// The screens send it; it counts in Filling.
	PickGender struct{ Gender request.Gender }
	// PickContact says whether a phone or an e-mail is given.
	// The screens send it; it counts in Filling.
	PickContact struct{ Kind request.ContactKind }
	// TakeHint puts the e-mail address right as Hint says, and goes on. Next goes on with
	// it as it is.
	// The screens send it; it counts in Filling.
	TakeHint struct{}
	// Next goes on; it is refused while the question has problems.
	// The screens send it; it counts in Collecting, Filling, FirstStart, StaffCheck,
	// StaffIn, Tracking, Unlocking and ConfirmPIN.
	Next struct{}
	// Back goes to the screen before, nothing is lost.
	// The screens send it; it counts in Amended, Amending, Choosing, Collecting,
	// ConfirmPIN, Consent, Declaring, Enrolling, Filling, FirstStart, Helping, NoCode,
	// PrintFailed, PrintUnknown, Review, StaffCheck, StaffIn, Tracking and Unlocking.
	Back struct{}
	// Change opens one question from Review; Next returns there.
	// The screens send it; it counts in Review.
	Change struct{ Question request.Question }
	// Send sends the reviewed request.
	// The screens send it; it counts in Review.
	Send struct{}
	// Unlock goes from Sent to the pickup code.
	// The screens send it; it counts in NoCode and Sent.
	Unlock struct{}
	// Missing tells that no pickup code came.
	// The screens send it; it counts in Sent and Unlocking.
	Missing struct{}
	// Resend asks for a new code, to the same contact or the other one on file.
	// The screens send it; it counts in NoCode.
	Resend struct{ Other bool }
	// CallStaff opens the sign-in for staff, from every screen after the form and
	// from Choosing.
	// The screens send it; it counts in Choosing, Sent, NoCode and Unlocking.
	CallStaff struct{}
	// TypeStaffID replaces the staff id.
	// The screens send it; it counts in StaffIn.
	TypeStaffID struct{ Text string }
	// TypeStaffPIN replaces the staff PIN.
	// The screens send it; it counts in StaffIn.
	TypeStaffPIN struct{ Digits string }
	// SawID says which kind of photo ID staff has compared.
	// The screens send it; it counts in StaffCheck.
	SawID struct{ Kind IDKind }
	// TypeReceipt replaces the number typed or scanned.
	// The screens send it; it counts in Collecting and Tracking.
	TypeReceipt struct{ Text string }
	// TypeCode replaces the pickup code.
	// The screens send it; it counts in Unlocking.
	TypeCode struct{ Digits string }
	// TypePIN replaces the PIN that unlocks, or shows that it is still the same visitor.
	// The screens send it; it counts in ConfirmPIN and Unlocking.
	TypePIN struct{ Digits string }
	// TypeAddress replaces central's address.
	// The screens send it; it counts in FirstStart.
	TypeAddress struct{ Text string }
	// TypeInvitation replaces the code that makes the machine a kiosk.
	// The screens send it; it counts in FirstStart.
	TypeInvitation struct{ Text string }
	// Print prints the record; after a failure or doubt only the visitor asks for it again.
	// The screens send it; it counts in Ready, PrintFailed, PrintUnknown and Done.
	Print struct{}
	// Slip prints the receipt or tracking number on a slip.
	// The screens send it; it counts in Sent and Amended.
	Slip struct{}
	// TestPrint prints a test page.
	// The screens send it; it counts in Upkeep.
	TestPrint struct{}
	// Mix turns the other order of digits on or off.
	// The screens send it; it counts in every state but Welcome and OutOfService.
	Mix struct{}
	// Another asks for one more record after Done; what the visitor said of
	// themself stays.
	// The screens send it; it counts in Done.
	Another struct{}
	// Stay answers the idle question.
	// The screens send it; it counts in every state.
	Stay struct{}
	// Leave ends the visit and erases it.
	// The screens send it; it counts in every state.
	Leave struct{}
)

// What the kiosk does. Answers carry the numbers of the visit and the call that asked.
type (
	// Tick tells that time has passed.
	// The desk sends it; it counts in every state.
	Tick struct{}
	// Saved tells that the request is committed on this kiosk.
	// The desk sends it; it counts in Saving and, when it is late, in Review, Helping and
	// Reporting.
	Saved struct{ Key, Receipt string }
	// SaveFailed tells that nothing was saved.
	// The desk sends it; it counts in Saving.
	SaveFailed struct{ Fault fault.Fault }
	// Reported tells that a problem report is committed on this kiosk.
	// The desk sends it; it counts in Reporting.
	Reported struct{}
	// ReportFailed tells that a problem report was not kept. The desk sends it; it counts in
	// Reporting.
	ReportFailed struct{ Fault fault.Fault }
	// Tracked tells how far an amendment is.
	// The desk sends it; it counts in TrackAsking.
	Tracked struct{ Progress Progress }
	// TrackFailed tells that nobody could say how far an amendment is. The desk sends it; it
	// counts in TrackAsking.
	TrackFailed struct{ Fault fault.Fault }
	// Answered tells that central has dealt with the request; it does not say how.
	// The desk sends it; it counts in every state.
	Answered struct{}
	// SignedIn tells that central knows the staff member.
	// The desk sends it; it counts in StaffAsking.
	SignedIn struct{ Token string }
	// SignInFailed tells that central does not know the staff member, or could not be asked.
	// The desk sends it; it counts in StaffAsking.
	SignInFailed struct{ Fault fault.Fault }
	// Resent tells that central took the wish for a new code.
	// The desk sends it; it counts in Resending.
	Resent struct{ Left int }
	// ResendFailed tells that central did not take the wish for a new code. The desk sends it;
	// it counts in Resending.
	ResendFailed struct{ Fault fault.Fault }
	// Unlocked tells that code and PIN were right.
	// The desk sends it; it counts in Fetching.
	Unlocked struct{ Token string }
	// Refused is one uniform no, with the tries left; none left means over.
	// The desk sends it; it counts in Fetching.
	Refused struct{ Left int }
	// UnlockFailed tells that central could not be asked; no try was used that we know of.
	// The desk sends it; it counts in Fetching.
	UnlockFailed struct{ Fault fault.Fault }
	// Fetched brings a verified record.
	// The desk sends it; it counts in Fetching.
	Fetched struct{ Record record.Record }
	// FetchFailed tells that no record can be shown.
	// The desk sends it; it counts in Fetching.
	FetchFailed struct{ Fault fault.Fault }
	// PrintStarted tells how many pages go to the printer.
	// The desk sends it; it counts in Printing.
	PrintStarted struct{ Pages int }
	// PrintProgress tells the page in the printer, or what it waits for.
	// The desk sends it; it counts in Printing, Slipping and TestPrinting.
	PrintProgress struct {
		Page    int
		Fault   *fault.Fault
		Release string // what to type at the printer, which holds the pages until then
	}
	// Ended tells how a print ended and, unless it was printed or handed on, why.
	// The desk sends it; it counts in Printing, Slipping and TestPrinting.
	Ended struct {
		Outcome fault.Outcome
		Fault   fault.Fault
	}
	// EnrolFailed tells why the machine is no kiosk yet.
	// The desk sends it; it counts in Enrolling.
	EnrolFailed struct {
		Snag   Snag
		Detail string // for staff, no personal value
	}
	// Settle replaces the site, for example after a new bootstrap. It is no visit's.
	// The kiosk sends it; it counts in every state.
	Settle struct{ Site Site }
	// OutOfOrder puts the kiosk out of service. It is no visit's.
	// The kiosk sends it; it counts in every state.
	OutOfOrder struct{ Fault fault.Fault }
	// Repair puts the kiosk back into service. It is no visit's. The kiosk sends it; it counts
	// in every state.
	Repair struct{}
	// PrinterDown tells that the printer can print nothing, and why. It is no visit's.
	// The desk sends it; it counts in every state.
	PrinterDown struct{ Fault fault.Fault }
	// PrinterUp tells that the printer can print again. It is no visit's. The desk sends it;
	// it counts in every state.
	PrinterUp struct{}
)

func (Touch) action()          {}
func (Begin) action()          {}
func (Speak) action()          {}
func (Resize) action()         {}
func (Recolour) action()       {}
func (Ask) action()            {}
func (Collect) action()        {}
func (Help) action()           {}
func (Amend) action()          {}
func (LookUp) action()         {}
func (TypeQuery) action()      {}
func (Report) action()         {}
func (PickCapacity) action()   {}
func (Add) action()            {}
func (PickSingle) action()     {}
func (PickSuffix) action()     {}
func (PickFix) action()        {}
func (PickDose) action()       {}
func (PickDay) action()        {}
func (PickWrong) action()      {}
func (Slip) action()           {}
func (TestPrint) action()      {}
func (Mix) action()            {}
func (Another) action()        {}
func (Reported) action()       {}
func (ReportFailed) action()   {}
func (Tracked) action()        {}
func (TrackFailed) action()    {}
func (ReadAll) action()        {}
func (Agree) action()          {}
func (Choose) action()         {}
func (Declare) action()        {}
func (Type) action()           {}
func (PickBirth) action()      {}
func (PickGender) action()     {}
func (PickContact) action()    {}
func (TakeHint) action()       {}
func (Next) action()           {}
func (Back) action()           {}
func (Change) action()         {}
func (Send) action()           {}
func (Unlock) action()         {}
func (Missing) action()        {}
func (Resend) action()         {}
func (Resent) action()         {}
func (ResendFailed) action()   {}
func (CallStaff) action()      {}
func (TypeStaffID) action()    {}
func (TypeStaffPIN) action()   {}
func (SawID) action()          {}
func (SignedIn) action()       {}
func (SignInFailed) action()   {}
func (TypeReceipt) action()    {}
func (TypeCode) action()       {}
func (TypePIN) action()        {}
func (TypeAddress) action()    {}
func (TypeInvitation) action() {}
func (EnrolFailed) action()    {}
func (Print) action()          {}
func (Stay) action()           {}
func (Leave) action()          {}
func (Tick) action()           {}
func (Saved) action()          {}
func (SaveFailed) action()     {}
func (Answered) action()       {}
func (Unlocked) action()       {}
func (Refused) action()        {}
func (UnlockFailed) action()   {}
func (Fetched) action()        {}
func (FetchFailed) action()    {}
func (PrintStarted) action()   {}
func (PrintProgress) action()  {}
func (Ended) action()          {}
func (Settle) action()         {}
func (OutOfOrder) action()     {}
func (Repair) action()         {}
func (PrinterDown) action()    {}
func (PrinterUp) action()      {}
