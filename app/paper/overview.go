package paper

import (
	"slices"
	"strconv"
	"strings"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// The overview is what a school nurse reads in ten seconds: for each of the CDC's groups of
// vaccines the days of the doses, side by side, oldest first, and how many of them count. A
// vaccine of several groups is listed at each of them; a group that protects against
// several diseases (measles, mumps and rubella) is one row. Doses that were not given, or
// entered in error, are only in the full list.

// Marks at a day in the overview; the words below it say what they mean.
var marks = map[string]string{
	record.RemarkNotValid:   "†",
	record.RemarkHistorical: "*",
}

// protection is a row of the overview: the doses against a disease.
type protection struct {
	name  []string // a text for each language
	count int      // of the doses that count
	days  []string // with marks, oldest first; one that is not certain has a line for each language
}

// enough doses for an overview: one alone is seen at once.
const enough = 2

// overview sorts the doses that were given by what they protect against, as the list
// is sorted; none when there are not enough of them.
func overview(doses []record.Dose, b bilingual) (all []protection) {
	var parts []record.Dose
	for _, d := range doses {
		if d.Completed() {
			parts = append(parts, d)
		}
	}
	if len(parts) < enough {
		return nil
	}
	for _, f := range grouped(parts, b, assets.FamilyKeys) {
		p := protection{name: f.heading()}
		for _, d := range slices.Backward(f.doses) {
			if !d.NotValid {
				p.count++
			}
			day := numericDay(d.Date)
			if d.About {
				day = strings.Join(b.days(d), "\n")
			}
			p.days = append(p.days, day+markOf(d))
		}
		all = append(all, p)
	}
	return all
}

// markOf is the mark of the most important thing to be said of a dose; the list says all.
func markOf(d record.Dose) string {
	for _, remark := range d.Remarks() {
		return marks[remark]
	}
	return ""
}

// The columns of the overview; days stand in all but the first ones.
var overviewColumns = []column{
	{key: "paper.family", share: 1},
	{key: "paper.count", fixed: 42},
	{key: "paper.days", fixed: 65},
	{fixed: 65},
	{fixed: 65},
	{fixed: 65},
	{fixed: 65},
}

var largeOverviewColumns = []column{
	{key: "paper.count", fixed: 72},
	{key: "paper.days", share: 0.25},
	{share: 0.25},
	{share: 0.25},
	{share: 0.25},
}

// summary is the grid of the overview, and how many days stand side by side in it.
func (l *layout) summary() (g *grid, days int) {
	if l.big() {
		return l.grid(largeOverviewColumns, tagDisease, tagDays), 4
	}
	return l.grid(overviewColumns, tagDisease, tagDays), 5
}

// entries are the rows of a disease: the count, and its days.
func (p protection) entries(days int) (all []cellRow) {
	count := strconv.Itoa(p.count)
	for some := range slices.Chunk(p.days, days) {
		e := cellRow{{{count, true}}}
		for _, day := range some {
			var cell []line
			for text := range strings.SplitSeq(day, "\n") {
				cell = append(cell, line{text: text})
			}
			e = append(e, cell)
		}
		all, count = append(all, e), ""
	}
	return all
}

// overview draws the overview and what its marks mean, and the heading of the list
// that follows.
func (l *layout) overview(all []protection, doses []record.Dose) {
	if len(all) == 0 {
		return
	}
	g, days := l.summary()
	var rows []section
	for _, p := range all {
		rows = append(rows, section{name: p.name, rows: p.entries(days), dim: true})
	}
	l.table(g, nil, rows)
	var says []line
	for _, c := range l.say.all() {
		if said := c.marks(doses); said != "" {
			says = append(says, l.lines(said, false, l.inner())...)
		}
	}
	if l.y+cellPad+float64(len(says))*l.pitch() > l.bottom() {
		l.newPage()
	}
	l.y += cellPad
	l.tagged(tagMarks, func() { l.stackAt(margin, says) })
	l.y += 12
}

// marks says what the marks in an overview mean, and why a day may stand there twice.
func (c catalogue) marks(doses []record.Dose) string {
	var said []string
	for _, remark := range []string{record.RemarkNotValid, record.RemarkHistorical} {
		if slices.ContainsFunc(doses, func(d record.Dose) bool { return d.Completed() && markOf(d) == marks[remark] }) {
			said = append(said, marks[remark]+noBreak+c.say("paper.status-"+remark)+".")
		}
	}
	if slices.ContainsFunc(doses, func(d record.Dose) bool { return d.Completed() && c.rows(d) > 1 }) {
		said = append(said, c.say("paper.combined"))
	}
	return strings.Join(said, " ")
}

// rows is in how many rows of the overview a dose stands.
func (c catalogue) rows(d record.Dose) int {
	names := map[string]bool{}
	for _, key := range assets.FamilyKeys(d.CVX) {
		names[c.say(key)] = true
	}
	return len(names)
}
