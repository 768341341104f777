package counts

import (
	"maps"
	"slices"
)

// Which numbers that are left out follow from those that are published.
//
// The numbers of one name are a table of days and kiosks, of which a reader knows: those that
// are published; that all others are 0 to Least-1; and each total that is published. Seen as
// a flow from days through kiosks, each number left out is an edge that carries 0 to Least-1, a
// published total fixes what flows through its day, its kiosk or all of the table, and a
// total that is not published fixes nothing. All tables that fit are the flows that fit. A
// number is the same in all of them exactly when no circle of edges that can still carry more, or
// less, leads through its edge: this is what determined looks for. It is no estimate.
//
// A kiosk that counted nothing at all on a day was closed, as everybody could see: it has no
// number there that could be worked out.

// most is the largest number that is left out.
const most = Least - 1

// given reports whether numbers of 0 to most follow from their sum.
func given(sum, count int64) bool { return count == 1 || sum == 0 || sum == most*count }

// total is a sum, and how much of it is published in parts.
type total struct{ n, parts int64 }

// published is the sum itself when it is known, or else what is published of it.
func (t total) published(period, kiosk, name string, known bool) []Published {
	switch {
	case known:
		return []Published{{period, kiosk, name, t.n, true}}
	case t.parts > 0:
		return []Published{{period, kiosk, name, t.parts, false}}
	}
	return nil
}

// hidden is a number that is left out.
type hidden struct {
	day, kiosk int
	n          int64
}

// table has the numbers of one name.
type table struct {
	days, kiosks   []string
	parts          []Cell // published
	hidden         []hidden
	ofDay, ofKiosk []total
	all            total
	dayKnown       []bool
	kioskKnown     []bool
	allKnown       bool
	edges          [][]edge // by node: what can still be carried
}

// newTable makes the table of a name, of every kiosk on each day that it counted anything.
func newTable(cells []Cell, name string) *table {
	open, here := map[[2]string]int64{}, map[string]bool{}
	there := map[string]bool{}
	for _, c := range cells {
		at := [2]string{c.Day, c.Kiosk}
		open[at] += 0
		if c.Name == name {
			open[at] += c.N
		}
		here[c.Day], there[c.Kiosk] = true, true
	}
	t := &table{days: slices.Sorted(maps.Keys(here)), kiosks: slices.Sorted(maps.Keys(there))}
	t.ofDay, t.dayKnown = make([]total, len(t.days)), make([]bool, len(t.days))
	t.ofKiosk, t.kioskKnown = make([]total, len(t.kiosks)), make([]bool, len(t.kiosks))
	for d, day := range t.days {
		for k, kiosk := range t.kiosks {
			if n, is := open[[2]string{day, kiosk}]; is {
				t.add(d, k, Cell{day, kiosk, name, n})
			}
		}
	}
	return t
}

func (t *table) add(d, k int, c Cell) {
	sums := []*total{&t.ofDay[d], &t.ofKiosk[k], &t.all}
	if c.N >= Least {
		t.parts = append(t.parts, c)
	} else {
		t.hidden = append(t.hidden, hidden{d, k, c.N})
	}
	for _, s := range sums {
		s.n += c.N
		if c.N >= Least {
			s.parts += c.N
		}
	}
}

// reveal makes known what may be of the totals of kiosks and of all; those of days are
// published already, or are not.
func (t *table) reveal() {
	for k := range t.kiosks {
		t.kioskKnown[k] = t.ofKiosk[k].n >= Least
	}
	t.allKnown = t.all.n >= Least
	for {
		follow := t.determined()
		if len(follow) == 0 || !t.withhold(follow) {
			return
		}
	}
}

// withhold withholds a total for numbers that follow: those of their kiosks, or else that
// of all, or else those of all kiosks. It reports whether there was any.
func (t *table) withhold(follow []hidden) (any bool) {
	for _, h := range follow {
		any = any || t.kioskKnown[h.kiosk]
		t.kioskKnown[h.kiosk] = false
	}
	if !any && t.allKnown {
		t.allKnown, any = false, true
	}
	if !any {
		any = slices.Contains(t.kioskKnown, true)
		clear(t.kioskKnown)
	}
	return any
}

// edge leads to a node and can carry more; of is the number that it stands for, or -1.
type edge struct{ to, of int }

// Nodes before those of days and kiosks: where a flow begins and ends.
const (
	source = iota
	sink
	firstDay
)

func (t *table) dayNode(d int) int   { return firstDay + d }
func (t *table) kioskNode(k int) int { return firstDay + len(t.days) + k }

// determined are the numbers that follow from what is known.
func (t *table) determined() (all []hidden) {
	t.connect()
	for i, h := range t.hidden {
		d, k := t.dayNode(h.day), t.kioskNode(h.kiosk)
		more := h.n < most && t.leads(k, d, i)
		if !more && !(h.n > 0 && t.leads(d, k, i)) {
			all = append(all, h)
		}
	}
	return all
}

// connect finds what each edge can still carry, there and back.
func (t *table) connect() {
	t.edges = make([][]edge, firstDay+len(t.days)+len(t.kiosks))
	link := func(from, to, of int, more, less bool) {
		if more {
			t.edges[from] = append(t.edges[from], edge{to, of})
		}
		if less {
			t.edges[to] = append(t.edges[to], edge{from, of})
		}
	}
	free := func(from, to int, s total, known bool) { link(from, to, -1, !known, !known && s.n > s.parts) }
	for d := range t.days {
		free(source, t.dayNode(d), t.ofDay[d], t.dayKnown[d])
	}
	for i, h := range t.hidden {
		link(t.dayNode(h.day), t.kioskNode(h.kiosk), i, h.n < most, h.n > 0)
	}
	for k := range t.kiosks {
		free(t.kioskNode(k), sink, t.ofKiosk[k], t.kioskKnown[k])
	}
	free(sink, source, t.all, t.allKnown)
}

// leads reports whether one node leads to another without the number i.
func (t *table) leads(from, to, i int) bool {
	seen := make([]bool, len(t.edges))
	seen[from] = true
	for next := []int{from}; len(next) > 0; {
		node := next[len(next)-1]
		next = next[:len(next)-1]
		for _, e := range t.edges[node] {
			if e.of == i || seen[e.to] {
				continue
			}
			if e.to == to {
				return true
			}
			seen[e.to] = true
			next = append(next, e.to)
		}
	}
	return false
}
