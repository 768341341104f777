package paper

import (
	"regexp"
	"strings"
	"testing"

	"vaxkiosk/app/desk"
)

var inked = regexp.MustCompile(`(?s)q 0 g 0 G .*?Q\n`)

// misdrawn is what may go wrong with outlines.
var misdrawn = map[string]func(string) string{
	"a stroke less": func(c string) string {
		i := strings.Index(c, " c\n")
		return c[:strings.LastIndex(c[:i], "\n")] + c[i+len(" c"):]
	},
	"white ink":     func(c string) string { return strings.Replace(c, "q 0 g 0 G ", "q 1 g 1 G ", 1) },
	"a clip":        func(c string) string { return strings.Replace(c, "q 0 g 0 G ", "q 0 0 1 1 re W n 0 g 0 G ", 1) },
	"nothing drawn": func(c string) string { return inked.ReplaceAllString(c, "") },
	"drawn apart":   func(c string) string { return strings.Replace(c, " cm\n", " cm 1 0 0 1 300 0 cm\n", 1) },
	"drawn larger":  func(c string) string { return strings.Replace(c, "q 0 g 0 G 0.0", "q 0 g 0 G 0.1", 1) },
	"another word's outlines": func(c string) string {
		all := inked.FindAllString(c, 2)
		return strings.Replace(c, all[0], all[len(all)-1], 1)
	},
	"another letter beneath": replacing("م", "ن"),
	"visible text made invisible": func(c string) string {
		i := strings.Index(c, wide("Lowell"))
		if i < 0 {
			return c
		}
		i = strings.LastIndex(c[:i], "BT ")
		return c[:i] + "3 Tr\n" + c[i:]
	},
	"invisible text made visible": func(c string) string { return strings.Replace(c, "3 Tr", "0 Tr", 1) },
}

func TestOutlinesThatAreNotThoseOfTheirLettersAreCaught(t *testing.T) {
	s := newSigner(t)
	edits := map[string]func(string) string{}
	for name, edit := range misdrawn {
		edits[name] = func(c string) string {
			if !inked.MatchString(c) { // no outlines on this page
				return c
			}
			return edit(c)
		}
	}
	caught(t, s.maker(), s.record(person{"محمد", "علي", "2001-02-03"}, worldly("សុខ Lowell"), 9), edits)
}

func TestOutlinesThatLeaveTheirColumnAreCaught(t *testing.T) {
	m := newSigner(t).maker()
	edge := newPDFWidth(Letter) - margin
	for x, fits := range map[float64]bool{margin: true, edge - 62: true, edge - 50: false} {
		l := newLayout(newPDF(Letter, ""), bilingual{})
		l.newPage()
		l.text(x, "王小明王小明", normal, false)
		doc, err := l.finish()
		if err != nil {
			t.Fatal(err)
		}
		groups, err := readBack(doc.PDF)
		if err != nil || len(groups) != 1 || len(groups[0].forms) != 1 {
			t.Fatalf("%d groups, %v", len(groups), err)
		}
		if err := m.checkOutlines(groups); (err == nil) != fits {
			t.Errorf("six letters of 10 points that begin at %.0f of %.0f: %v", x, edge, err)
		}
	}
}

func TestAPageSaysThatALetterIsMissing(t *testing.T) {
	s := newSigner(t)
	m := s.maker()
	for name, missing := range map[string]bool{"김민수": false, "မောင်မောင်": false, "བཀྲ་ཤིས": true, "𠮷野": true, "Zoë": false, "\u0301Zoe": true} {
		r := s.record(person{"Ana", name, "2001-02-03"}, worldly("Lowell CHC"), 9)
		how := desk.Page{Lang: "es", Receipt: receipt}
		doc, made, err := m.draw(r, how, testNow)
		if err != nil {
			t.Fatal(err)
		}
		text := textOf(t, doc.PDF)
		if said := strings.Contains(text, "stands for a letter that we cannot print") &&
			strings.Contains(text, "está en lugar de una letra"); said != missing {
			t.Errorf("%s: said that a letter is missing: %v", name, said)
		}
		if err := m.check(doc.PDF, r, how, made, testNow); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		without := func(c string) string { return strings.Replace(c, "/Unknown BMC", "/Span BMC", 1) }
		if err := m.check(editPages(t, doc.PDF, without), r, how, made, testNow); missing && err == nil {
			t.Errorf("%s: a page that does not say so is not noticed", name)
		}
	}
}
