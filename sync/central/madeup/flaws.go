package madeup

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// How registries and people differ, in a thousand. Where no study gives a rate
// of records, ours is an assumption and says so.
const (
	// Of 400 million numbers and more in the U.S., nearly 35 million are
	// disconnected each year (FCC, Reassigned Numbers Database order, 2018): 8 %.
	// A contact on file is as old as the last visit; with two years on average
	// about 15 % are stale. A stale number may be somebody else's by now.
	staleContact = 150
	// Misspellings are the largest part of all differences in first names between
	// records of one person, and a third of those in last names (Just et al., Why
	// Patient Matching Is a Challenge, Perspectives in HIM, 2016). Their share of
	// all records is an assumption.
	typoOnFile = 12 // in the first name, and as many in the last
	typoTyped  = 15 // at the kiosk, likewise
	// Assumptions.
	renamed      = 10  // the family name of somebody over 18 is on file as it was before
	unnamedBabe  = 20  // of children under two: "Baby Boy" is still on file
	capitals     = 300 // of homes are on file in capital letters
	plainOnFile  = 800 // of homes are on file without accents
	plainTyped   = 400 // of people type their names without accents
	otherContact = 100 // of people say the e-mail address or phone that is not on file
)

// age makes the differences between what is on file of a home and what its people say.
func (s *state) age(all []Resident) {
	upper, plain := s.chance(capitals), s.chance(plainOnFile)
	stale := map[string]string{} // of a contact that a home shares, all is old
	for i := range all {
		r := &all[i]
		r.Phone = s.former(stale, r.Phone, func() string { return phone(s.m.IntN(lines)) })
		r.Email = s.former(stale, r.Email, func() string { return s.email(1 + s.m.IntN(lines)) })
		for i := range r.More {
			c := &r.More[i]
			c.Phone = s.former(stale, c.Phone, func() string { return phone(s.m.IntN(lines)) })
			c.Email = s.former(stale, c.Email, func() string { return s.email(1 + s.m.IntN(lines)) })
		}
		s.names(r)
		if plain {
			r.Given, r.Family = bare(r.Given), bare(r.Family)
		}
		if upper {
			r.Given, r.Family = strings.ToUpper(r.Given), strings.ToUpper(r.Family)
		}
		if s.chance(plainTyped) {
			r.Says.Given, r.Says.Family = bare(r.Says.Given), bare(r.Says.Family)
		}
		if s.chance(otherContact) && r.Says.Phone != "" && r.Says.Email != "" {
			r.Email = ""
		}
		if !s.plan.Further {
			r.firstOnly()
		}
	}
}

// former is what is on file in place of a contact of today.
func (s *state) former(known map[string]string, now string, old func() string) string {
	if now == "" {
		return ""
	}
	if _, drawn := known[now]; !drawn {
		known[now] = now
		if s.chance(staleContact) {
			known[now] = old()
		}
	}
	return known[now]
}

// names makes the differences in names.
func (s *state) names(r *Resident) {
	age := r.Birth.Age(s.plan.Today)
	if age >= 18 && s.chance(renamed) {
		r.Family = s.surname(s.group())
	}
	if age < 2 && s.chance(unnamedBabe) {
		r.Given = "Baby " + []string{"Girl", "Boy"}[s.m.IntN(2)]
	}
	for _, name := range []struct {
		of   *string
		rate int
	}{{&r.Given, typoOnFile}, {&r.Family, typoOnFile}, {&r.Says.Given, typoTyped}, {&r.Says.Family, typoTyped}} {
		if s.chance(name.rate) {
			*name.of = s.typo(*name.of)
		}
	}
}

// chance reports whether something of so many in a thousand happens.
func (s *state) chance(perMille int) bool { return s.m.IntN(1000) < perMille }

// typo makes one typing error behind the first letter: a letter changed, left
// out, doubled, or swapped with the next.
func (s *state) typo(name string) string {
	letters := []rune(name)
	if len(letters) < 4 {
		return name
	}
	i := 1 + s.m.IntN(len(letters)-2)
	switch s.m.IntN(4) {
	case 0:
		letters[i] = 'a' + rune(s.m.IntN(26))
	case 1:
		letters = append(letters[:i], letters[i+1:]...)
	case 2:
		letters = append(letters[:i+1], letters[i:]...)
	case 3:
		letters[i], letters[i+1] = letters[i+1], letters[i]
	}
	return string(letters)
}

// strokes are the letters that have no decomposition.
var strokes = strings.NewReplacer("đ", "d", "Đ", "D", "ł", "l", "Ł", "L")

// bare is a name without accents, as it comes out of old systems.
func bare(name string) string {
	ascii := true
	for i := range len(name) {
		ascii = ascii && name[i] < 0x80
	}
	if ascii {
		return name
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strokes.Replace(name)))
}
