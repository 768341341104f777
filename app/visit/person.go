package visit

import (
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
)

// What is known of the visitor, in parts by the states that own them. A part is filled
// in these states, may be read in any, and is cleared with what it is for, at the latest
// by Wipe.

// Person holds every personal value and every choice of the present visitor.
// Wipe replaces it as a whole.
type Person struct {
	Lang        string       // BCP 47; "" before the visitor picks one in Welcome
	Look        Look         // changed in every state
	Voice       Voice        // changed in every state
	Mixed       bool         // the digits of pads are in another order each time; changed in every state
	Fault       *fault.Fault // what the screen says is wrong; of the state that is on
	IdleWarning bool         // the "are you still there?" question is on screen, in any state
	Calls       uint64       // calls made so far; only answers to the last one count
	SaveCall    uint64       // the last of them that was a save: its answer counts however late

	Form    Form     // Consent to Review, and Amending: what is asked for
	Unlock  Proof    // Sent, Collecting, Unlocking, NoCode, Fetching and Ready: what opens the record, and the record
	Staff   Vouching // StaffIn, StaffAsking and StaffCheck, until the record is open
	Print   Prints   // Slipping, Printing, TestPrinting and Done
	Help    Reading  // Helping and Reporting
	Track   Lookup   // Collecting, Amended, Tracking and TrackAsking: numbers
	Joining Joining  // FirstStart and Enrolling: what makes the machine a kiosk
	Recall  Mine     // written by Saving, read by Declaring and ConfirmPIN: for another record
}

func nobody() Person { return Person{Unlock: nothingProved()} }

// Form is what is typed and chosen to ask for a record, or for its amendment. It is
// cleared when that is saved.
type Form struct {
	Task     Task
	Question request.Question // the question on screen in Filling
	Changing bool             // came from Review, Next returns there
	Draft    request.Draft
	Half     request.Half      // what is typed of the date on screen
	Problems []request.Problem // of the question on screen, after Next was refused
	Hint     string            // the domain that the e-mail address on screen perhaps meant, while it is asked about
	Hinted   []string          // the addresses that were asked about: each is right as it is, or was put right
	FullText bool              // the full policy is open in Consent
}

// Proof is what was asked for, what opens it, and the record once it is open.
type Proof struct {
	Key      string // idempotency key of the saved request; "" when collecting by receipt
	Receipt  string
	Claim    Claim     // what the visitor said about the person, for staff and the kiosk to compare
	SentAt   time.Time // when the visitor was told that the request is saved, or asked for a new code
	Answered bool      // central has dealt with the request, whatever it found
	Resends  int       // how often a new code can still be asked for
	Resent   bool      // a new code was asked for, and nothing has been typed since
	AtPIN    bool      // Unlocking asks for the PIN now, the code is complete
	Code     string    // pickup code as typed
	PIN      string    // PIN as typed in Unlocking or ConfirmPIN
	Left     int       // tries left after a refusal; -1 before the first
	Over     bool      // no tries left: this request is over
	Token    string    // short-lived, for the record, from central
	Record   *record.Record
}

func nothingProved() Proof { return Proof{Left: -1, Resends: ResendsInAll} }

// Vouching is a staff member beside the visitor. It is cleared when they are signed out,
// and when the record is open.
type Vouching struct {
	ID      string // as typed
	PIN     string // as typed
	Token   string // from central, while a staff member is signed in or has vouched
	IDKind  IDKind // the photo ID that was seen; "" before
	Vouched bool   // staff has seen an ID: the PIN alone unlocks
}

// Prints is how printing goes, and how it went.
type Prints struct {
	Pages    int           // pages sent to the printer
	Page     int           // page being printed, 0 when the printer does not say
	Release  string        // what to type at the printer, which holds the pages until then
	Copies   int           // copies printed in this visit
	Slip     fault.Outcome // of the slip printed last
	Test     fault.Outcome // of the test page printed last
	HandedOn bool          // Done, as far as a print server tells: the record stays until the visitor has looked
	HandedAt time.Time     // when the first of the prints of this record was handed on
	DoneAt   time.Time     // when all was printed
}

// Reading is the help that is open, and what came of reporting a problem.
type Reading struct {
	Topic      string // the topic open in Helping
	From       State  // where Helping returns to
	At         string // the topic that was asked for there; "" for all topics
	Query      string // typed to find a topic
	Reported   bool   // a problem report was kept
	Unreported bool   // it was not, and can be tried again
}

// Lookup is about numbers that a visitor was given.
type Lookup struct {
	Typed    string   // a receipt in Collecting, a tracking number in Tracking, as typed or scanned
	Number   string   // number of the amendment that was saved
	Progress Progress // of the amendment whose number was typed
}

// Joining is what staff types on a machine that is no kiosk yet, and what came of it.
type Joining struct {
	Address string // central's, as typed
	AtCode  bool   // the address is typed: the code is asked for
	Code    string // as typed
	Snag    Snag   // what is wrong with what is on screen, "" for nothing
	Detail  string // of the snag, for staff
}

// Claim is what a visitor said about the person a record is of.
type Claim struct {
	Relation              request.Relation
	Given, Middle, Family string
	Other                 request.Name // another name that was given, too, which an ID does not show
	Birth                 request.Date
}

// Mine is what a visitor said of themself while they asked for a record.
type Mine struct {
	Name         request.Name
	Contact      request.ContactKind
	Both         bool
	Phone, Email string
	Policy       string // version agreed to
	PIN          string // of what was asked for: gives the rest back in ConfirmPIN
}
