package desk

import (
	"context"
	"fmt"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/app/usage"
	"vaxkiosk/app/visit"
)

// Outbox keeps requests until central has them.
type Outbox interface {
	// Save seals the request and returns after it is committed to disk with
	// synchronous=FULL. An error means nothing was kept. It never blocks on the network.
	Save(ctx context.Context, r request.Request) (Saved, error)
	// SaveAmendment does the same with an amendment; Receipt is its tracking number.
	SaveAmendment(ctx context.Context, c request.Correction) (Saved, error)
}

// Reports keeps what helps to run the service until central has it. Nothing
// personal is in it. An error means nothing was kept.
type Reports interface {
	// SaveReport keeps a problem report: its kind and the screen it is about.
	SaveReport(ctx context.Context, kind, screen string) error
	// SaveUsage keeps the counts of an hour.
	SaveUsage(ctx context.Context, b usage.Batch) error
}

// Saved names a committed request.
type Saved struct {
	Key     string // idempotency key
	Receipt string // number for the visitor
}

// Refusal is central's uniform no.
type Refusal struct{ Left int }

func (r *Refusal) Error() string { return fmt.Sprintf("refused, %d tries left", r.Left) }

// Central is the other end. Every error that is no refusal has the code of a fault
// (fault.CodeOf); one without is taken for fault.Away. None holds a personal value.
type Central interface {
	Requests
	Amendments
	Gate
	Records
}

// Requests follows what was asked for.
type Requests interface {
	// Answered returns nil once central has dealt with the request, whatever it
	// found; it waits as long as ctx lives and survives outages.
	Answered(ctx context.Context, key string) error
	// Resend asks central for a new pickup code, to the same contact or the other
	// one on file, and returns how often that can be asked for again; fault.NoMoreCodes
	// when it was asked for too often. Exactly one of key and receipt is set. It is sent at
	// most once.
	Resend(ctx context.Context, key, receipt string, other bool) (left int, err error)
}

// Amendments follows what was asked to be corrected.
type Amendments interface {
	// Track tells how far an amendment is, fault.NoTracking for an unknown number; may
	// be repeated.
	Track(ctx context.Context, number string) (visit.Progress, error)
}

// Gate proves who may have a record. Its calls are sent at most once, because
// each counts: a lost answer is fault.Away, and the try may have been counted.
type Gate interface {
	// Unlock proves possession. Exactly one of key and receipt is set. A refusal
	// is a *Refusal.
	Unlock(ctx context.Context, key, receipt, code, pin string) (token string, err error)
	// SignIn signs a staff member in and returns a short-lived token; fault.StaffWrong
	// when id or PIN is wrong, fault.StaffLocked after too many failures.
	SignIn(ctx context.Context, id, pin string) (token string, err error)
	// Vouch is Unlock with a staff token and the kind of photo ID seen in place of
	// the pickup code.
	Vouch(ctx context.Context, key, staffToken, idKind, pin string) (token string, err error)
}

// Records hands out what a token was given for.
type Records interface {
	// Record fetches and verifies the record of a token; may be repeated. A record of
	// which nobody can say whether its cards are revoked is fault.Away.
	Record(ctx context.Context, token string) (record.Record, error)
	// StillValid reports whether central has revoked no card of a record since it was
	// fetched, fault.Revoked if it has. What central said within the last minute is not
	// asked again, and while central is away what it said last counts.
	StillValid(ctx context.Context, r record.Record) error
	// Printed notes how a print ended, or that a record was refused, for central's
	// audit: the outcome and the code of the fault. Idempotent by job.
	Printed(ctx context.Context, token, job string, how Result, pages int) error
}

// Renderer draws a record as a document in memory and checks it: every code on
// the page is decoded again and compared with the table (promise P7). An error
// means it must not be printed.
type Renderer interface {
	Render(r record.Record, how Page) (Document, error)
	// Slip draws a receipt or tracking number, in words and as a code to scan, with
	// nothing personal on it.
	Slip(kind visit.SlipKind, number, lang string) (Document, error)
	// TestPage draws what shows what printer and scanners can do; nothing personal is
	// on it.
	TestPage(lang string) (Document, error)
}

// Page says how a record is to be printed.
type Page struct {
	Lang    string // the visitor's, BCP 47
	Receipt string // may be empty
	Large   bool   // in large print
}

// Document is finished pages, in memory only.
type Document struct {
	PDF      []byte
	Pages    int
	Personal bool // of somebody: a printer that is set up to hold such pages does
}

// Printer prints one document and tells honestly how it ended.
type Printer interface {
	// Print sends the document and follows the job to its end. When ctx ends
	// first, the job is cancelled at the printer. Progress may be called any
	// number of times, never after Print has returned.
	Print(ctx context.Context, d Document, progress func(Progress)) Result
	// Ready reports whether the printer can print now; a nil fault means it can.
	Ready(ctx context.Context) *fault.Fault
}

// Progress is what the printer says while it works.
type Progress struct {
	Page  int          // page in the printer, 0 when it does not say
	Fault *fault.Fault // what it waits for, nil when it prints
	// Release is the number that the visitor types at the printer, which holds the pages
	// until then; empty when it does not.
	Release string
}

// Result is an outcome and, unless printed or sent, why.
type Result struct {
	Outcome fault.Outcome
	Fault   fault.Fault
}
