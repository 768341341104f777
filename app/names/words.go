// Package names says how names are compared. Central decides by it whose record is
// meant (sync/central/match), and the kiosk holds the record that comes against what
// was asked for (app/record): both read a name alike.
//
//	names.Fold("O’Neill\u200b")            // O'Neill: what is typed, before it counts
//	words := names.Words("Dr. José Pérez")  // dr jose perez
//	given, suffix := names.Given(words)     // jose perez
//	names.Near("jonson", "johnson")         // true: one typing error
//
// Given and Family take off what goes with a name and is none: titles, degrees,
// suffixes. Nothing here knows who is meant: which names agree, and how many must, is
// decided where they are compared. The package imports nothing of ours.
package names

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// plain writes what has no decomposition, and suffixes that are numbers.
var plain = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i",
	"2nd", " ii", "3rd", " iii", "4th", " iv")

// aside is what registries write next to a name: a nickname, an explanation.
var aside = regexp.MustCompile(`\([^)]*\)|"[^"]*"|“[^”]*”`)

// Words are the words of a name in small letters without accents and punctuation.
func Words(s string) []string {
	if strings.ContainsAny(s, `("“`) {
		s = aside.ReplaceAllLiteralString(s, " ")
	}
	s = strings.ToValidUTF8(s, "") // the letter behind a broken one would stay as it is
	s = plain.Replace(strings.ToLower(norm.NFKD.String(Fold(s))))
	s = strings.Map(letter, s)
	s = norm.NFC.String(s) // a Korean syllable counts as one letter again
	return strings.Fields(s)
}

// letter keeps a letter, makes a space of what stands between two names, and drops the rest.
func letter(r rune) rune {
	switch {
	case unicode.IsSpace(r), unicode.In(r, unicode.Pd), strings.ContainsRune(",/&+_", r):
		return ' '
	case '\u0300' <= r && r <= '\u036f', r == 'ʻ', r == 'ʼ': // accents, and letters used as apostrophes
		return -1
	case unicode.IsLetter(r), unicode.IsMark(r):
		return r
	}
	return -1
}

// What goes with a name and is none. They are names where they stand alone.
var (
	titles   = strings.Fields("dr dra mr mrs ms miss mx prof rev sr sra srta mme mlle")
	degrees  = strings.Fields("phd md dds dvm esq rn cpa")
	suffixes = map[string]string{"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
)

// Suffix is a suffix as it is compared ("jr", "iii"), "" for what is none.
func Suffix(s string) string { return suffixes[strings.Join(Words(s), "")] }

// Given takes titles ("Dr.") and a suffix off the words of a first name.
func Given(all []string) (given []string, suffix string) { return cutEnd(cutTitles(all)) }

// Family takes titles and a suffix ("Lopez, Jr.") off the words of a family name,
// and writes prefixes in one way.
func Family(all []string) (family []string, suffix string) {
	n, suffix := cutEnd(all)
	n, also := cutEnd(cutTitles(joined(n)))
	return n, cmp.Or(suffix, also)
}

// noFirstName is how registries and documents write that there is no first name. FNU
// and NFN are somebody's name on their own documents.
var noFirstName = strings.Fields("fnu nfn nofirstname")

// NoGiven reports whether the words of a first name say that there is none.
func NoGiven(given []string) bool { return slices.Contains(noFirstName, strings.Join(given, "")) }

// prefixes belong to the word behind them.
var prefixes = strings.Fields("mc mac o d")

// joined makes one word of Mac Donald, Mc Donald and McDonald, and of O Brien and O'Brien.
func joined(words []string) (all []string) {
	for i := 0; i < len(words); i++ {
		word := words[i]
		if slices.Contains(prefixes, word) && i+1 < len(words) {
			i++
			word += words[i]
		}
		if rest, mac := strings.CutPrefix(word, "mac"); mac && utf8.RuneCountInString(rest) > 2 {
			word = "mc" + rest
		}
		if word == "st" {
			word = "saint"
		}
		all = append(all, word)
	}
	return all
}

func cutTitles(n []string) []string {
	for len(n) > 1 && slices.Contains(titles, n[0]) {
		n = n[1:]
	}
	return n
}

func cutEnd(n []string) (rest []string, suffix string) {
	for len(n) > 1 {
		last := n[len(n)-1]
		s, ok := suffixes[last]
		if !ok && !slices.Contains(degrees, last) {
			break
		}
		if suffix == "" {
			suffix = s
		}
		n = n[:len(n)-1]
	}
	return n, suffix
}

// OneEdit reports whether one letter changed, added, left out, or swapped with its
// neighbour makes one word out of the other.
func OneEdit(s, t string) bool {
	a, b := []rune(s), []rune(t)
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

// minNear is the length from which a word may have a typing error: shorter ones are
// next to too many others.
const minNear = 5

// Near reports whether two words differ by one typing error, and are long enough for one.
func Near(a, b string) bool {
	return min(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) >= minNear && OneEdit(a, b)
}
