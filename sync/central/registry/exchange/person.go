package exchange

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"vaxkiosk/app/names"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// draft is a person as a source has them.
type draft struct {
	id                             string
	given                          []string // one by one
	family                         string
	suffix                         []string
	birth                          string
	clock                          bool // birth may have the midnight that spreadsheets write
	gender                         string
	at                             time.Time
	contacts                       []reach
	also                           []spelled
	inactive, deceased, restricted bool
	replacedBy, index              string
}

// spelled is a name in its parts.
type spelled struct {
	given  []string
	family string
	suffix []string
}

// maxAlso and maxMore are how many other names and further contacts are kept.
const (
	maxAlso = 10
	maxMore = 20
)

// longestName is what the form takes: with a longer name nobody could ask.
var longestName = request.Longest(request.FieldFamily)

// genders by FHIR's code, by ours, by the letter that registries use (HL7 v2 table 0001), and
// as people write them, in small letters without signs.
var genders = map[string]request.Gender{
	"female": request.Female, "f": request.Female, "male": request.Male, "m": request.Male,
	"other": request.Other, "o": request.Other, "x": request.Other, "a": request.Other, "nonbinary": request.Other, "nb": request.Other,
	"intersex": request.Other, "undifferentiated": request.Other,
	"undisclosed": request.Undisclosed, "unknown": request.Undisclosed, "u": request.Undisclosed, "unk": request.Undisclosed, "": request.Undisclosed,
	"n": request.Undisclosed, "na": request.Undisclosed, "notspecified": request.Undisclosed, "declined": request.Undisclosed, "prefernottosay": request.Undisclosed,
}

// person checks a person.
func (c *reading) person(d draft) result {
	if !goodID(d.id) {
		return refused(IDWrong)
	}
	now := spelled{d.given, d.family, d.suffix}
	if odd(d.family + strings.Join(d.given, "")) {
		return refused(NameWrong)
	}
	p := registry.Person{
		Inactive: d.inactive, Deceased: d.deceased, Restricted: d.restricted, ReplacedBy: d.replacedBy, Index: d.index,
	}
	p.Given, p.Family = now.written()
	if (p.Inactive || p.ReplacedBy != "") && (p.Family == "" || d.birth == "") { // no more than that it is gone
		p.Given, p.Family = "", ""
		return result{entry: registry.Entry{ID: d.id, At: d.at, Person: &p}}
	}
	switch {
	case p.Family == "":
		return refused(NameMissing)
	case request.Letters(p.Given) > longestName || request.Letters(p.Family) > longestName:
		return refused(NameWrong)
	case isTest(p.Given, p.Family):
		return refused(TestPatient)
	}
	var why registry.Reason
	if p.Birth, why = c.birth(d.birth, d.clock); why != "" {
		return refused(why)
	}
	var ok bool
	if p.Gender, ok = genders[bare(d.gender)]; !ok {
		return refused(GenderWrong)
	}
	p.Also = otherSpellings(d.also, p.Given, p.Family)
	p.Phone, p.Email, p.More = inOrder(d.contacts)
	return result{entry: registry.Entry{ID: d.id, At: d.at, Person: &p}}
}

// birth is a whole day.
func (c *reading) birth(s string, clock bool) (request.Date, registry.Reason) {
	if clock {
		s = plainDay(s, midnight) // another time may be another day's, in another zone
	}
	day, err := request.ParseDate(s)
	switch {
	case err != nil:
		return day, BirthWrong
	case day.After(c.Today):
		return day, BirthFuture
	case day.Year < request.OldestYear:
		return day, BirthOld
	}
	return day, ""
}

// written is a name in two parts. Who has one name only has it as the family name,
// whichever it is here. A middle name is another given name, and stays part of the first
// name: it may be all that tells twins apart.
func (s spelled) written() (given, family string) {
	if family = legible(s.family); strings.IndexFunc(family, unicode.IsLetter) < 0 { // "." and "-" are none
		family = ""
	}
	if family == "" {
		family = fitting(s.given)
	} else {
		given = fitting(s.given)
	}
	if family == "" {
		return "", ""
	}
	if suffix := generation(s.suffix); suffix != "" && !endsWith(family, suffix) {
		if with := family + " " + suffix; request.Letters(with) <= longestName {
			family = with
		}
	}
	return given, family
}

// fitting puts given names together, as many as the form takes: rather a shorter name
// than nobody. The first is taken whatever it is, or as many of its words as fit.
func fitting(given []string) (all string) {
	for _, n := range given {
		if n = legible(n); strings.IndexFunc(n, unicode.IsLetter) < 0 {
			continue
		}
		if all == "" && request.Letters(n) > longestName && strings.Contains(n, " ") {
			return fitting(strings.Fields(n))
		}
		with := strings.TrimSpace(all + " " + n)
		if all != "" && request.Letters(with) > longestName {
			return all
		}
		all = with
	}
	return all
}

// generation is what tells father and son apart, as it is written. A degree does not.
func generation(suffix []string) string {
	for _, s := range suffix {
		for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
			if names.Suffix(word) != "" {
				return word
			}
		}
	}
	return ""
}

func endsWith(family, suffix string) bool {
	_, has := names.Family(names.Words(family))
	return has == names.Suffix(suffix)
}

// otherSpellings are names beside the one of today, each once. What an entry lacks is as in that one.
func otherSpellings(also []spelled, given, family string) (all []request.Name) {
	for _, s := range also {
		n := request.Name{}
		if strings.TrimSpace(s.family) == "" && !s.has() {
			continue
		}
		if strings.TrimSpace(s.family) == "" {
			n.Given, n.Family = fitting(s.given), family
		} else {
			n.Given, n.Family = s.written()
		}
		if n.Given == "" {
			n.Given = given
		}
		same := n.Given == given && n.Family == family || odd(n.Given+n.Family)
		long := request.Letters(n.Given) > longestName || request.Letters(n.Family) > longestName
		if !same && !long && !slices.Contains(all, n) && len(all) < maxAlso {
			all = append(all, n)
		}
	}
	return all
}

// Words of the names of patients that hospitals make up. Beside one of the first all others
// are of these.
var (
	testNames  = strings.Fields("test testing tester testpatient")
	withinTest = append(strings.Fields("patient zz zzz xx xxx do not use one two three"), testNames...)
)

// isTest knows patients that are made up, by names that are nobody's.
func isTest(given, family string) bool {
	if !strings.Contains(strings.ToLower(given+family), "test") {
		return false
	}
	words := append(names.Words(family), names.Words(given)...)
	is, other := false, false
	for _, w := range words {
		if w = strings.TrimRight(w, "0123456789"); w == "" {
			continue
		}
		if strings.HasPrefix(w, "zztest") || strings.HasPrefix(w, "zzztest") || w == "testpatient" {
			return true
		}
		is = is || slices.Contains(testNames, w)
		other = other || !slices.Contains(withinTest, w)
	}
	return is && !other && len(words) > 1
}
