package record

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"vaxkiosk/assets"
)

// What is known of a dose may be little: a month or a year in place of a day, a code that
// no table has. It is kept and shown as it is, and is on no card.

// Other reports whether this is no vaccination but something else that registries have on
// file, such as a skin test. It counts for nothing, stands apart and is never on a card.
func (d Dose) Other() bool { return assets.NotVaccine(d.CVX) }

// Count is how many vaccinations of the record were given.
func (r Record) Count() (n int) {
	for _, d := range r.Doses {
		if d.Completed() && !d.Other() {
			n++
		}
	}
	return n
}

// Split parts vaccinations from other entries, each in the order they had.
func Split(all []Dose) (doses, others []Dose) {
	for _, d := range all {
		if d.Other() {
			others = append(others, d)
		} else {
			doses = append(doses, d)
		}
	}
	return doses, others
}

// Coded is the dose as the tables of this program have its code: with the name of the
// vaccine, or Unknown. Who signs it has the last word.
func (d Dose) Coded() Dose {
	v, known := assets.VaccineOf(d.CVX)
	d.Name, d.Unknown = v.Short, !known
	return d
}

// VaccineName is what the vaccine is called in the tables of this program, else in those of
// the issuer; "" when neither has its code.
func (d Dose) VaccineName() string {
	if v, known := assets.VaccineOf(d.CVX); known {
		return v.Short
	}
	return d.Name
}

// days are the forms of a date, from a day to a year.
var days = []string{time.DateOnly, "2006-01", "2006"}

// isDate reports whether a text is a day, a month or a year.
func isDate(text string) bool {
	for _, form := range days {
		if _, err := time.Parse(form, text); err == nil {
			return true
		}
	}
	return false
}

// Check wants a date, and a code or what an unknown one is said to be.
func (d Dose) Check() error {
	if !isDate(d.Date) || !cvx.MatchString(d.CVX) && (d.CVX != "" || d.Product == "" || !d.Unknown) {
		return fmt.Errorf("%w: a dose without vaccine code or date", ErrContent)
	}
	return nil
}

// Exact reports whether the day on which the dose was given is known.
func (d Dose) Exact() bool { return !d.About && len(d.Date) == len(time.DateOnly) }

// When writes the date with the month in words, "June 2013" when no day is on file, and
// "about 1990" when no more is certain. Say is a catalogue of words.
func (d Dose) When(say func(key string, pairs ...string) string) string {
	text := d.Date
	if part := strings.Split(d.Date, "-"); len(part) > 1 && isDate(d.Date) {
		month := say("date.month-" + strings.TrimPrefix(part[1], "0"))
		if len(part) == 2 {
			text = say("date.month-year", "month", month, "year", part[0])
		} else {
			text = say("date.long", "day", strings.TrimPrefix(part[2], "0"), "month", month, "year", part[0])
		}
	}
	if d.About {
		text = say("date.about", "date", text)
	}
	return text
}

// How a statement says a date that is not certain.
const aboutThen = "about "

var about = regexp.MustCompile("^" + aboutThen + `(\d{4}(-\d\d){0,2})$`)
