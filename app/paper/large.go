package paper

import (
	"strconv"

	"vaxkiosk/app/record"
)

// Large print: the same page in type of 16 points, for people who do not read
// smaller ones well. A dose has no room for six columns side by side: what it is
// stands below each other, and the family above.

// big tells large print.
func (l *layout) big() bool { return l.body == large }

// bigIdentity is the box that says who, one thing below the other.
func (l *layout) bigIdentity(name string, r record.Record, given int) {
	const pad, strong = 13.0, 22.0
	start := l.y
	l.y += 9
	label := func(s string) {
		l.text(margin+pad, s, l.body, false)
		l.y += l.pitch()
	}
	label(l.say.word("paper.name"))
	nameAt, lines := l.y, l.wrap(name, strong, true, l.inner()-2*pad)
	for _, line := range lines {
		l.y += step(line, strong*1.3)
	}
	label(l.say.word("paper.born"))
	birthAt := l.y
	l.y += strong * 1.3
	if l.say.other != nil {
		label(dayOf(r.Birth)(l.say.other))
	}
	l.tagged(tagCount, func() { label(l.say.word("paper.doses") + ": " + strconv.Itoa(given)) })
	end := l.y + 6
	l.tagged(tagWho, func() {
		l.y = birthAt
		l.text(margin+pad, dayOf(r.Birth)(l.say.english), strong, true)
		l.y = nameAt
		for _, line := range lines {
			l.text(margin+pad, line, strong, true)
			l.y += step(line, strong*1.3)
		}
	})
	l.y = end
	l.box(start)
}

// bigEdges are the left edges of date, dose and code, and the right edge.
func (l *layout) bigEdges() [4]float64 {
	const date, code = 108.0, 72.0
	return [4]float64{margin, margin + date, l.width - margin - code, l.width - margin}
}

// bigTable draws all families, repeating header and family on each page. A dose is
// never cut.
func (l *layout) bigTable(all []family) {
	l.bigHeader()
	for _, f := range all {
		begun := false // on this page
		more := ""
		for _, r := range f.rows {
			cells, height := l.bigCells(r)
			name := l.label(f, more, l.inner())
			need := height
			if !begun {
				need += l.stackHeight(name)
			}
			if l.y+need > l.bottom() {
				l.newPage()
				l.bigHeader()
				if begun {
					more = l.say.more()
					name = l.label(f, more, l.inner())
				}
				begun = false
			}
			if !begun {
				begun = true
				l.stackDown(name)
			}
			l.bigRow(cells)
			l.y += height
		}
		l.rule(margin, l.inner(), hair)
	}
	l.y += 14
}

func (l *layout) bigHeader() {
	e := l.bigEdges()
	most := 0
	for i, key := range [...]string{"paper.date", "paper.vaccine", "paper.mark"} {
		var heading []line
		for n, c := range l.say.all() {
			heading = append(heading, l.lines(c.say(key), n == 0, e[i+1]-e[i])...)
		}
		l.stack(e[i], heading)
		most = max(most, len(heading))
	}
	l.y += float64(most)*l.pitch() + cellPad
	l.rule(margin, l.inner(), 1.2)
}

// stackDown writes the name of a family and goes on below them.
func (l *layout) stackDown(lines []line) {
	l.y += cellPad
	l.tagged(tagFamily, func() { l.stack(margin, lines) })
	l.y += l.stackHeight(lines) - cellPad
}

// bigCells are date, dose and code of a row, and its height.
func (l *layout) bigCells(r row) (cells [3][]line, height float64) {
	e := l.bigEdges()
	width := e[2] - e[1] - cellGap
	cells[0] = l.lines(r.cells[dateColumn-1], false, e[1]-e[0]-cellGap)
	cells[1] = l.lines(r.cells[vaccineColumn-1], false, width)
	if r.note != "" {
		cells[1] = append(cells[1], l.lines(r.note, true, width)...)
	}
	cells[1] = append(cells[1], l.lines(r.cells[productColumn-1], false, width)...)
	if where := r.cells[whereColumn-1]; where != r.cells[productColumn-1] { // both may be "not on file"
		cells[1] = append(cells[1], l.lines(where, false, width)...)
	}
	cells[2] = l.lines(r.cells[markColumn-1], true, e[3]-e[2])
	for _, c := range cells {
		height = max(height, l.stackHeight(c))
	}
	return cells, height
}

func (l *layout) bigRow(cells [3][]line) {
	e := l.bigEdges()
	l.rule(e[1], l.width-margin-e[1], hair/2)
	l.y += cellPad
	l.tagged(tagRow, func() {
		for i, lines := range cells {
			l.stack(e[i], lines)
		}
	})
	l.y -= cellPad
}
