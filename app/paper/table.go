package paper

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// family is the doses against one disease or one combination of them.
type family struct {
	name  string // English
	other string // in the visitor's language; "" when that is English
	rows  []row
}

// row is one dose as the table says it, a text for each column after the family.
type row struct {
	cells [len(columns) - 1]string
	dose  record.Dose
	note  string // status in words, under the vaccine; "" for completed
}

// heading is what stands at the rows of a family, a text for each language.
func (f family) heading(more string) []string {
	if f.other == "" || f.other == f.name {
		return []string{f.name + more}
	}
	return []string{f.name + more, f.other}
}

// texts are what the table says in each cell of a row; in large print, what a dose is
// stands in one.
func (r row) texts(big bool) []string {
	date, vaccine, product, where, mark := r.cells[0], r.cells[1]+r.note, r.cells[2], r.cells[3], r.cells[4]
	if !big {
		return []string{date, vaccine, product, where, mark}
	}
	if where == product { // both may be "not on file"
		where = ""
	}
	return []string{date, vaccine + product + where, mark}
}

// given counts the doses that were given.
func given(doses []record.Dose) (n int) {
	for _, d := range doses {
		if d.Completed() {
			n++
		}
	}
	return n
}

// noCard marks a dose that is in no code.
const noCard = "–"

// families groups the doses: families by name with "other" last, newest first
// inside. Record.Doses is newest first already, and sorting is stable.
func families(doses []record.Dose, b bilingual) []family {
	byName := map[string]*family{}
	var all []*family
	for _, d := range doses {
		key := assets.FamilyKey(d.CVX)
		name := b.english.say(key)
		f, known := byName[name]
		if !known {
			f = &family{name: name}
			if b.other != nil {
				f.other = b.other.say(key)
			}
			byName[name], all = f, append(all, f)
		}
		f.rows = append(f.rows, tableRow(d, b))
	}
	other := b.english.say("family.other")
	rank := func(f *family) string {
		if f.name == other {
			return "\uFFFF"
		}
		return strings.ToLower(f.name)
	}
	slices.SortFunc(all, func(x, y *family) int { return cmp.Compare(rank(x), rank(y)) })
	out := make([]family, len(all))
	for i, f := range all {
		out[i] = *f
	}
	return out
}

func tableRow(d record.Dose, b bilingual) row {
	r := row{dose: d, cells: [...]string{numericDay(d.Date), vaccineCell(d.CVX, b), productCell(d, b), clean(d.Performer), noCard}}
	if r.cells[whereColumn-1] == "" {
		r.cells[whereColumn-1] = b.word("paper.not-on-file")
	}
	if d.Card != 0 {
		r.cells[markColumn-1] = strconv.Itoa(d.Card)
	}
	if !d.Completed() {
		key := "paper.status-" + d.Status
		if b.english.say(key) == "" {
			key = "paper.status-other"
		}
		r.note = b.word(key)
	}
	return r
}

func vaccineCell(cvx string, b bilingual) string {
	name := b.word("paper.no-vaccine-name")
	if v, ok := assets.VaccineOf(cvx); ok {
		name = capital(clean(v.Short))
	}
	return name + noBreak + "(" + clean(cvx) + ")"
}

// productCell says trade name, maker and lot, and which of them is not on file.
func productCell(d record.Dose, b bilingual) string {
	if d.Product == "" && d.Manufacturer == "" && d.Lot == "" {
		return b.word("paper.not-on-file")
	}
	lot := b.english.say("paper.no-lot")
	if d.Lot != "" {
		lot = b.english.say("paper.lot") + noBreak + clean(d.Lot)
	}
	return strings.Join([]string{
		cmp.Or(clean(d.Product), b.english.say("paper.no-product")),
		cmp.Or(clean(d.Manufacturer), b.english.say("paper.no-maker")),
		lot,
	}, ", ")
}

func capital(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
