package match

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
)

// Of brings what somebody typed or a registry holds into the form that is compared.
func Of(given, family, birth string, gender request.Gender, phone, email string) Identity {
	first := parts(given)
	id := Identity{Given: first.known(), Phone: PhoneOf(phone), Email: EmailOf(email)}
	id.Single = len(first) == 0 || slices.Contains(noGiven, first.whole())
	id.Family, id.Suffix = familyOf(family)
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

// NameOf returns the compared form of a name, nil for a placeholder or none. Accents go;
// what else marks a letter (vowel signs, voicing marks) tells names apart and stays.
func NameOf(s string) Name { return parts(s).known() }

// known is the name, or nil for a placeholder.
func (n Name) known() Name {
	if len(n) == 0 || slices.Contains(noNames, n.whole()) {
		return nil
	}
	return n
}

func parts(s string) Name {
	s = plain.Replace(strings.ToLower(norm.NFKD.String(s)))
	s = strings.Map(letter, s)
	s = norm.NFC.String(s) // a Korean syllable counts as one letter again
	return strings.Fields(s)
}

// letter keeps a letter, makes a space of a hyphen and a comma, and drops the rest.
func letter(r rune) rune {
	switch {
	case unicode.IsSpace(r), unicode.In(r, unicode.Pd), r == ',':
		return ' '
	case '\u0300' <= r && r <= '\u036f', r == 'ʻ', r == 'ʼ': // accents, and letters used as apostrophes
		return -1
	case unicode.IsLetter(r), unicode.IsMark(r):
		return r
	}
	return -1
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

// likeGiven compares first names. In a double name one part may have the typing
// error. A name that is somebody's own ("Marie") is no typing error of another
// ("Maria"): among twins it is the other one's.
func likeGiven(a, b Name) alike {
	if len(a) == 0 || len(b) == 0 {
		return different
	}
	if a.whole() == b.whole() {
		return same
	}
	if len(a) != len(b) {
		return different
	}
	best := same
	for i := range a {
		switch like := likeWhole(a[i], b[i]); {
		case like == same:
		case like == near && best == same && !(ownName(a[i]) && ownName(b[i])):
			best = near
		default:
			return different
		}
	}
	return best
}

// likeFamily compares family names. Somebody who uses one half of a double name
// is the same as one who uses both.
func likeFamily(a, b Name) alike {
	if len(a) == 0 || len(b) == 0 {
		return different
	}
	if (len(a) == 1) != (len(b) == 1) {
		one, parts := a, b
		if len(b) == 1 {
			one, parts = b, a
		}
		if utf8.RuneCountInString(one[0]) > 2 && slices.Contains(parts, one[0]) {
			return same
		}
	}
	return likeWhole(a.whole(), b.whole())
}

// Prepare loads the names that are known, so that the first request that needs
// them takes no longer than others. It may be called at any time.
func Prepare() { ownNames() }

// ownName tells whether a name is in the pools of first names.
func ownName(part string) bool { return ownNames()[part] }

var ownNames = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, pool := range []string{"given-girl", "given-boy", "given-girl-chinese", "given-boy-chinese"} {
		for _, w := range assets.Names(pool) {
			if !strings.Contains(w.Name, "?") { // it lost a letter on its way into the pool
				known[NameOf(w.Name).whole()] = true
			}
		}
	}
	return known
})

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
