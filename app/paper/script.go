package paper

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/language"

	"vaxkiosk/app/record"
)

// Scripts that a PDF library cannot write: letters that change with those beside them,
// marks above and below, lines from right to left. They are shaped here and drawn as
// outlines. Under each outline stand its letters in invisible text, where a reader of
// the PDF finds, selects and copies them, in the order in which they are read.

// typesetter shapes the text of one page and holds the fonts that it needed.
type typesetter struct {
	open   map[int]typeface
	shaped map[string]*form // by what a run draws with which font: names stand on a page often
	err    error            // the first failure; the page must not be printed then
}

// face opens a font once.
func (t *typesetter) face(i int) typeface {
	f := t.open[i]
	if f == nil {
		var err error
		if f, err = newTypeface(i); err != nil {
			panic(fmt.Sprintf("paper: font %d: %v", i, err)) // a fault of the build
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

// isMark tells letters that stand on, under or in the one before.
func isMark(r rune) bool {
	return r >= 0x300 && (unicode.Is(unicode.M, r) || isJoiner(r))
}

func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// isText tells whether Noto Sans writes s as it is.
func isText(s string) bool {
	for _, r := range s {
		if isIsolate(r) || isMark(r) || typefaceOf(r) != notoSans {
			return false
		}
	}
	return true
}

// runs cuts a span by the fonts that draw it.
func (t *typesetter) runs(s span, bold bool) []run {
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

// holds tells whether a font has a letter and all marks on it.
func (t *typesetter) holds(font int, letter []rune) bool {
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
func (t *typesetter) shape(r run) *form {
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
func (t *typesetter) ends(word string) []int {
	var all []int
	at := 0
	if strings.IndexFunc(word, isIsolate) == 0 { // an opening alone ends nothing
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

// piece is a part of a line, in points from the line's beginning.
type piece struct {
	*form
	x, width float64
	at       [2]int // as it is read
}

// pieces sets a line; they come in the order in which they are read.
func (l *layout) pieces(s string, size float64, bold bool) (all []piece, width float64) {
	for _, span := range ordered(s) {
		runs := l.set.runs(span, bold)
		var placed []piece
		for i, r := range runs {
			p := piece{form: &form{run: r}, at: [2]int{span.at, i}}
			if r.plain {
				l.font(size, bold)
				p.width = l.pdf.GetStringWidth(string(r.text))
			} else {
				p.form = l.set.shape(r)
				p.width = p.form.width * size / p.face.em()
			}
			placed = append(placed, p)
		}
		if span.backward {
			slices.Reverse(placed)
		}
		for _, p := range placed {
			p.x = width
			width += p.width
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b piece) int { return cmp.Or(cmp.Compare(a.at[0], b.at[0]), cmp.Compare(a.at[1], b.at[1])) })
	return all, width
}

// outlined writes a line that Noto Sans cannot write alone, from x on a baseline.
func (l *layout) outlined(x, baseline float64, s string, size float64, bold bool) {
	all, _ := l.pieces(s, size, bold)
	l.tagged(tagLine, func() {
		l.add(func() {
			l.font(size, bold)
			for _, p := range all {
				if p.plain {
					l.pdf.Text(x+p.x, baseline, string(p.text))
					continue
				}
				l.invisible(x+p.x, baseline, size, p.form)
				ink, err := p.ink(hundredths(x+p.x), hundredths(l.height-baseline), size, bold)
				l.set.err = cmp.Or(l.set.err, err)
				l.pdf.RawWriteStr(ink)
			}
		})
	})
}

// invisible writes the letters of a form where they stand on paper, each as wide as its
// share of the outlines, so that a reader finds neither spaces nor overlaps between.
func (l *layout) invisible(x, baseline, size float64, f *form) {
	const neitherFilledNorStroked = 3
	l.pdf.SetTextRenderingMode(neitherFilledNorStroked)
	left, width := f.places()
	scale := size / f.face.em()
	for i, r := range f.text {
		if own := l.pdf.GetStringWidth(string(r)); own > 0 {
			l.pdf.RawWriteStr(fmt.Sprintf("%.1f Tz", max(1, 100*width[i]*scale/own)))
		}
		l.pdf.Text(x+left[i]*scale, baseline, string(r))
	}
	l.pdf.RawWriteStr("100 Tz")
	l.pdf.SetTextRenderingMode(0)
}

// hundredths is a length as the PDF holds it.
func hundredths(x float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', 2, 64), 64)
	return rounded
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

// step is the way from a line to the next, usually so many points.
func step(s string, usual float64) float64 {
	for _, r := range s {
		if r >= 0x300 && typefaces[typefaceOf(r)].tall {
			return usual * tallStep
		}
	}
	return usual
}

// unknowns says that a letter of the record is not on the page, if so.
func (l *layout) unknowns(r record.Record) {
	says := l.say.unknowns(r)
	if len(says) == 0 {
		return
	}
	l.tagged(tagUnknown, func() {
		for _, s := range says {
			l.paragraph(s, true)
		}
	})
	l.y += 12
}

func (b bilingual) unknowns(r record.Record) (says []string) {
	for _, c := range b.all() {
		if hasUnknown(r) {
			says = append(says, c.say("paper.unknown", "sign", string(unknown)))
		}
	}
	return says
}

func hasUnknown(r record.Record) bool {
	all := []string{r.Given, r.Family, r.Registry}
	for _, d := range r.Doses {
		all = append(all, d.Product, d.Manufacturer, d.Lot, d.Performer)
	}
	return strings.ContainsRune(clean(strings.Join(all, " ")), unknown)
}
