package request

import (
	"cmp"
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

// Complete reports whether all three parts are chosen.
func (d Date) Complete() bool { return d.Year != 0 && d.Month != 0 && d.Day != 0 }

// Exists reports whether the calendar has this day.
func (d Date) Exists() bool {
	return d.Complete() && DateOf(time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)) == d
}

// leapYear has every day that any year has.
const leapYear = 2000

// soFar is what is wrong with a date whatever its missing parts become: the
// calendar never has such a day, all of them are still to come, or were too long
// ago, before the day since or the oldest year. What is missing is not wrong.
func (d Date) soFar(since, today Date) Code {
	first := Date{cmp.Or(d.Year, leapYear), cmp.Or(d.Month, 1), cmp.Or(d.Day, 1)}
	last := Date{d.Year, cmp.Or(d.Month, 12), cmp.Or(d.Day, 31)}
	switch {
	case !first.Exists():
		return NoSuchDay
	case d.Year == 0:
		return ""
	case first.After(today):
		return InFuture
	case d.Year < OldestYear, since.Complete() && since.After(last):
		return TooLongAgo
	}
	return ""
}

// After reports whether d comes after o.
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

// Part is a part of a date, by its letter in the order of a language ("mdy").
type Part string

// The parts of a date.
const (
	MonthPart Part = "m"
	DayPart   Part = "d"
	YearPart  Part = "y"
)

// Digits is how many digits a part has, with leading zeros.
func (p Part) Digits() int {
	if p == YearPart {
		return 4
	}
	return 2
}

// Half is how far somebody is in entering a date: the part that is asked for,
// and what is typed of it so far. Zero, nothing was touched yet.
type Half struct {
	Part  Part
	Typed string // digits; "" when the part stands as it is
}

// Waits reports whether more digits may follow, so that a date is not judged yet.
func (h Half) Waits() bool { return h.Typed != "" && len(h.Typed) < h.Part.Digits() }
