package paper

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"

	"vaxkiosk/app/paper/typeset"
	"vaxkiosk/app/record"
)

// The sheet, in points (1/72 inch).
const (
	margin  = 36.0 // 12.7 mm; codes and text stay inside
	footing = 62.0 // kept free at the bottom for the footer

	whoseGap = 8.0 // below the head of later pages
	title    = 21.0
	hair     = 0.5
	grey     = 120 // of thin rules
)

// Sizes of body text; no text is smaller. Large print begins at 16 points, as the
// American Printing House for the Blind and the RNIB define it.
const (
	normal = 10.0
	large  = 16.0
)

// layout places things on pages from top to bottom and remembers how to paint
// them, so that the number of pages is known before the first is painted.
type layout struct {
	pdf    *gofpdf.Fpdf
	say    bilingual
	body   float64 // size of body text
	width  float64 // of the sheet
	height float64
	pages  [][]func()
	y      float64 // the next free place, from the top
	whose  string  // names the person on later pages
	drawn  squares // the codes
	set    typeset.Setter
}

func newLayout(pdf *gofpdf.Fpdf, say bilingual) *layout {
	l := &layout{pdf: pdf, say: say, body: normal}
	l.width, l.height = pdf.GetPageSize()
	return l
}

func (l *layout) inner() float64  { return l.width - 2*margin }
func (l *layout) pitch() float64  { return 1.26 * l.body } // from line to line of body text
func (l *layout) bottom() float64 { return l.height - footing }

// paint puts everything on paper.
func (l *layout) paint() {
	for _, page := range l.pages {
		l.pdf.AddPage()
		for _, item := range page {
			item()
		}
	}
}

func (l *layout) add(item func()) {
	last := len(l.pages) - 1
	l.pages[last] = append(l.pages[last], item)
}

// newPage starts a page; later pages say whose they are.
func (l *layout) newPage() {
	l.pages = append(l.pages, nil)
	l.y = margin
	if len(l.pages) == 1 {
		return
	}
	whose := l.lines(l.whose, true, l.inner())
	l.tagged(tagWhose, func() { l.stackAt(margin, whose) })
	l.y += whoseGap
}

// text writes one line whose top is l.y.
func (l *layout) text(x float64, s string, size float64, bold bool) {
	if s == "" {
		return
	}
	baseline := l.y + size*1.05
	s = strings.ReplaceAll(s, noBreak, " ")
	if !typeset.IsText(s) {
		l.outlined(x, baseline, s, size, bold)
		return
	}
	l.add(func() {
		l.font(size, bold)
		l.pdf.Text(x, baseline, s)
	})
}

func (l *layout) rule(x, w, thick float64) {
	y := l.y
	l.add(func() {
		l.pdf.SetDrawColor(grey, grey, grey)
		if thick > hair {
			l.pdf.SetDrawColor(0, 0, 0)
		}
		l.pdf.SetLineWidth(thick)
		l.pdf.Line(x, y, x+w, y)
	})
}

// tagged marks what put adds, so that the finished page can be read again.
func (l *layout) tagged(tag string, put func()) {
	l.add(func() { l.pdf.RawWriteStr("/" + tag + " BMC") })
	put()
	l.add(func() { l.pdf.RawWriteStr("EMC") })
}

func (l *layout) font(size float64, bold bool) {
	style := ""
	if bold {
		style = "B"
	}
	l.pdf.SetFont(fontFamily, style, size)
}

func (l *layout) measure(s string, size float64, bold bool) float64 {
	if !typeset.IsText(s) {
		_, width := l.pieces(s, size, bold)
		return width
	}
	l.font(size, bold)
	return l.pdf.GetStringWidth(s)
}

// noBreak is a space where wrap does not break.
const noBreak = "\u00a0"

// wrap breaks text into lines of a width.
func (l *layout) wrap(s string, size float64, bold bool, width float64) []string {
	return l.set.Wrap(s, func(line string) bool { return l.measure(line, size, bold) <= width })
}

// room is how high things may be that begin below the head of a later page.
func (l *layout) room() float64 {
	return l.bottom() - margin - l.tall(l.lines(l.whose, true, l.inner())) - whoseGap
}

// block writes lines below each other: on one page if they fit on one, else on as many
// as it takes.
func (l *layout) block(lines []line) {
	if height := l.tall(lines); l.y+height > l.bottom() && height <= l.room() {
		l.newPage()
	}
	for _, s := range lines {
		if l.y+typeset.Step(s.text, l.pitch()) > l.bottom() {
			l.newPage()
		}
		l.stackAt(margin, []line{s})
	}
}

// broken breaks texts into lines of a width.
func (l *layout) broken(texts []line, width float64) (all []line) {
	for _, s := range texts {
		all = append(all, l.lines(s.text, s.bold, width)...)
	}
	return all
}

// paragraph writes wrapped text over the width of the page.
func (l *layout) paragraph(s string, bold bool) {
	for _, line := range l.wrap(s, l.body, bold, l.inner()) {
		l.text(margin, line, l.body, bold)
		l.y += typeset.Step(line, l.pitch())
	}
}

// compose lays out all but codes and footers.
func (l *layout) compose(r record.Record, now time.Time) {
	name := typeset.Clean(r.Given + " " + r.Family)
	l.whose = l.say.whose(r)
	l.newPage()
	l.text(margin, l.say.word("paper.title"), title, true)
	l.y += title * 1.45
	l.tagged(tagSource, func() {
		for _, c := range l.say.all() {
			l.paragraph(c.source(r.Registry, now), false)
		}
	})
	l.y += 10
	given := r.Count()
	if l.big() {
		l.bigIdentity(name, r, given)
	} else {
		l.identity(name, r, given)
	}
	l.y += 16
	l.unknowns(r)
	if doses := vaccinations(r); len(doses) > 0 {
		l.doses(doses)
	} else if says := l.say.empty(r); len(says) > 0 {
		l.y += 4
		l.block(l.broken(says, l.inner()))
		l.y += 12
	}
	l.unread(r)
	l.others(r)
	l.recommended(r)
}

// identity is the box that says who.
func (l *layout) identity(name string, r record.Record, given int) {
	const pad, gap = framePad, 18.0
	birth := [...]string{dayOf(r.Birth)(l.say.english), ""}
	if l.say.other != nil {
		birth[1] = dayOf(r.Birth)(l.say.other)
	}
	doses := l.say.count(r)
	third := l.measure(doses, l.body, false)
	second := max(l.measure(birth[0], 15, true), l.measure(birth[1], l.body, false), l.measure(l.say.word("paper.born"), l.body, false))
	first := l.inner() - 2*pad - 2*gap - second - third
	x1, x2, x3 := margin+pad, margin+pad+first+gap, margin+pad+first+gap+second+gap
	size, lines := l.shrink(name, first)

	start := l.y
	l.y += 9
	l.text(x1, l.say.word("paper.name"), l.body, false)
	l.text(x2, l.say.word("paper.born"), l.body, false)
	top := l.y + 16
	l.tagged(tagCount, func() {
		l.text(x3, doses, l.body, false)
		l.y = top
		l.text(x3, strconv.Itoa(given), 15, true)
	})
	l.y += 20
	end := l.y
	if birth[1] != "" {
		l.text(x2, birth[1], l.body, false)
		end += l.pitch()
	}
	l.y = top
	l.tagged(tagWho, func() {
		l.text(x2, birth[0], 15, true)
		for _, line := range lines {
			l.text(x1, line, size, true)
			l.y += typeset.Step(line, size*1.3)
		}
	})
	l.y = max(l.y, end) + 9
	l.box(start)
}

// box frames what stands between start and l.y.
func (l *layout) box(start float64) {
	height := l.y - start
	l.add(func() {
		l.pdf.SetDrawColor(0, 0, 0)
		l.pdf.SetLineWidth(1.2)
		l.pdf.RoundedRect(margin, start, l.inner(), height, 5, "1234", "D")
	})
}

// doses draws the overview, if there is one, and the full list.
func (l *layout) doses(all []record.Dose) {
	sums := overview(all, l.say)
	l.overview(sums, all)
	var heading []line
	if len(sums) > 0 {
		for i, c := range l.say.all() {
			heading = append(heading, l.lines(c.say("paper.list"), i == 0, l.inner())...)
		}
	}
	l.table(l.list(), heading, sections(families(all, l.say), l.big()))
	l.y += 14
}

// shrink finds the largest size at which a name stands on one line, or wraps it.
func (l *layout) shrink(name string, width float64) (float64, []string) {
	sizes := []float64{17, 15, 13}
	for _, size := range sizes {
		if l.measure(name, size, true) <= width {
			return size, []string{name}
		}
	}
	smallest := slices.Min(sizes)
	return smallest, l.wrap(name, smallest, true, width)
}

// addFooters writes receipt and page number, now that all pages are known.
func (l *layout) addFooters(receipt string) {
	all := l.pages
	for i := range all {
		l.pages, l.y = all[:i+1], l.height-50
		l.rule(margin, l.inner(), hair)
		l.y += 6
		said, page := l.say.foot(receipt, i+1, len(all))
		l.tagged(tagFoot, func() {
			l.text(margin, said, l.body, false)
			l.text(l.width-margin-l.measure(page, l.body, false), page, l.body, false)
		})
	}
}
