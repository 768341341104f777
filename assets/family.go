package assets

import (
	"strings"
	"sync"
)

var familyWords = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for key := range Words(Languages[0].Tag) {
		if strings.HasPrefix(key, "family.") {
			all[key] = true
		}
	}
	return all
})

// FamilyKey is the word key of what a vaccine protects against: by its code
// where the CDC's groups say too much or nothing, else by its groups joined
// with "|", else "family.other"; "family.unknown" for a code that the table does not
// have. Of what is NotVaccine it says what it is. Several keys may have the same name;
// doses are grouped by name.
func FamilyKey(cvx string) string {
	if key := "family.cvx-" + cvx; familyWords()[key] {
		return key
	}
	v, known := VaccineOf(cvx)
	if !known {
		return "family.unknown"
	}
	if key := "family." + strings.Join(v.Groups, "|"); familyWords()[key] {
		return key
	}
	return "family.other"
}

// NotVaccine reports whether a CVX code stands for something that a registry has on file
// beside vaccinations: a tuberculin skin test, an adjuvant, or nobody knows what. 99 and 998
// are refused by now; who took them before may have them still.
func NotVaccine(cvx string) bool {
	switch cvx {
	case "95", "96", "97", "98", "99", "801", "998", "999":
		return true
	}
	return false
}

// DiseaseKey is the word key of a disease by its SNOMED CT code, as forecasts name it
// where they name no vaccine. Of other codes nobody could be told what they mean.
func DiseaseKey(snomed string) (key string, known bool) {
	key = "disease." + snomed
	_, known = Words(Languages[0].Tag)[key]
	return key, known
}

// pentavalent is a vaccine outside of the United States that the CDC has no groups for.
const pentavalent = "198"

// FamilyKeys are the word keys of all that a vaccine protects against, one for each of
// the CDC's groups in a combination. Another vaccine has the one of FamilyKey.
func FamilyKeys(cvx string) []string {
	whole := FamilyKey(cvx)
	v, _ := VaccineOf(cvx)
	groups := v.Groups
	switch {
	case cvx == pentavalent:
		groups = []string{"DTAP", "HIB", "HepB"}
	case whole != "family."+strings.Join(groups, "|"):
		return []string{whole}
	}
	var keys []string
	for _, g := range groups {
		key := "family." + g
		if !familyWords()[key] {
			return []string{whole}
		}
		keys = append(keys, key)
	}
	return keys
}
