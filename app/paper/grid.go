package paper

// The columns of the table. share is the part of the width that the fixed
// columns leave.
type column struct {
	key          string
	fixed, share float64
}

var columns = [...]column{
	{key: "paper.family", share: 0.225},
	{key: "paper.date", fixed: 60},
	{key: "paper.vaccine", share: 0.275},
	{key: "paper.product", share: 0.285},
	{key: "paper.where", share: 0.215},
	{key: "paper.mark", fixed: 40},
}

const (
	dateColumn    = 1
	vaccineColumn = 2
	productColumn = 3
	whereColumn   = 4
	markColumn    = 5
)

// Space inside a cell.
const (
	cellGap = 6.0 // right of the text
	cellPad = 3.0 // above and below
)

// edges are the left edges of the columns and the right edge of the last.
func edges(inner float64) [len(columns) + 1]float64 {
	free := inner
	for _, c := range columns {
		free -= c.fixed
	}
	var e [len(columns) + 1]float64
	e[0] = margin
	for i, c := range columns {
		e[i+1] = e[i] + c.fixed + c.share*free
	}
	return e
}

// line is a line of body text.
type line struct {
	text string
	bold bool
}

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
		l.y += step(s.text, l.pitch())
	}
	l.y = top
}

// table draws all families, repeating its header on each page. A row is never
// cut; the name of a family stands beside its rows, on each page again.
func (l *layout) table(all []family) {
	l.header()
	for _, f := range all {
		l.family(f)
	}
	l.rule(margin, l.inner(), hair)
	l.y += 14
}

func (l *layout) header() {
	e := edges(l.inner())
	most := 0
	for i, c := range columns {
		width := e[i+1] - e[i] - cellGap
		if i == markColumn {
			width += cellGap
		}
		heading := l.lines(l.say.english.say(c.key), true, width)
		if l.say.other != nil {
			heading = append(heading, l.lines(l.say.other.say(c.key), false, width)...)
		}
		l.stack(e[i], heading)
		most = max(most, len(heading))
	}
	l.y += float64(most)*l.pitch() + cellPad
	l.rule(margin, l.inner(), 1.2)
}

// family draws rows with the family's name beside them; the last row on a page
// makes room for a name that is higher than its rows.
func (l *layout) family(f family) {
	e := edges(l.inner())
	width := e[1] - e[0] - cellGap
	name := l.label(f, "", width)
	begun := false // on this page
	end := 0.0     // of the name
	for _, r := range f.rows {
		cells, height := l.cells(r)
		need := height
		if !begun {
			need = max(height, l.stackHeight(name))
		}
		if l.y+need > l.bottom() {
			if begun {
				l.y = max(l.y, end)
				name = l.label(f, l.say.more(), width)
			}
			l.rule(margin, l.inner(), hair)
			l.newPage()
			l.header()
			begun = false
		}
		if begun {
			l.rule(e[dateColumn], l.inner()-e[dateColumn]+margin, hair/2)
		} else {
			begun, end = true, l.y+l.stackHeight(name)
			l.rule(margin, l.inner(), hair)
			l.y += cellPad
			l.tagged(tagFamily, func() { l.stack(e[0], name) })
			l.y -= cellPad
		}
		l.row(e, cells)
		l.y += height
	}
	l.y = max(l.y, end)
}

func (l *layout) stackHeight(s []line) float64 {
	height := 2 * cellPad
	for _, line := range s {
		height += step(line.text, l.pitch())
	}
	return height
}

func (l *layout) label(f family, more string, width float64) (name []line) {
	for i, s := range f.heading(more) {
		name = append(name, l.lines(s, i == 0, width)...)
	}
	return name
}

// cells wraps the texts of a row and tells its height.
func (l *layout) cells(r row) (cells [len(columns)][]line, height float64) {
	e := edges(l.inner())
	for i, text := range r.cells {
		c := i + 1
		cells[c] = l.lines(text, c == markColumn, e[c+1]-e[c]-cellGap)
		if c == vaccineColumn && r.note != "" {
			cells[c] = append(cells[c], l.lines(r.note, true, e[c+1]-e[c]-cellGap)...)
		}
		height = max(height, l.stackHeight(cells[c]))
	}
	return cells, height
}

func (l *layout) row(e [len(columns) + 1]float64, cells [len(columns)][]line) {
	l.y += cellPad
	l.tagged(tagRow, func() {
		for i, lines := range cells {
			l.stack(e[i], lines)
		}
	})
	l.y -= cellPad
}
