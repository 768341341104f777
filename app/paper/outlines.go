package paper

import (
	"fmt"
	"strconv"

	"vaxkiosk/app/paper/typeset"
)

// Scripts that a PDF library cannot write are drawn as outlines (typeset). Under each
// outline stand its letters in invisible text, where a reader of the PDF finds,
// selects and copies them, in the order in which they are read.

// pieces sets a line.
func (l *layout) pieces(s string, size float64, bold bool) ([]typeset.Piece, float64) {
	return l.set.Line(s, size, bold, func(text string) float64 {
		l.font(size, bold)
		return l.pdf.GetStringWidth(text)
	})
}

// outlined writes a line that Noto Sans cannot write alone, from x on a baseline.
func (l *layout) outlined(x, baseline float64, s string, size float64, bold bool) {
	all, _ := l.pieces(s, size, bold)
	l.tagged(tagLine, func() {
		l.add(func() {
			l.font(size, bold)
			for _, p := range all {
				if p.Plain() {
					l.pdf.Text(x+p.X, baseline, p.Text())
					continue
				}
				l.invisible(x+p.X, baseline, p.Letters(size))
				l.pdf.RawWriteStr(l.set.Ink(p, hundredths(x+p.X), hundredths(l.height-baseline), size, bold))
			}
		})
	})
}

// invisible writes letters where they stand on paper, each as wide as its share of the
// outlines, so that a reader finds neither spaces nor overlaps between.
func (l *layout) invisible(x, baseline float64, letters []typeset.Letter) {
	const neitherFilledNorStroked = 3
	l.pdf.SetTextRenderingMode(neitherFilledNorStroked)
	for _, r := range letters {
		if own := l.pdf.GetStringWidth(string(r.Rune)); own > 0 {
			l.pdf.RawWriteStr(fmt.Sprintf("%.1f Tz", max(1, 100*r.Width/own)))
		}
		l.pdf.Text(x+r.X, baseline, string(r.Rune))
	}
	l.pdf.RawWriteStr("100 Tz")
	l.pdf.SetTextRenderingMode(0)
}

// hundredths is a length as the PDF holds it.
func hundredths(x float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', 2, 64), 64)
	return rounded
}
