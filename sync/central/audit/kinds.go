package audit

import (
	"maps"
	"slices"
)

// What is noted.
const (
	Decided  Kind = "request.decided"  // the worker has looked for whose record is asked for
	CodeAsk  Kind = "code.asked"       // somebody asks for a new pickup code
	Unlocked Kind = "unlock.granted"   // PIN and code open a record
	Vouched  Kind = "unlock.vouched"   // a PIN and staff who have seen a photo ID do
	Refused  Kind = "unlock.refused"   // they do not
	Fetched  Kind = "record.fetched"   // a kiosk is given the record
	Printed  Kind = "print.reported"   // how a kiosk says that a print has ended, or why it shows nothing
	Checked  Kind = "check.shown"      // the check page shows what stands on a print
	SignedIn Kind = "sign-in.granted"  // staff at a kiosk
	NotIn    Kind = "sign-in.refused"  // without the id: it may be a PIN
	Opened   Kind = "review.opened"    // staff reads what was asked
	Shown    Kind = "person.shown"     // and this person beside it
	Chosen   Kind = "review.released"  // staff has chosen whose record it is
	Ended    Kind = "review.closed"    // staff has ended a case
	Amending Kind = "amendment.opened" // staff reads a correction
	Amended  Kind = "amendment.closed" // and ends it

	Retried   Kind = "notice.retried"  // staff has a notice sent again
	Stopped   Kind = "contact.stopped" // nothing is sent to a contact any more: who has it says so, or staff
	Started   Kind = "contact.started"
	Moved     Kind = "folder.moved" // to a database on a server, from here on
	Linked    Kind = "people.linked"
	Unlinked  Kind = "people.unlinked"
	DoseOut   Kind = "people.dose-removed"
	DoseBack  Kind = "people.dose-restored"
	PersonOut Kind = "people.removed"
	CardsOut  Kind = "cards.withdrawn"
	ImportOn  Kind = "import.started"
	Imported  Kind = "import.finished"
	StaffIn   Kind = "staff.added"
	StaffOut  Kind = "staff.removed"
	KioskDone Kind = "kiosk.changed" // the outcome says how
	KeyIn     Kind = "key.added"
	KeyOut    Kind = "key.dropped"
	Settings  Kind = "settings.changed"
	Resumed   Kind = "folder.resumed"
	AskedFor  Kind = "audit.person" // somebody was shown the rows of a person
	Exported  Kind = "audit.exported"
	Erased    Kind = "audit.erased" // rows whose time is over
	Swept     Kind = "retention.run"
)

// Kinds are all of them, with what each means.
func Kinds() map[Kind]string { return maps.Clone(kinds) }

// SortedKinds are all of them in order.
func SortedKinds() []Kind { return slices.Sorted(maps.Keys(kinds)) }

var kinds = map[Kind]string{
	Decided:   "the service has looked for whose record a request asks for",
	CodeAsk:   "a new pickup code was asked for at a kiosk",
	Unlocked:  "a record was opened with PIN and pickup code",
	Vouched:   "a record was opened by staff who had seen a photo ID, and the PIN",
	Refused:   "PIN and code opened nothing",
	Fetched:   "the record was given to the kiosk",
	Printed:   "the kiosk reported how a print ended, or why nothing was shown",
	Checked:   "the check page showed what stands on a print to whoever held it and knew the birth date",
	SignedIn:  "a staff member signed in at a kiosk",
	NotIn:     "a sign-in failed at a kiosk",
	Opened:    "staff read a case for review",
	Shown:     "staff was shown this person as one who may be meant",
	Chosen:    "staff chose whose record a request opens",
	Ended:     "staff closed a case for review",
	Amending:  "staff read a correction",
	Amended:   "staff closed a correction",
	Retried:   "staff had a message sent again",
	Stopped:   "a contact wants no messages",
	Started:   "a contact wants messages again",
	Moved:     "the database began to be carried over to a server",
	Linked:    "staff made one person of two",
	Unlinked:  "staff parted a person from another",
	DoseOut:   "staff removed a dose from the record",
	DoseBack:  "staff restored a dose of the record",
	PersonOut: "a person was removed from the registry",
	CardsOut:  "health cards of a person were revoked",
	ImportOn:  "an import began",
	Imported:  "an import ended",
	StaffIn:   "a staff account was made",
	StaffOut:  "a staff account was removed",
	KioskDone: "a kiosk was enrolled, suspended, revoked, asked for something, or answered",
	KeyIn:     "a key was added",
	KeyOut:    "a key is trusted no longer",
	Settings:  "the service started with other settings than before",
	Resumed:   "a restored or copied folder sends again",
	AskedFor:  "somebody was shown who saw this person's data",
	Exported:  "rows of the audit were written into a file",
	Erased:    "rows of the audit whose time was over were erased",
	Swept:     "what is too old was erased by a command",
}
