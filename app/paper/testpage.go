package paper

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vaxkiosk/app/desk"
)

// A test page: what IT and staff print to see what a printer, and the scanners that
// will read its pages, can do. Nothing personal is on it. Its codes are as full as a
// health card's may be, each smaller than the one before; a code says in itself that
// it is a test, and how wide it is.

// ladder is how wide the codes are, in millimeters, in the two rows they stand in.
var ladder = [][]int{{48, 45, 42}, {39, 36, 33, 30}}

const (
	millimeter = 72 / 25.4
	frameEdge  = 10 * millimeter
	fullSide   = 17 + 4*maxVersion // modules
	fullText   = 1195              // characters of a JWS, the most there may be
	patchSide  = 15 * millimeter
)

// rung is a code of the ladder.
type rung struct {
	text string // what it holds
	bits [][]bool
	side float64 // of a module, in points
	says line
	more []line // in the visitor's language
}

// TestPage draws the test page and reads its codes again before it hands it out.
func (m *Maker) TestPage(lang string) (desk.Document, error) {
	l := newLayout(newPDF(m.Size, "Test page"), m.bilingual(lang))
	rungs, err := l.rungs()
	if err != nil {
		return desk.Document{}, fmt.Errorf("draw test page: %w", err)
	}
	l.newPage()
	l.testFrame()
	l.text(margin, l.say.word("test-page.title"), title, true)
	l.y += title * 1.45
	now := m.Now().In(m.Zone)
	for _, c := range l.say.all() {
		l.paragraph(c.say("paper.printed", "date", c.day(now), "time", now.Format("3:04 PM"))+" · "+c.say("test-page.intro"), false)
	}
	l.y += 6
	l.explain("test-page.frame")
	l.ruler()
	l.greys()
	l.y += 4
	l.explain("test-page.scan")
	l.ladder(rungs)
	l.explain("test-page.fake")
	doc, err := l.finish()
	if err != nil {
		return desk.Document{}, fmt.Errorf("draw test page: %w", err)
	}
	if err := checkLadder(doc.PDF, slices.Concat(rungs...)); err != nil {
		return desk.Document{}, fmt.Errorf("check test page: %w", err)
	}
	return doc, nil
}

// explain says something in each language.
func (l *layout) explain(key string) {
	for i, c := range l.say.all() {
		l.paragraph(c.say(key), i == 0)
	}
	l.y += 6
}

// rungs makes the codes of the ladder.
func (l *layout) rungs() (rows [][]rung, err error) {
	for _, widths := range ladder {
		var row []rung
		for _, width := range widths {
			r := rung{text: rungText(width), side: float64(width) * millimeter / fullSide}
			if r.bits, err = modules(r.text); err != nil {
				return nil, err
			}
			if len(r.bits) != fullSide {
				return nil, fmt.Errorf("a code has %d modules a side, want %d", len(r.bits), fullSide)
			}
			squares := strconv.FormatFloat(float64(width)/fullSide, 'f', 2, 64)
			for i, c := range l.say.all() {
				says := line{c.say("test-page.code", "width", strconv.Itoa(width), "squares", squares), i == 0}
				if i == 0 {
					r.says = says
				} else {
					r.more = append(r.more, says)
				}
			}
			row = append(row, r)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// rungText is as long as the longest health card, of characters that one may have.
func rungText(width int) string {
	says := fmt.Sprintf("TEST-PAGE.NO-HEALTH-CARD.%d-MM.", width)
	return strings.Repeat(says, fullText/len(says)+1)[:fullText]
}

func (l *layout) testFrame() {
	l.add(func() {
		l.pdf.SetDrawColor(0, 0, 0)
		l.pdf.SetLineWidth(hair)
		l.pdf.Rect(frameEdge, frameEdge, l.width-2*frameEdge, l.height-2*frameEdge, "D")
	})
}

// ruler is 100 mm with a mark for each.
func (l *layout) ruler() {
	l.explain("test-page.ruler")
	left, y := margin+4, l.y // room for half of the 0
	l.add(func() {
		l.pdf.SetDrawColor(0, 0, 0)
		l.pdf.SetLineWidth(hair)
		l.pdf.Line(left, y, left+100*millimeter, y)
		for i := range 101 {
			long := 4.0
			if i%5 == 0 {
				long = 7
			}
			if i%10 == 0 {
				long = 11
			}
			x := left + float64(i)*millimeter
			l.pdf.Line(x, y, x, y+long)
		}
	})
	l.y += 12
	for i := 0; i <= 100; i += 10 {
		n := strconv.Itoa(i)
		l.text(left+float64(i)*millimeter-l.measure(n, normal, false)/2, n, normal, false)
	}
	l.y += l.pitch() + 6
}

// greys are five fields from light to dark, and beside them type in the two sizes
// that records have.
func (l *layout) greys() {
	l.explain("test-page.greys")
	top := l.y
	for i := range 5 {
		shade := 255 - 51*(i+1)
		x := margin + float64(i)*(patchSide+2*millimeter)
		l.add(func() {
			l.pdf.SetFillColor(shade, shade, shade)
			l.pdf.Rect(x, top, patchSide, patchSide, "F")
		})
	}
	beside := margin + 5*(patchSide+2*millimeter) + 10
	for _, size := range []float64{normal, large} {
		l.text(beside, l.say.english.say("test-page.type", "size", strconv.Itoa(int(size)))+": AaBb 0123456789 Ññ Áá", size, false)
		l.y += 1.4 * size
	}
	l.y = top + patchSide + 6
}

// ladder draws the codes, their width below.
func (l *layout) ladder(rows [][]rung) {
	for _, row := range rows {
		slot := l.inner() / float64(len(row))
		height := 0.0
		for i, r := range row {
			x, y := margin+float64(i)*slot+4*r.side, l.y+4*r.side
			wide := fullSide * r.side
			height = max(height, wide+8*r.side)
			l.tagged(tagCode, func() {
				l.add(func() { l.fill(x, y, r.side, r.bits) })
				top := l.y
				l.y = y + wide + 4*r.side
				l.stack(x, append([]line{r.says}, r.more...))
				l.y = top
			})
		}
		l.y += height + float64(1+len(row[0].more))*l.pitch() + 4
	}
	l.y += 4
}

// checkLadder decodes the codes of the finished page, and wants each below the width
// that it says itself.
func checkLadder(pdf []byte, rungs []rung) error {
	groups, err := readBack(pdf)
	if err != nil {
		return err
	}
	groups = marked(groups)
	if len(groups) != len(rungs) || len(pageObject.FindAll(pdf, -1)) != 1 {
		return fmt.Errorf("the page has %d codes, want %d", len(groups), len(rungs))
	}
	for i, r := range rungs {
		text, bits, err := groups[i].qr(r.side)
		if err != nil || groups[i].tag != tagCode {
			return fmt.Errorf("code %d is not on the page", i+1)
		}
		if text, err = jwsOf(text); err != nil || text != r.text || !strings.HasPrefix(groups[i].text(), squeeze(r.says.text)) {
			return fmt.Errorf("code %d holds something else", i+1)
		}
		if !slices.EqualFunc(bits, r.bits, slices.Equal) {
			return errors.New("some squares are wrong")
		}
	}
	return nil
}
