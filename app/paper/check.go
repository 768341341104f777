package paper

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
)

// The check of finished pages (promise P7). It trusts nothing that drew them:
// table and codes are read from the PDF, each code is decoded and must be drawn
// square by square as it was made, each card must verify with the pinned keys and be
// about the person named on the page, and the doses on a card must be the rows that
// carry its number, no more and no fewer. Registry, count, families and every cell of the
// table must say just what the record says. The file inside the PDF must hold just these
// cards.

// seen is a row of the table as the page shows it, without white space.
type seen struct {
	date, vaccine, product, where, mark string
}

func (m *Maker) check(pdf []byte, r record.Record, how desk.Page, made squares, now time.Time) error {
	groups, err := readBack(pdf)
	if err != nil {
		return err
	}
	on := map[string][]group{}
	text := map[string]string{}
	for _, g := range groups {
		on[g.tag] = append(on[g.tag], g)
		text[g.tag] += g.text()
	}
	codes, name := on[tagCode], squeeze(clean(r.Given+" "+r.Family))
	switch {
	case text[tagWho] != squeeze(dayOf(r.Birth)(m.words[english]))+name:
		return fmt.Errorf("the page names another person than the record")
	case len(codes) != len(r.Cards):
		return fmt.Errorf("the page has %d codes for %d cards", len(codes), len(r.Cards))
	case hasUnknown(r) != (len(on[tagUnknown]) == 1):
		return fmt.Errorf("the page does not say that letters are missing, or says so without need")
	}
	err = errors.Join(m.checkOutlines(groups), m.checkSource(text[tagSource], text[tagCount], r, how, now), m.checkTable(groups, r, how),
		m.checkAdvice(text[tagAsOf], on[tagAdvice], r), checkPhone(on[tagCheck], r, made))
	if err != nil {
		return err
	}
	var cards []string
	for i, c := range codes {
		jws, err := m.checkCode(c, i+1, r, made, now)
		if err != nil {
			return fmt.Errorf("code %d: %w", i+1, err)
		}
		cards = append(cards, jws)
	}
	return checkFile(pdf, cards)
}

// checkSource compares what says where the record is from, when it was printed and how
// many doses it has.
func (m *Maker) checkSource(source, count string, r record.Record, how desk.Page, now time.Time) error {
	say := m.bilingual(how.Lang)
	wantSource, wantCount := "", squeeze(say.word("paper.doses"))
	for _, c := range say.all() {
		wantSource += squeeze(c.source(r.Registry, now.In(m.Zone)))
	}
	if how.Large {
		wantCount += ":"
	}
	switch {
	case source != wantSource:
		return errors.New("the page says another registry or time")
	case count != wantCount+strconv.Itoa(given(r.Doses)):
		return errors.New("the page says another number of doses")
	}
	return nil
}

// checkTable compares the table with the record, row by row: each says just what it
// must in every cell, and stands under the name of its family. A name that is there
// again says so.
func (m *Maker) checkTable(groups []group, r record.Record, how desk.Page) error {
	table := slices.DeleteFunc(slices.Clone(groups), func(g group) bool { return g.tag != tagRow && g.tag != tagFamily })
	say := m.bilingual(how.Lang)
	n := 0
	for _, f := range families(r.Doses, say) {
		more := ""
		for _, want := range f.rows {
			n++
			if len(table) > 0 && table[0].tag == tagFamily {
				if table[0].text() != squeeze(strings.Join(f.heading(more), "")) {
					return fmt.Errorf("row %d stands under another name than its family's", n)
				}
				table = table[1:]
			} else if more == "" {
				return fmt.Errorf("row %d stands under no name of a family", n)
			}
			more = say.more()
			if len(table) == 0 || table[0].tag != tagRow {
				return fmt.Errorf("row %d is not where it must be", n)
			}
			if err := table[0].checkRow(want, how.Large, len(r.Cards)); err != nil {
				return fmt.Errorf("row %d: %w", n, err)
			}
			table = table[1:]
		}
	}
	if len(table) > 0 {
		return errors.New("the table says more than the record")
	}
	return nil
}

// checkRow compares a row with what the table must say, and that with the dose.
func (g group) checkRow(want row, big bool, cards int) error {
	said, err := g.row()
	if err != nil {
		return err
	}
	texts := want.texts(big)
	for i := range texts {
		texts[i] = squeeze(texts[i])
	}
	switch {
	case !slices.Equal(g.cells(), texts), !said.shows(want.dose):
		return errors.New("it says something else than the record")
	case want.dose.Card < 0 || want.dose.Card > cards:
		return errors.New("it points to a code that is not on the page")
	}
	return nil
}

// checkCode decodes one code and compares its card with the rows it is named in;
// it returns the card.
func (m *Maker) checkCode(c group, n int, r record.Record, made squares, now time.Time) (jws string, err error) {
	caption := squeeze(m.words[english].say("paper.code", "n", strconv.Itoa(n), "m", strconv.Itoa(len(r.Cards))))
	if !strings.HasPrefix(c.text(), caption) {
		return "", fmt.Errorf("it has the caption of another code")
	}
	if jws, err = c.decode(made); err != nil {
		return "", err
	}
	claims, card, err := record.VerifyCard(jws, m.Keys(), now)
	if err != nil {
		return "", err
	}
	if !isAbout(claims, r) {
		return "", fmt.Errorf("its card is about another person")
	}
	var marked []record.CardDose
	for _, d := range r.Doses {
		if d.Card == n {
			marked = append(marked, d.OnCard())
		}
	}
	if !slices.Equal(inOrder(marked), inOrder(card.Doses)) {
		return "", fmt.Errorf("its card holds other doses than the rows marked with it")
	}
	return jws, nil
}

func inOrder(doses []record.CardDose) []record.CardDose {
	return slices.SortedFunc(slices.Values(doses), func(a, b record.CardDose) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.CVX, b.CVX), cmp.Compare(a.Lot, b.Lot), cmp.Compare(a.Performer, b.Performer))
	})
}

// decode reads the squares of a code. All must be as they were made: error
// correction is for the paper, not for us.
func (g group) decode(made squares) (string, error) {
	jws, bits, err := g.jws()
	if err != nil {
		return "", err
	}
	if !slices.EqualFunc(bits, made[jws], slices.Equal) {
		return "", fmt.Errorf("some squares are wrong")
	}
	return jws, nil
}

// shows tells whether a row says all that the record says about a dose.
func (s seen) shows(d record.Dose) bool {
	mark := noCard
	if d.Card != 0 {
		mark = strconv.Itoa(d.Card)
	}
	has := func(cell, text string) bool { return strings.Contains(cell, squeeze(clean(text))) }
	return s.mark == mark && s.date == squeeze(numericDay(d.Date)) && has(s.vaccine, "("+d.CVX+")") &&
		has(s.product, d.Product) && has(s.product, d.Manufacturer) && has(s.product, d.Lot) && has(s.where, d.Performer)
}

func isAbout(claims record.CardClaims, r record.Record) bool {
	for _, e := range claims.VC.Subject.Bundle.Entry {
		if p := e.Resource; p.ResourceType == "Patient" {
			return p.BirthDate == r.Birth && len(p.Name) > 0 &&
				strings.Join(p.Name[0].Given, " ") == r.Given && p.Name[0].Family == r.Family
		}
	}
	return false
}

// text is all text of a group without white space, as line breaks are lost.
func (g group) text() string {
	var b strings.Builder
	for _, t := range g.texts {
		b.WriteString(squeeze(t.s))
	}
	return b.String()
}

// cells sorts the texts of a row into its cells by where they stand.
func (g group) cells() (all []string) {
	cells := map[float64]string{}
	for _, t := range g.texts {
		cells[t.x] += squeeze(t.s)
	}
	for _, x := range slices.Sorted(maps.Keys(cells)) {
		all = append(all, cells[x])
	}
	return all
}

func (g group) row() (seen, error) {
	cells := g.cells()
	switch len(cells) {
	case markColumn:
		return seen{cells[0], cells[1], cells[2], cells[3], cells[4]}, nil
	case 3: // in large print
		return seen{cells[0], cells[1], cells[1], cells[1], cells[2]}, nil
	}
	return seen{}, fmt.Errorf("a row of the page has %d cells", len(cells))
}

// squeeze leaves out what is not read: white space, and what steers the order of a line.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || isIsolate(r) {
			return -1
		}
		return r
	}, s)
}
