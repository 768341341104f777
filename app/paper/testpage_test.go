package paper

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTheLadderOfTheTestPageIsRead(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	s := newSigner(t)
	var want []string
	for _, width := range slices.Concat(ladder...) {
		text, err := shc(rungText(width))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, text)
	}
	slices.Sort(want)
	for lang, size := range map[string]Size{"en": A4, "es": Letter} {
		m := s.maker(func(o *Options) { o.Size = size })
		doc, err := m.TestPage(lang)
		if err != nil || doc.Pages != 1 {
			t.Fatalf("%d pages, %v", doc.Pages, err)
		}
		again, err := m.TestPage(lang)
		if err != nil || !bytes.Equal(doc.PDF, again.PDF) {
			t.Errorf("two test pages differ (%v)", err)
		}
		wordsApart(t, "test page", doc.PDF, size)
		golden(t, "test-page-"+lang+".txt", textOf(t, doc.PDF))
		got := scanned(t, doc.PDF, "300")
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d codes of %d are read at 300 dpi", lang, len(got), len(want))
		}
		// At 150 dpi the squares of the smallest codes are less than two dots.
		read := strings.Join(scanned(t, doc.PDF, "150"), " ")
		for _, width := range ladder[0] {
			if text, _ := shc(rungText(width)); !strings.Contains(read, text) {
				t.Errorf("%s: the code of %d mm is not read at 150 dpi", lang, width)
			}
		}
	}
}

func TestATestPageWhoseCodesAreWrongIsNotPrinted(t *testing.T) {
	s := newSigner(t)
	m := s.maker()
	doc, err := m.TestPage("en")
	if err != nil {
		t.Fatal(err)
	}
	l := newLayout(newPDF(Letter, ""), m.bilingual("en"))
	rows, err := l.rungs()
	if err != nil {
		t.Fatal(err)
	}
	rungs := slices.Concat(rows...)
	if err := checkLadder(doc.PDF, rungs); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(string) string{
		"a square less": func(c string) string { return cutLine(c, 40) },
		"another width": replacing(strconv.Itoa(ladder[0][0])+" mm", "47 mm"),
		"a code less":   func(c string) string { return strings.Replace(c, "/Code BMC", "/Span BMC", 1) },
	} {
		pdf := editPages(t, doc.PDF, edit)
		if bytes.Equal(pdf, doc.PDF) {
			t.Errorf("%s: the edit changed nothing", name)
		}
		if err := checkLadder(pdf, rungs); err == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
	slices.Reverse(rungs)
	if checkLadder(doc.PDF, rungs) == nil {
		t.Error("codes in another order: not noticed")
	}
}
