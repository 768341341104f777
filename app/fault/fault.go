// Package fault names everything that can go wrong at a kiosk, once: the same code
// is what an error carries, what the visit goes by, what the screens have words for
// and what central is told.
//
//	return fmt.Errorf("%w: the file is cut off", fault.Record) // where it happens
//	f := fault.Fault{Code: fault.CodeOf(err)}                  // where it is told
//
// A code is an error, and so is a Fault, which adds a detail for staff; errors.Is
// finds a code in both. The words of a code are in assets/words under "fault.CODE"
// for visitors, and under "fault.CODE-staff", cause and hint, for whoever looks
// after the kiosk. A test wants both in every language.
//
// What arrives in other words is turned into codes by one table each: problems of the API
// in sync/client, reasons of printers in app/printer. What a printer's fault means for a
// page is the table PrinterFaults.
//
// The package imports nothing of the kiosk and refuses personal values: none
// belongs into a detail, because it is shown to staff and written to the log.
package fault

import "errors"

// Code names what is wrong. The zero Code is no fault.
type Code string

// Error is the code itself: it is for the log, never for a visitor.
func (c Code) Error() string { return string(c) }

// Fault is something wrong, as it is told. The zero Fault is none.
type Fault struct {
	Code   Code
	Detail string // for staff, for example what a printer calls it; no personal value
}

// Error is the detail, or the code when there is none.
func (f Fault) Error() string {
	if f.Detail == "" {
		return string(f.Code)
	}
	return f.Detail
}

// Unwrap makes a fault the error that its code is.
func (f Fault) Unwrap() error { return f.Code }

// CodeOf is the first code in an error's chain, "" when it has none.
func CodeOf(err error) Code {
	var c Code
	_ = errors.As(err, &c)
	return c
}

// Outcome is how a print ended.
type Outcome string

// The honest outcomes.
const (
	Printed  Outcome = "printed" // the printer said the job is complete
	HandedOn Outcome = "sent"    // a print server took it and says no more; nothing is left with it
	Failed   Outcome = "failed"  // not printed, and the job is gone from the printer
	Unknown  Outcome = "unknown" // nobody knows; never resent by itself
)

// The faults of central, of this kiosk and of what a visitor types.
const (
	Away        Code = "away"          // central cannot be reached; nothing is lost
	Busy        Code = "busy"          // too many wrong tries, here or everywhere: central makes kiosks wait
	Slow        Code = "slow"          // no answer in time
	Clock       Code = "clock"         // the clock is wrong
	Certificate Code = "certificate"   // the kiosk's certificate is not accepted, or central's is not
	OutOfUse    Code = "out-of-use"    // central has taken the kiosk's certificate back
	Suspended   Code = "suspended"     // central has put the kiosk out of service for now
	Key         Code = "key"           // the kiosk's key is in a TPM, which does not use it
	Setup       Code = "setup"         // the kiosk has never reached central, and waits for it
	Impostor    Code = "impostor"      // it has never reached it either: what answers is not the central it was set up for
	Database    Code = "database"      // what was to be saved could not be
	Record      Code = "record"        // the record failed its checks and is not shown
	OtherPerson Code = "other-person"  // the record is not of whom was asked for
	Revoked     Code = "revoked"       // central has taken back a card of the record
	Page        Code = "page"          // the page failed its own check and is not printed
	Expired     Code = "expired"       // the token or the request is too old
	Refused     Code = "refused"       // wrong code or PIN, or no record: they look alike
	NoTries     Code = "no-tries"      // five tries are used up
	NoMoreCodes Code = "no-more-codes" // new codes were asked for too often
	StaffWrong  Code = "staff-wrong"   // wrong staff id or PIN
	StaffLocked Code = "staff-locked"  // too many failures in a row
	StaffLimit  Code = "staff-limit"   // as many records on photo IDs as may be opened now
	BadReceipt  Code = "bad-receipt"   // the receipt's check character is wrong
	BadTracking Code = "bad-tracking"  // the tracking number's check character is wrong
	NoTracking  Code = "no-tracking"   // central knows no such tracking number
	Recall      Code = "recall"        // not the PIN of the record before
)
