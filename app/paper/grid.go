package paper

import "vaxkiosk/app/paper/typeset"

import "slices"

// column is a column of a grid. share is its part of the width that columns of a fixed
// width leave over.
type column struct {
	key          string // of its heading; "" under the heading of the column before
	fixed, share float64
}

// grid is a table in sections. The name of a section is in the first column, beside its
// rows, or above them.
type grid struct {
	columns []column
	above   bool
	left    float64 // edge
	width   float64

	section, row string // tags
}

// section is rows with a name.
type section struct {
	name []string // a text for each language
	rows []cellRow
	dim  bool // no rule between its rows, which go on from each other
}

// cellRow is one row: the lines of each column but the one of names.
type cellRow [][]line

// line is a line of body text, or a text that is still to be broken into lines.
type line struct {
	text string
	bold bool
}

// nameLines is what is left for the name of a section above a row as high as a page.
const nameLines = 8

// Space inside a cell.
const (
	cellGap = 6.0 // right of the text
	cellPad = 3.0 // above and below
)

// grid is a grid over the width of the page.
func (l *layout) grid(columns []column, section, row string) *grid {
	return &grid{columns: columns, above: l.big(), left: margin, width: l.inner(), section: section, row: row}
}

// edges are the left edges of the columns and the right edge of the last.
func (g *grid) edges() []float64 {
	free := g.width
	for _, c := range g.columns {
		free -= c.fixed
	}
	e := []float64{g.left}
	for i, c := range g.columns {
		e = append(e, e[i]+c.fixed+c.share*free)
	}
	return e
}

// cellEdges are the edges of the columns of rows.
func (g *grid) cellEdges() []float64 {
	if g.above {
		return g.edges()
	}
	return g.edges()[1:]
}

// nameWidth is the width for names of sections.
func (g *grid) nameWidth() float64 {
	if g.above {
		return g.width
	}
	return g.edges()[1] - g.left - cellGap
}

// lines breaks a text into lines of a width.
func (l *layout) lines(s string, bold bool, width float64) []line {
	var all []line
	for _, text := range l.wrap(s, l.body, bold, width) {
		all = append(all, line{text, bold})
	}
	return all
}

// stack writes lines below each other, the first at l.y, and leaves l.y alone.
func (l *layout) stack(x float64, lines []line) {
	top := l.y
	for _, s := range lines {
		l.text(x, s.text, l.body, s.bold)
		l.y += typeset.Step(s.text, l.pitch())
	}
	l.y = top
}

func (l *layout) stackHeight(s []line) float64 {
	return l.tall(s) + 2*cellPad
}

func (l *layout) tall(s []line) (height float64) {
	for _, line := range s {
		height += typeset.Step(line.text, l.pitch())
	}
	return height
}

// table draws all sections, with the heads of the columns on each page again. A row that
// fits on a page is never cut; the name of a section stands at its rows, on each page again. A title goes
// with the first row.
func (l *layout) table(g *grid, heading []line, all []section) {
	if len(heading) > 0 {
		first := l.cells(g, all[0].rows[0])[0]
		need := l.stackHeight(heading) + l.headHeight(g) + l.need(g, first, l.label(g, all[0].name, ""))
		if l.y+need > l.bottom() {
			l.newPage()
		}
		l.tagged(tagTitle, func() { l.stackAt(margin, heading) })
		l.y += 2 * cellPad
	}
	l.head(g)
	for _, s := range all {
		l.section(g, s)
	}
	l.rule(g.left, g.width, hair)
}

// heads are the headings of the columns, broken into lines.
func (l *layout) heads(g *grid) (heads [][]line) {
	e := g.edges()
	for i, c := range g.columns {
		end := i + 1
		for end < len(g.columns) && g.columns[end].key == "" {
			end++
		}
		width := e[end] - e[i]
		if end < len(g.columns) {
			width -= cellGap
		}
		var h []line
		for n, words := range l.say.all() {
			if c.key != "" {
				h = append(h, l.lines(words.say(c.key), n == 0, width)...)
			}
		}
		heads = append(heads, h)
	}
	return heads
}

func (l *layout) headHeight(g *grid) (height float64) {
	for _, h := range l.heads(g) {
		height = max(height, float64(len(h))*l.pitch()+cellPad)
	}
	return height
}

// head writes the heads of the columns.
func (l *layout) head(g *grid) {
	l.tagged(tagHead, func() {
		for i, h := range l.heads(g) {
			l.stack(g.edges()[i], h)
		}
	})
	l.y += l.headHeight(g)
	l.rule(g.left, g.width, 1.2)
}

// section draws rows with their name; the last row on a page is as high as the name beside
// it needs.
func (l *layout) section(g *grid, s section) {
	name := l.label(g, s.name, "")
	begun, end := false, 0.0 // on this page; the end of the name
	for _, cells := range l.parts(g, s) {
		height := l.high(cells)
		need := height
		if !begun {
			need = l.need(g, cells, name)
		}
		if l.y+need > l.bottom() {
			if begun {
				l.y = max(l.y, end)
				name = l.label(g, s.name, l.say.more())
			}
			l.rule(g.left, g.width, hair)
			l.newPage()
			l.head(g)
			begun = false
		}
		if !begun {
			begun, end = true, l.name(g, name)
		} else if from := g.cellEdges()[0]; !s.dim {
			l.rule(from, g.left+g.width-from, hair/2)
		}
		l.row(g, cells)
		l.y += height
	}
	l.y = max(l.y, end)
}

// name writes what a section is called, and goes below it where rows do; it returns
// its end.
func (l *layout) name(g *grid, name []line) float64 {
	end := l.y + l.stackHeight(name)
	l.rule(g.left, g.width, hair)
	l.y += cellPad
	l.tagged(g.section, func() { l.stack(g.left, name) })
	l.y -= cellPad
	if g.above {
		l.y = end - cellPad
	}
	return end
}

func (l *layout) label(g *grid, texts []string, more string) (name []line) {
	for i, s := range texts {
		if i == 0 {
			s += more
		}
		name = append(name, l.lines(s, i == 0, g.nameWidth())...)
	}
	return name
}

// need is the height of a row with the name of its section.
func (l *layout) need(g *grid, cells cellRow, name []line) float64 {
	if g.above {
		return l.high(cells) + l.stackHeight(name) - cellPad
	}
	return max(l.high(cells), l.stackHeight(name))
}

func (l *layout) high(cells cellRow) (height float64) {
	for _, lines := range cells {
		height = max(height, l.stackHeight(lines))
	}
	return height
}

// parts are the rows of a section, broken into lines.
func (l *layout) parts(g *grid, s section) (all []cellRow) {
	for _, r := range s.rows {
		all = append(all, l.cells(g, r)...)
	}
	return all
}

// cells breaks what a row says into lines. One that is higher than a page, as no usual
// one is, becomes several.
func (l *layout) cells(g *grid, r cellRow) (parts []cellRow) {
	var cells cellRow
	e := g.cellEdges()
	for i, texts := range r {
		cells = append(cells, l.broken(texts, e[i+1]-e[i]-cellGap))
	}
	most := l.room() - l.headHeight(g) - nameLines*l.pitch()
	for l.high(cells) > most {
		part := make(cellRow, len(cells))
		for i, lines := range cells {
			n := len(lines)
			for n > 1 && l.stackHeight(lines[:n]) > most {
				n--
			}
			part[i], cells[i] = lines[:n], lines[n:]
		}
		parts = append(parts, part)
	}
	return append(parts, cells)
}

func (l *layout) row(g *grid, cells cellRow) {
	e := g.cellEdges()
	l.y += cellPad
	l.tagged(g.row, func() {
		for i, lines := range cells {
			l.stack(e[i], lines)
		}
	})
	l.y -= cellPad
}

// says are the texts of a row's cells as a finished page shows them: empty ones do not
// show.
func (r cellRow) says() (cells []string) {
	for _, texts := range r {
		cell := ""
		for _, s := range texts {
			cell += squeeze(s.text)
		}
		cells = append(cells, cell)
	}
	return slices.DeleteFunc(cells, func(s string) bool { return s == "" })
}
