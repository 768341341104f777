package typeset

import (
	"testing"
	"unicode"

	"github.com/go-text/typesetting/language"
)

// Every letter that the table gives to a font has a glyph with strokes there, alone as
// well: a font may map a letter to an empty glyph.
func TestEveryLetterOfEveryFontIsDrawn(t *testing.T) {
	var set Setter
	drawn := map[int]int{}
	for r, i := range letters() {
		if i == 0 {
			continue
		}
		drawn[int(i)]++
		face := set.face(int(i))
		strokes := unicode.IsSpace(rune(r)) || isJoiner(rune(r)) || unicode.Is(unicode.Variation_Selector, rune(r))
		for _, g := range face.shape([]rune{rune(r)}, false) {
			outline, err := face.outline(g.id)
			if g.id == 0 || err != nil {
				t.Errorf("%U in %s: glyph %d, %v", r, typefaces[i].file, g.id, err)
			}
			strokes = strokes || len(outline) > 0
		}
		if !strokes {
			t.Errorf("%U in %s is empty", r, typefaces[i].file)
		}
	}
	for i := 1; i < len(typefaces); i++ {
		if drawn[i] < 50 {
			t.Errorf("%s draws %d letters only", typefaces[i].file, drawn[i])
		}
	}
}

func TestTheTableAgreesWithWhatIsKnownWithoutIt(t *testing.T) {
	for r := range rune(0x10000) {
		if listed := int(letters()[r]); listed != typefaceOf(r) && !unicode.Is(unicode.C, r) {
			t.Errorf("%U is drawn by font %d, want %d", r, typefaceOf(r), listed)
		}
	}
}

func TestScriptsAreDrawnAsFarAsNamesNeed(t *testing.T) {
	for name, block := range map[string]struct{ first, last, most rune }{
		"Latin":            {' ', 0x17F, 0},
		"Vietnamese":       {0x1EA0, 0x1EF9, 0},
		"Cyrillic":         {0x400, 0x45F, 0},
		"Chinese":          {0x4E00, 0x9FA5, 0},
		"hiragana":         {0x3041, 0x3094, 0},
		"katakana":         {0x30A1, 0x30FE, 4}, // letters for Ainu
		"Hangul":           {0xAC00, 0xD7A3, 11172 - 2350},
		"Arabic":           {0x620, 0x669, 0},
		"Persian and Urdu": {0x66E, 0x6D3, 0},
		"Hebrew":           {0x5D0, 0x5EA, 0},
		"Khmer":            {0x1780, 0x17B3, 0},
		"Ethiopic":         {0x1200, 0x1248, 0},
		"Thai":             {0xE01, 0xE3A, 0},
		"Lao":              {0xE81, 0xEB9, 14}, // letters for Pali
	} {
		missing := rune(0)
		for r := block.first; r <= block.last; r++ {
			if typefaceOf(r) == 0 && !unicode.Is(unicode.C, r) && language.LookupScript(r) != language.Unknown {
				missing++
			}
		}
		if missing > block.most {
			t.Errorf("%s: %d letters are missing", name, missing)
		}
	}
}

func BenchmarkTableOfLetters(b *testing.B) {
	for b.Loop() {
		tableOfLetters()
	}
}
