package madeup

import (
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"sync"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/registry"
)

// pool draws names as often as they occur.
type pool struct {
	names []string
	upTo  []int // running sums of the weights
}

var pools = sync.OnceValue(func() map[string]pool {
	all := map[string]pool{}
	for _, base := range []string{"family", "given-girl", "given-boy"} {
		for _, name := range []string{base, base + "-chinese"} {
			all[name] = newPool(assets.Names(name))
		}
	}
	return all
})

// newPool leaves out names that lost letters on their way into the pool ("G?lay").
func newPool(names []assets.Weighted) pool {
	var p pool
	sum := 0
	for _, w := range names {
		if strings.Contains(w.Name, "?") || w.Weight < 1 {
			continue
		}
		sum += w.Weight
		p.names, p.upTo = append(p.names, w.Name), append(p.upTo, sum)
	}
	return p
}

func (p pool) draw(r *rand.Rand) string {
	at := r.IntN(p.upTo[len(p.upTo)-1])
	return p.names[sort.SearchInts(p.upTo, at+1)]
}

// surname draws a family name; some are hyphenated or begin with O' or D'.
func (g *maker) surname(chinese bool) string {
	if chinese {
		return g.names["family-chinese"].draw(g.Rand)
	}
	name := g.names["family"].draw(g.Rand)
	switch kind := g.IntN(100); {
	case kind < 6:
		return name + "-" + g.names["family"].draw(g.Rand)
	case kind < 9:
		return "O'" + name
	case kind < 10:
		return "D'" + name
	}
	return name
}

// given draws a first name that differs by more than one typing error from
// everybody's in the home.
func (g *maker) given(gender request.Gender, h home) string {
	from := "given-boy"
	if gender == request.Female {
		from = "given-girl"
	}
	if h.chinese && g.IntN(100) < 60 {
		from += "-chinese"
	}
	for {
		name := g.names[from].draw(g.Rand)
		if !slices.ContainsFunc(g.people[h.first:], func(p registry.Person) bool { return near(p.Given, name) }) {
			return name
		}
	}
}

// near reports whether two names differ by at most one letter changed, added,
// left out or swapped with its neighbour; it may say so a bit too often.
func near(a, b string) bool {
	a, b = ascii(a), ascii(b)
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < min(len(a), len(b))-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return max(len(a), len(b))-start-end <= 2
}

// ascii keeps the letters a to z, in lower case: the pools have no others.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}
