// Package visit is one visit to the kiosk as a pure state machine.
//
// Step takes the visit, an event and the time, and returns the next visit and
// the effects to carry out. It does no I/O, starts no goroutine and reads no
// clock, so every rule of a visit stands here once and is tested by tables, by
// walking the state graph and by random steps. What each state makes of an event is
// the table states (step.go); who sends what, and where it counts, is said at each
// action (event.go) and effect (effect.go). desk carries the effects out and
// feeds their answers back as events; ui draws the visit and turns touches into
// events.
//
// Rules that hold in every state: an event that carries another visit's number
// is dropped (promise P4), and so is an answer to any call but the last, or the
// last save; two minutes without a touch erase the visit, and so do twenty in which
// it gets nowhere (time.go); every call has a deadline; Wipe is the one function that
// ends a visit, and it replaces all that is personal (person.go) at once.
package visit

import (
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
)

// State names what the visit is doing.
type State int

// The states of a visit.
const (
	Welcome      State = iota // pick a language to begin
	Choosing                  // what would you like to do?
	Helping                   // questions and answers
	Reporting                 // waiting for a problem report to be kept
	Consent                   // privacy and terms
	Declaring                 // whose record, and the declaration that fits
	Filling                   // the form, one question a screen
	Review                    // all answers, change or send
	Saving                    // waiting for the outbox to commit
	Sent                      // saved; the same screen whether or not a record exists
	Collecting                // a receipt is typed to collect a record asked for earlier
	Unlocking                 // pickup code, then PIN
	NoCode                    // no pickup code came: what to do
	Resending                 // waiting for central to take the wish for a new code
	StaffIn                   // a staff member signs in beside the visitor
	StaffAsking               // waiting for central to know the staff member
	StaffCheck                // staff compares a photo ID with what the visitor typed
	Upkeep                    // staff looks after the kiosk: nothing of any visitor is open
	TestPrinting              // waiting for the printer, for a test page
	Fetching                  // waiting for central: unlock, then the record
	Ready                     // the record is shown and can be printed
	Amending                  // something is missing or wrong: what?
	Amended                   // the amendment is saved; its tracking number
	Slipping                  // waiting for the printer, for a slip with a number
	Tracking                  // a tracking number is typed; how far it is
	TrackAsking               // waiting for central to say
	Printing                  // waiting for the printer
	PrintFailed               // not printed; the job is gone from the printer
	PrintUnknown              // the printer did not say; never resent by itself
	Done                      // take your pages; everything is erased next
	ConfirmPIN                // asks for another record: the PIN shows that it is still the same visitor
	FirstStart                // the machine is no kiosk yet: staff types central's address and a code
	Enrolling                 // waiting for central to make it one
	OutOfService              // nothing can be asked for now
)

var stateNames = [...]string{
	Welcome: "welcome", Choosing: "choosing", Helping: "helping", Reporting: "reporting", Consent: "consent", Declaring: "declaring",
	Filling: "filling", Review: "review", Saving: "saving", Sent: "sent", Collecting: "collecting", Unlocking: "unlocking",
	NoCode: "no-code", Resending: "resending", StaffIn: "staff-in", StaffAsking: "staff-asking", StaffCheck: "staff-check",
	Upkeep: "upkeep", TestPrinting: "test-printing",
	Fetching: "fetching", Ready: "ready", Amending: "amending", Amended: "amended", Slipping: "slipping",
	Tracking: "tracking", TrackAsking: "track-asking", Printing: "printing", PrintFailed: "print-failed",
	PrintUnknown: "print-unknown", Done: "done", ConfirmPIN: "confirm-pin",
	FirstStart: "first-start", Enrolling: "enrolling", OutOfService: "out-of-service",
}

// String is the name of the state, in lower case with hyphens.
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return "none"
	}
	return stateNames[s]
}

// Visit is one visit. Everything that is about the visitor is in Person; the
// rest is about the kiosk. The zero Visit with a Site is ready for Begin.
type Visit struct {
	Number      uint64 // grows by one with each wipe
	State       State
	Site        Site         // the kiosk, the same for every visit
	OutOfOrder  *fault.Fault // why the kiosk is out of service, nil when it is not
	PrinterDown *fault.Fault // why the printer can print nothing now, nil when it can; asking and collecting stay possible
	Headphones  bool         // there are headphones in the kiosk
	Acted       uint64       // the last of the window's acts that was taken

	Person  // what the visitor typed, chose or received
	Waiting *Wait
	Touched time.Time // last touch; zero before the first
	Fresh   time.Time // last new screen, answer, or "I am still here"; zero before the first touch
}

// Task is what the form is for.
type Task int

// The tasks.
const (
	ToAsk Task = iota
	ToAmend
)

// Progress is how far central is with an amendment.
type Progress string

// The neutral states of an amendment.
const (
	Received Progress = "received"
	InReview Progress = "in-review"
	Closed   Progress = "closed"
)

// SlipKind says what number a slip has on it.
type SlipKind string

// The slips. None has a personal value on it.
const (
	ReceiptSlip  SlipKind = "receipt"
	TrackingSlip SlipKind = "tracking"
)

// IDKind is a kind of photo ID.
type IDKind string

// The kinds of photo ID staff can have seen.
const (
	License  IDKind = "license"
	Passport IDKind = "passport"
	StateID  IDKind = "state-id"
	OtherID  IDKind = "other"
)

// IDKinds are the kinds in the order they are offered.
var IDKinds = []IDKind{License, Passport, StateID, OtherID}

// Site is what central and the configuration tell about the kiosk.
type Site struct {
	Name      string     // of the service, for the top bar
	Languages []Language // offered on the welcome screen
	Texts     map[string]Texts
	HelpPhone string
	Demo      bool // a demonstration with made-up people
	Test      bool // a kiosk that IT tries out: what it hands out is for nobody
	Zone      *time.Location
	Handset   bool // what is said always reaches the visitor alone: a handset, no loudspeaker

	// Of a machine that is no kiosk yet.
	Unenrolled   bool
	Central      string // central's address as an https URL, from its configuration or as it was typed last
	CentralFixed bool   // IT has set it
}

// Language is one choice of the welcome screen.
type Language struct{ Tag, Name string }

// Texts are the versioned texts of one language, from bootstrap.
type Texts struct {
	PolicyVersion string
	Summary, Full string
	Declarations  map[request.Relation]Declaration
}

// Declaration is what the visitor declares about the person the record is of.
type Declaration struct{ Version, Text string }

// Look is how the visitor wants the screen; it ends with the visit.
type Look struct {
	Size     int // index into 100, 125, 150, 175 %
	Contrast int // 0 standard, 1 white on black, 2 black on white, 3 soft dark
}

// Sizes and contrasts that Look chooses from.
const (
	Sizes     = 4
	Contrasts = 4
)

// LargePrint reports whether pages come in large print: for whoever reads the screen
// at 150 % or more.
func (v Visit) LargePrint() bool { return v.Look.Size >= 2 }

// Wait is an effect the visit waits for.
type Wait struct {
	For          What
	Since, Until time.Time
}

// What a visit can wait for.
type What int

// The waits.
const (
	ForSave What = iota
	ForResend
	ForStaff
	ForUnlock
	ForRecord
	ForPrint
	ForSlip
	ForTest
	ForReport
	ForTrack
	ForEnrol
)

// Limits of a visit. IdleLimit follows design section 2; WarnAfter leaves 30 s.
const (
	IdleLimit     = 2 * time.Minute
	WarnAfter     = 90 * time.Second
	VisitLimit    = 20 * time.Minute // without a new screen or answer, however busy it looks
	DoneLimit     = 30 * time.Second
	HandedLimit   = time.Minute // to look into the tray, and print again; from the first print on
	SaveLimit     = 10 * time.Second
	StaffLimit    = 20 * time.Second // for central to know a staff member
	StaffIdle     = time.Minute      // without a touch, then staff is signed out
	StaffPINLen   = 6
	ResendLimit   = 20 * time.Second
	ResendsInAll  = 2
	RecallTries   = 2
	UnlockLimit   = 30 * time.Second
	FetchLimit    = 30 * time.Second
	PrintLimit    = 3 * time.Minute
	SlipLimit     = 90 * time.Second
	TrackLimit    = 20 * time.Second
	EnrolLimit    = time.Minute
	FirstIdle     = 5 * time.Minute // without a touch, then a code that was typed goes; staff may be on the phone
	CodeLate      = 2 * time.Minute // by then a pickup code has come, or something is amiss
	TriesInAll    = 5
	ReceiptLength = 9 // characters of "7KQ2-M4V0"
)

// New returns the first visit of a kiosk. Without texts it is out of service. A machine that is
// no kiosk yet begins with becoming one.
func New(h Site) Visit {
	v := Visit{Number: 1, Site: h, Person: nobody()}
	if h.Unenrolled {
		return atFirst(v)
	}
	if len(h.Languages) == 0 {
		v.State, v.OutOfOrder = OutOfService, &fault.Fault{Code: fault.Setup}
	}
	return v
}

// CodeIsLate reports whether a pickup code should have come by now. It depends on
// nothing but time (promise P5).
func (v Visit) CodeIsLate(now time.Time) bool {
	return v.State == Sent && !v.Unlock.SentAt.IsZero() && now.Sub(v.Unlock.SentAt) >= CodeLate
}

// DoneLeft is how long what is left of a visit stays after it is done. No touch
// makes that longer: the next person may be the one who touches.
func (v Visit) DoneLeft(now time.Time) time.Duration {
	return max(0, v.Print.DoneAt.Add(v.doneLimit()).Sub(now), v.againLeft(now))
}

// againLeft is how long the record stays after a print server has taken it, to be
// printed again without the PIN. Printing again does not make that longer, or whoever
// comes next could keep somebody's record for ever.
func (v Visit) againLeft(now time.Time) time.Duration {
	if !v.Print.HandedOn {
		return 0
	}
	return max(0, v.Print.HandedAt.Add(HandedLimit).Sub(now))
}

// Wipe ends a visit: every personal field is cleared, the number moves on, and what
// belongs to the kiosk stays.
func Wipe(v Visit) Visit {
	next := Visit{
		Number: v.Number + 1, State: Welcome, Person: nobody(),
		Site: v.Site, OutOfOrder: v.OutOfOrder, PrinterDown: v.PrinterDown, Headphones: v.Headphones, Acted: v.Acted,
	}
	switch {
	case v.Site.Unenrolled:
		return atFirst(next)
	case v.OutOfOrder != nil:
		next.State = OutOfService
	}
	return next
}
