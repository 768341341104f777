package typeset

import (
	"slices"
	"strings"
)

// Wrap breaks text at spaces, and inside a word only when it is wider than a line. What
// runs from right to left is closed at the end of a line and opened again on the next.
func (t *Setter) Wrap(s string, fits func(line string) bool) []string {
	var lines []string
	open := "" // what a line begins in
	fit := func(s string) bool { return fits(open + s) }
	end := func(line string) {
		line = open + line
		if open = openAt(line); open != "" {
			line += string(endIsolate)
		}
		lines = append(lines, line)
	}
	line := ""
	for _, word := range strings.Split(s, " ") {
		joined := strings.TrimSpace(line + " " + word)
		if fit(joined) {
			line = joined
			continue
		}
		if line != "" {
			end(line)
		}
		for !fit(word) {
			head := longest(word, t.ends(word), fit)
			end(head)
			word = strings.TrimPrefix(word, head)
		}
		line = word
	}
	end(line)
	return lines
}

// longest is the longest beginning that fits, one letter at least, of those that end
// where the word may. It prefers to end after a hyphen, slash or comma.
func longest(word string, ends []int, fits func(string) bool) string {
	runes := []rune(word)
	i := 0
	for i+1 < len(ends) && fits(string(runes[:ends[i+1]])) {
		i++
	}
	n := ends[i]
	for _, k := range slices.Backward(ends[:i+1]) {
		if k > n/2 && strings.ContainsRune("-/,+", runes[k-1]) {
			return string(runes[:k])
		}
	}
	return string(runes[:n])
}
