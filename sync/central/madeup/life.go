package madeup

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"vaxkiosk/app/request"
)

// traits are what makes one history unlike another's.
type traits struct {
	keen   int // percent of what the schedule's percentages are for others
	habit  int // percent of them in seasons
	since  day // from when on what was given came on file, whoever gave it
	strays int // percent of what is older and on file all the same
	early  int // in a thousand doses of a series are given too early, and again
}

// drawTraits draws those of somebody: a few get nearly nothing, a sixth less than others,
// and almost half come every autumn. Reports to the registry became usual in the late 1990s;
// not half of all practices brought in what they had from before.
func drawTraits(r *rand.Rand) traits {
	t := traits{keen: 100, strays: 4, early: 52}
	switch kind := r.IntN(100); {
	case kind < 3:
		t.keen = 15
	case kind < 20:
		t.keen = 90
	}
	switch kind := r.IntN(100); {
	case kind < 20:
		t.habit = 15
	case kind < 56:
		t.habit = 80
	case kind < 88:
		t.habit = 170
	default:
		t.habit = 400
	}
	t.since = dayOf(time.Date(1991+r.IntN(12), 1, 1+r.IntN(365), 0, 0, 0, 0, time.UTC))
	if r.IntN(100) < 45 {
		t.since = dayOf(time.Time{})
	}
	return t
}

// shot is a dose of a life.
type shot struct {
	at      day
	series  int
	of      *product // nil: was not needed, as the product before is enough
	partOf  bool     // it is in a dose of another series
	invalid bool
}

// life is what somebody was given from birth on.
type life struct {
	*rand.Rand
	*schedules
	traits
	birth  request.Date
	gender request.Gender
	visits map[int]day // to a doctor at an age in months
	autumn map[int]day // of a year: of the first dose of the season
	all    []shot
}

// live goes through the rules.
func live(r *rand.Rand, s *schedules, t traits, birth request.Date, gender request.Gender) *life {
	l := &life{Rand: r, schedules: s, traits: t, birth: birth, gender: gender, visits: map[int]day{}, autumn: map[int]day{}}
	for i := range s.rules {
		l.follow(&s.rules[i])
	}
	return l
}

// together is within how many days of a visit a dose is of that visit.
const together = 10

// follow gives the dose of a rule, if it is due and all goes well.
func (l *life) follow(r *rule) {
	last, ever := l.last(r)
	if !ever {
		return
	}
	natural := l.natural(r)
	n, before, covered := l.before(r.series, max(natural, r.from))
	if covered || n < r.Needs || n > r.Needs && !r.OrMore {
		return
	}
	if before.enough(r, n) {
		l.all = append(l.all, shot{at: max(natural, r.from), series: r.series})
		return
	}
	if !l.accepts(r) {
		return
	}
	at := l.due(r, natural, last, before)
	for r.Min > 0 && at.closed() {
		at++
	}
	if at <= last {
		l.give(r, at, before)
	}
}

// last is the last day on which a rule may give somebody a dose, if there is any.
func (l *life) last(r *rule) (last day, ever bool) {
	if r.Sex == "F" && l.gender == request.Male || r.Sex == "M" && l.gender == request.Female {
		return 0, false
	}
	if last = min(l.today, r.to); last < r.from || last < month(l.birth, r.Min) {
		return 0, false
	}
	last = min(last, month(l.birth, r.Max+1)-1)
	return last, last >= r.from
}

// due draws the day of a dose.
func (l *life) due(r *rule, natural, last day, before *shot) day {
	if next := before.next(r); next > max(natural, r.from) {
		if r.season > 0 && r.Late == 0 {
			return l.some(r, next, last)
		}
		return next + day(l.IntN(r.Late+1))
	}
	switch {
	case r.season > 0:
		return l.some(r, max(natural, r.from), last)
	case r.from > natural: // all who are old enough come in the time after
		return l.some(r, r.from, min(last, r.from+3*(r.from-natural)+30, r.from+1000))
	}
	return natural
}

// enough reports whether a rule's dose is not needed, as n of the product before are all
// that it takes.
func (s *shot) enough(r *rule, n int) bool {
	return s != nil && s.of != nil && s.of.Enough > 0 && s.of.Enough == n && s.of.Line == r.Line && !r.OrMore
}

// next is the first day on which a rule may give a dose, with a dose before it; the first
// day of all when there is none.
func (s *shot) next(r *rule) day {
	switch {
	case s == nil:
		return dayOf(time.Time{})
	case s.of != nil && s.of.Next > 0 && r.Needs == 1:
		return s.at + day(s.of.Next)
	}
	return s.at + day(r.Gap)
}

// natural is the day on which a rule makes a dose due, as far as age says. What is due at
// the same age is given on the same visit.
func (l *life) natural(r *rule) day {
	at := month(l.birth, r.Min)
	if r.season > 0 {
		return at
	}
	if seen, ok := l.visits[r.Min]; ok {
		return seen
	}
	at += day(l.skewed(r.Late))
	if r.Late < 1000 { // what is due in a wide span is on nobody's calendar
		l.visits[r.Min] = at
	}
	return at
}

// skewed draws up to n, small numbers more often.
func (l *life) skewed(n int) int {
	f := l.Float64()
	return int(f * f * float64(n+1))
}

// some draws a day of a time in which everybody may come; who comes twice in a season
// comes mostly on one day.
func (l *life) some(r *rule, from, to day) day {
	at := from + day(float64(max(to-from, 0)+1)*math.Pow((l.Float64()+l.Float64())/2, 1.7)) // a third into it, at its best
	if r.season == 0 {
		return at
	}
	if seen, ok := l.autumn[r.season]; ok && from <= seen && seen <= to && l.IntN(100) < 60 {
		return seen
	}
	l.autumn[r.season] = at
	return at
}

// accepts draws whether somebody gets a dose that is due. How keen they are counts where
// a series begins, not where it goes on.
func (l *life) accepts(r *rule) bool {
	percent := r.Percent
	switch {
	case r.season > 0 && r.OrMore:
		percent = min(percent*l.habit/100, 96) * l.keen / 100
	case r.Needs == 0 || r.OrMore:
		percent = percent * l.keen / 100
	}
	return l.IntN(100) < percent
}

// before counts the doses of a series and finds the last of them, of those in other doses
// the ones up to a day; covered is that such a one is of that day.
func (l *life) before(series int, at day) (n int, last *shot, covered bool) {
	for i := range l.all {
		s := &l.all[i]
		if s.series != series || s.invalid || s.partOf && s.at > at+together {
			continue
		}
		n++
		covered = covered || s.partOf && at-s.at <= together
		if last == nil || s.at >= last.at {
			last = s
		}
	}
	return n, last, covered
}

// give gives a dose, with what else is in it.
func (l *life) give(r *rule, at day, before *shot) {
	var product *product
	if before != nil {
		product = before.of
	}
	busy := func(series int) bool { return l.near(series, at) }
	p := l.choose(l.Rand, r.line, at, at.months(l.birth), product, r.Same, busy)
	if p == nil || busy(r.series) {
		return
	}
	if r.season == 0 && l.IntN(1000) < l.early {
		l.tooEarly(r, at, before, p)
	}
	l.all = append(l.all, shot{at: at, series: r.series, of: p})
	for _, other := range p.also {
		l.all = append(l.all, shot{at: at, series: other, of: p, partOf: true})
	}
}

// near reports whether there is a dose of a series at about a day.
func (l *life) near(series int, at day) bool {
	return slices.ContainsFunc(l.all, func(s shot) bool {
		return s.series == series && s.of != nil && s.at > at-together && s.at < at+together
	})
}

// tooEarly gives a dose that does not count: before the first birthday, or two weeks after
// the dose before. The one that is due comes all the same.
func (l *life) tooEarly(r *rule, at day, before *shot, p *product) {
	var early day
	switch {
	case before == nil && r.Min == 12:
		early = month(l.birth, 12) - day(6+l.IntN(20))
	case before != nil && before.of != nil && !r.OrMore:
		early = before.at + day(9+l.IntN(8))
	default:
		return
	}
	if early < r.from || at-early < 28 || early.closed() {
		return
	}
	busy := func(int) bool { return true } // of nothing else
	if p := l.choose(l.Rand, r.line, early, early.months(l.birth), p, r.Same, busy); p != nil {
		l.all = append(l.all, shot{at: early, series: r.series, of: p, invalid: true})
	}
}

// onFile are the doses that came to the registry, oldest first, those in others left out.
func (l *life) onFile() []shot {
	var all []shot
	for _, s := range l.all {
		if s.of == nil || s.partOf {
			continue
		}
		percent := 99
		switch year := s.at.time().Year(); {
		case s.at < l.since:
			percent = l.strays
		case year < 2011 && s.at.months(l.birth) >= 12*19:
			percent = 85 // of adults less was reported, until registries were required to be
		}
		if l.IntN(100) < percent {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b shot) int { return cmp.Compare(a.at, b.at) })
	return all
}
