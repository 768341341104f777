package ui

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"vaxkiosk/app/speech"
	"vaxkiosk/ui/parts"
	"vaxkiosk/ui/words"
)

// Utterances: what is said of a stop, as pieces. Words come from the catalogue, in the visitor's
// language; what a visitor has typed, and numbers, are said by the rules of package speech.

// pause is between what is said of one stop.
const pause = 150 * time.Millisecond

// reader makes utterances of one visit.
type reader struct {
	w     *words.Catalogue
	visit uint64
}

// stop is what is said of one stop: its words, what it is for, what is typed, and its place.
func (t reader) stop(s voiced, at, of int) speech.Utterance {
	level := speech.Public
	if s.personal {
		level = speech.Personal
	}
	place := t.key("speech.place", "n", strconv.Itoa(at+1), "all", strconv.Itoa(of))
	return speech.Utterance{Visit: t.visit, Kind: speech.Focus, Pieces: append(t.words(s), place), Spelled: t.spelled(s, level)}
}

// words is a stop without its place.
func (t reader) words(s voiced) (all []speech.Piece) {
	level := speech.Public
	if s.personal {
		level = speech.Personal
	}
	for _, text := range s.Words {
		all = append(all, t.text(text, level)...)
	}
	return append(all, t.kind(s)...)
}

// kind is what a stop is for, and how it is.
func (t reader) kind(s voiced) (all []speech.Piece) {
	if s.Role != parts.Reads && s.Role != parts.Counts {
		all = append(all, t.key("speech."+string(s.Role)))
	}
	switch {
	case s.Value != "":
		all = append(all, t.value(s)...)
	case s.Role == parts.Counts && s.All > 0:
		all = append(all, t.key("speech.typed", "n", strconv.Itoa(s.N), "all", strconv.Itoa(s.All)))
	case s.Role == parts.Counts:
		all = append(all, t.key("speech.count", "n", strconv.Itoa(s.N)))
	case s.Role == parts.Types, s.Role == parts.Dates:
		all = append(all, t.key("speech.empty"))
	}
	switch {
	case s.suggested:
		all = append(all, t.key("speech.suggested"))
	case s.Picked && s.Role == parts.Touches:
		all = append(all, t.key("speech.picked"))
	}
	if s.Off {
		all = append(all, t.key("speech.off"))
	}
	return all
}

// value is what is typed: a name as it is called, all else sign by sign.
func (t reader) value(s voiced) []speech.Piece {
	switch {
	case s.Role == parts.Dates:
		return []speech.Piece{{Text: s.Value, Lang: t.w.Lang(), Level: speech.Personal, Pause: pause}}
	case strings.IndexFunc(s.Value, unicode.IsDigit) < 0 && !strings.Contains(s.Value, "@"):
		return speech.Name(s.Value)
	}
	return speech.Signs(s.Value, t.w.Lang(), speech.Personal)
}

// spelled is a stop letter by letter: what is typed into it, else a text that is short.
func (t reader) spelled(s voiced, level speech.Level) []speech.Piece {
	if s.Value != "" {
		return speech.Signs(s.Value, t.w.Lang(), speech.Personal)
	}
	if text := strings.Join(s.Words, " "); len(text) < 60 {
		return speech.Signs(text, t.w.Lang(), level)
	}
	return nil
}

// numbers are what is said sign by sign inside of a text: phone numbers, receipts, tracking numbers.
var numbers = regexp.MustCompile(`\(?\b\d{3}\)?[ -]\d{3}-\d{4}\b|\b[0-9A-Z]{4}-[0-9A-Z]{4}(-[0-9A-Z]{3})?\b`)

// text is a text of a screen.
func (t reader) text(text string, l speech.Level) (all []speech.Piece) {
	add := func(part string) {
		if part = strings.TrimSpace(strings.ReplaceAll(part, "·", ",")); part != "" {
			all = append(all, speech.Piece{Text: part, Lang: t.w.Lang(), Level: l, Pause: pause})
		}
	}
	rest := 0
	for _, at := range numbers.FindAllStringIndex(text, -1) {
		add(text[rest:at[0]])
		all = append(all, speech.Signs(text[at[0]:at[1]], t.w.Lang(), l)...)
		rest = at[1]
	}
	add(text[rest:])
	return all
}

// key is a text of the catalogue, for everybody.
func (t reader) key(key string, pairs ...string) speech.Piece {
	return speech.Piece{Key: key, Text: t.w.Say(key, pairs...), Lang: t.w.Lang(), Pause: pause}
}
