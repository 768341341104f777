package exchange

import (
	"strings"
	"unicode"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/people"
)

// maxText is how long a text of a dose may be, in letters as people count them.
const maxText = 200

// A name has to fit the form, or nobody could ask for it; and a contact, whatever it
// is, what the form takes for the longer kind.
var (
	longestName    = request.Longest(request.FieldFamily)
	longestContact = request.Longest(request.FieldEmail)
)

// draft is a person as a line has them.
type draft struct{ id, given, family, birth, gender, phone, email string }

// person checks a person.
func person(d draft, today request.Date) (people.Entry, Reason) {
	p := people.Person{Given: d.given, Family: d.family, Phone: d.phone, Email: d.email}
	if !goodID(d.id) {
		return people.Entry{}, IDWrong
	}
	if d.family == "" {
		return people.Entry{}, NameMissing
	}
	if !goodText(d.given, longestName) || !goodText(d.family, longestName) {
		return people.Entry{}, NameWrong
	}
	if !goodText(d.phone, longestContact) || !goodText(d.email, longestContact) {
		return people.Entry{}, ContactWrong
	}
	var err error
	if p.Birth, err = request.ParseDate(d.birth); err != nil {
		return people.Entry{}, BirthWrong
	}
	if p.Birth.After(today) {
		return people.Entry{}, BirthFuture
	}
	if p.Birth.Year < request.OldestYear {
		return people.Entry{}, BirthOld
	}
	var ok bool
	if p.Gender, ok = genders[strings.ToLower(d.gender)]; !ok {
		return people.Entry{}, GenderWrong
	}
	return people.Entry{ID: d.id, Person: &p}, ""
}

// genders by FHIR's code, by ours, and by the letter that registries use.
var genders = map[string]request.Gender{
	"female": request.Female, "f": request.Female, "male": request.Male, "m": request.Male,
	"other": request.Other, "o": request.Other, "x": request.Other,
	"undisclosed": request.Undisclosed, "unknown": request.Undisclosed, "u": request.Undisclosed, "": request.Undisclosed,
}

// dose checks a dose of somebody.
func dose(of string, d record.Dose, today request.Date) (people.Entry, Reason) {
	if !goodID(of) {
		return people.Entry{}, PersonWrong
	}
	if day, err := request.ParseDate(d.Date); err != nil || day.After(today) || day.Year < request.OldestYear {
		return people.Entry{}, DateWrong
	}
	if _, known := assets.VaccineOf(d.CVX); !known {
		return people.Entry{}, CVXWrong
	}
	switch d.Status {
	case "":
		d.Status = record.StatusCompleted
	case record.StatusCompleted, record.StatusError, record.StatusNotDone:
	default:
		return people.Entry{}, StatusWrong
	}
	for _, s := range []string{d.Product, d.Manufacturer, d.Lot, d.Performer} {
		if !goodText(s, maxText) {
			return people.Entry{}, TextWrong
		}
	}
	return people.Entry{ID: of, Dose: &d}, ""
}

// maxAdvice is how many vaccines a forecast may speak of.
const maxAdvice = 100

// advice checks a forecast for somebody: all of it, or none.
func advice(of string, all people.Advice, today request.Date) (people.Entry, Reason) {
	if !goodID(of) {
		return people.Entry{}, PersonWrong
	}
	if len(all) > maxAdvice {
		return people.Entry{}, AdviceWrong
	}
	for _, r := range all {
		if _, known := assets.VaccineOf(r.CVX); !known {
			return people.Entry{}, CVXWrong
		}
		if asOf, err := request.ParseDate(r.AsOf); err != nil || asOf.After(today) {
			return people.Entry{}, DateWrong
		}
		if r.Check() != nil {
			return people.Entry{}, AdviceWrong
		}
	}
	return people.Entry{ID: of, Advice: &all}, ""
}

// goodID follows FHIR's rule for ids.
func goodID(s string) bool {
	return s != "" && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return r != '-' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
}

func goodText(s string, most int) bool {
	return request.Letters(s) <= most && strings.IndexFunc(s, unicode.IsControl) < 0
}
