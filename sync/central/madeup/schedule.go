package madeup

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
)

// day counts days; day 0 is January 1, 1970.
type day int

func dayOf(t time.Time) day { return day((t.Unix()+1<<40*86400)/86400 - 1<<40) }

func (d day) time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// closed reports whether hardly anybody is vaccinated on a day: Sundays and four holidays.
func (d day) closed() bool {
	t := d.time()
	switch _, m, at := t.Date(); {
	case t.Weekday() == time.Sunday, m == time.January && at == 1, m == time.July && at == 4, m == time.December && at == 25:
		return true
	default: // Thanksgiving
		return m == time.November && t.Weekday() == time.Thursday && at > 21 && at < 29
	}
}

// month is the day on which somebody born on a date is so many months old.
func month(birth request.Date, months int) day {
	return dayOf(time.Date(birth.Year, time.Month(birth.Month+months), birth.Day, 0, 0, 0, 0, time.UTC))
}

// months is the age on a day.
func (d day) months(birth request.Date) int {
	y, m, at := d.time().Date()
	n := (y-birth.Year)*12 + int(m) - birth.Month
	if at < birth.Day {
		n--
	}
	return n
}

// rule is a rule of the schedule in one season, if it has seasons.
type rule struct {
	assets.Rule
	series, line int
	from, to     day
	season       int // its year; 0 is none
}

// product is one that was given, from a day to another.
type product struct {
	assets.Given
	from, to day
	also     []int // series
}

// schedules is the schedule up to a day: rules in order, products by line.
type schedules struct {
	today    day
	rules    []rule
	products [][]product
	series   []string
}

// number is the place of a name in a list, which gets it if it lacks it.
func number(list *[]string, name string) int {
	if i := slices.Index(*list, name); i >= 0 {
		return i
	}
	*list = append(*list, name)
	return len(*list) - 1
}

// newSchedules reads the schedule. A rule with seasons becomes one for each of them, in
// the order of years.
func newSchedules(today request.Date) *schedules {
	s := &schedules{today: month(today, 0)}
	var lines []string
	add := func(r assets.Rule, from, to time.Time, season int) {
		s.rules = append(s.rules, rule{r, number(&s.series, r.Series), number(&lines, r.Line), dayOf(from), dayOf(to), season})
	}
	rules := assets.Rules()
	for i := 0; i < len(rules); i++ {
		if rules[i].Season == "" {
			add(rules[i], rules[i].From, rules[i].To, 0)
			continue
		}
		end := i // the seasonal rules of one series go together, year by year
		for end < len(rules) && rules[end].Season != "" && rules[end].Series == rules[i].Series {
			end++
		}
		for year := 1945; year <= today.Year; year++ {
			for _, r := range rules[i:end] {
				if from, to := season(r.Season, year); r.From.Year() <= year && year <= r.To.Year() {
					add(r, from, to, year)
				}
			}
		}
		i = end - 1
	}
	s.products = make([][]product, len(lines))
	for _, g := range assets.Givens() {
		p := product{Given: g, from: dayOf(g.From), to: dayOf(g.To)}
		for _, name := range g.Also {
			p.also = append(p.also, number(&s.series, name))
		}
		at := number(&lines, g.Line)
		s.products[at] = append(s.products[at], p)
	}
	return s
}

// season is "09-05 03-20" in a year, and of the next when it ends before it begins.
func season(s string, year int) (from, to time.Time) {
	first, last, _ := strings.Cut(s, " ")
	from, err := time.Parse(time.DateOnly, fmt.Sprintf("%d-%s", year, first))
	if last < first {
		year++
	}
	to, end := time.Parse(time.DateOnly, fmt.Sprintf("%d-%s", year, last))
	if err != nil || end != nil {
		panic(fmt.Sprintf("madeup: season %q", s))
	}
	return from, to
}

// choose draws a product of a line for somebody of an age, with a chance the one of the
// dose before or another of its maker's. There may be none. What has in it what busy
// reports of a series is none.
func (s *schedules) choose(r *rand.Rand, line int, at day, months int, before *product, same int, busy func(series int) bool) *product {
	var fit [20]*product
	n := 0
	for i := range s.products[line] {
		p := &s.products[line][i]
		if p.from <= at && at <= p.to && p.Min <= months && months <= p.Max && !slices.ContainsFunc(p.also, busy) {
			fit[n] = p
			n++
		}
	}
	some := fit[:n]
	if before != nil && r.IntN(100) < same {
		some = keep(keep(some, func(p *product) bool { return p.MVX == before.MVX }), func(p *product) bool { return p.Product == before.Product })
	}
	sum := 0
	for _, p := range some {
		sum += p.Share
	}
	if sum == 0 {
		return nil
	}
	left := r.IntN(sum)
	for _, p := range some {
		if left -= p.Share; left < 0 {
			return p
		}
	}
	return nil
}

// keep leaves only those that are so, if any are.
func keep(all []*product, so func(*product) bool) []*product {
	if !slices.ContainsFunc(all, so) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(p *product) bool { return !so(p) })
}
