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
// with "|", else "family.other". Several keys may have the same name; doses are
// grouped by name.
func FamilyKey(cvx string) string {
	if key := "family.cvx-" + cvx; familyWords()[key] {
		return key
	}
	v, _ := VaccineOf(cvx)
	if key := "family." + strings.Join(v.Groups, "|"); familyWords()[key] {
		return key
	}
	return "family.other"
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
