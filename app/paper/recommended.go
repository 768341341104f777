package paper

import (
	"fmt"
	"strconv"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// What the registry recommends, when it has made a forecast: one row a vaccine or a
// disease, as of one day, and how many could not be read. It is on paper only, never on
// a card.

// recommended lists the recommendations below all that is on file.
func (l *layout) recommended(r record.Record) {
	l.strips(l.say.advice(r))
	if note := l.say.note(r); len(note) > 0 {
		l.block(l.broken(note, l.inner()))
		l.y += 14
	}
}

// advice is what for, whether it is due, and when. All are of one day.
func (b bilingual) advice(r record.Record) strips {
	s := strips{edges: []float64{0, 0.5, 0.8, 1}, titleTag: tagAsOf, rowTag: tagRecommended}
	for _, rec := range r.Recommendations {
		day, what := noCard, b.what(record.Dose{CVX: rec.CVX, Name: rec.Name})
		if rec.Date != "" {
			day = numericDay(rec.Date)
		}
		if key, known := assets.DiseaseKey(rec.Disease); rec.CVX == "" && known {
			what = b.word(key)
		}
		s.rows = append(s.rows, cellRow{{{text: what}}, {{b.word("paper.advice-" + rec.Status), true}}, {{text: day}}})
	}
	if len(s.rows) > 0 {
		for _, c := range b.all() {
			s.title = append(s.title, c.say("paper.advice", "date", dayOf(r.Recommendations[0].AsOf)(c)))
		}
	}
	return s
}

// what is against what and by which vaccine, or what it is that is no vaccine.
func (b bilingual) what(d record.Dose) string {
	vaccine := vaccineCell(d.CVX, nameOf(d), b)
	if _, known := assets.VaccineOf(d.CVX); !known {
		return vaccine
	}
	return b.word(assets.FamilyKey(d.CVX)) + ": " + vaccine
}

// note says below the recommendations how many more there are that could not be read, and
// what those that could are worth.
func (b bilingual) note(r record.Record) (says []line) {
	for _, c := range b.all() {
		if n := r.UnreadRecommendations; n > 0 {
			says = append(says, line{c.some("paper.advice-unread", n), true})
		}
	}
	for _, c := range b.all() {
		if len(r.Recommendations) > 0 {
			says = append(says, line{text: c.say("paper.advice-note")})
		}
	}
	return says
}

// some says how many there are, of one in words of its own.
func (c catalogue) some(key string, n int) string {
	if n == 1 {
		return c.say(key + "-one")
	}
	return c.say(key, "n", strconv.Itoa(n))
}

// checkRecommended compares the recommendations on the page with the record's, and the
// day of which they all are.
func checkRecommended(asOf string, rows []group, r record.Record, say bilingual) error {
	for _, rec := range r.Recommendations {
		if rec.AsOf != r.Recommendations[0].AsOf {
			return fmt.Errorf("the recommendations are of another day than the page says")
		}
	}
	if err := say.advice(r).check(asOf, rows); err != nil {
		return fmt.Errorf("recommendations: %w", err)
	}
	return nil
}
