package assets

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed first-years.tsv
var firstYearTable string

// firstYears are first years by CVX code or the CDC's vaccine group.
var firstYears = sync.OnceValue(func() map[string]int {
	all := map[string]int{}
	_, rows, _ := strings.Cut(firstYearTable, "\n")
	for row := range strings.Lines(rows) {
		of, text, _ := strings.Cut(strings.TrimSpace(row), "\t")
		year, err := strconv.Atoi(text)
		if err != nil {
			panic(fmt.Sprintf("assets: first-years.tsv: year %q", text))
		}
		all[of] = year
	}
	return all
})

// FirstYear is the year in which a vaccine with a CVX code was first licensed anywhere; 0
// when the table does not say. A combination is as new as the newest of its groups.
func FirstYear(cvx string) (year int) {
	if year, known := firstYears()[cvx]; known {
		return year
	}
	v, _ := VaccineOf(cvx)
	for _, g := range v.Groups {
		year = max(year, firstYears()[g])
	}
	return year
}

// Unspecified reports whether a CVX code says what a vaccine is against, but not which
// vaccine it was ("influenza, unspecified formulation").
func Unspecified(cvx string) bool {
	v, _ := VaccineOf(cvx)
	return len(v.Groups) > 0 && v.vague()
}
