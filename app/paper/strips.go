package paper

import (
	"fmt"
	"slices"
)

// strips are rows across the page below a title, without heads of columns: what a page
// says besides the doses.
type strips struct {
	title []string // a text for each language
	edges []float64
	rows  []cellRow

	titleTag, rowTag string
}

// strips draws them, the title with the first row. A row is not cut.
func (l *layout) strips(s strips) {
	if len(s.rows) == 0 {
		return
	}
	var title []line
	for i, said := range s.title {
		title = append(title, l.lines(said, i == 0, l.inner())...)
	}
	for i, r := range s.rows {
		cells := make(cellRow, len(r))
		for c, texts := range r {
			cells[c] = l.broken(texts, (s.edges[c+1]-s.edges[c])*l.inner()-cellGap)
		}
		above, height := 0.0, l.high(cells)
		if i == 0 {
			above = l.stackHeight(title)
		}
		if l.y+above+height > l.bottom() {
			l.newPage()
		}
		if i == 0 {
			l.tagged(s.titleTag, func() { l.stack(margin, title) })
			l.y += above - cellPad
		}
		l.rule(margin, l.inner(), hair)
		l.y += cellPad
		l.tagged(s.rowTag, func() {
			for c, lines := range cells {
				l.stack(margin+s.edges[c]*l.inner(), lines)
			}
		})
		l.y += height - cellPad
	}
	l.rule(margin, l.inner(), hair)
	l.y += cellPad
}

// check compares what stands on a page with them.
func (s strips) check(title string, rows []group) error {
	want := ""
	for _, said := range s.title {
		want += squeeze(said)
	}
	switch {
	case len(rows) != len(s.rows):
		return fmt.Errorf("the page has %d, the record %d", len(rows), len(s.rows))
	case len(rows) > 0 && title != want:
		return fmt.Errorf("they have another title")
	}
	for i, r := range s.rows {
		if !slices.Equal(rows[i].cells(), r.says()) {
			return fmt.Errorf("number %d says something else than the record", i+1)
		}
	}
	return nil
}
