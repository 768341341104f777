package request

import (
	"strings"

	"vaxkiosk/app/names"
)

// How much a field takes: the kiosk's fields, the rules of the form, what central
// decodes and what it imports all look here.

// The longest name, e-mail address (RFC 5321, 4.5.3.1.3, less the angle brackets) and
// answer in words.
const (
	maxName  = 50
	maxEmail = 254
	maxWords = 80
)

var longest = map[Field]int{
	FieldGiven: maxName, FieldMiddle: maxName, FieldFamily: maxName, FieldOtherGiven: maxName, FieldOtherFamily: maxName,
	FieldAskerGiven: maxName, FieldAskerFamily: maxName, FieldNewGiven: maxName, FieldNewFamily: maxName,
	FieldVaccine: maxWords, FieldPlace: maxWords, FieldRight: maxWords,
	FieldPhone: phoneDigits, FieldEmail: maxEmail, FieldPIN: PINDigits, FieldPINAgain: PINDigits,
	FieldQuery: 60, FieldStaffID: 32, FieldCentral: 100, FieldInvitation: 48, // with its dashes, and some typed twice
	FieldNumber: 4 * (receiptLength + 2), // a scanner types behind what is there
}

// Fold is what counts of a text that was typed, pasted or scanned.
func Fold(s string) string { return names.Fold(s) }

// Longest is how much a field takes, in letters as people count them; of a phone
// number, how many digits. It is 0 for what is chosen, not typed.
func Longest(f Field) int { return longest[f] }

// Letters counts letters as people do: one with its marks is one, however it is coded.
func Letters(s string) (n int) {
	eachLetter(names.Legible(s), func(int) bool { n++; return true })
	return n
}

// eachLetter calls f with the place where a letter begins, until it returns false. A mark at the
// start is one.
func eachLetter(s string, f func(at int) bool) {
	for i, r := range s {
		if (i == 0 || !names.GoesWith(r)) && !f(i) {
			return
		}
	}
}

// maxLetter is how many bytes a letter has with its marks, on average over a whole text: more
// than in any script, so that a request has a size which central can count on.
const maxLetter = 12

// longestPhone is how much of a phone number is kept, in letters: with spaces,
// punctuation and an extension it is longer than its digits.
const longestPhone = 40

// Kept is what a field keeps of what is typed into it: letters that can be seen, and one
// more than it takes. With that one Check refuses the text until the visitor has made it
// shorter, so nothing is cut off that the visitor does not know of.
func Kept(f Field, s string) string {
	s = names.Legible(s)
	most := Longest(f) + 1
	if f == FieldPhone {
		most = longestPhone
	}
	n, end := 0, len(s)
	eachLetter(s, func(at int) bool {
		if n++; n > most {
			end = at
		}
		return n <= most
	})
	return s[:end]
}

// TooMuch reports whether a text is longer than its field takes.
func TooMuch(f Field, s string) bool {
	switch f {
	case FieldPhone: // beside what the rule for phone numbers tells
		return s == onlyDigits(s) && len(strings.TrimPrefix(s, "1")) > phoneDigits
	case FieldEmail:
		return len(s) > maxEmail
	default:
	}
	return Letters(s) > Longest(f) || len(s) > maxLetter*Longest(f)
}
