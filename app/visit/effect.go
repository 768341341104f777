package visit

import (
	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/enrol"
)

// Effect is something the desk carries out for the visit with its number. The
// types below are all there are; each says in which states Step asks for it, and how
// the desk answers. What the visit waits for is a call: its answers carry its number,
// so that a late one is not taken for the answer to a call made since.
type Effect interface{ effect() }

type (
	// Save seals the request and commits it to the outbox: answers Saved or SaveFailed.
	// Asked for in Review.
	Save struct {
		Visit, Call uint64
		Request     request.Request
	}
	// SaveAmendment seals an amendment and commits it to the outbox: answers Saved,
	// with the tracking number as receipt, or SaveFailed.
	// Asked for in Review.
	SaveAmendment struct {
		Visit, Call uint64
		Amendment   request.Correction
	}
	// SaveReport keeps a problem report for central: answers Reported or ReportFailed.
	// Asked for in Helping.
	SaveReport struct {
		Visit, Call  uint64
		Kind, Screen string
	}
	// Track asks central how far an amendment is: answers Tracked or TrackFailed.
	// Asked for in Tracking.
	Track struct {
		Visit, Call uint64
		Number      string
	}
	// PrintSlip prints a number on a slip: answers Ended.
	// Asked for in Sent and Amended.
	PrintSlip struct {
		Visit, Call  uint64
		Kind         SlipKind
		Number, Lang string
	}
	// PrintTest prints a test page: answers PrintStarted, PrintProgress, then Ended. It is
	// no visitor's.
	// Asked for in Upkeep.
	PrintTest struct {
		Visit, Call uint64
		Lang        string
	}
	// Watch waits until central has dealt with the request: answers Answered, or never.
	// Asked for in Saving and, when the answer to Save is late, in Review, Helping and
	// Reporting.
	Watch struct {
		Visit uint64
		Key   string
	}
	// SignIn asks central whether it knows a staff member: answers SignedIn or SignInFailed.
	// Asked for in StaffIn.
	SignIn struct {
		Visit, Call uint64
		ID, PIN     string
	}
	// ResendCode asks central for a new pickup code: answers Resent or ResendFailed. Key
	// or Receipt is set, not both.
	// Asked for in NoCode.
	ResendCode struct {
		Visit, Call  uint64
		Key, Receipt string
		Other        bool
	}
	// TryUnlock asks central with code and PIN: answers Unlocked, Refused or
	// UnlockFailed. Key or Receipt is set, not both.
	// Asked for in Unlocking.
	TryUnlock struct {
		Visit, Call  uint64
		Key, Receipt string
		Code, PIN    string
		StaffToken   string // in place of the code, with IDKind
		IDKind       IDKind
	}
	// Fetch gets and verifies the record: answers Fetched or FetchFailed.
	// Asked for in Fetching.
	Fetch struct {
		Visit, Call uint64
		Token       string
	}
	// Reject tells central that what it handed out was not shown, with the code of the
	// fault: no answer.
	// Asked for in Fetching.
	Reject struct {
		Visit uint64
		Token string
		Why   fault.Code
	}
	// PrintRecord draws, checks and prints: answers PrintStarted, PrintProgress,
	// then Ended. The desk also audits the outcome at central.
	// Asked for in Ready, PrintFailed, PrintUnknown and Done.
	PrintRecord struct {
		Visit, Call   uint64
		Record        record.Record
		Lang, Receipt string
		Large         bool // in large print
		Token         string
	}
	// Enrol makes the machine a kiosk: answers EnrolFailed, or a kiosk takes its place. The
	// desk of a machine that is none yet is app/first.
	// Asked for in FirstStart.
	Enrol struct {
		Visit, Call uint64
		Central     string // https URL
		Code        enrol.Code
	}
	// Forget ends everything that runs for the visit; a job at the printer is cancelled.
	// Asked for in every state.
	Forget struct{ Visit uint64 }
)

func (Save) effect()          {}
func (SaveAmendment) effect() {}
func (SaveReport) effect()    {}
func (Track) effect()         {}
func (PrintSlip) effect()     {}
func (PrintTest) effect()     {}
func (Watch) effect()         {}
func (SignIn) effect()        {}
func (ResendCode) effect()    {}
func (TryUnlock) effect()     {}
func (Fetch) effect()         {}
func (Reject) effect()        {}
func (PrintRecord) effect()   {}
func (Enrol) effect()         {}
func (Forget) effect()        {}
