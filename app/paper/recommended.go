package paper

import (
	"fmt"
	"slices"
	"strings"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// What the registry recommends, when it has made a forecast: one row a vaccine, as
// of one day. It is on paper only, never on a card.

// The columns of a recommendation, as parts of the width.
var recommendedColumns = [...]float64{0, 0.5, 0.8, 1}

// recommended lists the recommendations below the doses.
func (l *layout) recommended(all []record.Recommendation) {
	if len(all) == 0 {
		return
	}
	var heading []line
	for i, said := range l.say.asOf(all[0]) {
		heading = append(heading, l.lines(said, i == 0, l.inner())...)
	}
	for i, r := range all {
		cells, height := l.recommendedCells(r)
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
		l.tagged(tagRecommended, func() {
			for c, lines := range cells {
				l.stack(margin+recommendedColumns[c]*l.inner(), lines)
			}
		})
		l.y += height - cellPad
	}
	l.rule(margin, l.inner(), hair)
	l.y += cellPad
	l.block(l.broken(l.say.note(all), l.inner()))
	l.y += 14
}

func (l *layout) recommendedCells(r record.Recommendation) (cells [len(recommendedColumns) - 1][]line, height float64) {
	for i, text := range l.say.recommended(r) {
		width := (recommendedColumns[i+1]-recommendedColumns[i])*l.inner() - cellGap
		cells[i] = l.lines(text, i == 1, width)
		height = max(height, l.stackHeight(cells[i]))
	}
	return cells, height
}

// recommended is what a row says of a recommendation: what for, whether it is due, and when.
func (b bilingual) recommended(r record.Recommendation) [len(recommendedColumns) - 1]string {
	day := noCard
	if r.Date != "" {
		day = numericDay(r.Date)
	}
	return [...]string{b.word(assets.FamilyKey(r.CVX)) + ": " + vaccineCell(r.CVX, b), b.word("paper.advice-" + r.Status), day}
}

// note says below the recommendations, if there are any, what they are worth.
func (b bilingual) note(all []record.Recommendation) (says []line) {
	for _, c := range b.all() {
		if len(all) > 0 {
			says = append(says, line{text: c.say("paper.advice-note")})
		}
	}
	return says
}

// asOf says in each language of which day the recommendations are.
func (b bilingual) asOf(r record.Recommendation) (says []string) {
	for _, c := range b.all() {
		says = append(says, c.say("paper.advice", "date", dayOf(r.AsOf)(c)))
	}
	return says
}

// checkRecommended compares the recommendations on the page with the record's, and the
// day of which they all are.
func checkRecommended(asOf string, rows []group, r record.Record, say bilingual) error {
	if len(rows) != len(r.Recommendations) {
		return fmt.Errorf("the page has %d recommendations, the record %d", len(rows), len(r.Recommendations))
	}
	for i, want := range r.Recommendations {
		if asOf != squeeze(strings.Join(say.asOf(want), "")) {
			return fmt.Errorf("the recommendations are of another day than the page says")
		}
		texts := say.recommended(want)
		for n := range texts {
			texts[n] = squeeze(texts[n])
		}
		if !slices.Equal(rows[i].cells(), texts[:]) {
			return fmt.Errorf("recommendation %d says something else than the record", i+1)
		}
	}
	return nil
}
