package paper

import (
	"cmp"
	"errors"
	"fmt"

	"vaxkiosk/app/paper/typeset"
	"vaxkiosk/app/record"
)

// What is on file besides the doses in the list: entries that are no vaccination, and how
// many there are that could not be read. A page never looks complete when it is not.

// vaccinations are the doses of the overview and the list.
func vaccinations(r record.Record) []record.Dose {
	doses, _ := record.Split(r.Doses)
	return doses
}

// framePad is the room inside a frame, left of the text; above and below there is less.
const framePad = 13.0

// unread says in a frame, right below the list, how many entries could not be read.
func (l *layout) unread(r record.Record) {
	says := l.broken(l.say.unread(r), l.inner()-2*framePad)
	if len(says) == 0 {
		return
	}
	const pad = 7.0
	if l.y+l.tall(says)+2*pad > l.bottom() {
		l.newPage()
	}
	start := l.y
	l.y += pad
	l.tagged(tagUnread, func() { l.stackAt(margin+framePad, says) })
	l.y += pad
	l.box(start)
	l.y += 14
}

func (b bilingual) unread(r record.Record) (says []line) {
	for _, c := range b.all() {
		if r.Unread > 0 {
			says = append(says, line{c.some("paper.unread", r.Unread), true})
		}
	}
	return says
}

// count is what the number of doses is called.
func (b bilingual) count(r record.Record) string {
	if r.Unread > 0 {
		return b.word("paper.doses-read")
	}
	return b.word("paper.doses")
}

// others lists the entries that are no vaccination.
func (l *layout) others(r record.Record) {
	if s := l.say.others(r); len(s.rows) > 0 {
		l.strips(s)
		l.y += 11
	}
}

// others are when, what, and where.
func (b bilingual) others(r record.Record) strips {
	s := strips{edges: []float64{0, 0.2, 0.7, 1}, titleTag: tagOthers, rowTag: tagOther}
	_, others := record.Split(r.Doses)
	for _, d := range others {
		what := b.what(d)
		if d.Product != "" {
			what += ", " + typeset.Clean(d.Product)
		}
		row := cellRow{{}, {{text: what}}, {{text: cmp.Or(typeset.Clean(d.Performer), b.word("paper.not-on-file"))}}}
		for _, day := range b.days(d) {
			row[0] = append(row[0], line{text: day})
		}
		if note := noteOf(d, b); note != "" {
			row[1] = append(row[1], line{text: note})
		}
		s.rows = append(s.rows, row)
	}
	for _, c := range b.all() {
		s.title = append(s.title, c.say("paper.others"))
	}
	return s
}

// checkBeside compares what stands besides the list with the record.
func checkBeside(on map[string][]group, text map[string]string, r record.Record, say bilingual) error {
	want := ""
	for _, s := range say.unread(r) {
		want += squeeze(s.text)
	}
	if text[tagUnread] != want {
		return errors.New("the page says another number of entries that could not be read")
	}
	if err := say.others(r).check(text[tagOthers], on[tagOther]); err != nil {
		return fmt.Errorf("other entries: %w", err)
	}
	return nil
}
