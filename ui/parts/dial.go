package parts

import (
	"fmt"
	"strconv"
	"strings"

	"vaxkiosk/app/request"
)

// dial is a date while it is entered, part by part in the order of the language.
// Digits fill the part that is asked for; once no more can follow, the next part
// is asked for, unless the date cannot be: then it stays, to be typed anew. The
// first digit of a day or a month counts at once, a year has all four or none.
// What is not entered again stays as it is.
type dial struct {
	order   []request.Part
	refuses func(request.Date) bool
	date    request.Date
	half    request.Half
	moved   bool // the part is asked for because the one before is complete
}

// newDial returns a dial without a date. Refuses reports whether no completion of a
// date can be.
func newDial(order string, refuses func(request.Date) bool) dial {
	d := dial{refuses: refuses}
	for _, p := range order {
		d.order = append(d.order, request.Part(p))
	}
	d.fill(request.Date{}, request.Half{})
	return d
}

// fill begins with a date, and where somebody was in entering it.
func (d *dial) fill(date request.Date, half request.Half) {
	d.date, d.half, d.moved = date, half, false
	if half.Part != "" {
		return
	}
	if d.half.Part = d.missing(); d.half.Part == "" {
		d.half.Part = d.order[0]
	}
}

func (d *dial) value(p request.Part) *int {
	switch p {
	case request.MonthPart:
		return &d.date.Month
	case request.DayPart:
		return &d.date.Day
	default:
		return &d.date.Year
	}
}

// most is the highest number of a part; a year has all its digits.
func most(p request.Part) int {
	switch p {
	case request.MonthPart:
		return 12
	case request.DayPart:
		return 31
	default:
		return 9999
	}
}

// missing is the first part without a value, "" for none.
func (d *dial) missing() request.Part {
	for _, p := range d.order {
		if *d.value(p) == 0 {
			return p
		}
	}
	return ""
}

// beside is the part before (-1) or after (1) the one that is asked for, "" for none.
func (d *dial) beside(by int) request.Part {
	for i, p := range d.order {
		if p == d.half.Part && i+by >= 0 && i+by < len(d.order) {
			return d.order[i+by]
		}
	}
	return ""
}

// ask asks for a part. When it is half typed already, typing goes on from there.
func (d *dial) ask(p request.Part) {
	if p != d.half.Part || !d.half.Waits() {
		d.half = request.Half{Part: p}
	}
	d.moved = false
}

// digit types one. After the last digit of a date no further digit counts, nor does a
// second zero.
func (d *dial) digit(r rune) {
	p := d.half.Part
	if len(d.half.Typed) == p.Digits() {
		return
	}
	typed := d.half.Typed + string(r)
	n, _ := strconv.Atoi(typed) // at most four digits
	whole := len(typed) == p.Digits()
	if whole && n == 0 {
		return
	}
	if p == request.YearPart && !whole {
		n = 0
	}
	*d.value(p), d.half.Typed, d.moved = n, typed, false
	if whole || 10*n > most(p) {
		d.finish()
	}
}

// finish goes on from a part that is complete.
func (d *dial) finish() {
	p := d.half.Part
	d.half.Typed = ""
	if d.refuses(d.date) {
		return
	}
	next := d.beside(1)
	if next == "" {
		next = d.missing()
	}
	if next == "" {
		d.half.Typed = fmt.Sprintf("%0*d", p.Digits(), *d.value(p))
		return
	}
	d.half.Part, d.moved = next, true
}

// pick gives the part that is asked for its value at once, as a touch on a month does.
func (d *dial) pick(n int) {
	*d.value(d.half.Part) = n
	d.finish()
}

// end goes on when what is typed is enough; a year of two digits is not.
func (d *dial) end() {
	if d.half.Waits() && *d.value(d.half.Part) != 0 {
		d.finish()
	}
}

// delete takes the last digit away, and a month as a whole. When the part is empty, it
// goes on in the part before.
func (d *dial) delete() {
	p := d.half.Part
	typed := d.half.Typed
	if typed == "" && *d.value(p) != 0 {
		typed = strconv.Itoa(*d.value(p))
	}
	switch before := d.beside(-1); {
	case typed == "" && before != "":
		d.ask(before)
		if *d.value(before) != 0 {
			d.delete()
		}
	case typed == "":
	case p == request.MonthPart:
		d.clear()
	default:
		d.clear()
		for _, r := range typed[:len(typed)-1] {
			d.digit(r)
		}
	}
	d.moved = false
}

// clear empties the part that is asked for.
func (d *dial) clear() {
	*d.value(d.half.Part), d.half.Typed, d.moved = 0, "", false
}

// step makes the part that is asked for more or less, within what it can be.
func (d *dial) step(by, start, last int) {
	p := d.half.Part
	n, low, high := *d.value(p)+by, 1, most(p)
	if p == request.YearPart {
		low, high = request.OldestYear, last
	}
	if *d.value(p) == 0 {
		n = start
	}
	*d.value(p), d.half.Typed, d.moved = max(low, min(n, high)), "", false
}

// begins reports whether digits that come now may be a whole date: none of it is
// typed yet, or all.
func (d *dial) begins() bool {
	return d.half.Part == d.order[0] && d.half.Typed == "" || len(d.half.Typed) == d.half.Part.Digits()
}

// whole takes a text that ends with a whole date as people and scanners write it,
// and reports whether it does. Day and month stand in the order of the language, or
// with separators in the other one when only that is a date. With bare, digits
// without separators count, too.
func (d *dial) whole(text string, bare bool, last int) bool {
	day, month := 1, 0
	if d.order[0] == request.DayPart {
		day, month = 0, 1
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) })
	n := len(parts)
	switch {
	case n == 0 || !strings.HasSuffix(text, parts[n-1]):
	case n == 1 && bare && len(text) == 8:
		return d.take(text[:4], text[4:6], text[6:], last) ||
			d.take(text[4:], text[2*month:2*month+2], text[2*day:2*day+2], last)
	case n < 3:
	case len(parts[n-3]) >= 4 && len(parts[n-2]) == 2 && len(parts[n-1]) == 2: // ISO 8601
		return d.take(ending(parts[n-3], 4), parts[n-2], parts[n-1], last)
	case len(parts[n-2]) <= 2 && len(parts[n-1]) == 4:
		two := []string{ending(parts[n-3], 2), parts[n-2]}
		return d.take(parts[n-1], two[month], two[day], last) || d.take(parts[n-1], two[day], two[month], last)
	}
	return false
}

// ending is the last digits of a number: what a scanner types may follow what was
// typed by hand.
func ending(s string, most int) string { return s[max(0, len(s)-most):] }

// take takes a date, if there is such a day in a year that can be meant.
func (d *dial) take(year, month, day string, last int) bool {
	n := func(s string) int {
		v, _ := strconv.Atoi(s) // digits only
		return v
	}
	date := request.Date{Year: n(year), Month: n(month), Day: n(day)}
	if !date.Exists() || date.Year < request.OldestYear || date.Year > last {
		return false
	}
	d.date, d.half = date, request.Half{Part: d.order[len(d.order)-1]}
	d.finish()
	return true
}
