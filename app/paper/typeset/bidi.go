package typeset

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// The order of a line (Unicode Standard Annex 9). Our own words all run from left to
// right. What the registry wrote is isolated from them when letters in it run from
// right to left: it then orders itself by its own first letter, and never moves the
// words, dates and numbers around it.

// The isolates, and the mark that makes a line run from left to right.
const (
	leftIsolate  = '\u2066'
	rightIsolate = '\u2067'
	endIsolate   = '\u2069'
	leftMark     = "\u200e"
)

// IsIsolate reports whether r is one of the marks that Clean sets text apart with.
func IsIsolate(r rune) bool { return r == leftIsolate || r == rightIsolate || r == endIsolate }

// isolate sets text apart that has letters from right to left in it.
func isolate(s string) string {
	first := rune(0)
	backward := false
	for _, r := range s {
		switch classOf(r) {
		case bidi.R, bidi.AL:
			backward = true
			first = orElse(first, rightIsolate)
		case bidi.L:
			first = orElse(first, leftIsolate)
		case bidi.AN:
			backward = true
		}
	}
	if !backward {
		return s
	}
	return string(orElse(first, leftIsolate)) + s + string(endIsolate)
}

func orElse(r, other rune) rune {
	if r != 0 {
		return r
	}
	return other
}

func classOf(r rune) bidi.Class {
	if r < 0x250 && unicode.IsLetter(r) {
		return bidi.L
	}
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

// span is a part of a line whose letters run in one direction.
type span struct {
	text     []rune
	backward bool
	level    int
	at       int // its place as it is read, from 0
}

// ordered cuts a line into spans, as they stand on paper from left to right. An
// isolate that is not closed ends with the line.
func ordered(s string) []span {
	var all []span
	add := func(spans ...span) {
		for i := range spans {
			spans[i].at += len(all)
		}
		all = append(all, spans...)
	}
	for s != "" {
		i := strings.IndexFunc(s, IsIsolate)
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			add(span{text: []rune(s[:i])})
		}
		if s = s[i:]; s == "" {
			break
		}
		opener := []rune(s)[0]
		s = s[len(string(opener)):]
		if opener == endIsolate {
			continue
		}
		inside, rest, _ := strings.Cut(s, string(endIsolate))
		add(visual(levelled(inside, opener == rightIsolate))...)
		s = rest
	}
	return all
}

// levelled cuts the inside of an isolate into spans with their levels.
func levelled(s string, backward bool) []span {
	text := []rune(leftMark + s)
	var options []bidi.Option
	if backward {
		text = text[1:]
		options = append(options, bidi.DefaultDirection(bidi.RightToLeft))
	}
	var p bidi.Paragraph
	_, err := p.SetString(string(bracketed(text, backward)), options...)
	order, err2 := p.Order()
	if err != nil || err2 != nil {
		return []span{{text: text}}
	}
	var all []span
	add := func(s span) {
		if len(s.text) > 0 {
			s.at = len(all)
			all = append(all, s)
		}
	}
	for i := range order.NumRuns() {
		run := order.Run(i)
		first, last := run.Pos()
		part := text[first : last+1]
		switch {
		case run.Direction() == bidi.RightToLeft:
			add(span{text: part, backward: true, level: 1})
		case backward:
			add(span{text: part, level: 2})
		case i == 0:
			add(span{text: part[1:]}) // without the mark
		default:
			n := number(part)
			add(span{text: part[:n], level: 2})
			add(span{text: part[n:]})
		}
	}
	return all
}

// number is how much of text is the number that it begins with: after letters from
// right to left it belongs to them. The library tells directions only, not levels.
func number(text []rune) int {
	n := 0
	for i, r := range text {
		switch c := classOf(r); {
		case c == bidi.EN || c == bidi.AN:
			n = i + 1
		case c == bidi.L || n == 0:
			return n
		}
	}
	return n
}

// bracketed puts marks of their direction in the place of brackets (rule N0), which
// the library does not pair.
func bracketed(text []rune, backward bool) []rune {
	const opens, closes = "([{", ")]}"
	out := slices.Clone(text)
	var open []int
	for i, r := range text {
		if strings.ContainsRune(opens, r) {
			open = append(open, i)
			continue
		}
		kind := strings.IndexRune(closes, r)
		if kind < 0 {
			continue
		}
		for k := len(open) - 1; k >= 0; k-- {
			if from := open[k]; text[from] == rune(opens[kind]) {
				if mark := bracket(text, from, i, backward); mark != 0 {
					out[from], out[i] = mark, mark
				}
				open = open[:k]
				break
			}
		}
	}
	return out
}

// bracket is the mark of a pair's direction: that of the line if there is such a letter
// between the brackets, else that of the letters between if the one before is like them.
func bracket(text []rune, from, to int, backward bool) rune {
	marks := map[bool]rune{false: '\u200e', true: '\u200f'}
	other := false
	for _, r := range text[from+1 : to] {
		d, strong := direction(r)
		if strong && d == backward {
			return marks[backward]
		}
		other = other || strong
	}
	if !other {
		return 0
	}
	for i := from - 1; i >= 0; i-- {
		if d, strong := direction(text[i]); strong {
			return marks[d]
		}
	}
	return marks[backward]
}

// direction reports whether a letter or digit runs from right to left, as brackets see
// it, if it has a direction at all.
func direction(r rune) (backward, strong bool) {
	switch classOf(r) {
	case bidi.R, bidi.AL, bidi.EN, bidi.AN:
		return true, true
	case bidi.L:
		return false, true
	}
	return false, false
}

// visual reverses what is above each level, the highest first (rule L2).
func visual(all []span) []span {
	for level := 2; level > 0; level-- {
		for i := 0; i < len(all); i++ {
			n := i
			for n < len(all) && all[n].level >= level {
				n++
			}
			slices.Reverse(all[i:n])
			i = n
		}
	}
	return all
}

// openAt is the isolate that is open at the end of a line, "" when none is: it is closed
// there and opened again on the next.
func openAt(line string) string {
	i := strings.LastIndexFunc(line, IsIsolate)
	if i < 0 || strings.HasPrefix(line[i:], string(endIsolate)) {
		return ""
	}
	return line[i : i+len(string(leftIsolate))]
}
