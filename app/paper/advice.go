package paper

import (
	"fmt"
	"strings"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// What the registry recommends, when it has made a forecast: one row a vaccine, as
// of one day. It is on paper only, never on a card.

// The columns of a recommendation, as parts of the width.
var adviceColumns = [...]float64{0, 0.5, 0.8, 1}

// advice lists the recommendations below the doses.
func (l *layout) advice(all []record.Recommendation) {
	if len(all) == 0 {
		return
	}
	var heading []line
	for _, c := range l.say.all() {
		heading = append(heading, l.lines(c.say("paper.advice", "date", dayOf(all[0].AsOf)(c)), len(heading) == 0, l.inner())...)
	}
	for i, r := range all {
		cells, height := l.adviceCells(r)
		above := 0.0
		if i == 0 {
			above = l.stackHeight(heading)
		}
		if l.y+above+height > l.bottom() {
			l.newPage()
		}
		if i == 0 {
			l.tagged(tagAsOf, func() { l.stack(margin, heading) })
			l.y += above - cellPad
		}
		l.rule(margin, l.inner(), hair)
		l.y += cellPad
		l.tagged(tagAdvice, func() {
			for c, lines := range cells {
				l.stack(margin+adviceColumns[c]*l.inner(), lines)
			}
		})
		l.y += height - cellPad
	}
	l.rule(margin, l.inner(), hair)
	l.y += cellPad
	for _, c := range l.say.all() {
		l.paragraph(c.say("paper.advice-note"), false)
	}
	l.y += 14
}

func (l *layout) adviceCells(r record.Recommendation) (cells [len(adviceColumns) - 1][]line, height float64) {
	what := l.say.word(assets.FamilyKey(r.CVX)) + ": " + vaccineCell(r.CVX, l.say)
	for i, text := range [...]string{what, l.say.word("paper.advice-" + r.Status), adviceDay(r)} {
		width := (adviceColumns[i+1]-adviceColumns[i])*l.inner() - cellGap
		cells[i] = l.lines(text, i == 1, width)
		height = max(height, l.stackHeight(cells[i]))
	}
	return cells, height
}

// adviceDay is the day on which a vaccine is due, when there is one.
func adviceDay(r record.Recommendation) string {
	if r.Date == "" {
		return noCard
	}
	return numericDay(r.Date)
}

// checkAdvice compares the recommendations on the page with the record's, and the
// day of which they all are.
func (m *Maker) checkAdvice(asOf string, rows []group, r record.Record) error {
	if len(rows) != len(r.Recommendations) {
		return fmt.Errorf("the page has %d recommendations, the record %d", len(rows), len(r.Recommendations))
	}
	words := m.words[english]
	for _, want := range r.Recommendations {
		if !strings.HasPrefix(asOf, squeeze(words.say("paper.advice", "date", dayOf(want.AsOf)(words)))) {
			return fmt.Errorf("the recommendations are of another day than the page says")
		}
	}
	for i, want := range r.Recommendations {
		cells := rows[i].cells()
		if len(cells) != len(adviceColumns)-1 || !strings.HasSuffix(cells[0], "("+want.CVX+")") ||
			!strings.HasPrefix(cells[1], squeeze(words.say("paper.advice-"+want.Status))) || cells[2] != squeeze(adviceDay(want)) {
			return fmt.Errorf("recommendation %d says something else than the record", i+1)
		}
	}
	return nil
}
