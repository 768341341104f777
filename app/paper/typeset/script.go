// Package typeset turns letters into strokes: the scripts that a PDF library cannot
// write, with letters that change with those beside them, marks above and below, and
// lines from right to left.
//
//	var set typeset.Setter
//	name := typeset.Clean("محمد علي") // what fonts of ours can draw, isolated from what stands beside it
//	for _, line := range set.Wrap(name, fits) {
//		if typeset.IsText(line) { … } // Noto Sans writes it
//		pieces, width := set.Line(line, 12, false, wide)
//		ink := set.Ink(pieces[0], x, y, 12, false) // PDF operators
//	}
//	err := set.Err()
//
// Text is cleaned first (clean.go), ordered as Unicode says (bidi.go), cut by the fonts
// that have its letters (typeface.go), shaped as HarfBuzz does (script.go), broken
// between letters (wrap.go), and traced (ink.go). Draws says the other way round whether
// strokes are those of letters (draws.go).
//
// Noto Sans writes Latin with all accents, Vietnamese, Greek and Cyrillic. Chinese,
// Japanese, Korean, Arabic, Hebrew, Khmer, Thai, Lao, Burmese, Sinhala, Ethiopic,
// Armenian, Georgian and nine scripts of India are drawn. Where no font of ours has a
// letter, Clean puts Unknown: rare Korean syllables, Tibetan and scripts of few people,
// everything beyond Unicode's first plane.
//
// The package knows no page and no record. It refuses to guess at a letter: one that is
// not in its font is an error.
package typeset

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/language"
)

// Setter shapes the text of one page and holds the fonts that it needed. The zero
// value is ready; it is for one goroutine.
type Setter struct {
	open   map[int]typeface
	shaped map[string]*form // by what a run draws with which font: names stand on a page often
	err    error            // the first failure; the page must not be printed then
}

// Err is the first failure since the beginning: a letter that its font lacks, a
// glyph without outlines. What was set must not be used then.
func (t *Setter) Err() error { return t.err }

// face opens a font once.
func (t *Setter) face(i int) typeface {
	f := t.open[i]
	if f == nil {
		var err error
		if f, err = newTypeface(i); err != nil {
			panic(fmt.Sprintf("typeset: font %d: %v", i, err)) // a fault of the build
		}
		if t.open == nil {
			t.open = map[int]typeface{}
		}
		t.open[i] = f
	}
	return f
}

// run is letters that one font draws, as they are read.
type run struct {
	text     []rune
	font     int
	plain    bool // written as text
	backward bool
}

// form is a shaped run.
type form struct {
	run
	face   typeface
	glyphs []glyph
	width  float64 // in units of the font
	path   []byte  // the outlines in units of the font; nil until they are drawn
}

// isMark reports whether r stands on, under or in the letter before it.
func isMark(r rune) bool {
	return r >= 0x300 && (unicode.Is(unicode.M, r) || isJoiner(r))
}

func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// IsText reports whether Noto Sans writes s as it is.
func IsText(s string) bool {
	for _, r := range s {
		if IsIsolate(r) || isMark(r) || typefaceOf(r) != notoSans {
			return false
		}
	}
	return true
}

// runs cuts a span by the fonts that draw it.
func (t *Setter) runs(s span, bold bool) []run {
	var all []run
	for rest := s.text; len(rest) > 0; {
		letter := firstLetter(rest)
		rest = rest[len(letter):]
		r := run{text: letter, font: max(typefaceOf(letter[0]), notoSans), backward: s.backward}
		r.plain = r.font == notoSans && len(letter) == 1 && !isMark(letter[0]) && !s.backward
		if r.font == notoSans && bold {
			r.font = notoBold
		}
		if len(all) == 0 {
			all = append(all, r)
			continue
		}
		last := &all[len(all)-1]
		if s.backward && language.LookupScript(letter[0]) == language.Common && t.holds(last.font, letter) {
			r.font = last.font // a space or a dot does not interrupt, unless it has a mark of another font
		}
		if last.font == r.font && last.plain == r.plain {
			last.text = append(slices.Clip(last.text), letter...)
		} else {
			all = append(all, r)
		}
	}
	return all
}

// holds reports whether a font has a letter and all marks on it.
func (t *Setter) holds(font int, letter []rune) bool {
	return !slices.ContainsFunc(letter, func(r rune) bool { return !t.face(font).has(r) })
}

// firstLetter is the letter that text begins with, and the marks on it.
func firstLetter(text []rune) []rune {
	n := 1
	for n < len(text) && isMark(text[n]) {
		n++
	}
	return text[:n]
}

// shape places the glyphs of a run. A glyph that is not in the font fails the page.
func (t *Setter) shape(r run) *form {
	key := fmt.Sprint(r.font, r.backward, string(r.text))
	if f := t.shaped[key]; f != nil {
		return f
	}
	f := &form{run: r, face: t.face(r.font)}
	f.glyphs = f.face.shape(r.text, r.backward)
	for _, g := range f.glyphs {
		f.width += g.advance
		if g.id == 0 {
			t.err = cmp.Or(t.err, errors.New("a letter is not in its font"))
		}
	}
	if t.shaped == nil {
		t.shaped = map[string]*form{}
	}
	t.shaped[key] = f
	return f
}

// ends are the places where a word may be cut, in letters from its beginning: never
// between a letter and what stands on, under or joined to it.
func (t *Setter) ends(word string) []int {
	var all []int
	at := 0
	if strings.IndexFunc(word, IsIsolate) == 0 { // an opening alone ends nothing
		at, word = 1, word[len(string(leftIsolate)):]
	}
	for _, r := range t.runs(span{text: []rune(word)}, false) {
		starts := map[int]bool{len(r.text): true}
		if r.plain {
			for i := range r.text {
				starts[i] = true
			}
		} else {
			for _, g := range t.shape(r).glyphs {
				starts[g.cluster] = true
			}
		}
		for i := 1; i <= len(r.text); i++ {
			if starts[i] {
				all = append(all, at+i)
			}
		}
		at += len(r.text)
	}
	return all
}

// places are the left edges and widths of the letters: those of one cluster share its
// width, marks have next to none.
func (f *form) places() (at, wide []float64) {
	at, wide = make([]float64, len(f.text)), make([]float64, len(f.text))
	left := 0.0
	for i := 0; i < len(f.glyphs); {
		first, width := f.glyphs[i].cluster, 0.0
		for ; i < len(f.glyphs) && f.glyphs[i].cluster == first; i++ {
			width += f.glyphs[i].advance
		}
		next := first + 1 // the first letter of the cluster that is read after this one
		for next < len(f.text) && !slices.ContainsFunc(f.glyphs, func(g glyph) bool { return g.cluster == next }) {
			next++
		}
		spacing := 0
		for _, r := range f.text[first:next] {
			if !unicode.Is(unicode.Mn, r) {
				spacing++
			}
		}
		share, used := width/float64(max(spacing, 1)), 0.0
		for k := first; k < next; k++ {
			if spacing == 0 || !unicode.Is(unicode.Mn, f.text[k]) {
				wide[k] = min(share, width-used)
			}
			used += wide[k]
			at[k] = left + used - wide[k]
			if f.backward {
				at[k] = left + width - used
			}
		}
		left += width
	}
	return at, wide
}

// tallStep is how much more room a line needs with marks above and below its letters.
const tallStep = 1.25

// Step is how far the next line is below s, in points: as usual, or more for tall scripts.
func Step(s string, usual float64) float64 {
	for _, r := range s {
		if r >= 0x300 && typefaces[typefaceOf(r)].tall {
			return usual * tallStep
		}
	}
	return usual
}
