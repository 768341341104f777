package registry

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// How reports become doses. A report stays as its source gave it; what is shown, printed
// and signed is composed of all reports whenever a person is read, so that a later
// correction of a birth date, or another report, counts for what is there already.
//
// Two reports are of one dose when they are of the same day and vaccine, or when one
// says which vaccine and the other only what it is against; unless both have a lot ("N/A"
// is none) and these differ, or both have a site, written in one form, and these do. Then
// administered beats historical, completed beats not done, the code that says more the one
// that says less, and what one has not is taken from the other. A year or a month is not a
// day: such reports stay apart unless they have a lot and are the same in all.
//
// What cannot have happened is no dose: before birth, or on a day that stands for none. It is
// counted as not read, never left out in silence. A dose of years before there was such
// a vaccine is one whose code or date is wrong, nobody knows which: it is shown, as one that
// does not count, and so on no card. An entry in error takes back the report with its identity, which the store does;
// it is listed where nothing else is on file of that day and vaccine.

// Why a report that can be read is not used all the same.
const (
	BeforeBirth Reason = "date-before-birth"
	NoDay       Reason = "date-placeholder" // 1900-01-01 and its like
	NoVaccine   Reason = "cvx-unknown"      // CVX 99, which says that nobody knows
)

// trialYears is how long before its licence a vaccine may have been given.
const trialYears = 2

// Codes of the CVX table that are of no dose.
const (
	NotGiven = "998" // no vaccine administered
	Reserved = "99"  // never to be used: it says nothing
)

// noDays are what programs write that have no date.
var noDays = []string{"0001-01-01", "1753-01-01", "1800-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01", "1970-01-01", "9999-12-31"}

// Doubt says why a report cannot be of a dose of somebody born then, or cannot be read;
// "" when it can be.
func (r Report) Doubt(birth string) Reason {
	switch {
	case r.Unread != "":
		return r.Unread
	case r.CVX == Reserved:
		return NoVaccine
	case r.Date == "" || slices.Contains(noDays, r.Date):
		return NoDay
	case r.Date < birth[:min(len(r.Date), len(birth))]:
		return BeforeBirth
	}
	return ""
}

// tooEarly reports whether a dose is of years before there was its vaccine.
func tooEarly(d record.Dose) bool {
	year, err := strconv.Atoi(d.Date[:min(4, len(d.Date))])
	return err == nil && year < assets.FirstYear(d.CVX)-trialYears
}

// told is a report or what has become of several.
type told struct {
	Report
	at int // place of the first among all
}

// Compose makes doses of all reports of somebody, newest first, and counts those that
// could not be read. Birth is YYYY-MM-DD.
func Compose(birth string, reports []Report) (doses []record.Dose, unread int) {
	var events, mistakes, all []told
	for at, r := range reports {
		r.Lot = lotOf(r.Lot)
		mistaken, doubt := r.Status == record.StatusError, r.Doubt(birth)
		switch {
		case r.CVX == NotGiven, doubt != "" && (mistaken || r.Status == record.StatusNotDone): // it was not given: nothing lacks
		case mistaken:
			mistakes = append(mistakes, told{r, at})
		case doubt != "":
			unread++
		default:
			events = append(events, told{r, at})
		}
	}
	slices.SortStableFunc(events, stronger)
	for _, e := range events {
		if i := slices.IndexFunc(all, func(o told) bool { return SameDose(o.Report, e.Report) }); i >= 0 {
			all[i] = all[i].with(e)
		} else {
			all = append(all, e)
		}
	}
	for _, m := range mistakes {
		if !slices.ContainsFunc(all, func(o told) bool {
			return o.Status != record.StatusNotDone && o.Date == m.Date && sameVaccine(o.Report, m.Report)
		}) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b told) int {
		return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(b.CVX, a.CVX), cmp.Compare(a.at, b.at))
	})
	for _, a := range all {
		_, known := assets.VaccineOf(a.CVX)
		a.Unknown, a.NotValid = !known, a.NotValid || tooEarly(a.Dose)
		doses = append(doses, a.Dose)
	}
	return doses, unread
}

// stronger orders reports by how much they are to be relied on.
func stronger(a, b told) int {
	return cmp.Or(
		first(a.Completed(), b.Completed()), first(!a.Historical, !b.Historical),
		first(!assets.Unspecified(a.CVX), !assets.Unspecified(b.CVX)), cmp.Compare(b.filled(), a.filled()),
	)
}

// first orders what is so before what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func (t told) filled() (n int) {
	for _, s := range []string{t.Product, t.Manufacturer, t.Lot, t.Performer, t.Site} {
		if s != "" {
			n++
		}
	}
	return n
}

// with takes from a weaker report of the same dose what this one has not. Of one that says
// that nothing was given, a dose that was takes nothing.
func (t told) with(weaker told) told {
	t.at = min(t.at, weaker.at)
	if t.Status != weaker.Status {
		return t
	}
	if assets.Unspecified(t.CVX) && !assets.Unspecified(weaker.CVX) {
		t.CVX, t.Product = weaker.CVX, cmp.Or(weaker.Product, t.Product)
	}
	t.Product, t.Manufacturer = cmp.Or(t.Product, weaker.Product), cmp.Or(t.Manufacturer, weaker.Manufacturer)
	t.Lot, t.Site, t.Performer = cmp.Or(t.Lot, weaker.Lot), cmp.Or(t.Site, weaker.Site), cmp.Or(t.Performer, weaker.Performer)
	if t.Historical == weaker.Historical { // else who gave it knows better
		t.NotValid = t.NotValid || weaker.NotValid
	}
	return t
}

// SameDose reports whether two reports are of one dose.
func SameDose(a, b Report) bool {
	if a.Date != b.Date || !sameVaccine(a, b) {
		return false
	}
	if a.Lot, b.Lot = lotOf(a.Lot), lotOf(b.Lot); len(a.Date) < len("2006-01-02") {
		return a.Lot != "" && a.Dose == b.Dose && a.Site == b.Site
	}
	return !differ(a.Lot, b.Lot) && (!differ(a.Site, b.Site) || formOf(a.Site) != formOf(b.Site))
}

// formOf tells codes of SNOMED CT, codes of HL7 and words apart: a site of one form cannot be
// compared with one of another.
func formOf(site string) string {
	switch {
	case strings.Trim(site, "0123456789") == "":
		return "number"
	case len(site) <= len("BUTTR") && site == strings.ToUpper(site):
		return "letters"
	}
	return "words"
}

// sameVaccine reports whether two reports may be of one vaccine. What has no code is told
// by its text.
func sameVaccine(a, b Report) bool {
	if a.CVX == b.CVX {
		return a.CVX != "" || strings.EqualFold(a.Product, b.Product)
	}
	return covers(a.CVX, b.CVX) || covers(b.CVX, a.CVX)
}

// covers reports whether a code is the unspecified one of all that another is against.
func covers(unspecified, cvx string) bool {
	if !assets.Unspecified(unspecified) {
		return false
	}
	whole, _ := assets.VaccineOf(unspecified)
	v, _ := assets.VaccineOf(cvx)
	return len(v.Groups) > 0 && !slices.ContainsFunc(v.Groups, func(g string) bool { return !slices.Contains(whole.Groups, g) })
}

// differ reports whether two texts are both there and not the same, but for spaces, hyphens and capitals.
func differ(a, b string) bool {
	a, b = plain.Replace(a), plain.Replace(b)
	return a != "" && b != "" && !strings.EqualFold(a, b)
}

var plain = strings.NewReplacer(" ", "", "-", "")

// noLots are what is written where no lot number is known, without signs and capitals.
var noLots = strings.Fields("na none nolot nolotnumber unknown unk unspecified unavailable notavailable notapplicable notrecorded notknown historical 0 00 000 0000")

// lotOf is a lot number, "" for what says that there is none.
func lotOf(s string) string {
	if len(s) > len("not applicable.") {
		return s
	}
	word := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
	if word == "" || slices.Contains(noLots, word) {
		return ""
	}
	return s
}
