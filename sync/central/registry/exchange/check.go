package exchange

import (
	"strings"
	"unicode"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/registry"
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
func person(d draft, today request.Date) (registry.Entry, registry.Reason) {
	p := registry.Person{Given: d.given, Family: d.family, Phone: d.phone, Email: d.email}
	if !goodID(d.id) {
		return registry.Entry{}, IDWrong
	}
	if d.family == "" {
		return registry.Entry{}, NameMissing
	}
	if !goodText(d.given, longestName) || !goodText(d.family, longestName) {
		return registry.Entry{}, NameWrong
	}
	if !goodText(d.phone, longestContact) || !goodText(d.email, longestContact) {
		return registry.Entry{}, ContactWrong
	}
	var err error
	if p.Birth, err = request.ParseDate(d.birth); err != nil {
		return registry.Entry{}, BirthWrong
	}
	if p.Birth.After(today) {
		return registry.Entry{}, BirthFuture
	}
	if p.Birth.Year < request.OldestYear {
		return registry.Entry{}, BirthOld
	}
	var ok bool
	if p.Gender, ok = genders[strings.ToLower(d.gender)]; !ok {
		return registry.Entry{}, GenderWrong
	}
	return registry.Entry{ID: d.id, Person: &p}, ""
}

// genders by FHIR's code, by ours, and by the letter that registries use.
var genders = map[string]request.Gender{
	"female": request.Female, "f": request.Female, "male": request.Male, "m": request.Male,
	"other": request.Other, "o": request.Other, "x": request.Other,
	"undisclosed": request.Undisclosed, "unknown": request.Undisclosed, "u": request.Undisclosed, "": request.Undisclosed,
}

// dose checks a dose of somebody.
func dose(of string, d record.Dose, today request.Date) (registry.Entry, registry.Reason) {
	if !goodID(of) {
		return registry.Entry{}, PersonWrong
	}
	if day, err := request.ParseDate(d.Date); err != nil || day.After(today) || day.Year < request.OldestYear {
		return registry.Entry{}, DateWrong
	}
	if _, known := assets.VaccineOf(d.CVX); !known {
		return registry.Entry{}, CVXWrong
	}
	switch d.Status {
	case "":
		d.Status = record.StatusCompleted
	case record.StatusCompleted, record.StatusError, record.StatusNotDone:
	default:
		return registry.Entry{}, StatusWrong
	}
	for _, s := range []string{d.Product, d.Manufacturer, d.Lot, d.Performer} {
		if !goodText(s, maxText) {
			return registry.Entry{}, TextWrong
		}
	}
	return registry.Entry{ID: of, Dose: &registry.Report{Dose: d}}, ""
}

// maxRecommendations is how many vaccines may be recommended to somebody.
const maxRecommendations = 100

// recommendations checks those for somebody: all of it, or none.
func recommendations(of string, all []record.Recommendation, today request.Date) (registry.Entry, registry.Reason) {
	if !goodID(of) {
		return registry.Entry{}, PersonWrong
	}
	if len(all) > maxRecommendations {
		return registry.Entry{}, RecommendationWrong
	}
	for _, r := range all {
		if _, known := assets.VaccineOf(r.CVX); !known {
			return registry.Entry{}, CVXWrong
		}
		if asOf, err := request.ParseDate(r.AsOf); err != nil || asOf.After(today) {
			return registry.Entry{}, DateWrong
		}
		if r.Check() != nil {
			return registry.Entry{}, RecommendationWrong
		}
	}
	f := registry.Forecast{All: all}
	if len(all) > 0 {
		f.AsOf = all[0].AsOf
	}
	return registry.Entry{ID: of, Forecast: &f}, ""
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
