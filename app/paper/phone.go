package paper

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"vaxkiosk/app/record"
)

// The code for any phone: the address of central's check page, as a QR code and in
// letters below, for a reader without a SMART Health Card app. The page asks for the
// birth date, so the code alone opens nothing.

// Squares of 0.85 mm: a cheap phone reads them at arm's length.
const (
	phoneModule = 2 * module
	phoneQuiet  = 4 * phoneModule
)

// addCheck draws the code below all else; a record may be without one.
func (l *layout) addCheck(r record.Record) {
	if r.Check == "" {
		return
	}
	bits := l.drawn[r.Check]
	side := float64(len(bits)) * phoneModule
	left := margin + side + 2*phoneQuiet
	says, ends := l.say.phone(r)
	says, ends = l.broken(says, l.width-margin-left), l.broken(ends, l.width-margin-left)
	height := max(side+2*phoneQuiet, float64(len(says)+len(ends)+2)*l.pitch())
	l.y += 8
	if l.y+height > l.bottom() {
		l.newPage()
		l.y += 6
	}
	x, y := onGrid(margin), onGrid(l.y+phoneQuiet)
	l.y = y - 2
	l.stackAt(left, says)
	l.tagged(tagCheck, func() {
		l.add(func() { l.fill(x, y, phoneModule, bits) })
		l.text(left, r.CheckCode(), 1.4*l.body, true)
	})
	l.y += 1.9 * l.body
	l.stackAt(left, ends)
}

// Address reads the address of the check page off a finished record of this package,
// square by square, as a phone would; "" when there is none on it.
func Address(pdf []byte) (string, error) {
	groups, err := readBack(pdf)
	if err != nil {
		return "", err
	}
	for _, g := range groups {
		if g.tag == tagCheck {
			address, _, err := g.qr(phoneModule)
			return address, err
		}
	}
	return "", nil
}

// phone is what stands above and below the letters of the code.
func (b bilingual) phone(r record.Record) (says, ends []line) {
	if r.Check == "" {
		return nil, nil
	}
	site := strings.TrimPrefix(record.CheckURL(r.Issuer, ""), "https://")
	for _, c := range b.all() {
		says = append(says, line{c.say("paper.phone"), true}, line{text: c.say("paper.phone-how", "site", strings.TrimSuffix(site, "/"))})
		ends = append(ends, line{text: c.say("paper.phone-asks")})
	}
	return says, ends
}

// stackAt writes lines and goes on below them.
func (l *layout) stackAt(x float64, lines []line) {
	l.stack(x, lines)
	l.y += l.tall(lines)
}

// checkPhone compares the code for any phone with the record's, square by square,
// and its letters.
func checkPhone(on []group, r record.Record, made squares) error {
	switch {
	case r.Check == "" && len(on) == 0:
		return nil
	case r.Check == "" || len(on) != 1:
		return fmt.Errorf("the page has %d codes for any phone", len(on))
	}
	address, bits, err := on[0].qr(phoneModule)
	switch {
	case err != nil:
		return err
	case address != r.Check || on[0].text() != squeeze(r.CheckCode()):
		return errors.New("the code for any phone leads elsewhere")
	case !slices.EqualFunc(bits, made[address], slices.Equal):
		return errors.New("some squares of the code for any phone are wrong")
	}
	return nil
}
