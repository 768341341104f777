package assets

import (
	"slices"
	"strings"
)

// LessSpecific reports whether a code says no more than that some vaccine of the same group
// as another was given: 213 of 207, 88 of 140. No code is less specific than itself.
func LessSpecific(cvx, than string) bool {
	a, _ := VaccineOf(cvx)
	b, known := VaccineOf(than)
	if !known || cvx == than || !a.vague() || !slices.ContainsFunc(a.Groups, func(g string) bool { return slices.Contains(b.Groups, g) }) {
		return false
	}
	return !b.vague() || slices.Contains(b.GroupCVX, cvx)
}

// vague tells codes that name no product.
func (v Vaccine) vague() bool {
	return strings.Contains(strings.ToLower(v.Full+v.Short), "unspecified")
}
