// Package record is the vaccine record as central signed it.
//
// Central answers GET /v1/record with an Answer: the whole record as one JWS
// (the statement, a FHIR R4 Bundle inside) and one to four SMART Health Cards.
// Parse verifies every signature against pinned keys, checks that each card
// carries just the doses the statement says it carries, and returns a Record.
// Nothing else makes a Record, so one that exists is verified (promise P7).
//
// A record has what the registry has: doses of a month or a year, with a code that no table
// knows, and entries that are no vaccination (Other). Which code was unknown and how much
// could not be read at all, central says and signs, so that both ends agree whatever tables a
// kiosk has. Statements of before say nothing of it, and hold.
//
// The package refuses unsigned data, other algorithms than ES256, unknown keys
// and cards that disagree with the table. Errors hold no personal value.
package record

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/assets"
)

// Record is a verified vaccine record, ready to be shown and printed.
type Record struct {
	Given    string // first and middle names as the registry writes them
	Family   string
	Birth    string // YYYY-MM-DD
	Registry string // who vouches for the record, for people
	Issuer   string // iss of statement and cards: an https URL without trailing slash
	Issued   time.Time
	Check    string // address of the issuer's check page with this record's code; "" from a central without one
	Doses    []Dose // newest first
	Cards    []Card

	// Recommendations are what the registry's forecast says, in its order; none when
	// it has made no forecast. They are never on a card.
	Recommendations []Recommendation

	// How many entries on file, doses as it seems, and recommendations the registry could
	// not read: a record with some is not complete, and says so.
	Unread, UnreadRecommendations int
}

// Dose is one immunization event. Empty strings mean "not on file".
type Dose struct {
	Date         string // YYYY-MM-DD; YYYY-MM or YYYY when no more is on file
	About        bool   // Date is what the source says in words only ("about 1990")
	CVX          string // CDC vaccine code, two or three digits; "" only when Unknown
	Unknown      bool   // the registry's tables do not have the code; Product says what the source says
	Name         string // of the vaccine in the issuer's tables, for a kiosk whose own are older; "" in a registry
	Product      string // trade name
	Manufacturer string // name, from the MVX table
	Lot          string
	Performer    string // where it was given
	Status       string // FHIR: completed, not-done or entered-in-error
	NotValid     bool   // given, but the registry's evaluation does not count it (FHIR isSubpotent = true)
	Historical   bool   // told by a patient or an older record, not by who gave it (FHIR primarySource = false)
	Card         int    // number of the health card that holds it, from 1; 0 for none
}

// Completed reports whether the dose was given, and not entered in error. It may count for
// nothing all the same: see NotValid.
func (d Dose) Completed() bool { return d.Status == StatusCompleted }

// FitsCard reports whether a health card may hold the dose: a vaccination that was given,
// that counts, that whoever gave it has reported, of which day and code are known. All
// others are in the table only, with Remarks. A card has no room for a remark, and who
// scans it would take the dose for one like all others.
func (d Dose) FitsCard() bool { return !d.Other() && len(d.Remarks()) == 0 }

// Remarks are what is to be said of a dose wherever it is shown, most important first;
// none for one that a card may hold. Of a dose that is not Completed nothing else is said
// than that; an entry that is Other may have none, too. Words are under paper.status-….
func (d Dose) Remarks() (all []string) {
	switch {
	case d.Status == StatusNotDone, d.Status == StatusError:
		return []string{d.Status}
	case !d.Completed():
		return []string{RemarkOther}
	}
	if d.NotValid {
		all = append(all, RemarkNotValid)
	}
	if d.Historical {
		all = append(all, RemarkHistorical)
	}
	if !d.Exact() {
		all = append(all, RemarkDay)
	}
	if d.Unknown {
		all = append(all, RemarkCode)
	}
	return all
}

// Remarks besides StatusNotDone and StatusError.
const (
	RemarkOther      = "other" // a status that the kiosk does not know
	RemarkNotValid   = "not-valid"
	RemarkHistorical = "historical"
	RemarkDay        = "day-unknown"  // month or year only, or not certain
	RemarkCode       = "unknown-code" // the registry's tables do not have the code
)

// Recommendation is what a forecast says of one vaccine, or one disease.
type Recommendation struct {
	CVX     string
	Name    string // as that of a Dose
	Disease string // SNOMED CT code of what it is against, when the forecast names no vaccine
	Status  string // StatusDue and the like
	Date    string // YYYY-MM-DD on which it is due; may be empty unless due or overdue
	AsOf    string // YYYY-MM-DD on which the forecast was made
}

// Statuses of recommendations, of the FHIR value set.
const (
	StatusDue             = "due"
	StatusOverdue         = "overdue"
	StatusImmune          = "immune"
	StatusContraindicated = "contraindicated"
	StatusComplete        = "complete"
)

// Check tells what is wrong with a recommendation.
func (r Recommendation) Check() error {
	_, noDay := time.Parse(time.DateOnly, r.Date)
	_, noAsOf := time.Parse(time.DateOnly, r.AsOf)
	dueAtSomeTime := r.Status == StatusDue || r.Status == StatusOverdue
	_, disease := assets.DiseaseKey(r.Disease)
	switch {
	case !cvx.MatchString(r.CVX) && (r.CVX != "" || !disease):
		return errors.New("a recommendation without the code of a vaccine or of a disease that has a name here")
	case !dueAtSomeTime && r.Status != StatusImmune && r.Status != StatusContraindicated && r.Status != StatusComplete:
		return errors.New("a recommendation with another status than those of FHIR")
	case noAsOf != nil:
		return errors.New("a recommendation that does not say as of which day")
	case noDay != nil && (r.Date != "" || dueAtSomeTime):
		return errors.New("a recommendation without the day on which it is due")
	}
	return nil
}

var cvx = regexp.MustCompile(`^[0-9]{2,3}$`)

// Card is one verified SMART Health Card.
type Card struct {
	JWS    string
	Doses  []CardDose
	KeyID  string // of the key that signed it
	rid    string // names it in the key's revocation list; empty: it cannot be revoked
	issued int64  // seconds since 1970
}

// RevokedBy reports whether a revocation list of the card's key has it: by its id alone,
// or by its id and a time after its own (SMART Health Cards Framework, Revocation).
func (c Card) RevokedBy(list []string) bool {
	return c.rid != "" && slices.ContainsFunc(list, func(entry string) bool {
		rid, before, dated := strings.Cut(entry, ".")
		if rid != c.rid {
			return false
		}
		at, err := strconv.ParseInt(before, 10, 64)
		return !dated || err != nil || c.issued < at // a date that nobody can read spares nobody
	})
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
// lot and performer only when short enough for the profile, and no lot that says
// that it is one ("Lot # 123").
func (d Dose) OnCard() CardDose {
	c := CardDose{Date: d.Date, CVX: d.CVX, Lot: strings.TrimSpace(d.Lot), Performer: strings.TrimSpace(d.Performer)}
	if len([]rune(c.Lot)) >= maxCardLot || strings.Contains(strings.ToLower(c.Lot), "lot") {
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
