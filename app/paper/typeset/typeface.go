package typeset

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"vaxkiosk/assets"
	"vaxkiosk/assets/fonts"
)

// Which font draws a letter. Noto Sans is on every page as text; the others are read
// when a page needs one, draw outlines, and are let go of with the page.

// typefaces are the fonts by the scripts they are for; the first that has a letter
// draws it. Characters of no script are taken from the first that has them.
var typefaces = [...]struct {
	file    string
	scripts []language.Script
	plain   bool // its letters stand side by side and are never shaped
	gaps    bool // it has glyphs without strokes, which are no letters
	tall    bool // marks stand above and below its letters: lines need more room

	enlarge float64 // draws small letters as large as those of Noto Sans beside them
}{
	{}, // no font of ours
	{file: "NotoSans-Regular", scripts: []language.Script{language.Latin, language.Greek, language.Cyrillic}},
	{file: "NotoSansArabic-Regular", scripts: []language.Script{language.Arabic}, tall: true, enlarge: 1.15},
	{file: "NotoSansArmenian-Regular", scripts: []language.Script{language.Armenian}},
	{file: "NotoSansBengali-Regular", scripts: []language.Script{language.Bengali}, tall: true},
	{file: "NotoSansDevanagari-Regular", scripts: []language.Script{language.Devanagari}, tall: true},
	{file: "NotoSansEthiopic-Regular", scripts: []language.Script{language.Ethiopic}},
	{file: "NotoSansGeorgian-Regular", scripts: []language.Script{language.Georgian}},
	{file: "NotoSansGujarati-Regular", scripts: []language.Script{language.Gujarati}, tall: true},
	{file: "NotoSansGurmukhi-Regular", scripts: []language.Script{language.Gurmukhi}, tall: true},
	{file: "NotoSansHebrew-Regular", scripts: []language.Script{language.Hebrew}},
	{file: "NotoSansKannada-Regular", scripts: []language.Script{language.Kannada}, tall: true},
	{file: "NotoSansKhmer-Regular", scripts: []language.Script{language.Khmer}, tall: true},
	{file: "NotoSansLao-Regular", scripts: []language.Script{language.Lao}, tall: true},
	{file: "NotoSansMalayalam-Regular", scripts: []language.Script{language.Malayalam}, tall: true},
	{file: "NotoSansMyanmar-Regular", scripts: []language.Script{language.Myanmar}, tall: true},
	{file: "NotoSansOriya-Regular", scripts: []language.Script{language.Oriya}, tall: true},
	{file: "NotoSansSinhala-Regular", scripts: []language.Script{language.Sinhala}, tall: true},
	{file: "NotoSansTamil-Regular", scripts: []language.Script{language.Tamil}, tall: true},
	{file: "NotoSansTelugu-Regular", scripts: []language.Script{language.Telugu}, tall: true},
	{file: "NotoSansThai-Regular", scripts: []language.Script{language.Thai}, tall: true},
	{file: "DroidSansFallbackFull", scripts: []language.Script{language.Han, language.Hiragana, language.Katakana, language.Bopomofo, language.Latin}, plain: true},
	{file: "NanumSquareR", scripts: []language.Script{language.Hangul}, plain: true, gaps: true},
}

// notoSans is the place in typefaces of the font that writes text; notoBold, after all
// of them, is its bold.
const (
	notoSans = 1
	notoBold = len(typefaces)
)

// letters tells for each character of the Basic Multilingual Plane which typeface
// draws it.
var letters = sync.OnceValue(tableOfLetters)

func tableOfLetters() *[0x10000]uint8 {
	var table [0x10000]uint8
	var buf sfnt.Buffer
	for i := 1; i < len(typefaces); i++ {
		f, err := parse(i)
		if err != nil {
			panic(fmt.Sprintf("typeset: font %d: %v", i, err))
		}
		meant := map[language.Script]bool{language.Common: true, language.Inherited: true}
		for _, s := range typefaces[i].scripts {
			meant[s] = true
		}
		for _, span := range language.ScriptRanges {
			if !meant[span.Script] {
				continue
			}
			for r := span.Start; r <= min(span.End, 0xFFFF); r++ {
				if table[r] != 0 || unicode.In(r, unicode.C, unicode.Other_Default_Ignorable_Code_Point) && !isJoiner(r) {
					continue
				}
				id, err := f.GlyphIndex(&buf, r)
				if err != nil || id == 0 || typefaces[i].gaps && empty(f, &buf, id) {
					continue
				}
				table[r] = uint8(i)
			}
		}
	}
	return &table
}

// empty reports whether a font has nothing to draw for a glyph: the Korean font has the
// 2,350 syllables of KS X 1001, and empty glyphs for the others.
func empty(f *sfnt.Font, buf *sfnt.Buffer, id sfnt.GlyphIndex) bool {
	strokes, err := f.LoadGlyph(buf, id, fixed.I(int(f.UnitsPerEm())), nil)
	return err != nil || len(strokes) == 0
}

// typefaceOf is the place of the font that draws a letter, 0 when none of ours does.
func typefaceOf(r rune) int {
	switch {
	case r >= ' ' && r < 0x7F, r >= 0xA0 && r < 0x180, r >= 0x2010 && r < 0x2028:
		return notoSans // without the table
	case r > 0xFFFF:
		return 0
	}
	return int(letters()[r])
}

// parse reads the directory of a font, and no more.
func parse(i int) (*sfnt.Font, error) {
	if i == notoSans {
		return sfnt.Parse(assets.Font("NotoSans-Regular"))
	}
	return sfnt.ParseReaderAt(fonts.Open(typefaces[i].file))
}

// glyph is a glyph where shaping puts it, in units of its font, from the beginning of
// the baseline.
type glyph struct {
	id      uint32
	x, y    float64
	advance float64
	cluster int // the first rune it stands for
}

// typeface is an open font.
type typeface interface {
	em() float64 // in units of the font, as large as text of that size is drawn
	has(rune) bool
	// shape places the glyphs of a run, from left to right.
	shape(run []rune, backward bool) []glyph
	// outline is the contours of a glyph; they are filled by the nonzero rule.
	outline(id uint32) ([]opentype.Segment, error)
}

func newTypeface(i int) (typeface, error) {
	if i < len(typefaces) && typefaces[i].plain {
		f, err := parse(i)
		return &plainFont{font: f}, err
	}
	var file fonts.File
	switch i {
	case notoSans:
		file = bytes.NewReader(assets.Font("NotoSans-Regular"))
	case notoBold:
		file = bytes.NewReader(assets.Font("NotoSans-Bold"))
	default:
		file = fonts.Open(typefaces[i].file)
	}
	face, err := font.ParseTTF(file)
	if err != nil {
		return nil, err
	}
	f := &shapingFont{face, harfbuzz.NewFont(face), float64(face.Upem())}
	if i < len(typefaces) && typefaces[i].enlarge > 0 {
		f.size /= typefaces[i].enlarge
	}
	return f, nil
}

// shapingFont is a font whose letters change with those beside them.
type shapingFont struct {
	face *font.Face
	hb   *harfbuzz.Font
	size float64
}

func (f *shapingFont) em() float64 { return f.size }

func (f *shapingFont) has(r rune) bool {
	_, ok := f.face.NominalGlyph(r)
	return ok
}

func (f *shapingFont) shape(run []rune, backward bool) []glyph {
	buf := harfbuzz.NewBuffer()
	buf.AddRunes(run, 0, len(run))
	buf.Props.Language = "und" // never that of the machine
	buf.Props.Direction = harfbuzz.LeftToRight
	if backward {
		buf.Props.Direction = harfbuzz.RightToLeft
	}
	buf.GuessSegmentProperties()
	buf.Shape(f.hb, nil)
	all := make([]glyph, len(buf.Info))
	x, y := 0.0, 0.0
	for i, p := range buf.Pos {
		all[i] = glyph{
			id: uint32(buf.Info[i].Glyph), cluster: buf.Info[i].Cluster,
			x: x + float64(p.XOffset), y: y + float64(p.YOffset), advance: float64(p.XAdvance),
		}
		x, y = x+float64(p.XAdvance), y+float64(p.YAdvance)
	}
	return all
}

func (f *shapingFont) outline(id uint32) ([]opentype.Segment, error) {
	outline, ok := f.face.GlyphData(opentype.GID(id)).(font.GlyphOutline)
	if !ok {
		return nil, errors.New("a glyph has no outline")
	}
	return outline.Segments, nil
}

// plainFont is a font whose letters stand side by side. It is read glyph by glyph: a
// Chinese font parsed as a whole takes 13 MB.
type plainFont struct {
	font *sfnt.Font
	buf  sfnt.Buffer
}

func (f *plainFont) em() float64 { return float64(f.font.UnitsPerEm()) }

// ppem is the size at which the font's units are pixels.
func (f *plainFont) ppem() fixed.Int26_6 { return fixed.I(int(f.font.UnitsPerEm())) }

func (f *plainFont) has(r rune) bool {
	id, err := f.font.GlyphIndex(&f.buf, r)
	return err == nil && id != 0
}

func (f *plainFont) shape(run []rune, _ bool) []glyph {
	all := make([]glyph, len(run))
	x := 0.0
	for i, r := range run {
		id, _ := f.font.GlyphIndex(&f.buf, r)                                      // 0 is caught later
		advance, _ := f.font.GlyphAdvance(&f.buf, id, f.ppem(), xfont.HintingNone) // as is 0
		all[i] = glyph{id: uint32(id), x: x, advance: float64(advance) / 64, cluster: i}
		x += all[i].advance
	}
	return all
}

func (f *plainFont) outline(id uint32) ([]opentype.Segment, error) {
	segments, err := f.font.LoadGlyph(&f.buf, sfnt.GlyphIndex(id), f.ppem(), nil)
	if err != nil {
		return nil, err
	}
	out := make([]opentype.Segment, len(segments))
	for i, s := range segments {
		out[i].Op = opentype.SegmentOp(s.Op) // both count: move, line, quadratic, cubic
		for k, p := range s.Args {
			out[i].Args[k] = opentype.SegmentPoint{X: float32(p.X) / 64, Y: -float32(p.Y) / 64}
		}
	}
	return out, nil
}
