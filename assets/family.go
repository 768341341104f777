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
