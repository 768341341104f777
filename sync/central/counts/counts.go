// Package counts decides which of a town's counts may be published, so that nobody
// in a small place is recognised by them.
//
// Kiosks count by the hour, and hand in every count, however small. Central adds them
// up by kiosk and day. Day and Month take these Cells and return what may be published;
// nobody is shown the cells themselves.
//
// The rules. Only numbers of Least or more are published: of one kiosk on one day, of one
// kiosk in one month, and of all kiosks together. Everything under Least is left out, also
// what is zero, so that nobody reads off a gap that somebody was there. And no number is
// published from which, together with the others, one that is left out could be worked out
// (audit.go says when that is so): such a total is withheld, and in its place stands the
// sum of its parts that are published, which tells nothing new ("at least"). A part is never
// withheld for a total's sake, because it is published first.
//
// Each visit is in one language, so counts of languages add up to visits. They are
// published for all kiosks and a month only, where visits are exact; if one could be worked
// out, the smallest of the others is left out too.
//
// What is published stays as it is: who compares what was published yesterday with what is
// today learns no difference. What comes later counts on a later day (package store).
//
// The package is pure, and what it returns always has the same order.
package counts

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Least is the smallest count that is published.
const Least = 5

// Names that belong together.
const (
	visits   = "visit"
	language = "language-"
)

// Cell is how often something was counted at one kiosk on one day.
type Cell struct {
	Day   string // YYYY-MM-DD
	Kiosk string // its name
	Name  string // of what happened
	N     int64
}

// Published is a count that may be shown to anybody.
type Published struct {
	Period string // YYYY-MM-DD or YYYY-MM
	Kiosk  string // "" for all together
	Name   string
	N      int64
	Exact  bool // or else it is at least so many
}

// Day returns what may be published of one day.
func Day(cells []Cell) (out []Published) {
	for _, name := range names(cells) {
		t := newTable(cells, name)
		for _, p := range t.parts {
			out = append(out, Published{p.Day, p.Kiosk, name, p.N, true})
		}
		for d, day := range t.days {
			t.dayKnown[d] = t.ofDay[d].n >= Least
			t.dayKnown[d] = t.dayKnown[d] && len(t.determined()) == 0
			out = append(out, t.ofDay[d].published(day, "", name, t.dayKnown[d])...)
		}
	}
	return out
}

// Month returns what may be published of a whole month. Days are what was published of its
// days before; spoken are the tags of the languages of the kiosks.
func Month(month string, cells []Cell, days []Published, spoken []string) (out []Published) {
	known := map[[2]string]bool{} // totals of days by day and name
	for _, p := range days {
		if p.Kiosk == "" && p.Exact {
			known[[2]string{p.Period, p.Name}] = true
		}
	}
	for _, name := range names(cells) {
		t := newTable(cells, name)
		for d, day := range t.days {
			t.dayKnown[d] = known[[2]string{day, name}]
		}
		t.reveal()
		for k, kiosk := range t.kiosks {
			out = append(out, t.ofKiosk[k].published(month, kiosk, name, t.kioskKnown[k])...)
		}
		out = append(out, t.all.published(month, "", name, t.allKnown)...)
		if name == visits && t.allKnown {
			out = append(out, languages(month, cells, spoken)...)
		}
	}
	return out
}

// names are what was counted, but for languages.
func names(cells []Cell) []string {
	seen := map[string]bool{}
	for _, c := range cells {
		if !strings.HasPrefix(c.Name, language) {
			seen[c.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// languages are those of a month whose visits are published; spoken are all that a
// visitor can choose, so that one that nobody chose is no gap either.
func languages(month string, cells []Cell, spoken []string) (out []Published) {
	sums := map[string]int64{}
	for _, tag := range spoken {
		sums[language+strings.ToLower(tag)] = 0
	}
	for _, c := range cells {
		if strings.HasPrefix(c.Name, language) {
			sums[c.Name] += c.N
		}
	}
	var rest, hidden int64
	for _, n := range sums {
		if n < Least {
			rest, hidden = rest+n, hidden+1
		}
	}
	hideOne := hidden > 0 && given(rest, hidden)
	bySize := func(a, b string) int { return cmp.Or(cmp.Compare(sums[a], sums[b]), cmp.Compare(a, b)) }
	for _, name := range slices.SortedFunc(maps.Keys(sums), bySize) {
		switch n := sums[name]; {
		case n < Least:
		case hideOne:
			hideOne = false
		default:
			out = append(out, Published{month, "", name, n, true})
		}
	}
	slices.SortFunc(out, func(a, b Published) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
