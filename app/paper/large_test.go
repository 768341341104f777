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
			r := s.record(h.who, h.doses, 13)
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
	inLarge(t, func(t *testing.T, _ string, r record.Record, _ Size, doc desk.Document) {
		if read := scanned(t, doc.PDF, "300"); len(read) != len(r.Cards) {
			t.Errorf("%d codes are read of %d", len(read), len(r.Cards))
		}
	})
}

func TestATamperedPageInLargePrintIsCaught(t *testing.T) {
	s := newSigner(t)
	m := s.maker()
	r := s.record(maria, fourteen(), 9)
	doc, made, err := m.draw(r, desk.Page{Lang: "es", Large: true}, testNow)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.check(doc.PDF, r, made, testNow); err != nil {
		t.Fatalf("an untouched page is refused: %v", err)
	}
	for name, edit := range map[string]func(string) string{
		"another date":       replacing("10/02/2025", "10/02/2024"),
		"another vaccine":    replacing("(43)", "(45)"),
		"another lot":        replacing("AHBVB123", "AHBVB124"),
		"another place":      replacing("Lowell CHC", "Boston CHC"),
		"another name":       replacing("María", "Marta"),
		"another birth date": replacing("March 14, 1958", "March 15, 1958"),
		"a row less":         func(c string) string { return strings.Replace(c, "/Row BMC", "/Span BMC", 1) },
	} {
		if err := m.check(editPages(t, doc.PDF, edit), r, made, testNow); err == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
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
