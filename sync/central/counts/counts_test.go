package counts

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var spoken = []string{"en", "es"}

// town are the cells of days and kiosks: n[d][k], -1 where a kiosk was closed.
func town(name string, n ...[]int64) (all []Cell) {
	for d, row := range n {
		for k, x := range row {
			if x >= 0 {
				all = append(all, Cell{fmt.Sprintf("2026-11-%02d", d+1), fmt.Sprintf("kiosk-%d", k+1), "help", 0},
					Cell{fmt.Sprintf("2026-11-%02d", d+1), fmt.Sprintf("kiosk-%d", k+1), name, x})
			}
		}
	}
	return all
}

// publish publishes each day and then the month, as central does.
func publish(cells []Cell) (days, month []Published) {
	for i := range 31 {
		day := fmt.Sprintf("2026-11-%02d", i+1)
		days = append(days, Day(slices.DeleteFunc(slices.Clone(cells), func(c Cell) bool { return c.Day != day }))...)
	}
	return days, Month("2026-11", cells, days, spoken)
}

// find is what was published of a name; "" when nothing was.
func find(all []Published, period, kiosk, name string) string {
	for _, p := range all {
		if p.Period == period && p.Kiosk == kiosk && p.Name == name {
			return map[bool]string{true: "", false: "at least "}[p.Exact] + fmt.Sprint(p.N)
		}
	}
	return ""
}

// A town hall with twenty visits a day, and one with two.
func TestASmallTownIsCounted(t *testing.T) {
	var busy, quiet [][]int64
	for range 20 {
		busy, quiet = append(busy, []int64{20}), append(quiet, []int64{2})
	}
	days, month := publish(town(visits, busy...))
	if got := find(days, "2026-11-07", "kiosk-1", visits); got != "20" {
		t.Errorf("a day of 20 visits is published as %q", got)
	}
	if got := find(month, "2026-11", "kiosk-1", visits) + " " + find(month, "2026-11", "", visits); got != "400 400" {
		t.Errorf("a month of 400 visits is published as %q", got)
	}
	days, month = publish(town(visits, quiet...))
	if got := find(month, "2026-11", "kiosk-1", visits); got != "40" || find(days, "2026-11-07", "", visits) != "" {
		t.Errorf("a month of 40 visits is published as %q, days: %v", got, days)
	}
}

func TestATotalIsWithheldWhenANumberLeftOutWouldFollow(t *testing.T) {
	for name, c := range map[string]struct {
		cells                  []Cell
		firstDay, kiosk, month string
	}{
		"one small kiosk":                    {town(visits, []int64{20, 3}), "at least 20", "20", "at least 20"},
		"two small kiosks":                   {town(visits, []int64{20, 3, 1}), "24", "20", "24"},
		"two whose sum gives both":           {town(visits, []int64{20, 4, 4}), "at least 20", "20", "at least 20"},
		"nobody at the others":               {town(visits, []int64{20, 0, 0}), "at least 20", "20", "at least 20"},
		"a kiosk that was closed":            {town(visits, []int64{20, -1}), "20", "20", "20"},
		"one small day":                      {town(visits, []int64{20}, []int64{3}, []int64{20}), "20", "at least 40", "at least 40"},
		"two small days":                     {town(visits, []int64{20}, []int64{3}, []int64{3}), "20", "26", "26"},
		"everything is small":                {town(visits, []int64{4, 3}, []int64{1, 2}), "7", "5", "10"},
		"all of it is less than five":        {town(visits, []int64{1, 1}, []int64{1, 0}), "", "", ""},
		"a day and a kiosk give the corner":  {town(visits, []int64{3, 9}, []int64{9, 9}), "at least 9", "at least 9", "at least 27"},
		"withheld days, and totals of kiosk": {town(visits, []int64{3, 9}, []int64{9, 2}), "at least 9", "at least 9", "23"},
	} {
		days, month := publish(c.cells)
		got := []string{find(days, "2026-11-01", "", visits), find(month, "2026-11", "kiosk-1", visits), find(month, "2026-11", "", visits)}
		if !slices.Equal(got, []string{c.firstDay, c.kiosk, c.month}) {
			t.Errorf("%s: published are %q", name, got)
		}
	}
}

// speaks are visits in two languages on one day, and their sum.
func speaks(en, es int64) []Cell {
	return []Cell{{"2026-11-01", "one", visits, en + es}, {"2026-11-01", "one", language + "en", en}, {"2026-11-01", "one", language + "es", es}}
}

func TestALanguageDoesNotFollowFromTheOthers(t *testing.T) {
	for _, c := range []struct {
		en, es   int64
		wantEn   string
		wantEs   string
		wantBoth string
	}{{20, 9, "20", "9", "29"}, {20, 3, "", "", "23"}, {20, 0, "", "", "20"}, {3, 2, "", "", "5"}} {
		days, month := publish(speaks(c.en, c.es))
		if got := find(days, "2026-11-01", "one", language+"en") + find(month, "2026-11", "one", language+"en"); got != "" {
			t.Errorf("languages of a kiosk or day are published: %q", got)
		}
		en, es, both := find(month, "2026-11", "", language+"en"), find(month, "2026-11", "", language+"es"), find(month, "2026-11", "", visits)
		if en != c.wantEn || es != c.wantEs || both != c.wantBoth {
			t.Errorf("%d in English and %d in Spanish: published are %q, %q, of %q", c.en, c.es, en, es, both)
		}
	}
	cells := append(speaks(20, 9), Cell{"2026-11-01", "two", visits, 3}, Cell{"2026-11-01", "two", language + "en", 3})
	if _, month := publish(cells); find(month, "2026-11", "", language+"es") != "" {
		t.Error("languages are published where visits are not exact")
	}
}

// reader is somebody who has only what was published, tries every table that fits it, and
// notes which values each number that was left out can have.
type reader struct {
	open     [][]bool
	given    map[[2]int]int64 // numbers that are published
	ofDay    map[int]int64    // totals that are exact
	ofKiosk  map[int]int64
	all      int64 // -1: not known
	now      [][]int64
	possible map[[2]int]map[int64]bool
}

func newReader(n [][]int64, days, month []Published) *reader {
	r := &reader{given: map[[2]int]int64{}, ofDay: map[int]int64{}, ofKiosk: map[int]int64{}, all: -1, possible: map[[2]int]map[int64]bool{}}
	for _, row := range n {
		open := make([]bool, len(row))
		for k, x := range row {
			open[k] = x >= 0
		}
		r.open, r.now = append(r.open, open), append(r.now, make([]int64, len(row)))
	}
	for _, p := range append(slices.Clone(days), month...) {
		var d, k int
		fmt.Sscanf(p.Period, "2026-11-%d", &d)
		fmt.Sscanf(p.Kiosk, "kiosk-%d", &k)
		switch {
		case p.Name != visits || !p.Exact:
		case d > 0 && k > 0:
			r.given[[2]int{d - 1, k - 1}] = p.N
		case d > 0:
			r.ofDay[d-1] = p.N
		case k > 0:
			r.ofKiosk[k-1] = p.N
		default:
			r.all = p.N
		}
	}
	return r
}

// try fills in the table from one place on.
func (r *reader) try(d, k int) {
	if k == len(r.open[d]) {
		if want, known := r.ofDay[d]; known && want != sum(r.now[d]) {
			return
		}
		if d, k = d+1, 0; d == len(r.open) {
			r.fits()
			return
		}
	}
	n, published := r.given[[2]int{d, k}]
	from, to := int64(0), int64(most)
	if published || !r.open[d][k] {
		from, to = n, n
	}
	for x := from; x <= to; x++ {
		r.now[d][k] = x
		r.try(d, k+1)
	}
}

func sum(all []int64) (s int64) {
	for _, x := range all {
		s += x
	}
	return s
}

// fits notes a whole table, when kiosks and all add up as well.
func (r *reader) fits() {
	total := int64(0)
	for k := range r.open[0] {
		kiosk := int64(0)
		for d := range r.open {
			kiosk += r.now[d][k]
		}
		if want, known := r.ofKiosk[k]; known && want != kiosk {
			return
		}
		total += kiosk
	}
	if r.all >= 0 && r.all != total {
		return
	}
	for d, row := range r.open {
		for k, open := range row {
			at := [2]int{d, k}
			if _, published := r.given[at]; open && !published {
				if r.possible[at] == nil {
					r.possible[at] = map[int64]bool{}
				}
				r.possible[at][r.now[d][k]] = true
			}
		}
	}
}

// The reader tries everything, and so needs no thought about flows and circles.
func TestNoNumberThatIsLeftOutCanBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days, kiosks := rapid.IntRange(1, 3).Draw(t, "days"), rapid.IntRange(1, 3).Draw(t, "kiosks")
		n := make([][]int64, days)
		for d := range n {
			n[d] = rapid.SliceOfN(rapid.SampledFrom([]int64{-1, 0, 0, 1, 1, 2, 3, 4, 4, 5, 6, 9, 20}), kiosks, kiosks).Draw(t, "day")
		}
		ofDays, month := publish(town(visits, n...))
		r := newReader(n, ofDays, month)
		r.try(0, 0)
		for d, row := range n {
			for k, x := range row {
				_, published := r.given[[2]int{d, k}]
				if x < 0 || published {
					continue
				}
				if could := r.possible[[2]int{d, k}]; len(could) < 2 || !could[x] {
					t.Fatalf("%d at kiosk %d on day %d could be %v; published are %v %v", x, k+1, d+1, could, ofDays, month)
				}
			}
		}
		for _, p := range append(ofDays, month...) {
			if p.N < Least {
				t.Fatalf("published is %v", p)
			}
		}
	})
}

// What the search for circles says is what trying everything says: no total is withheld in vain.
func TestWhatFollowsIsWhatHasOneValueOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := make([][]int64, rapid.IntRange(1, 3).Draw(t, "days"))
		for d := range n {
			n[d] = rapid.SliceOfN(rapid.SampledFrom([]int64{0, 1, 3, 4, 9}), 2, 2).Draw(t, "day")
		}
		table := newTable(town(visits, n...), visits)
		flags := rapid.SliceOfN(rapid.Bool(), 6, 6).Draw(t, "known")
		r := newReader(n, nil, nil)
		for _, c := range table.parts {
			var d, k int
			fmt.Sscanf(c.Day+" "+c.Kiosk, "2026-11-%d kiosk-%d", &d, &k)
			r.given[[2]int{d - 1, k - 1}] = c.N
		}
		for d := range table.days {
			if table.dayKnown[d] = flags[d]; flags[d] {
				r.ofDay[d] = table.ofDay[d].n
			}
		}
		for k := range table.kiosks {
			if table.kioskKnown[k] = flags[3+k]; flags[3+k] {
				r.ofKiosk[k] = table.ofKiosk[k].n
			}
		}
		if table.allKnown = flags[5]; flags[5] {
			r.all = table.all.n
		}
		r.try(0, 0)
		follow := table.determined()
		for _, h := range table.hidden {
			could := r.possible[[2]int{h.day, h.kiosk}]
			if slices.Contains(follow, h) != (len(could) == 1) {
				t.Fatalf("%+v could be %v, and follows: %v", h, could, !slices.Contains(follow, h))
			}
		}
	})
}

func TestWhatIsPublishedComesInTheSameOrder(t *testing.T) {
	cells := append(town("printed", []int64{7, 8}, []int64{6, 2}), speaks(20, 9)...)
	days, month := publish(cells)
	slices.Reverse(cells)
	again, same := publish(cells)
	if !slices.Equal(days, again) || !slices.Equal(month, same) || len(month) == 0 {
		t.Errorf("%v %v, then %v %v", days, month, again, same)
	}
}

// BenchmarkAMonthOfAState is the audit of 300 kiosks of which most are quiet.
func BenchmarkAMonthOfAState(b *testing.B) {
	var n [][]int64
	for d := range 30 {
		row := make([]int64, 300)
		for k := range row {
			row[k] = int64((d*7 + k*13) % 9)
		}
		n = append(n, row)
	}
	cells := town(visits, n...)
	for b.Loop() {
		Month("2026-11", cells, nil, spoken)
	}
}
