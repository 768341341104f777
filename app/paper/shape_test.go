package paper

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"

	"vaxkiosk/app/paper/typeset"
)

// picture is which dots of an image hold ink, without the white around.
func picture(t *testing.T, i image.Image) [][]bool {
	t.Helper()
	ink := func(x, y int) bool { return color.GrayModel.Convert(i.At(x, y)).(color.Gray).Y < 128 }
	box := image.Rectangle{}
	for y := range i.Bounds().Max.Y {
		for x := range i.Bounds().Max.X {
			if ink(x, y) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if box.Empty() {
		t.Fatal("an empty picture")
	}
	rows := make([][]bool, box.Dy())
	for y := range rows {
		rows[y] = make([]bool, box.Dx())
		for x := range rows[y] {
			rows[y][x] = ink(box.Min.X+x, box.Min.Y+y)
		}
	}
	return rows
}

// strays counts dots of ink in a that have none near in b.
func strays(a, b [][]bool) int {
	const near = 2
	n := 0
	for y, row := range a {
		for x, ink := range row {
			found := !ink
			for v := max(y-near, 0); v <= min(y+near, len(b)-1) && !found; v++ {
				for u := max(x-near, 0); u <= min(x+near, len(b[v])-1) && !found; u++ {
					found = b[v][u]
				}
			}
			if !found {
				n++
			}
		}
	}
	return n
}

// onSheet is a word on a page at 200 dots an em, as poppler renders it.
func onSheet(t *testing.T, word string) image.Image {
	t.Helper()
	l := newLayout(newPDF(Letter, ""), bilingual{})
	l.newPage()
	l.text(100, typeset.Clean(word), 48, false)
	doc, err := l.finish()
	if err != nil {
		t.Fatal(err)
	}
	path := saved(t, doc.PDF)
	tool(t, "poppler-utils", "pdftoppm", "-r", "300", "-x", "300", "-y", "50", "-W", "1500", "-H", "500", "-png", "-singlefile", path, path)
	return decoded(t, path+".png")
}

func decoded(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	i, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestWordsLookAsDrawnByHarfBuzz(t *testing.T) {
	for file, word := range map[string]string{
		"arabic": "محمد", "hebrew": "עברית", "khmer": "ស្រ្តី", "devanagari": "श्रेष्ठ", "thai": "ปั้น", "chinese": "王明", "korean": "김민",
		"burmese": "ကျွန်ုပ်", "telugu": "శ్రీని",
	} {
		want, got := picture(t, decoded(t, "typeset/testdata/shape-"+file+".png")), picture(t, onSheet(t, word))
		if n := strays(got, want) + strays(want, got); n > 0 {
			t.Errorf("%s: %d dots of ink are elsewhere", word, n)
		}
	}
	letters := []rune("محمد") // not joined, as in a PDF that does not shape
	apart := picture(t, onSheet(t, string(letters[0])+" "+string(letters[1])+" "+string(letters[2])+" "+string(letters[3])))
	if joined := picture(t, onSheet(t, string(letters))); strays(apart, joined) < 1000 {
		t.Error("letters apart look like a joined word")
	}
}
