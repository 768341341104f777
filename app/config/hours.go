package config

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours are when the screen is lit though nobody is there. None means always.
type Hours []Span

// Span is a part of some days, in minutes since midnight on the kiosk's clock.
type Span struct {
	Days        [7]bool // by time.Weekday
	From, Until int
}

// Lit reports whether the screen is lit at a time, in that time's zone.
func (h Hours) Lit(t time.Time) bool {
	minute := t.Hour()*60 + t.Minute()
	return len(h) == 0 || slices.ContainsFunc(h, func(s Span) bool {
		return s.Days[t.Weekday()] && s.From <= minute && minute < s.Until
	})
}

// hours reads them from texts such as "mon-fri 07:30-18:00".
func (f file) hours(key string) (h Hours) {
	const what = `a list such as ["mon-fri 07:30-18:00", "sat 09:00-12:30"]; the last minute of a day is before 24:00`
	if !f.Has(key) {
		return nil
	}
	all, is := f.Value(key).([]any)
	if !is || len(all) == 0 {
		f.Wrong(key, "is no list of hours; set it to %s", what)
		return nil
	}
	for _, one := range all {
		text, _ := one.(string)
		s, ok := spanOf(text)
		if !ok {
			f.Wrong(key, "has %q; set it to %s", text, what)
		}
		h = append(h, s)
	}
	return h
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// spanOf reads one: a day or two with all between them, and two times.
func spanOf(text string) (s Span, ok bool) {
	days, times, _ := strings.Cut(text, " ")
	first, last, several := strings.Cut(days, "-")
	if !several {
		last = first
	}
	day, to := slices.Index(weekdays, first), slices.Index(weekdays, last)
	if day < 0 || to < 0 {
		return s, false
	}
	for ; ; day = (day + 1) % len(weekdays) {
		s.Days[day] = true
		if day == to {
			break
		}
	}
	from, until, _ := strings.Cut(times, "-")
	var good bool
	s.From, ok = minuteOf(from)
	s.Until, good = minuteOf(until)
	return s, ok && good && s.From < s.Until
}

// minuteOf reads HH:MM, up to 24:00.
func minuteOf(text string) (minute int, ok bool) {
	if len(text) != len("00:00") || text[2] != ':' {
		return 0, false
	}
	h, err := strconv.ParseUint(text[:2], 10, 8)
	m, wrong := strconv.ParseUint(text[3:], 10, 8)
	minute = int(h)*60 + int(m)
	return minute, err == nil && wrong == nil && m < 60 && minute <= 24*60
}
