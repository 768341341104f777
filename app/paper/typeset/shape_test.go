package typeset

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// fileOf opens a font by its file.
func fileOf(t *testing.T, file string) typeface {
	t.Helper()
	at := notoBold
	for i := range typefaces {
		if typefaces[i].file == file {
			at = i
		}
	}
	f, err := newTypeface(at)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// inHarfBuzz writes glyphs as hb-shape does.
func inHarfBuzz(glyphs []glyph) string {
	var all []string
	pen := 0.0
	for _, g := range glyphs {
		s := fmt.Sprintf("%d=%d", g.id, g.cluster)
		if dx := g.x - pen; dx != 0 || g.y != 0 {
			s += fmt.Sprintf("@%v,%v", dx, g.y)
		}
		all = append(all, s+fmt.Sprintf("+%v", g.advance))
		pen += g.advance
	}
	return "[" + strings.Join(all, "|") + "]"
}

// testdata/shapes.sh says how the words were shaped by HarfBuzz itself.
func TestWordsAreShapedAsByHarfBuzz(t *testing.T) {
	data, err := os.ReadFile("testdata/shapes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) < 20 {
		t.Fatalf("%d words", len(lines))
	}
	for _, line := range lines {
		f := strings.Split(line, "\t")
		if got := inHarfBuzz(fileOf(t, f[0]).shape([]rune(f[2]), f[1] == "rtl")); got != f[3] {
			t.Errorf("%s in %s:\n got %s\nwant %s", f[2], f[0], got, f[3])
		}
	}
}
