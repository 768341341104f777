// Package api is the contract between kiosk and central, version 1.
//
// openapi.yaml is the source of truth; types.gen.go is generated from it by
// "make generate". Besides the types this package holds the problem codes of
// RFC 9457 answers, the limit of a UsageBatch and a preference of kiosks, which both
// ends use, and nothing else.
//
// Kiosks and central may be one release apart. Tests hold what is said here to the contract of
// the last release, in testdata: kiosks pass over members of an answer that they do not know,
// and take a problem with a code that they do not know for central being away.
package api

import "strings"

// Problem codes. The type of a problem is ProblemPrefix and the code.
const (
	ProblemRefused            = "refused"             // 403: wrong PIN, wrong code or no record
	ProblemOver               = "no-tries-left"       // 423: five tries used up
	ProblemStaff              = "staff-refused"       // 403: wrong staff id or PIN
	ProblemStaffLocked        = "staff-locked"        // 423: too many failures in a row
	ProblemStaffToken         = "staff-token"         // 401: the staff token is unknown, too old or another kiosk's
	ProblemStaffLimit         = "staff-limit"         // 429: as many records on photo IDs as one staff member or kiosk may open now, with Retry-After
	ProblemNoNotices          = "no-notices-left"     // 429: two resent codes are all
	ProblemExpired            = "expired"             // 410: the request or token is too old
	ProblemUnknown            = "unknown"             // 404: no such request
	ProblemKeyReused          = "key-reused"          // 422: idempotency key with another body
	ProblemBadEnvelope        = "bad-envelope"        // 422: does not open, or content is not valid
	ProblemCannotOpen         = "cannot-open"         // 503: sealed to another key or of a newer version, which may be central's fault: keep it
	ProblemBadRequest         = "bad-request"         // 400: not the JSON the contract wants
	ProblemUnknownField       = "unknown-field"       // 400: a member that the contract does not name
	ProblemWrongType          = "wrong-type"          // 400: a member of another type
	ProblemClock              = "clock-skew"          // 400: clocks differ too much to open anything
	ProblemTooLarge           = "too-large"           // 413: body over 64 KiB, of a request 8 KiB, of an enrolment 16 KiB, of a heartbeat 1 KiB
	ProblemToken              = "bad-token"           // 401: no, unknown, expired or another kiosk's token
	ProblemCertificate        = "no-certificate"      // 401: no client certificate
	ProblemCertificateExpired = "certificate-expired" // 401: the client certificate's time is over
	ProblemKioskRevoked       = "kiosk-revoked"       // 401: the kiosk's certificate was taken back, permanently
	ProblemKioskSuspended     = "kiosk-suspended"     // 401: the kiosk is out of service until central's operator resumes it
	ProblemEnrolment          = "enrolment-refused"   // 403: a code that is unknown, used or expired, or a wrong proof
	ProblemBusy               = "busy"                // 429 or 503, with Retry-After
	ProblemTooMany            = "too-many"            // 429: more of these than one kiosk may hand in now, with Retry-After; the rest goes on
	ProblemInternal           = "internal"            // 500: central's own fault
)

// UsageNames is how many names a UsageBatch has at most: kiosks keep to it, and central
// refuses more.
const UsageNames = 64

// PreferLongReceipt is what a kiosk says in Prefer (RFC 7240) that tells visitors receipts of
// 50 bits; others are answered with one of 35.
const PreferLongReceipt = "receipt=long"

// OrderType is the typ of the JWS of an Order.
const OrderType = "vaxkiosk-order+jwt"

// ProblemPrefix starts the type of every problem.
const ProblemPrefix = "urn:vaxkiosk:problem:"

// Code is the problem code inside the type.
func (p Problem) Code() string { return strings.TrimPrefix(p.Type, ProblemPrefix) }
