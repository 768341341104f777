package assets

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Rule is one row of schedule/rules.tsv: a dose that was due to people of an age in a
// period. Ages are in completed months, From and To are the first and the last day.
type Rule struct {
	Series    string // what counts the doses
	Line      string // of products that may be given
	Needs     int    // so many doses of the series came before,
	OrMore    bool   // or more of them
	From, To  time.Time
	Min, Max  int    // of the age
	Season    string // "MM-DD MM-DD": every year between these days; empty: once
	Late, Gap int    // days: how late it comes at most; since the dose before at least
	Percent   int    // of those it is due to get it
	Same      int    // percent who stay with the product or the maker of the dose before
	Sex       string // F or M; empty: all
}

// Given is one row of schedule/products.tsv: a product while it was given.
type Given struct {
	Line, CVX    string
	Product      string // as the CDC writes it; "" where it has no name for it
	MVX          string // "" where nobody knows the maker
	Manufacturer string
	From, To     time.Time
	Min, Max     int // of the age in completed months
	Share        int // weight among the products that fit
	Enough       int // so many doses of it are a whole primary series; 0 is as many as the rules say
	Next         int // days to the second dose; 0 is as the rule says
	Also         []string
}

// always is later than anything.
var always = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// Rules are the schedules of the United States since 1945, by series. Of two rules with
// one need the first that gives a dose counts; a series whose products have others in them
// (Given.Also) comes before those.
var Rules = sync.OnceValue(func() []Rule {
	var all []Rule
	for _, row := range table("schedule/rules.tsv") {
		needs, more := strings.CutSuffix(row["needs"], "+")
		r := Rule{
			Series: row["series"], Line: row["line"], Needs: whole(needs), OrMore: more, Min: whole(row["min"]), Max: whole(row["max"]),
			Season: row["season"], Late: whole(row["late"]), Gap: whole(row["gap"]), Percent: whole(row["percent"]), Same: whole(row["same"]), Sex: row["sex"],
		}
		r.From, r.To = period(row["from"], row["to"])
		all = append(all, r)
	}
	return all
})

// Givens are the products of the schedules.
var Givens = sync.OnceValue(func() []Given {
	makers := map[string]string{"": ""}
	for _, row := range table("cdc/mvx.tsv") {
		makers[row["mvx"]] = row["name"]
	}
	var all []Given
	for _, row := range table("schedule/products.tsv") {
		maker, known := makers[row["mvx"]]
		if !known {
			panic(fmt.Sprintf("assets: schedule: no maker %q", row["mvx"]))
		}
		g := Given{
			Line: row["line"], CVX: row["cvx"], Product: row["product"], MVX: row["mvx"], Manufacturer: maker, Min: whole(row["min"]), Max: whole(row["max"]),
			Share: whole(row["share"]), Enough: whole(row["enough"]), Next: whole(row["next"]), Also: strings.Fields(row["also"]),
		}
		g.From, g.To = period(row["from"], row["to"])
		all = append(all, g)
	}
	return all
})

// whole reads a number; empty is 0.
func whole(s string) int {
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(fmt.Sprintf("assets: schedule: number %q", s))
	}
	return n
}

// period reads two days, or months with all their days; the second may be empty.
func period(from, to string) (first, last time.Time) {
	first, _ = days(from)
	if last = always; to != "" {
		_, last = days(to)
	}
	return first, last
}

// days are the first and the last day of a month, or the day twice.
func days(s string) (first, last time.Time) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, t
	}
	t, err := time.Parse("2006-01", s)
	if err != nil {
		panic(fmt.Sprintf("assets: schedule: day %q", s))
	}
	return t, t.AddDate(0, 1, -1)
}
