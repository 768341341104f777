package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"vaxkiosk/app/request"
)

// Of brings what somebody typed or a registry holds into the form that is compared.
func Of(given, family, birth string, gender request.Gender, phone, email string) Identity {
	id := Identity{Given: NameOf(given), Family: NameOf(family), Phone: PhoneOf(phone), Email: EmailOf(email)}
	if d, err := request.ParseDate(birth); err == nil && !slices.Contains(noDates, birth) {
		id.Birth = d.String()
	}
	if gender == request.Female || gender == request.Male {
		id.Gender = string(gender)
	}
	return id
}

// What is written into registries when nobody knows. Short words that are names
// somewhere ("Na", "No", "Boy") are not here.
var (
	noDates  = []string{"1900-01-01", "1901-01-01", "1800-01-01", "9999-12-31"}
	noNames  = strings.Fields("unknown unk none noname nofirstname nolastname test patient baby babyboy babygirl infant newborn newbornboy newborngirl male female twina twinb xxx")
	noEmails = strings.Fields("none no unknown noemail nomail declined refused noreply test")
)

// Name is a name in small letters without accents and punctuation: its parts
// between spaces and hyphens.
type Name []string

// plain writes the letters that have no decomposition.
var plain = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// NameOf returns the compared form of a name, nil for a placeholder.
func NameOf(s string) Name {
	s = plain.Replace(strings.ToLower(norm.NFKD.String(s)))
	parts := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.Pd) })
	var n Name
	for _, p := range parts {
		p = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return r
			}
			return -1
		}, p)
		if p != "" {
			n = append(n, p)
		}
	}
	if slices.Contains(noNames, n.whole()) {
		return nil
	}
	return n
}

func (n Name) whole() string { return strings.Join(n, "") }

// PhoneOf returns E.164 for a number of the region, else the digits, or "" for a placeholder.
func PhoneOf(s string) string {
	if e164 := request.NormalPhone(s); e164 != "" {
		return e164
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if len(digits) < 10 || strings.Trim(digits[len(digits)-7:], digits[len(digits)-1:]) == "" || strings.HasSuffix(digits, "1234567890") {
		return ""
	}
	return digits
}

// EmailOf returns an address in small letters, or "" for a placeholder.
// Everything before the @ counts: a dot or a +tag may be another mailbox.
func EmailOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(norm.NFC.String(s)))
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || domain == "" || slices.Contains(noEmails, local) {
		return ""
	}
	return s
}

// alike is how much two names agree.
type alike int

const (
	different alike = iota
	near            // one typing error in five letters or more
	same
)

// minNear is the length from which a name may have a typing error.
const minNear = 5

// likeness compares two names. With byPart, as for family names, somebody who
// uses one half of a double name is the same as one who uses both.
func likeness(a, b Name, byPart bool) alike {
	if len(a) == 0 || len(b) == 0 {
		return different
	}
	best := likeWhole(a.whole(), b.whole())
	if byPart && (len(a) == 1) != (len(b) == 1) {
		one, parts := a, b
		if len(b) == 1 {
			one, parts = b, a
		}
		for _, p := range parts {
			if utf8.RuneCountInString(p) > 2 && p == one[0] {
				best = same
			}
		}
	}
	return best
}

func likeWhole(a, b string) alike {
	switch {
	case a == b:
		return same
	case min(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) >= minNear && oneEdit([]rune(a), []rune(b)):
		return near
	}
	return different
}

// oneEdit tells whether one letter changed, added, left out, or swapped with
// its neighbour makes b out of a.
func oneEdit(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return slices.Equal(a[i:], b[i+1:])
	}
	if i == len(a) {
		return false // equal: no edit
	}
	swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
	return swapped || slices.Equal(a[i+1:], b[i+1:])
}
