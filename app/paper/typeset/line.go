package typeset

import (
	"cmp"
	"slices"
)

// Piece is a part of a line: text that Noto Sans writes as it is, or letters that are
// drawn as outlines.
type Piece struct {
	X, Width float64 // in points from the line's beginning
	form     *form
	at       [2]int // as it is read
}

// Line sets a line; its pieces come in the order in which they are read. wide is how
// wide Noto Sans writes a text in this size and weight.
func (t *Setter) Line(s string, size float64, bold bool, wide func(text string) float64) (all []Piece, width float64) {
	for _, span := range ordered(s) {
		runs := t.runs(span, bold)
		var placed []Piece
		for i, r := range runs {
			p := Piece{form: &form{run: r}, at: [2]int{span.at, i}}
			if r.plain {
				p.Width = wide(string(r.text))
			} else {
				p.form = t.shape(r)
				p.Width = p.form.width * size / p.form.face.em()
			}
			placed = append(placed, p)
		}
		if span.backward {
			slices.Reverse(placed)
		}
		for _, p := range placed {
			p.X = width
			width += p.Width
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b Piece) int { return cmp.Or(cmp.Compare(a.at[0], b.at[0]), cmp.Compare(a.at[1], b.at[1])) })
	return all, width
}

// Plain reports whether the piece is written as text.
func (p Piece) Plain() bool { return p.form.plain }

// Text is what is read.
func (p Piece) Text() string { return string(p.form.text) }

// Letter is a letter of outlines, where it stands: in points from the piece's left
// edge, as wide as its share of the outlines. Marks have next to no width.
type Letter struct {
	Rune     rune
	X, Width float64
}

// Letters are those of a piece that is drawn, as they are read.
func (p Piece) Letters(size float64) []Letter {
	left, width := p.form.places()
	scale := size / p.form.face.em()
	all := make([]Letter, len(p.form.text))
	for i, r := range p.form.text {
		all[i] = Letter{r, left[i] * scale, width[i] * scale}
	}
	return all
}

// Ink is the PDF operators that draw a piece in black from a place on the page.
func (t *Setter) Ink(p Piece, x, y, size float64, bold bool) string {
	ink, err := p.form.ink(x, y, size, bold)
	t.err = cmp.Or(t.err, err)
	return ink
}
