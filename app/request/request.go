// Package request is what a visitor asks for: a record, or the correction of one.
//
// What is typed is folded before it counts (Fold), and has a greatest length
// (Longest); one rule says which phone numbers are taken (CheckCell). Central goes by the
// same rules.
//
// A Draft holds the answers as typed, right or wrong. Draft.Check names what is
// wrong with one question as problem codes; Draft.Request turns a draft without
// problems into a Request, Draft.Correction into a Correction; both are valid by
// construction. Which questions there are depends on whose record it is and on
// what is wanted: Draft.Questions lists them. Encode gives the
// canonical bytes that are sealed for central, Decode reads them back and checks
// every rule again, because central trusts no kiosk.
//
// The package refuses to phrase sentences (the word catalogue does), to read a
// clock (today is an argument) and to log.
package request

import (
	"errors"
	"fmt"
)

// Relation says whose record is asked for.
type Relation string

// The relations, as sent to central.
const (
	Self        Relation = "self"        // my own record, 18 or older
	Child       Relation = "child"       // my child under 18; the notice goes to the guardian contact on file
	Represented Relation = "represented" // somebody I may legally act for
)

// Capacity says in which way somebody is represented.
type Capacity string

// The capacities, as sent to central.
const (
	CourtGuardian Capacity = "guardian" // appointed by a court
	HealthAgent   Capacity = "agent"    // named in a health care proxy
	Attorney      Capacity = "attorney" // holds a power of attorney
)

// Capacities are in the order they are offered.
var Capacities = []Capacity{CourtGuardian, HealthAgent, Attorney}

// Name is a first and a last name.
type Name struct {
	Given  string `json:"given,omitempty"`
	Family string `json:"family,omitempty"`
}

// Suffixes that can be chosen, in the order they are offered.
var Suffixes = []string{"Jr.", "Sr.", "II", "III", "IV"}

// Gender is what the registry matches on.
type Gender string

// The genders, as sent to central. Undisclosed never excludes a match.
const (
	Female      Gender = "female"
	Male        Gender = "male"
	Other       Gender = "other"
	Undisclosed Gender = "undisclosed"
)

// ContactKind is the kind of contact a visitor gives.
type ContactKind string

// The kinds; a request has a contact of one, or of each.
const (
	ByPhone ContactKind = "phone"
	ByEmail ContactKind = "email"
)

// Consent records which texts the visitor agreed to, by version.
type Consent struct {
	Policy      string `json:"policy"`      // version of the privacy policy and terms
	Declaration string `json:"declaration"` // version of the declaration for the relation
}

// Draft is a request as typed so far. The zero Draft is an empty form.
type Draft struct {
	Relation Relation
	Capacity Capacity // of somebody represented
	Asker    Name     // the guardian's or representative's own name
	Given    string   // first name
	Middle   string   // optional
	Family   string   // last name
	Single   bool     // the person has one name only, Family
	Suffix   string   // optional, one of Suffixes
	Other    Name     // optional, another name the person has used; one part is enough
	Birth    Date     // zero parts are not chosen yet
	Gender   Gender
	Contact  ContactKind // where the answer goes
	Both     bool        // the contact of the other kind counts as well
	Phone    string      // national digits as typed
	Email    string
	PIN      string
	PINAgain string
	Consent  Consent
	Fix      Fix // what to correct; the zero Fix for a request
}

// Request is a valid request. Texts are folded (Fold), Phone is E.164 or empty; the
// contact of kind Contact is set.
type Request struct {
	Version  int         `json:"v"`
	Relation Relation    `json:"relation"`
	Capacity Capacity    `json:"capacity,omitempty"`
	Asker    Name        `json:"asker,omitzero"`
	Given    string      `json:"given,omitempty"` // "" for a person with one name only
	Middle   string      `json:"middle,omitempty"`
	Family   string      `json:"family"`
	Suffix   string      `json:"suffix,omitempty"`
	Other    Name        `json:"other,omitzero"`
	Birth    Date        `json:"birth"`
	Gender   Gender      `json:"gender"`
	Contact  ContactKind `json:"contact"`
	Phone    string      `json:"phone,omitempty"`
	Email    string      `json:"email,omitempty"`
	PIN      string      `json:"pin"`
	Lang     string      `json:"lang"` // language of the notice, BCP 47
	Consent  Consent     `json:"consent"`
}

// EncodingVersion is the version that Encode writes. It is raised with whatever an older
// program would refuse, new members as well as wider rules: central keeps a request
// of a newer version until it can read it.
const EncodingVersion = 1

// ErrInvalid is wrapped by every refusal to decode.
var ErrInvalid = errors.New("request is not valid")

// Request returns the valid request for a draft, or the problems of every
// question in form order.
func (d Draft) Request(lang string, today Date) (Request, []Problem) {
	d.Fix = Fix{}
	if all := d.problems(today); len(all) > 0 {
		return Request{}, all
	}
	r := Request{
		Version: EncodingVersion, Relation: d.Relation,
		Given: Fold(d.Given), Middle: Fold(d.Middle), Family: Fold(d.Family), Suffix: d.Suffix, Other: d.Other.clean(),
		Birth: d.Birth, Gender: d.Gender, Contact: d.Contact, PIN: d.PIN, Lang: lang, Consent: d.Consent,
	}
	if d.Single {
		r.Given, r.Middle = "", ""
	}
	r.Phone, r.Email = d.contacts()
	if d.Relation != Self {
		r.Asker = d.Asker.clean()
	}
	if d.Relation == Represented {
		r.Capacity = d.Capacity
	}
	return r, nil
}

// problems are those of every question, the optional ones too.
func (d Draft) problems(today Date) []Problem {
	var all []Problem
	for _, q := range d.Questions() {
		all = append(all, d.Check(q, today)...)
		for _, o := range Optional[q] {
			all = append(all, d.Check(o, today)...)
		}
	}
	return all
}

// contacts are the valid contacts that count, "" for the others.
func (d Draft) contacts() (phone, email string) {
	if d.Contact == ByPhone || d.Both {
		phone, _ = parsePhone(d.Phone)
	}
	if d.Contact == ByEmail || d.Both {
		email = Fold(d.Email)
	}
	return phone, email
}

// Text is where the text of a field is kept, nil for one that is not typed in letters.
func (d *Draft) Text(f Field) *string { return d.texts()[f] }

func (d *Draft) texts() map[Field]*string {
	return map[Field]*string{
		FieldGiven: &d.Given, FieldFamily: &d.Family, FieldMiddle: &d.Middle,
		FieldOtherGiven: &d.Other.Given, FieldOtherFamily: &d.Other.Family,
		FieldAskerGiven: &d.Asker.Given, FieldAskerFamily: &d.Asker.Family,
		FieldPhone: &d.Phone, FieldEmail: &d.Email,
		FieldRight: &d.Fix.Right, FieldVaccine: &d.Fix.Vaccine, FieldPlace: &d.Fix.Place,
		FieldNewGiven: &d.Fix.New.Given, FieldNewFamily: &d.Fix.New.Family,
	}
}

// Folded is the draft with its texts as they are sent.
func (d Draft) Folded() Draft {
	for _, t := range d.texts() {
		*t = Fold(*t)
	}
	return d
}

func (n Name) clean() Name { return Name{Fold(n.Given), Fold(n.Family)} }

// String keeps personal values out of logs and error texts (promise P9).
func (r Request) String() string { return fmt.Sprintf("request(%s)", r.Relation) }

// GoString is String, so that %#v tells no more.
func (r Request) GoString() string { return r.String() }

// String keeps personal values out of logs and error texts (promise P9).
func (d Draft) String() string { return fmt.Sprintf("draft(%s)", d.Relation) }

// GoString is String, so that %#v tells no more.
func (d Draft) GoString() string { return d.String() }
