package paper

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"vaxkiosk/app/paper/typeset"
	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// family is the doses against one disease or one combination of them.
type family struct {
	name  string // English
	other string // in the visitor's language; "" when that is English
	doses []record.Dose
	rows  []row // of the doses, in the list
}

// row is one dose as the table says it, a text for each column after the family.
type row struct {
	dates                         []string // a line each
	vaccine, product, where, mark string

	note string // status in words, under the vaccine; "" for a dose that counts
	dose record.Dose
}

// heading is what stands at the rows of a family, a text for each language.
func (f family) heading() []string {
	if f.other == "" || f.other == f.name {
		return []string{f.name}
	}
	return []string{f.name, f.other}
}

// The columns of the full list.
var listColumns = []column{
	{key: "paper.family", share: 0.225},
	{key: "paper.date", fixed: 60},
	{key: "paper.vaccine", share: 0.275},
	{key: "paper.product", share: 0.285},
	{key: "paper.where", share: 0.215},
	{key: "paper.mark", fixed: 40},
}

// In large print one column says what a dose is.
var largeListColumns = []column{
	{key: "paper.date", fixed: 108},
	{key: "paper.vaccine", share: 1},
	{key: "paper.mark", fixed: 72},
}

// list is the grid of all doses.
func (l *layout) list() *grid {
	if l.big() {
		return l.grid(largeListColumns, tagFamily, tagRow)
	}
	return l.grid(listColumns, tagFamily, tagRow)
}

// sections are the families as sections of the list.
func sections(all []family, big bool) []section {
	var out []section
	for _, f := range all {
		s := section{name: f.heading()}
		for _, r := range f.rows {
			s.rows = append(s.rows, r.cells(big))
		}
		out = append(out, s)
	}
	return out
}

// cells are what the list says of a dose.
func (r row) cells(big bool) cellRow {
	mark := []line{{r.mark, true}}
	var date []line
	for _, day := range r.dates {
		date = append(date, line{text: day})
	}
	vaccine := []line{{text: r.vaccine}}
	if r.note != "" {
		vaccine = append(vaccine, line{r.note, true})
	}
	if !big {
		return cellRow{date, vaccine, {{text: r.product}}, {{text: r.where}}, mark}
	}
	vaccine = append(vaccine, line{text: r.product})
	if r.where != r.product { // both may be "not on file"
		vaccine = append(vaccine, line{text: r.where})
	}
	return cellRow{date, vaccine, mark}
}

// noCard marks a dose that is in no code.
const noCard = "–"

// families groups the doses as the list does: by what each vaccine protects against in
// all.
func families(doses []record.Dose, b bilingual) []family {
	all := grouped(doses, b, func(cvx string) []string { return []string{assets.FamilyKey(cvx)} })
	for i, f := range all {
		for _, d := range f.doses {
			all[i].rows = append(all[i].rows, tableRow(d, b))
		}
	}
	return all
}

// grouped sorts doses into families by the keys of their vaccines: families by name with
// "other" and what nobody knows last, newest first inside, as Record.Doses is already. Two keys of a vaccine may
// have one name.
func grouped(doses []record.Dose, b bilingual, keys func(cvx string) []string) []family {
	byName := map[string]*family{}
	for _, d := range doses {
		within := map[string]bool{}
		for _, key := range keys(d.CVX) {
			name := b.english.say(key)
			f := byName[name]
			if f == nil {
				f = &family{name: name}
				if b.other != nil {
					f.other = b.other.say(key)
				}
				byName[name] = f
			}
			if !within[name] {
				f.doses, within[name] = append(f.doses, d), true
			}
		}
	}
	last := []string{b.english.say("family.other"), b.english.say("family.unknown")}
	rank := func(f *family) string {
		if slices.Contains(last, f.name) {
			return "\uFFFF" + f.name
		}
		return strings.ToLower(f.name)
	}
	var out []family
	for _, f := range slices.SortedFunc(maps.Values(byName), func(x, y *family) int { return cmp.Compare(rank(x), rank(y)) }) {
		out = append(out, *f)
	}
	return out
}

func tableRow(d record.Dose, b bilingual) row {
	r := row{
		dates: b.days(d), vaccine: vaccineCell(d.CVX, cmp.Or(nameOf(d), d.Product), b), product: productCell(d, b),
		where: cmp.Or(typeset.Clean(d.Performer), b.word("paper.not-on-file")), mark: noCard, note: noteOf(d, b), dose: d,
	}
	if d.Card != 0 {
		r.mark = strconv.Itoa(d.Card)
	}
	return r
}

// noteOf says in words what is to be said of a dose.
func noteOf(d record.Dose, b bilingual) string {
	var said []string
	for _, remark := range d.Remarks() {
		said = append(said, b.word("paper.status-"+remark))
	}
	return strings.Join(said, "; ")
}

// nameOf is what the tables call a vaccine.
func nameOf(d record.Dose) string { return capital(d.VaccineName()) }

// vaccineCell says what a vaccine is called, and its code.
func vaccineCell(cvx, name string, b bilingual) string {
	name = cmp.Or(typeset.Clean(name), b.word("paper.no-vaccine-name"))
	if cvx != "" {
		name += noBreak + "(" + typeset.Clean(cvx) + ")"
	}
	return name
}

// productCell says trade name, maker and lot, and which of them is not on file. The trade
// name may have been all there is to name the vaccine.
func productCell(d record.Dose, b bilingual) string {
	if d.Product == "" && d.Manufacturer == "" && d.Lot == "" {
		return b.word("paper.not-on-file")
	}
	lot := b.english.say("paper.no-lot")
	if d.Lot != "" {
		lot = b.english.say("paper.lot") + noBreak + typeset.Clean(d.Lot)
	}
	says := []string{cmp.Or(typeset.Clean(d.Manufacturer), b.english.say("paper.no-maker")), lot}
	if d.Product == "" || nameOf(d) != "" {
		says = append([]string{cmp.Or(typeset.Clean(d.Product), b.english.say("paper.no-product"))}, says...)
	}
	return strings.Join(says, ", ")
}

func capital(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
