package typeset

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/go-text/typesetting/font/opentype"
)

// Outlines of fonts that have no bold are made stronger by a line around them, in em.
const strength = 0.03

// ink is the operators that draw a shaped run in black from a place on the page.
func (f *form) ink(x, y, size float64, bold bool) (string, error) {
	if f.path == nil {
		f.path = []byte{'\n'}
		for _, g := range f.glyphs {
			outline, err := f.face.outline(g.id)
			if err != nil {
				return "", err
			}
			f.path = trace(f.path, outline, g.x, g.y)
		}
	}
	scale := size / f.face.em()
	b := fmt.Appendf(nil, "q 0 g 0 G %.6f 0 0 %.6f %.2f %.2f cm", scale, scale, x, y)
	paint := "f Q"
	if bold && f.font != notoBold {
		b = fmt.Appendf(b, " %.1f w 1 j", strength*f.face.em())
		paint = "B Q"
	}
	return string(append(append(b, f.path...), paint...)), nil
}

// trace writes contours, moved; a PDF knows cubic curves only.
func trace(b []byte, outline []opentype.Segment, dx, dy float64) []byte {
	var at [2]float64
	write := func(op byte, points ...[2]float64) {
		for _, p := range points {
			b = append(tenths(append(tenths(b, p[0]+dx), ' '), p[1]+dy), ' ')
		}
		b = append(b, op, '\n')
		at = points[len(points)-1]
	}
	for i, s := range outline {
		var p [3][2]float64
		for k, a := range s.ArgsSlice() {
			p[k] = [2]float64{float64(a.X), float64(a.Y)}
		}
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				b = append(b, "h\n"...)
			}
			write('m', p[0])
		case opentype.SegmentOpLineTo:
			write('l', p[0])
		case opentype.SegmentOpQuadTo:
			write('c', between(at, p[0]), between(p[1], p[0]), p[1])
		case opentype.SegmentOpCubeTo:
			write('c', p[0], p[1], p[2])
		}
	}
	if len(outline) > 0 {
		b = append(b, "h\n"...)
	}
	return b
}

// between is the cubic control point two thirds of the way to the quadratic one.
func between(end, control [2]float64) [2]float64 {
	return [2]float64{end[0] + (control[0]-end[0])*2/3, end[1] + (control[1]-end[1])*2/3}
}

// tenths writes a number of font units.
func tenths(b []byte, x float64) []byte {
	return bytes.TrimSuffix(strconv.AppendFloat(b, x, 'f', 1, 64), []byte(".0"))
}
