package exchange

import (
	"strings"
	"unicode"

	"vaxkiosk/app/names"
	"vaxkiosk/app/request"
)

// maxText is how long a text of a dose may be, in letters as people count them: what is
// longer is cut, with a mark.
const (
	maxText = 200
	cut     = "…"
)

// legible makes one space of all white space and leaves out what nobody sees: control
// characters, zero width, marks of direction.
func legible(s string) string {
	before, plain := byte(' '), true
	for i := range len(s) {
		plain = plain && s[i] >= ' ' && s[i] < 0x7f && (s[i] != ' ' || before != ' ')
		before = s[i]
	}
	if plain && (before != ' ' || s == "") {
		return s
	}
	return strings.Join(strings.Fields(names.Legible(strings.Join(strings.Fields(s), " "))), " ")
}

// short is a legible text that is not longer than one of a dose may be.
func short(s string) string {
	s = legible(s)
	if len(s) <= maxText || request.Letters(s) <= maxText {
		return s
	}
	letters := 0
	for i, r := range s {
		if i > 0 && names.GoesWith(r) {
			continue
		}
		if letters++; letters == maxText {
			return strings.TrimSpace(s[:i]) + cut
		}
	}
	return s
}

// lost is what programs write in place of a letter that they could not read or write.
const lost = "\ufffd?"

// odd reports whether a name has what no name has.
func odd(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return strings.ContainsRune(lost, r) || unicode.IsControl(r) && !unicode.IsSpace(r) }) >= 0
}

// goodID follows FHIR's rule for ids.
func goodID(s string) bool {
	return s != "" && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return r != '-' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
}
