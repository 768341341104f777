package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// How typed text is folded: what is pasted or scanned brings characters that nobody
// sees, and characters that look like those on the keys. Kiosk and central fold alike: the rules
// of the form look at folded text, folded text is what is sent, and names and
// addresses are folded before they are compared.

// Look-alikes of the apostrophe and the hyphen, beside all that Unicode calls a dash.
// The ʻokina (U+02BB), geresh and gershayim are none: they are part of how a name is
// written.
const (
	apostrophes = "`´ʹʼʽˈˊˋ‘’‛′‵❛❜Ꞌꞌ՚＇｀"
	dashes      = "˗⁃−"
)

// Fold takes away what nobody sees (zero width, direction and byte order marks, soft
// hyphens, control characters), writes apostrophes as ' and dashes as -, makes one
// space of all white space, and composes letters (NFC). Folded text stays as it is.
func Fold(s string) string {
	if folded(s) {
		return s
	}
	s = seen(Legible(strings.ToValidUTF8(s, string(utf8.RuneError)))) // a broken letter is refused, not passed over
	return strings.Join(strings.Fields(norm.NFC.String(strings.Map(alike, s))), " ")
}

// folded tells quickly that most text is folded: plain letters and punctuation, single spaces.
func folded(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		b := s[i]
		if b < ' ' || b > '~' || b == '`' || b == ' ' && before == ' ' {
			return false
		}
		before = b
	}
	return s == "" || before != ' '
}

// alike is the character on the keys that a letter is or looks like.
func alike(r rune) rune {
	switch {
	case unicode.In(r, unicode.Pd), strings.ContainsRune(dashes, r):
		return '-'
	case strings.ContainsRune(apostrophes, r):
		return '\''
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// unseen reports whether nobody sees this letter, whatever is beside it. White
// space is no such letter, and the signs of numbers in Arabic are seen.
func unseen(r rune) bool {
	switch {
	case ' ' <= r && r <= '~', unicode.IsSpace(r), IsJoiner(r), unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// IsJoiner reports whether r is one of the two joiners. They shape the letters beside them: Persian and Sinhala names need them
// (UAX #31, 2.3, rules A1, A2 and B). Everywhere else nobody sees them.
func IsJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// cursive are the scripts whose letters join.
var cursive = []*unicode.RangeTable{unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko, unicode.Mandaic, unicode.Adlam, unicode.Hanifi_Rohingya}

// virama is the combining class of the marks that take a letter's vowel away.
const virama = 9

// MaxMarks is how many marks and joiners go with one letter. No script needs more, and
// piled up without end they would be one letter of any size.
const MaxMarks = 6

// Legible composes letters and leaves out what nobody sees, and marks that nobody can
// read any more.
func Legible(s string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		switch {
		case unseen(r):
			return -1
		case !GoesWith(r):
			marks = 0
		case marks == MaxMarks:
			return -1
		default:
			marks++
		}
		return r
	}, norm.NFC.String(s))
}

// GoesWith reports whether this is no letter of its own.
func GoesWith(r rune) bool { return unicode.IsMark(r) || IsJoiner(r) }

// seen leaves out joiners that shape nothing.
func seen(s string) string {
	var b strings.Builder
	letters := []rune(s)
	before := rune(0)
	for i, r := range letters {
		if IsJoiner(r) && !shapes(before, letters[i+1:]) {
			continue
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// shapes reports whether a joiner between them is seen.
func shapes(before rune, behind []rune) bool {
	if norm.NFC.PropertiesString(string(before)).CCC() == virama {
		return true
	}
	return len(behind) > 0 && joins(before) && joins(behind[0])
}

// joins tells letters and marks of the scripts whose letters join.
func joins(r rune) bool {
	return unicode.In(r, cursive...) && (unicode.IsLetter(r) || unicode.IsMark(r))
}
