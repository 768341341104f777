package typeset

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// Draws reports whether ink, the words of PDF operators, is what letters must look
// like that are drawn from a place on the page in a size. Direction and
// weight follow from the ink when the letters themselves have none.
func (t *Setter) Draws(letters string, x, y, size float64, ink []string) bool {
	directions := []bool{false, true}
	for _, r := range letters {
		switch classOf(r) {
		case bidi.R, bidi.AL:
			directions = []bool{true}
		case bidi.L:
			directions = []bool{false}
		}
	}
	for _, backward := range directions {
		for _, bold := range []bool{false, true} {
			made := ""
			for _, r := range t.runs(span{text: []rune(letters), backward: backward}, bold) {
				part, err := t.shape(r).ink(x, y, size, bold)
				if err != nil {
					return false
				}
				made += part
			}
			if slices.Equal(strings.Fields(made), ink) {
				return true
			}
		}
	}
	return false
}
