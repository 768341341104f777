package paper

import (
	"errors"
	"math"
	"strconv"

	"github.com/jung-kurt/gofpdf"

	"vaxkiosk/app/paper/typeset"
)

// What is drawn as outlines is checked too (promise P7). On the page each run of
// outlines stands behind its letters in invisible text, which is compared with the
// record like all text. But who reads the paper sees the outlines: so the letters are
// shaped and traced anew, and the page must hold these strokes and no others, in black,
// at the place and size of the letters, inside their column. Text that is invisible
// without outlines makes a page unreadable.

// outlined is a run of outlines as the page holds it.
type outlined struct {
	drawn // its letters, from the left edge
	size  float64
	ink   []string
	left  float64 // of the line
}

// begin opens a group, or a line in it; a line in no group is a group of its own.
func (p *reading) begin() {
	p.broken = p.broken || p.form != nil
	if !p.open {
		p.groups, p.open = append(p.groups, group{tag: p.name}), true
	}
	if p.name == tagLine {
		p.line = &drawn{x: math.Inf(1)}
	}
}

func (p *reading) end() {
	p.broken = p.broken || p.form != nil
	last := len(p.groups) - 1
	if p.line == nil {
		p.open = false
		return
	}
	g := &p.groups[last]
	g.texts = append(g.texts, *p.line)
	for i := range g.forms {
		if g.forms[i].left == 0 {
			g.forms[i].left = p.line.x
		}
	}
	p.line, p.open = nil, g.tag != tagLine
}

// show takes a text; those of one line are one text from its left edge. What is seen
// must be letters that are written, not outlined.
func (p *reading) show(t drawn) {
	if p.hidden {
		p.form.s += t.s
		p.form.x, p.form.y = min(p.form.x, t.x), t.y
	} else {
		p.broken = p.broken || p.form != nil || !typeset.IsText(t.s) || p.pale
	}
	switch {
	case p.line != nil:
		p.line.s += t.s
		p.line.x, p.line.y = min(p.line.x, t.x), t.y
	default:
		if !p.open && (len(p.groups) == 0 || p.groups[len(p.groups)-1].tag != tagLoose) {
			p.groups = append(p.groups, group{tag: tagLoose})
		}
		last := len(p.groups) - 1
		p.groups[last].texts = append(p.groups[last].texts, t)
	}
}

// render switches to invisible text and back; after it the outlines begin.
func (p *reading) render(mode float64) {
	was := p.hidden
	p.hidden = mode != 0
	p.broken = p.broken || was == p.hidden || p.hidden && (p.line == nil || p.form != nil)
	if p.hidden {
		p.form = &outlined{drawn: drawn{x: math.Inf(1)}, size: p.size}
	}
}

// ink collects what is drawn between invisible text and the end of its outlines.
func (p *reading) ink(token string) {
	if p.form == nil || p.hidden {
		return
	}
	p.form.ink = append(p.form.ink, token)
	if token == "Q" && p.open {
		last := len(p.groups) - 1
		p.groups[last].forms = append(p.groups[last].forms, *p.form)
		p.form = nil
	}
}

// checkOutlines compares all outlines with those that their letters must have.
func (m *Maker) checkOutlines(groups []group) error {
	width, _ := gofpdf.New("P", "pt", string(m.Size), "").GetPageSize()
	var set typeset.Setter
	for _, g := range groups {
		for _, f := range g.forms {
			left, right := f.reach()
			end := width - margin
			over := max(f.size/2-cellGap, 0) // letters and marks may be wider than their place
			for _, t := range g.texts {
				if t.x > f.left {
					end = min(end, t.x)
				}
			}
			switch {
			case !set.Draws(f.s, f.x, f.y, f.size, f.ink):
				return errors.New("an outline is not that of its letters")
			case left < f.left-cellGap-over || right > end+over:
				return errors.New("an outline leaves its column")
			}
		}
	}
	return set.Err()
}

// reach is how far the ink goes to the left and right.
func (o outlined) reach() (left, right float64) {
	left, right = math.Inf(1), math.Inf(-1)
	var numbers []float64
	scale, at := 1.0, 0.0
	for _, token := range o.ink {
		if n, err := strconv.ParseFloat(token, 64); err == nil {
			numbers = append(numbers, n)
			continue
		}
		switch token {
		case "cm":
			scale, at = numbers[0], numbers[4]
		case "m", "l", "c":
			for i := 0; i < len(numbers); i += 2 {
				left, right = min(left, at+scale*numbers[i]), max(right, at+scale*numbers[i])
			}
		}
		numbers = numbers[:0]
	}
	return left, right
}
