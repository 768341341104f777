package notice

import (
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
)

// The alphabet that a text message has 160 letters of, or 153 in each part of several, and
// the letters that count twice in it (3GPP TS 23.038). With any other letter there are 70, or 67.
const (
	letters = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	twice   = "^{}\\[~]|€\f"
)

// segments is of how many parts a text message is, and whether all of it is in that alphabet.
func segments(text string) (n int, plain bool) {
	units, one, each := 0, 160, 153
	for _, r := range text {
		switch {
		case strings.ContainsRune(letters, r):
			units++
		case strings.ContainsRune(twice, r):
			units += 2
		default:
			one, each = 70, 67
		}
	}
	if one == 70 {
		units = len([]rune(text))
	}
	if units <= one {
		return 1, one == 160
	}
	return (units + each - 1) / each, one == 160
}

// allowed are the languages whose words can be chosen so that all of their letters are in it.
var allowed = []string{"en", "es"}

func TestATextMessageIsOfThreePartsAtMost(t *testing.T) {
	for _, l := range assets.Languages {
		for _, relation := range []request.Relation{request.Self, request.Child, request.Represented} {
			for _, k := range []Kind{Found, NotFound, NotHere} {
				_, text := Text(l.Tag, k, Details{Relation: relation, Code: "482913", Receipt: request.ReceiptFor("any"), Help: "+1 (617) 555-0100 x 12345"})
				n, plain := segments(text)
				if n > 3 || plain != slices.Contains(allowed, l.Tag) {
					t.Errorf("%s, %s, %s: %d parts, all letters in the alphabet: %t\n%s", l.Tag, k, relation, n, plain, text)
				}
				if l.Tag == "en" && k == Found && relation == request.Self && n != 1 {
					t.Errorf("%d parts: the message that most people get is one\n%s", n, text)
				}
			}
		}
	}
}

func TestPartsAreCountedAsPhonesDo(t *testing.T) {
	for text, want := range map[string]int{
		"": 1, strings.Repeat("a", 160): 1, strings.Repeat("a", 161): 2, strings.Repeat("é", 306): 2, strings.Repeat("a", 307): 3,
		strings.Repeat("€", 80): 1, strings.Repeat("€", 81): 2, strings.Repeat("í", 70): 1, strings.Repeat("í", 71): 2, strings.Repeat("a", 70) + "í": 2, strings.Repeat("í", 135): 3,
	} {
		if got, _ := segments(text); got != want {
			t.Errorf("%d letters: %d parts, want %d", len([]rune(text)), got, want)
		}
	}
}
