package typeset

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Unknown stands for what none of our fonts has; a page with it says so.
const Unknown = '\uFFFD'

// steers reports whether a character only steers other programs after a letter of that font.
func steers(r rune, base int) bool {
	if isJoiner(r) {
		return base <= notoSans || typefaces[base].plain
	}
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// Clean makes registry text drawable: letters composed, white space folded, characters that
// only steer other programs gone, what no font of ours has as U+FFFD, and text from
// right to left isolated from what stands beside it.
func Clean(s string) string {
	var out []rune
	base := 0 // the font of the last letter: what stands on it must come from the same
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			r = ' '
		case steers(r, base):
			continue
		case isJoiner(r):
		case isMark(r): // nor does one stand alone, or around a letter
			if typefaceOf(r) != base || base == 0 || unicode.Is(unicode.Me, r) {
				r = Unknown
			}
		case typefaceOf(r) == 0:
			r = Unknown
		}
		switch {
		case r == ' ' || r == Unknown:
			base = 0
		case !isMark(r):
			base = typefaceOf(r)
		}
		out = append(out, r)
	}
	return isolate(strings.Join(strings.Fields(string(out)), " "))
}
