package speech

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Values as they are said. An engine reads a pickup code as a number, a phone number as two, and
// a vaccine's name as it can, so each kind of value is made into pieces here.

// Pauses of what is said sign by sign: people write it down, or hold it against a paper.
const (
	betweenSigns  = 350 * time.Millisecond
	betweenGroups = 700 * time.Millisecond
)

// English is what names, places and vaccines are said in, in every language: their letters are
// Latin, and they are written as they are called here.
const English = "en"

// Signs are the letters and digits of a code, a phone number, a receipt, or a name that is spelled, one
// at a time; whatever stands between them makes groups.
func Signs(text, lang string, l Level) (all []Piece) {
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			all = append(all, Piece{Text: string(unicode.ToUpper(r)), Lang: lang, Level: l, Pause: betweenSigns})
		case len(all) > 0:
			all[len(all)-1].Pause = betweenGroups
		}
	}
	if len(all) > 0 {
		all[len(all)-1].Pause = betweenGroups
	}
	return all
}

// Name is the name of a person or a place.
func Name(text string) []Piece {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return []Piece{{Text: text, Lang: English, Level: Personal}}
}

// Vaccine is a name of the CDC's tables, or a trade name, as it is said among people.
func Vaccine(name string, l Level) []Piece {
	var said []string
	for _, word := range apart.Split(name, -1) {
		said = append(said, asSaid(strings.Trim(word, ".;"))...)
	}
	text := strings.Join(said, " ")
	if text == "" {
		return nil
	}
	return []Piece{{Text: text, Lang: English, Level: l}}
}

// apart is what stands between the words of a vaccine's name.
var apart = regexp.MustCompile(`[\s,/()+-]+`)

// lexicon are the words of vaccines that are not said as they are written.
var lexicon = map[string]string{
	"mrna": "m R N A", "dtap": "D T A P", "tdap": "T dap", "hib": "hib", "hepb": "hep B", "hepa": "hep A", "mcg": "micrograms", "ml": "milliliters",
	"covid": "covid", "unspecified": "not specified", "nos": "not specified", "pf": "preservative free",
}

// asSaid is one word of a vaccine's name. What is in capitals is spelled.
func asSaid(word string) []string {
	if said, is := lexicon[strings.ToLower(word)]; is {
		return []string{said}
	}
	if letters := strings.TrimRight(word, "0123456789"); len(letters) > 1 && len(letters) < 5 && strings.ToUpper(letters) == letters && strings.ToLower(letters) != letters {
		said := strings.Split(letters, "")
		if digits := word[len(letters):]; digits != "" {
			said = append(said, digits)
		}
		return said
	}
	if word == "" {
		return nil
	}
	return []string{word}
}
