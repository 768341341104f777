package paper

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"

	"vaxkiosk/app/record"
)

// The check of finished pages (promise P7). It trusts nothing that drew them:
// table and codes are read from the PDF, each code is decoded and must be drawn
// square by square as it was made, each card must verify with the pinned keys and be about the person
// named on the page, and the doses on a card must be the rows that carry its
// number, no more and no fewer.

// seen is a row of the table as the page shows it, without white space.
type seen struct {
	date, vaccine, product, where, mark string
}

func (m *Maker) check(pdf []byte, r record.Record, made squares, now time.Time) error {
	groups, err := readBack(pdf)
	if err != nil {
		return err
	}
	var rows []seen
	var codes []group
	who := ""
	for _, g := range groups {
		switch g.tag {
		case tagWho:
			who += g.text()
		case tagRow:
			row, err := g.row()
			if err != nil {
				return err
			}
			rows = append(rows, row)
		case tagCode:
			codes = append(codes, g)
		}
	}
	name := squeeze(clean(r.Given + " " + r.Family))
	switch {
	case who != squeeze(dayOf(r.Birth)(m.words[english]))+name:
		return fmt.Errorf("the page names another person than the record")
	case len(rows) != len(r.Doses):
		return fmt.Errorf("the page has %d rows for %d doses", len(rows), len(r.Doses))
	case len(codes) != len(r.Cards):
		return fmt.Errorf("the page has %d codes for %d cards", len(codes), len(r.Cards))
	}
	for i, c := range codes {
		if err := m.checkCode(c, i+1, r, made, rows, now); err != nil {
			return fmt.Errorf("code %d: %w", i+1, err)
		}
	}
	for _, row := range rows {
		if n, err := strconv.Atoi(row.mark); row.mark != noCard && (err != nil || n < 1 || n > len(codes)) {
			return fmt.Errorf("a row points to a code that is not on the page")
		}
	}
	return nil
}

// checkCode decodes one code and compares its card with the rows it marks.
func (m *Maker) checkCode(c group, n int, r record.Record, made squares, rows []seen, now time.Time) error {
	caption := squeeze(m.words[english].say("paper.code", "n", strconv.Itoa(n), "m", strconv.Itoa(len(r.Cards))))
	if !strings.HasPrefix(c.text(), caption) {
		return fmt.Errorf("it has the caption of another code")
	}
	jws, err := c.decode(made)
	if err != nil {
		return err
	}
	claims, card, err := record.VerifyCard(jws, m.Keys(), now)
	if err != nil {
		return err
	}
	if !isAbout(claims, r) {
		return fmt.Errorf("its card is about another person")
	}
	var marked []seen
	for _, row := range rows {
		if row.mark == strconv.Itoa(n) {
			marked = append(marked, row)
		}
	}
	if len(marked) != len(card.Doses) {
		return fmt.Errorf("its card holds %d doses, %d rows are marked with it", len(card.Doses), len(marked))
	}
	for _, dose := range card.Doses {
		i := slices.IndexFunc(marked, func(s seen) bool { return s.shows(dose) })
		if i < 0 {
			return fmt.Errorf("a dose on its card is in no row that is marked with it")
		}
		marked = slices.Delete(marked, i, i+1)
	}
	return nil
}

// decode reads the squares of a code. All must be as they were made: error
// correction is for the paper, not for us.
func (g group) decode(made squares) (string, error) {
	bits, err := g.bitmap()
	if err != nil {
		return "", err
	}
	result, err := decoder.NewDecoder().DecodeBoolMapWithoutHint(bits)
	if err != nil {
		return "", fmt.Errorf("its squares are no QR code")
	}
	jws, err := jwsOf(result.GetText())
	if err != nil {
		return "", err
	}
	if !slices.EqualFunc(bits, made[jws], slices.Equal) {
		return "", fmt.Errorf("some squares are wrong")
	}
	return jws, nil
}

var cvxAtEnd = regexp.MustCompile(`\((\w+)\)$`)

// shows tells whether a row says what a card says about a dose.
func (s seen) shows(d record.CardDose) bool {
	cvx := cvxAtEnd.FindStringSubmatch(s.vaccine)
	return cvx != nil && cvx[1] == d.CVX && s.date == squeeze(numericDay(d.Date)) &&
		strings.Contains(s.product, squeeze(clean(d.Lot))) && strings.Contains(s.where, squeeze(clean(d.Performer)))
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

// row sorts the texts of a row into its cells by where they stand.
func (g group) row() (seen, error) {
	cells := map[float64]string{}
	for _, t := range g.texts {
		cells[t.x] += squeeze(t.s)
	}
	if len(cells) != markColumn {
		return seen{}, fmt.Errorf("a row of the page has %d cells, want %d", len(cells), markColumn)
	}
	x := slices.Sorted(maps.Keys(cells))
	return seen{cells[x[0]], cells[x[1]], cells[x[2]], cells[x[3]], cells[x[4]]}, nil
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
