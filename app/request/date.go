package request

import (
	"errors"
	"fmt"
	"time"
)

// Date is a calendar date without a time zone. Zero parts are not chosen yet.
type Date struct {
	Year, Month, Day int
}

// OldestYear is the oldest birth year the form offers.
const OldestYear = 1900

// AdultAge is the age in years from which a person asks for their own record.
const AdultAge = 18

// DateOf returns the calendar date of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, int(m), d}
}

// ParseDate reads YYYY-MM-DD (ISO 8601).
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, errors.New("date is not YYYY-MM-DD")
	}
	return DateOf(t), nil
}

// String is YYYY-MM-DD (ISO 8601).
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Complete tells whether all three parts are chosen.
func (d Date) Complete() bool { return d.Year != 0 && d.Month != 0 && d.Day != 0 }

// Exists tells whether the calendar has this day.
func (d Date) Exists() bool {
	return d.Complete() && DateOf(time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)) == d
}

// After tells whether d comes after o.
func (d Date) After(o Date) bool { return d.number() > o.number() }

func (d Date) number() int { return d.Year*10000 + d.Month*100 + d.Day }

// Age is the number of birthdays a person born on d has had by today. Born on
// February 29, the birthday of a common year is March 1.
func (d Date) Age(today Date) int {
	age := today.Year - d.Year
	if today.Month < d.Month || today.Month == d.Month && today.Day < d.Day {
		age--
	}
	return age
}

// MarshalText writes YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}
