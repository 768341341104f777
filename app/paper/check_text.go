package paper

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jung-kurt/gofpdf"

	"vaxkiosk/app/paper/typeset"
	"vaxkiosk/app/record"
)

// The part of the check that compares text: overview, list, heads and feet.

// checkOverview compares the overview with the record, and what its marks mean.
func checkOverview(groups []group, r record.Record, say bilingual, big bool) error {
	l := &layout{say: say, body: normal}
	if big {
		l.body = large
	}
	_, days := l.summary()
	var want []section
	said := ""
	doses := vaccinations(r)
	for _, p := range overview(doses, say) {
		want = append(want, section{name: p.name, rows: p.entries(days)})
	}
	if len(want) > 0 {
		for _, c := range say.all() {
			said += squeeze(c.marks(doses))
		}
	}
	if textOn(groups, tagMarks) != said {
		return errors.New("the words below the overview are others")
	}
	if err := checkSections(groups, tagDisease, tagDays, want, say); err != nil {
		return fmt.Errorf("overview: %w", err)
	}
	return nil
}

// checkList compares the list with the record: each row says just what it must in every
// cell, and stands under the name of its family. What each row must say is compared
// with the dose as well.
func checkList(groups []group, r record.Record, say bilingual, big bool) error {
	all := families(vaccinations(r), say)
	if err := checkSections(groups, tagFamily, tagRow, sections(all, big), say); err != nil {
		return fmt.Errorf("list: %w", err)
	}
	for _, f := range all {
		for _, row := range f.rows {
			if row.dose.Card < 0 || row.dose.Card > len(r.Cards) {
				return errors.New("a row points to a code that is not on the page")
			}
			if !row.shows(row.dose) {
				return errors.New("a row says something else than the record")
			}
		}
	}
	return nil
}

// shows reports whether a row says all that the record says about a dose.
func (r row) shows(d record.Dose) bool {
	mark := noCard
	if d.Card != 0 {
		mark = strconv.Itoa(d.Card)
	}
	has := func(cell, text string) bool { return strings.Contains(squeeze(cell), squeeze(typeset.Clean(text))) }
	day := numericDay(d.Date)
	if !d.Exact() {
		day, _, _ = strings.Cut(d.Date, "-")
	}
	return r.mark == mark && has(strings.Join(r.dates, ""), day) && (d.CVX == "" || has(r.vaccine, "("+d.CVX+")")) &&
		has(r.vaccine+r.product, d.Product) && has(r.product, d.Manufacturer) && has(r.product, d.Lot) && has(r.where, d.Performer) &&
		(r.note == "") == d.FitsCard()
}

// checkSections compares a table with its sections: each row under its name. A name
// that is there again, on the next page, says so.
func checkSections(groups []group, name, row string, want []section, say bilingual) error {
	table := slices.DeleteFunc(slices.Clone(groups), func(g group) bool { return g.tag != row && g.tag != name })
	n := 0
	for _, s := range want {
		more := ""
		for _, e := range s.rows {
			n++
			var got group // a row that is higher than a page has several parts
			for more == "" || !slices.Equal(got.cells(), e.says()) {
				if len(table) > 0 && table[0].tag == name {
					if table[0].text() != squeeze(s.name[0]+more+strings.Join(s.name[1:], "")) {
						return fmt.Errorf("row %d stands under another name than its own", n)
					}
					table = table[1:]
				} else if more == "" {
					return fmt.Errorf("row %d stands under no name", n)
				}
				more = say.more()
				if len(table) == 0 || table[0].tag != row || len(got.text()) >= len(strings.Join(e.says(), "")) {
					return fmt.Errorf("row %d says something else than the record", n)
				}
				got.texts = append(got.texts, table[0].texts...)
				table = table[1:]
			}
		}
	}
	if len(table) > 0 {
		return errors.New("it says more than the record")
	}
	return nil
}

// checkHeads compares the heads of the columns, and the title of the list.
func checkHeads(groups []group, title string, r record.Record, say bilingual, big bool) error {
	l := &layout{say: say, body: normal}
	if big {
		l.body = large
	}
	g, _ := l.summary()
	sums, list, inList := g.says(say), l.list().says(say), true
	for _, on := range slices.Backward(groups) {
		switch {
		case on.tag == tagRow || on.tag == tagDays:
			inList = on.tag == tagRow
		case on.tag == tagHead && !slices.Equal(on.cells(), map[bool][]string{true: list, false: sums}[inList]):
			return errors.New("a column has another head")
		}
	}
	want := ""
	if len(overview(vaccinations(r), say)) > 0 {
		for _, c := range say.all() {
			want += squeeze(c.say("paper.list"))
		}
	}
	if title != want {
		return errors.New("the list has another title")
	}
	return nil
}

// says are what the heads of the columns say.
func (g *grid) says(say bilingual) (all []string) {
	for _, c := range g.columns {
		if c.key != "" {
			head := ""
			for _, words := range say.all() {
				head += squeeze(words.say(c.key))
			}
			all = append(all, head)
		}
	}
	return all
}

// checkLoose compares all text that is in no marked group: titles, labels, what is said
// to the reader. So nothing stands on a page that is not known here.
func checkLoose(groups []group, r record.Record, say bilingual) error {
	want := say.word("paper.title") + say.word("paper.name") + say.word("paper.born")
	if say.other != nil {
		want += dayOf(r.Birth)(say.other)
	}
	above, below := say.phone(r)
	for _, s := range slices.Concat(say.empty(r), say.note(r), say.reader(r), above, below) {
		want += s.text
	}
	if textOn(groups, tagLoose)+textOn(groups, tagLine) != squeeze(want) {
		return errors.New("the page says something else than it has to")
	}
	return nil
}

// checkPlaces wants all text to be on the sheet, and at its foot nothing but the footer.
func (m *Maker) checkPlaces(groups []group) error {
	width, height := gofpdf.New("P", "pt", string(m.Size), "").GetPageSize()
	for _, g := range groups {
		low := footing
		if g.tag == tagFoot {
			low = margin / 2
		}
		for _, t := range g.texts {
			if t.y < low || t.y > height-margin/2 || t.x < margin-cellGap || t.x > width-margin {
				return errors.New("text stands where it is not read")
			}
		}
		for _, r := range g.rects {
			if r[1] < footing-quiet || r[0] < margin-cellGap || r[0]+r[2] > width-margin {
				return errors.New("a code stands where it is not read")
			}
		}
	}
	return nil
}

// checkPages compares the head of each later page, which says whose it is, and the
// foot of each page.
func checkPages(whose, feet []group, r record.Record, say bilingual, receipt string) error {
	if len(feet) == 0 || len(whose) != len(feet)-1 {
		return errors.New("a page does not say whose it is, or which")
	}
	for i, g := range feet {
		left, right := say.foot(receipt, i+1, len(feet))
		if g.text() != squeeze(left+right) || i > 0 && whose[i-1].text() != squeeze(say.whose(r)) {
			return fmt.Errorf("page %d says that it is another", i+1)
		}
	}
	return nil
}

// textOn is all text of the groups with a tag.
func textOn(groups []group, tag string) (all string) {
	for _, g := range groups {
		if g.tag == tag {
			all += g.text()
		}
	}
	return all
}
