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
	"vaxkiosk/app/paper/typeset"
	"vaxkiosk/app/record"
)

// The check of finished pages (promise P7). It trusts nothing that drew them:
// table and codes are read from the PDF, each code is decoded and must be drawn
// square by square as it was made, each card must verify with the pinned keys and be
// about the person named on the page, and the doses on a card must be the rows that
// carry its number, no more and no fewer. All other text must say just what it has to
// (check_text.go), in black, on the sheet. The file inside the PDF must hold just these
// cards.

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
	say := m.bilingual(how.Lang)
	codes, name := on[tagCode], squeeze(typeset.Clean(r.Given+" "+r.Family))
	switch {
	case text[tagWho] != squeeze(dayOf(r.Birth)(m.words[english]))+name:
		return fmt.Errorf("the page names another person than the record")
	case len(codes) != len(r.Cards):
		return fmt.Errorf("the page has %d codes for %d cards", len(codes), len(r.Cards))
	case text[tagUnknown] != squeeze(strings.Join(say.unknowns(r), "")):
		return fmt.Errorf("the page does not say that letters are missing, or says so without need")
	}
	err = errors.Join(
		m.checkOutlines(groups),
		m.checkSource(text[tagSource], text[tagCount], r, how, now),
		checkOverview(groups, r, say, how.Large),
		checkList(groups, r, say, how.Large),
		checkHeads(groups, text[tagTitle], r, say, how.Large),
		checkBeside(on, text, r, say),
		checkRecommended(text[tagAsOf], on[tagRecommended], r, say),
		checkPhone(on[tagCheck], r, made),
		checkPages(on[tagWhose], on[tagFoot], r, say, how.Receipt),
		checkLoose(groups, r, say),
		m.checkPlaces(groups),
	)
	if err != nil {
		return err
	}
	var cards []string
	for i, c := range codes {
		if c.text() != squeeze(strings.Join(say.caption(r, i+1), "")) {
			return fmt.Errorf("code %d: it has the caption of another code", i+1)
		}
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
	wantSource, wantCount := "", squeeze(say.count(r))
	for _, c := range say.all() {
		wantSource += squeeze(c.source(r.Registry, now.In(m.Zone)))
	}
	if how.Large {
		wantCount += ":"
	}
	switch {
	case source != wantSource:
		return errors.New("the page says another registry or time")
	case count != wantCount+strconv.Itoa(r.Count()):
		return errors.New("the page says another number of doses")
	}
	return nil
}

// checkCode decodes one code and compares its card with the rows it is named in;
// it returns the card.
func (m *Maker) checkCode(c group, n int, r record.Record, made squares, now time.Time) (jws string, err error) {
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

// squeeze leaves out what is not read: white space, and what steers the order of a line.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || typeset.IsIsolate(r) {
			return -1
		}
		return r
	}, s)
}
