package fleet

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/metrics"
)

func TestWhatIsUnusualAtAKioskIsSaidAndAUsualDayIsNot(t *testing.T) {
	for name, tt := range map[string]struct {
		v    store.Volume
		want string
	}{
		"a quiet kiosk":                       {store.Volume{Hour: 2, Day: 9, Answered: 9, Nobody: 9, Before: 80, Days: 10}, ""},
		"a busy one":                          {store.Volume{Hour: 30, Day: 200, Answered: 200, Nobody: 60, Spent: 4, Before: 1400, Days: 10}, ""},
		"a new one":                           {store.Volume{Hour: 20, Day: 149, Answered: 149, Nobody: 40}, ""},
		"faster than anybody types":           {store.Volume{Hour: 61, Day: 61, Before: 400, Days: 10}, "fast"},
		"five times a usual day":              {store.Volume{Hour: 6, Day: 50, Before: 100, Days: 10}, "many"},
		"a new one from which all is asked":   {store.Volume{Hour: 20, Day: 150}, "many"},
		"names of whom there is nobody":       {store.Volume{Hour: 4, Day: 30, Answered: 30, Nobody: 23, Before: 300, Days: 10}, "nobody"},
		"PINs that are guessed":               {store.Volume{Day: 8, Spent: 5, Before: 100, Days: 10}, "spent"},
		"somebody who empties it with a list": {store.Volume{Hour: 70, Day: 400, Answered: 400, Nobody: 399, Spent: 9, Before: 100, Days: 10}, "fast many nobody spent"},
	} {
		tt.v.Kiosk = "hall"
		var got []string
		for _, f := range Odd([]store.Volume{tt.v}) {
			got = append(got, string(f.What))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %s", name, got, tt.want)
		}
	}
}

// Otherwise somebody who stands there could see in the numbers whether the last one they asked
// for is on file.
func TestNumbersDoNotSayAtWhichKioskNobodyIsFound(t *testing.T) {
	bad := store.Volume{Hour: 61, Answered: 61, Nobody: 61}
	var all []store.Volume
	for i := range 3 {
		bad.Kiosk = fmt.Sprint("kiosk ", i)
		all = append(all, bad)
	}
	found := Odd(all)
	if !slices.ContainsFunc(found, func(f Found) bool { return f.What == Nobody && f.Kiosk == "kiosk 2" && f.N == 61 && f.Of == 61 }) {
		t.Errorf("%v", found)
	}
	page := string(metrics.Text([]metrics.Metric{OddGauge(found)}))
	if strings.Count(page, `what="fast"`) != 3 || strings.Count(page, `what="nobody"`) != 1 || !strings.Contains(page, `{kiosk="",what="nobody"} 1`) {
		t.Error(page)
	}
}
