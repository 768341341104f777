package paper

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/skip2/go-qrcode"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// A slip: one page with a number to take along. Nothing personal is on it, and
// the number opens nothing by itself. Its code holds the number alone, as the
// visitor would type it: a scanner that acts as a keyboard types it for them.

// Geometry of a slip's code: 21 squares of 1.7 mm are 36 mm, large enough for any
// scanner and a trembling hand. On a page these squares lie on the dots of 150,
// 300 and 600 dpi.
const (
	slipModule = 4.8
	slipQuiet  = 4 * slipModule
)

// Sizes of what a slip says, larger than a record's: it is read at a kiosk.
const (
	numberSize = 50.0
	slipLead   = 17.0
	slipBody   = 14.0
)

// slipKinds have the key under which the words of a slip are, what reads its
// numbers, and how many days they are kept (0: the slip does not say).
var slipKinds = map[visit.SlipKind]struct {
	parse func(string) (string, bool)
	days  int
}{
	visit.ReceiptSlip:  {request.ParseReceipt, request.ReceiptDays},
	visit.TrackingSlip: {request.ParseTracking, 0},
}

// Slip draws a number and checks the finished page. It refuses whatever is not
// such a number.
func (m *Maker) Slip(kind visit.SlipKind, number, lang string) (desk.Document, error) {
	k, known := slipKinds[kind]
	if !known {
		return desk.Document{}, fmt.Errorf("draw slip: no kind %q", kind)
	}
	if parsed, ok := k.parse(number); !ok || parsed != number {
		return desk.Document{}, fmt.Errorf("draw slip: not a %s number", kind)
	}
	q, err := qrcode.New(number, qrcode.High) // a number of 13 characters still fits 21 squares
	if err != nil {
		return desk.Document{}, errors.New("draw slip: the number does not fit a QR code")
	}
	q.DisableBorder = true
	bits := q.Bitmap()
	l := newLayout(newPDF(m.Size, "Number"), m.bilingual(lang))
	l.slip("slip."+string(kind)+"-", k.days, number, bits, m.Now().In(m.Zone))
	doc, err := l.finish()
	if err != nil {
		return desk.Document{}, fmt.Errorf("draw slip: %w", err)
	}
	if err := checkSlip(doc.PDF, number, bits); err != nil {
		return desk.Document{}, fmt.Errorf("check slip: %w", err)
	}
	return doc, nil
}

// slip lays out the page; key is the beginning of its words.
func (l *layout) slip(key string, days int, number string, bits [][]bool, now time.Time) {
	l.newPage()
	l.text(margin, l.say.word(key+"title"), title, true)
	l.y += title * 1.45
	for _, c := range l.say.all() {
		l.paragraph(c.say("paper.printed", "date", c.day(now), "time", now.Format("3:04 PM")), false)
	}
	l.y += 14
	l.number(key, number, bits)
	l.y += 26
	for _, c := range l.say.all() {
		if days > 0 {
			last := now.AddDate(0, 0, days-1) // today counts
			l.words(margin, c.say(key+"kept", "days", strconv.Itoa(days), "date", c.day(last)), slipLead, true)
			l.y += 12
		}
		l.words(margin, c.say(key+"how"), slipLead, true)
		l.y += 4
		for i, step := range []string{"first", "then", "last"} {
			top := l.y
			l.text(margin, strconv.Itoa(i+1)+".", slipBody, true)
			l.y = top
			l.words(margin+22, c.say(key+step, "collect", c.say("choose.collect"), "correct", c.say("choose.correct"), "look-up", c.say("correcting.look-up")), slipBody, false)
			l.y += 3
		}
		l.y += 5
		l.words(margin, c.say(key+"note")+" "+c.say(key+"safe"), slipBody, false)
		l.y += 26
	}
}

// number is the box with the number, large, and its code.
func (l *layout) number(key, number string, bits [][]bool) {
	const pad = 13.0
	start, side := l.y, float64(len(bits))*slipModule
	height := side + 2*slipQuiet
	x, y := onGrid(l.width-margin-slipQuiet-side), onGrid(start+slipQuiet)
	l.y += height/2 - 50
	for _, c := range l.say.all() {
		l.words(margin+pad, c.say(key+"number"), slipBody, false)
	}
	l.tagged(tagNumber, func() {
		l.text(margin+pad, number, l.fitting(number, numberSize, x-slipQuiet-margin-2*pad), true)
		l.add(func() { l.fill(x, y, slipModule, bits) })
	})
	l.y = start + height
	l.box(start)
}

// fitting is the size, up to most, in which bold text is no wider than that.
func (l *layout) fitting(s string, most, width float64) float64 {
	return min(most, most*width/l.measure(s, most, true))
}

// words writes wrapped text from x to the right margin.
func (l *layout) words(x float64, s string, size float64, bold bool) {
	for _, line := range l.wrap(s, size, bold, l.width-margin-x) {
		l.text(x, line, size, bold)
		l.y += size * 1.26
	}
}

// checkSlip reads the finished page again: one page, with the number in letters
// and in a code, square by square as it was made.
func checkSlip(pdf []byte, number string, made [][]bool) error {
	groups, err := readBack(pdf)
	if err != nil {
		return err
	}
	groups = marked(groups)
	if len(groups) != 1 || groups[0].tag != tagNumber || len(pageObject.FindAll(pdf, -1)) != 1 {
		return errors.New("the page does not have one number")
	}
	text, bits, err := groups[0].qr(slipModule)
	switch {
	case err != nil:
		return err
	case text != number || groups[0].text() != squeeze(number):
		return errors.New("the page has another number")
	case !slices.EqualFunc(bits, made, slices.Equal):
		return errors.New("some squares are wrong")
	}
	return nil
}
