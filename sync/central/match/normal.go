package match

import (
	"cmp"
	"slices"
	"strings"

	"vaxkiosk/app/names"
	"vaxkiosk/app/request"
)

// Of brings what somebody typed or a registry holds into the form that is compared.
func Of(given, family, birth string, gender request.Gender, phone, email string) Identity {
	id := Identity{Phone: request.PhoneKey(phone), Email: request.EmailKey(email)}
	id.Single = leftOut(names.Fold(given)) || names.NoGiven(parts(given))
	var suffix string
	id.Given, suffix = givenOf(given)
	id.Family, id.Suffix = familyOf(family)
	id.Suffix = cmp.Or(id.Suffix, suffix)
	if d, err := request.ParseDate(birth); err == nil && !slices.Contains(noDates, birth) {
		id.Birth = d.String()
	}
	if gender == request.Female || gender == request.Male {
		id.Gender = string(gender)
	}
	return id
}

// What is written into registries when nobody knows. Short words that are names
// somewhere ("Na", "No", "Boy", "Patient") are not here; with one of these they are no
// name either.
var (
	noDates       = []string{"1900-01-01", "1901-01-01", "1800-01-01", "1111-11-11", "9999-12-31"}
	notApplicable = strings.Fields("n/a n.a. n/k #n/a")
	noNames       = strings.Fields(`unknown unk none noname nofirstname nolastname nonamegiven notgiven notprovided declined refused donotuse
		test testing testpatient baby babyboy babygirl infant newborn neonate male female twin triplet xx xxx xxxx zzz zzzz`)
	noNamesBeside = strings.Fields("boy girl patient one two three a b c d i ii iii no name first last given")
	babies        = []string{"babyboy", "babygirl", "babymale", "babyfemale", "newborn", "infantboy", "infantgirl"}
)

// known is the name, or nil for a placeholder. A hospital writes the mother's
// name behind "Baby Boy".
func (n Name) known() Name {
	if len(n) == 0 || slices.Contains(noNames, n.whole()) || len(n) > 1 && placeholder(n) {
		return nil
	}
	return n
}

func placeholder(n Name) bool {
	if slices.Contains(babies, n[0]) || slices.Contains(babies, n[0]+n[1]) {
		return true
	}
	unsaid := 0
	for _, part := range n {
		switch {
		case slices.Contains(noNames, part):
			unsaid++
		case !slices.Contains(noNamesBeside, part):
			return false
		}
	}
	return unsaid > 0
}

func sameKey(a, b string) bool { return a != "" && a == b }
