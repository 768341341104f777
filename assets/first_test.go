package assets

import "testing"

func TestFirstYearsAreOfVaccinesAndGroupsThatThereAre(t *testing.T) {
	groups := map[string]bool{}
	for _, v := range BuiltIn().vaccines {
		for _, g := range v.Groups {
			groups[g] = true
		}
	}
	for of, year := range firstYears() {
		if _, code := VaccineOf(of); !code && !groups[of] || year < 1900 || year > 2026 {
			t.Errorf("%s in %d", of, year)
		}
	}
	for cvx, want := range map[string]int{"207": 2020, "213": 2020, "140": 1938, "146": 2016, "120": 1985, "187": 2017, "188": 2006, "999": 0, "335": 0, "98": 0} {
		if got := FirstYear(cvx); got != want {
			t.Errorf("CVX %s is of %d, want %d", cvx, got, want)
		}
	}
}

func TestUnspecifiedCodesSayWhatAVaccineIsAgainst(t *testing.T) {
	for cvx, want := range map[string]bool{"213": true, "88": true, "45": true, "164": true, "207": false, "140": false, "98": false, "335": false} {
		if Unspecified(cvx) != want {
			t.Errorf("CVX %s: %v", cvx, !want)
		}
	}
}
