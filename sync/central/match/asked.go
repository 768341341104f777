package match

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"vaxkiosk/app/names"
	"vaxkiosk/app/request"
)

// The ways in which the person asked for may be on file. A middle name may be
// part of the first name there ("Mary Ann", "Mary A."), or left out. Another name that the
// person has used counts like the first one; the part of it that was not said is
// taken from there. Each way is compared by the whole rule, with the same birth
// date and contacts: a name alone opens nothing, and two names that lead to two
// people open nothing either.
//
// Who has one name only has it as the family name. That agrees with a person on
// file of that family name whose first name is left out, said to be missing
// ("FNU"), or the same name again; never with somebody who has another first name,
// or one that nobody knows ("unknown"). A child who has no name yet ("Baby Girl")
// has not one name.

// Asked returns the identities that a request may be about today, the name as typed
// first. They differ in names only.
func Asked(r request.Request, today request.Date) []Identity {
	ways := withMiddle(r.Given, r.Middle, r.Family)
	switch o := r.Other; {
	case o.Given != "":
		ways = append(ways, way{o.Given, cmp.Or(o.Family, r.Family), []Reason{OtherUsed}})
	case o.Family != "":
		ways = append(ways, withMiddle(r.Given, r.Middle, o.Family, OtherUsed)...)
	}
	all := make([]Identity, len(ways))
	for i, n := range ways {
		id := Of(n.given, n.family, r.Birth.String(), r.Gender, r.Phone, r.Email)
		id.Middle, id.Ways = NameOf(r.Middle), n.by
		id.Single = n.given == "" || id.Single && names.NoGiven(id.Given)
		if r.Suffix != "" {
			id.Suffix = names.Suffix(r.Suffix)
		}
		id.Own, id.ByParent = r.Relation == request.Self, ParentMay(r.Relation, r.Birth, today)
		all[i] = id
	}
	return all
}

// way is one of the names that somebody may be on file under.
type way struct {
	given, family string
	by            []Reason
}

func withMiddle(given, middle, family string, by ...Reason) []way {
	ways := []way{{given, family, by}}
	if given == "" || middle == "" {
		return ways
	}
	by = append(slices.Clone(by), MiddleUsed)
	ways = append(ways, way{given + " " + middle, family, by})
	if first, rest := utf8.DecodeRuneInString(middle); rest < len(middle) {
		ways = append(ways, way{given + " " + string(first), family, by})
	}
	return ways
}

// leftOut reports whether a folded first name is empty, or a hyphen in its place.
func leftOut(given string) bool {
	return strings.IndexFunc(given, func(r rune) bool { return !strings.ContainsRune("-. ", r) }) < 0
}

// firstNames compares first names, and the one name of somebody who has no other.
func firstNames(a, b Identity) alike {
	if like := likeGiven(a.Given, b.Given); like != different {
		return like
	}
	switch {
	case nickname(a, b):
		return short
	case a.Single && b.Single:
		return same
	case a.Single:
		return again(a.Family, b.Given)
	case b.Single:
		return again(b.Family, a.Given)
	}
	return different
}

// otherMiddle reports whether the first name on file goes on behind the one that was
// said, but not with the middle name that was said.
func otherMiddle(a, b Identity) bool {
	n := len(a.Given)
	return len(a.Middle) > 0 && n > 0 && n < len(b.Given) && b.Given[:n].is(a.Given) && !b.Given[n:].is(a.Middle)
}

// again reports whether a family name is the first name as well.
func again(family, given Name) alike {
	if len(family) > 0 && family.is(given) {
		return same
	}
	return different
}

// lastNames compares family names; an only name as strictly as a first name.
func lastNames(a, b Identity) alike {
	if a.Single || b.Single {
		return likeGiven(a.Family, b.Family)
	}
	return likeFamily(a.Family, b.Family)
}
