package exchange

import (
	"fmt"
	"regexp"
	"strings"

	"vaxkiosk/app/request"
)

// Dates of doses. What the calendar has not, or what may be read in two ways, is none.

var (
	fhirDate = regexp.MustCompile(`^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?$`)
	withTime = regexp.MustCompile(`^(\d{4}-\d\d-\d\d) \d?\d:\d\d(:\d\d(\.\d+)?)?$`)
	midnight = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[ T]0?0:00(:00(\.0+)?)?$`)
	eight    = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)$`)
	ofMonth  = regexp.MustCompile(`^(?i:in |en )?([\p{L}]+)\.?,?(?: (?i:de|of))? (\d{4})$`)
	aYear    = regexp.MustCompile(`\b(?:19|20)\d\d\b`)
)

// plainDay is a day as a spreadsheet or a database writes it, with a time that matches, as
// ISO writes it.
func plainDay(s string, time *regexp.Regexp) string {
	if m := time.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	if m := eight.FindStringSubmatch(s); m != nil {
		return m[1] + "-" + m[2] + "-" + m[3]
	}
	return s
}

// day reads a day, a month or a year. Of a time with a zone the day is as it is written:
// it is the one at the place where the dose was given.
func (c *reading) day(s string) (date string, ok bool) {
	if day, err := request.ParseDate(s); err == nil { // nearly all are
		return s, c.possible(day)
	}
	m := fhirDate.FindStringSubmatch(plainDay(strings.TrimSpace(s), withTime))
	if m == nil {
		return "", false
	}
	date = m[1]
	for _, more := range m[2:] {
		if more != "" {
			date += "-" + more
		}
	}
	whole := date + "-01-01"[min(len(date)-4, 6):]
	day, err := request.ParseDate(whole)
	return date, err == nil && day.Year >= request.OldestYear && date <= c.Today.String()[:len(date)]
}

// possible reports whether a dose can have been given on a day.
func (c *reading) possible(day request.Date) bool {
	return day.Year >= request.OldestYear && !day.After(c.Today)
}

// words reads a date that is told in words: a month of a year, or about a year when the
// text names just one.
func (c *reading) words(s string) (date string, about, ok bool) {
	s = legible(s)
	if date, ok = c.day(s); ok {
		return date, false, true
	}
	if m := ofMonth.FindStringSubmatch(s); m != nil {
		if n := month(m[1]); n > 0 {
			date, ok = c.day(fmt.Sprintf("%s-%02d", m[2], n))
			return date, false, ok
		}
	}
	for _, y := range aYear.FindAllString(s, -1) {
		if date != "" && y != date {
			return "", false, false
		}
		date = y
	}
	date, ok = c.day(date)
	return date, true, ok
}

var months = strings.Fields("january february march april may june july august september october november december " +
	"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")

// month is the number of a month by its name or the beginning of it, 0 for none.
func month(s string) int {
	s = strings.ToLower(s)
	for i, m := range months {
		if len(s) >= 3 && strings.HasPrefix(m, s) {
			return i%12 + 1
		}
	}
	return 0
}
