package paper

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
)

// inLarge renders histories in large print.
func inLarge(t *testing.T, each func(t *testing.T, name string, r record.Record, size Size, doc desk.Document)) {
	s := newSigner(t)
	for _, h := range histories() {
		t.Run(h.name, func(t *testing.T) {
			r := s.of(h)
			doc, err := s.maker(func(o *Options) { o.Size = h.size }).Render(r, desk.Page{Lang: h.lang, Receipt: receipt, Large: true})
			if err != nil {
				t.Fatal(err)
			}
			each(t, h.name, r, h.size, doc)
		})
	}
}

func TestLargePrintSaysWhatTheGoldensSay(t *testing.T) {
	inLarge(t, func(t *testing.T, name string, _ record.Record, size Size, doc desk.Document) {
		text := textOf(t, doc.PDF)
		if n := strings.Count(text, "\f"); doc.Pages != n {
			t.Errorf("%d pages, said to be %d", n, doc.Pages)
		}
		wordsApart(t, name, doc.PDF, size)
		golden(t, "large-"+name+".txt", text)
	})
}

func TestLargePrintHasNoSmallType(t *testing.T) {
	inLarge(t, func(t *testing.T, _ string, _ record.Record, _ Size, doc desk.Document) {
		for _, size := range typeSizes(t, doc.PDF) {
			if size < large {
				t.Errorf("type of %v points", size)
			}
		}
	})
}

func TestEveryCodeOfLargePrintIsRead(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	inLarge(t, func(t *testing.T, _ string, r record.Record, _ Size, doc desk.Document) {
		if read := scanned(t, doc.PDF, "300"); len(read) != len(r.Cards) {
			t.Errorf("%d codes are read of %d", len(read), len(r.Cards))
		}
	})
}

// fontSize finds the sizes of type in the content of a page.
var fontSize = regexp.MustCompile(`/F\w+ ([\d.]+) Tf`)

// typeSizes are the sizes of type on the pages of a PDF, in points.
func typeSizes(t *testing.T, pdf []byte) (all []float64) {
	t.Helper()
	for _, page := range pageObject.FindAllSubmatch(pdf, -1) {
		content, err := stream(pdf, string(page[1]))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range fontSize.FindAllSubmatch(content, -1) {
			size, err := strconv.ParseFloat(string(m[1]), 64)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, size)
		}
	}
	if len(all) == 0 {
		t.Fatal("no type on the page")
	}
	return all
}
