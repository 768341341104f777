// Package record is the vaccine record as central signed it.
//
// Central answers GET /v1/record with an Answer: the whole record as one JWS
// (the statement, a FHIR R4 Bundle inside) and one to four SMART Health Cards.
// Parse verifies every signature against pinned keys, checks that each card
// carries just the doses the statement says it carries, and returns a Record.
// Nothing else makes a Record, so one that exists is verified (promise P7).
//
// The package refuses unsigned data, other algorithms than ES256, unknown keys
// and cards that disagree with the table. Errors hold no personal value.
package record

import (
	"time"
)

// Record is a verified vaccine record, ready to be shown and printed.
type Record struct {
	Given    string // first and middle names as the registry writes them
	Family   string
	Birth    string // YYYY-MM-DD
	Registry string // who vouches for the record, for people
	Issuer   string // iss of statement and cards: an https URL without trailing slash
	Issued   time.Time
	Doses    []Dose // newest first
	Cards    []Card
}

// Dose is one immunization event. Empty strings mean "not on file".
type Dose struct {
	Date         string // YYYY-MM-DD
	CVX          string // CDC vaccine code, two or three digits
	Product      string // trade name
	Manufacturer string // name, from the MVX table
	Lot          string
	Performer    string // where it was given
	Status       string // FHIR: completed, not-done or entered-in-error
	Card         int    // number of the health card that holds it, from 1; 0 for none
}

// Completed tells whether the dose was given and stands.
func (d Dose) Completed() bool { return d.Status == StatusCompleted }

// Card is one verified SMART Health Card.
type Card struct {
	JWS   string
	Doses []CardDose
}

// CardDose is a dose as a health card carries it (data-minimised).
type CardDose struct {
	Date, CVX, Lot, Performer string
}

// Limits of the SMART Health Cards vaccination profile, data-minimised.
const (
	maxCardPerformer = 30 // characters, exclusive
	maxCardLot       = 20 // characters, exclusive
)

// OnCard is the dose as a card carries it: no manufacturer, product or status;
// lot and performer only when short enough for the profile.
func (d Dose) OnCard() CardDose {
	c := CardDose{Date: d.Date, CVX: d.CVX, Lot: d.Lot, Performer: d.Performer}
	if len([]rune(c.Lot)) >= maxCardLot {
		c.Lot = ""
	}
	if len([]rune(c.Performer)) >= maxCardPerformer {
		c.Performer = ""
	}
	return c
}

// String keeps personal values out of logs and error texts (promise P9).
func (r Record) String() string { return "record" }

// GoString is String, so that %#v tells no more.
func (r Record) GoString() string { return "record" }
