package paper

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/skip2/go-qrcode"

	"vaxkiosk/app/record"
)

// A health card as a QR code (SMART Health Cards, "Creating a QR code"): a byte
// segment "shc:/" and a numeric segment with two digits for each character of
// the JWS, error correction L, version 22 at most, never chunked.
const (
	shcPrefix  = "shc:/"
	maxVersion = 22
	shcOffset  = 45 // '-', the smallest character of a JWS
)

// Geometry of a code: squares of 0.4233 mm (1.2 points, five dots at 300 dpi)
// and four of them white on every side.
const (
	module = 1.2
	quiet  = 4 * module
)

// modules draws a JWS as rows of squares, true for black, without the margin.
func modules(jws string) ([][]bool, error) {
	text, err := shc(jws)
	if err != nil {
		return nil, err
	}
	q, err := qrcode.New(text, qrcode.Low)
	if err != nil {
		return nil, fmt.Errorf("a card does not fit a QR code")
	}
	if q.VersionNumber > maxVersion {
		return nil, fmt.Errorf("a card needs a version %d code, at most %d is allowed", q.VersionNumber, maxVersion)
	}
	q.DisableBorder = true
	return q.Bitmap(), nil
}

func shc(jws string) (string, error) {
	var b strings.Builder
	b.WriteString(shcPrefix)
	for _, c := range []byte(jws) {
		if c < shcOffset || c > shcOffset+99 {
			return "", fmt.Errorf("a card holds a character that no JWS has")
		}
		fmt.Fprintf(&b, "%02d", c-shcOffset)
	}
	return b.String(), nil
}

// jwsOf reads the text of a code back.
func jwsOf(text string) (string, error) {
	digits, ok := strings.CutPrefix(text, shcPrefix)
	if !ok || len(digits)%2 != 0 {
		return "", fmt.Errorf("a code does not hold a health card")
	}
	jws := make([]byte, 0, len(digits)/2)
	for ; digits != ""; digits = digits[2:] {
		n, err := strconv.ParseUint(digits[:2], 10, 8)
		if err != nil {
			return "", fmt.Errorf("a code does not hold a health card")
		}
		jws = append(jws, byte(n)+shcOffset)
	}
	return string(jws), nil
}

// addCodes draws the codes side by side, in large print below each other, and below
// them the paragraph for the reader.
func (l *layout) addCodes(r record.Record) {
	beside := max(len(r.Cards), 2)
	if l.big() {
		beside = 1
	}
	n := 0
	for some := range slices.Chunk(r.Cards, beside) {
		var codes []code
		height := 0.0
		for _, card := range some {
			n++
			codes = append(codes, l.codeOf(r, card, n, l.inner()/float64(beside)))
			height = max(height, codes[len(codes)-1].height(l.pitch()))
		}
		if l.y+height > l.bottom() {
			l.newPage()
			l.y += 6
		}
		for i, c := range codes {
			l.tagged(tagCode, func() { l.code(margin+float64(i)*l.inner()/float64(beside), c) })
		}
		l.y += height
	}
	l.y += readerGap
	l.block(l.broken(l.say.reader(r), l.inner()))
}

// codeOf is the n-th code with its caption, in a slot of the page.
func (l *layout) codeOf(r record.Record, card record.Card, n int, slot float64) code {
	bits := l.drawn[card.JWS]
	c := code{bits: bits, beside: slot-float64(len(bits))*module-2*quiet >= minCaption}
	width := slot - 2*quiet
	if c.beside {
		width = slot - c.size() - 3*quiet
	}
	c.caption = l.caption(r, n, width)
	return c
}

// caption breaks what stands at a code into lines.
func (l *layout) caption(r record.Record, n int, width float64) []line {
	var all []line
	for i, said := range l.say.caption(r, n) {
		all = append(all, l.lines(said, i == 0, width)...)
	}
	return all
}

// caption is what stands at a code: its number in each language, and what its doses
// protect against.
func (b bilingual) caption(r record.Record, n int) (says []string) {
	for _, c := range b.all() {
		says = append(says, c.say("paper.code", "n", strconv.Itoa(n), "m", strconv.Itoa(len(r.Cards))))
	}
	return append(says, b.protects(r.Doses, n))
}

const (
	minCaption = 110.0 // narrower than this a caption goes below its code
	readerGap  = 8.0
)

type code struct {
	bits    [][]bool
	caption []line
	beside  bool
}

func (c code) size() float64 { return float64(len(c.bits)) * module }

func (c code) height(pitch float64) float64 {
	caption := float64(len(c.caption)) * pitch
	if c.beside {
		return max(c.size(), caption) + 2*quiet
	}
	return c.size() + caption + 3*quiet
}

// code draws one code at x, l.y with its caption.
func (l *layout) code(x float64, c code) {
	top := l.y
	x, y := onGrid(x), onGrid(l.y+quiet)
	l.add(func() { l.fill(x, y, module, c.bits) })
	if c.beside {
		l.y = y - 2
		l.stack(x+c.size()+2*quiet, c.caption)
	} else {
		l.y = y + c.size() + 2*quiet
		l.stack(x, c.caption)
	}
	l.y = top
}

// phase keeps square edges off the middle between two dots: at 150 dpi, where a
// square is two and a half dots, zbar then reads every code (without it, three
// of four); at 600 dpi every edge is on a dot.
const phase = 0.12

// onGrid moves a place onto the grid of squares that starts at the corner of
// the sheet, plus phase.
func onGrid(points float64) float64 { return math.Ceil(points/module)*module + phase }

// fill paints black modules of a size as one path, neighbours in a row as one
// rectangle, so that no viewer shows seams between them.
func (l *layout) fill(x, y, side float64, bits [][]bool) {
	var path strings.Builder
	path.WriteString("0 g\n")
	for r, line := range bits {
		for c := 0; c < len(line); c++ {
			n := 0
			for c+n < len(line) && line[c+n] {
				n++
			}
			if n > 0 {
				bottom := l.height - y - float64(r+1)*side
				fmt.Fprintf(&path, "%.2f %.2f %.2f %.2f re\n", x+float64(c)*side, bottom, float64(n)*side, side)
				c += n
			}
		}
	}
	path.WriteString("f")
	l.pdf.RawWriteStr(path.String())
}

// protects names the families on a card, in the order of the table.
func (b bilingual) protects(doses []record.Dose, card int) string {
	var on []record.Dose
	for _, d := range doses {
		if d.Card == card {
			on = append(on, d)
		}
	}
	var names []string
	for _, f := range families(on, b) {
		names = append(names, f.name)
	}
	if len(names) > mostNames {
		return ""
	}
	return strings.Join(names, "; ")
}

// mostNames are the families that a caption names; of more only the list tells.
const mostNames = 16

// reader is the paragraph for whoever checks the page, in both languages.
func (b bilingual) reader(r record.Record) []line {
	all := []line{{b.word("paper.reader"), true}}
	for _, c := range b.all() {
		var said []string
		switch {
		case len(vaccinations(r)) == 0 && r.Unread > 0:
			said = append(said, c.say("paper.reader-unread"))
		case len(vaccinations(r)) == 0:
			said = append(said, c.say("paper.reader-no-code"))
		case len(r.Cards) == 0:
			said = append(said, c.say("paper.reader-no-card"))
		case len(r.Cards) == 1:
			said = append(said, c.say("paper.reader-code"), c.say("paper.reader-proves"))
		default:
			said = append(said, c.say("paper.reader-codes", "m", strconv.Itoa(len(r.Cards))), c.say("paper.reader-proves"))
		}
		if len(r.Cards) > 0 {
			said = append(said, c.say("paper.reader-signer", "issuer", strings.TrimPrefix(r.Issuer, "https://")))
			if unmarked(vaccinations(r)) {
				said = append(said, c.say("paper.reader-no-mark"))
			}
		}
		said = append(said, c.say("paper.reader-only"))
		all = append(all, line{text: strings.Join(said, " ")})
	}
	return all
}

func unmarked(doses []record.Dose) bool {
	for _, d := range doses {
		if d.Card == 0 {
			return true
		}
	}
	return false
}
