// Package request is what a visitor asks for.
//
// A Draft holds the answers as typed, right or wrong. Draft.Check names what is
// wrong with one question as problem codes; Draft.Request turns a draft without
// problems into a Request, which is valid by construction. Encode gives the
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

// A request carries a cell phone or an e-mail address.
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
	Given    string // first name
	Family   string // last name
	Birth    Date   // zero parts are not chosen yet
	Gender   Gender
	Contact  ContactKind
	Phone    string // national digits as typed
	Email    string
	PIN      string
	PINAgain string
	Consent  Consent
}

// Request is a valid request. Names are trimmed and composed (NFC), Phone is
// E.164 or empty, Email is trimmed or empty; exactly one of the two is set.
type Request struct {
	Version  int      `json:"v"`
	Relation Relation `json:"relation"`
	Given    string   `json:"given"`
	Family   string   `json:"family"`
	Birth    Date     `json:"birth"`
	Gender   Gender   `json:"gender"`
	Phone    string   `json:"phone,omitempty"`
	Email    string   `json:"email,omitempty"`
	PIN      string   `json:"pin"`
	Lang     string   `json:"lang"` // language of the notice, BCP 47
	Consent  Consent  `json:"consent"`
}

// EncodingVersion is the version that Encode writes.
const EncodingVersion = 1

// ErrInvalid is wrapped by every refusal to decode.
var ErrInvalid = errors.New("request is not valid")

// Request returns the valid request for a draft, or the problems of every
// question in form order.
func (d Draft) Request(lang string, today Date) (Request, []Problem) {
	var all []Problem
	for _, q := range Questions {
		all = append(all, d.Check(q, today)...)
	}
	if len(all) > 0 {
		return Request{}, all
	}
	r := Request{
		Version: EncodingVersion, Relation: d.Relation,
		Given: cleanName(d.Given), Family: cleanName(d.Family),
		Birth: d.Birth, Gender: d.Gender, PIN: d.PIN, Lang: lang, Consent: d.Consent,
	}
	switch d.Contact {
	case ByPhone:
		r.Phone, _ = parsePhone(d.Phone)
	case ByEmail:
		r.Email = cleanEmail(d.Email)
	}
	return r, nil
}

// String keeps personal values out of logs and error texts (promise P9).
func (r Request) String() string { return fmt.Sprintf("request(%s)", r.Relation) }

// GoString is String, so that %#v tells no more.
func (r Request) GoString() string { return r.String() }

// String keeps personal values out of logs and error texts (promise P9).
func (d Draft) String() string { return fmt.Sprintf("draft(%s)", d.Relation) }

// GoString is String, so that %#v tells no more.
func (d Draft) GoString() string { return d.String() }
