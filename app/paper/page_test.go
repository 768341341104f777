package paper

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

const receipt = "7KQ2-M4V9-3X1"

// history is a resident whose pages are looked at and kept as goldens.
type history struct {
	name, lang string
	who        person
	doses      []record.Dose
	pages      int
	size       Size
	unread     int
	advice     []record.Recommendation
}

// of is the record of a history; where something could not be read, so could a recommendation.
func (s signer) of(h history) record.Record {
	r := s.record(h.who, h.doses, 13)
	r.Recommendations, r.Unread = h.advice, h.unread
	if h.unread > 0 {
		r.UnreadRecommendations = 1
	}
	return r
}

// histories are the residents whose pages are kept.
func histories() []history {
	one := []record.Dose{dose("2025-10-02", "140", "Fluarix", "GlaxoSmithKline", "FX1", "Lowell CHC")}
	vietnamese := person{"Thị Ánh Nguyệt", "Nguyễn", "2001-02-03"}
	cyrillic := person{"Олександра Їванна", "Ґалаґан-Щербаківська", "1999-12-31"}
	long := person{"Wolfeschlegelsteinhausenbergerdorff Maria del Carmen Guadalupe", "Fernández de la Cruz y Montmorency-Featherstonehaugh", "2019-09-30"}
	diseases := []record.Recommendation{
		{Disease: "40468003", Status: record.StatusDue, Date: "2026-12-01", AsOf: "2026-11-01"},
		{CVX: "935", Name: "COVID-19, mRNA, 2026-2027", Status: record.StatusComplete, AsOf: "2026-11-01"},
	}
	return []history{
		{name: "none-es", lang: "es", who: maria, pages: 1, size: Letter},
		{name: "one-en", lang: "en", who: maria, doses: one, pages: 1, size: Letter},
		{name: "fourteen-en", lang: "en-US", who: vietnamese, doses: fourteen(), pages: 2, size: Letter},
		{name: "fourteen-es", lang: "es", who: maria, doses: fourteen(), pages: 3, size: Letter},
		{name: "forty-es", lang: "es", who: cyrillic, doses: many(40), pages: 4, size: Letter},
		{name: "sixty-a4", lang: "en", who: maria, doses: many(60), pages: 5, size: A4},
		{name: "odd-es", lang: "es-MX", who: long, doses: odd(), pages: 2, size: Letter},
		{name: "little-en", lang: "en", who: maria, doses: little(), pages: 2, size: Letter, unread: 2, advice: diseases},
		{name: "little-es", lang: "es", who: maria, doses: little(), pages: 3, size: Letter, unread: 2, advice: diseases},
		{name: "unread-es", lang: "es", who: maria, pages: 1, size: Letter, unread: 1},
	}
}

// little is a history with doses of which little is known, and what is no vaccination.
func little() []record.Dose {
	told := dose("1990", "03", "", "", "", "")
	told.About, told.Historical = true, true
	coded := dose("2026-09-20", "935", "COVID-19 2026-2027", "Moderna US, Inc.", "M0042", "CVS Pharmacy 0417")
	coded.Unknown = true
	text := dose("2013-01-10", "", "Fluvax (Influenza)", "", "", "")
	text.Unknown = true
	newer := dose("2026-10-01", "934", "", "", "N1", "CVS Pharmacy 0417")
	newer.Name = "Influenza, mRNA, quadrivalent"
	return []record.Dose{
		dose("2025-10-02", "309", "Comirnaty", "Pfizer, Inc", "LX2231", "CVS Pharmacy 0417"), coded, newer, text,
		dose("2013-06", "83", "", "", "", ""), dose("2013", "140", "", "", "", "Lowell CHC"), told,
		dose("2021-03-08", "96", "Tubersol", "Sanofi Pasteur", "C5522AA", "Lowell Community Health Center"), dose("2015-04", "999", "", "", "", ""),
	}
}

// odd is what registries hold besides plain doses.
func odd() []record.Dose {
	notGiven := dose("2024-11-05", "140", "", "", "", "Boston Children’s Hospital at Martha Eliot Health Center")
	notGiven.Status = record.StatusNotDone
	wrong := dose("2023-01-02", "03", "M-M-R II", "", "X1", "")
	wrong.Status = record.StatusError
	early := dose("2024-06-01", "110", "Pediarix", "GlaxoSmithKline", "E1", "Clinic")
	early.NotValid = true
	told := dose("2010-03", "10", "", "", "", "")
	told.Historical = true
	both := dose("2010-01-05", "10", "", "", "", "")
	both.Historical, both.NotValid = true, true
	return []record.Dose{
		notGiven, wrong, early, told, both,
		dose("2025-11", "110", "Pediarix", "GlaxoSmithKline", "LOT-WITH-MORE-THAN-TWENTY-SIGNS-0123456789", "Clinic"),
		dose("2009", "777", "", "Unknown maker", "", "UCHealthUniversityOfColoradoHospitalAnschutz"),
	}
}

func TestPagesSayWhatTheGoldensSay(t *testing.T) {
	s := newSigner(t)
	for _, h := range histories() {
		t.Run(h.name, func(t *testing.T) {
			r := s.of(h)
			doc, err := s.maker(func(o *Options) { o.Size = h.size }).Render(r, desk.Page{Lang: h.lang, Receipt: receipt})
			if err != nil {
				t.Fatal(err)
			}
			text := textOf(t, doc.PDF)
			if n := strings.Count(text, "\f"); n != h.pages || doc.Pages != n {
				t.Errorf("%d pages, said to be %d, want %d", n, doc.Pages, h.pages)
			}
			golden(t, h.name+".txt", text)
		})
	}
}

func TestEveryCodeIsReadFromTheRenderedPage(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	s := newSigner(t)
	for _, n := range []int{1, 14, 60} {
		for _, dpi := range []string{"150", "300"} {
			r := s.record(maria, many(n), 14)
			size := map[bool]Size{true: A4, false: Letter}[n == 60]
			doc, err := s.maker(func(o *Options) { o.Size = size }).Render(r, desk.Page{Lang: "es", Receipt: receipt})
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, c := range r.Cards {
				text, err := shc(c.JWS)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, text)
			}
			got := scanned(t, doc.PDF, dpi)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%d doses at %s dpi: read %d codes, want these %d", n, dpi, len(got), len(want))
			}
		}
	}
}

// box is a word on a page in points from the upper left corner.
type box struct{ x0, y0, x1, y1 float64 }

var bboxWord = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">`)

func TestNoWordOverlapsAnotherOrLeavesTheMargins(t *testing.T) {
	s := newSigner(t)
	for _, h := range histories() {
		doc, err := s.maker(func(o *Options) { o.Size = h.size }).Render(s.of(h), desk.Page{Lang: h.lang, Receipt: receipt})
		if err != nil {
			t.Fatal(err)
		}
		wordsApart(t, h.name, doc.PDF, h.size)
	}
}

// wordsApart fails when a word overlaps another or leaves the margins.
func wordsApart(t *testing.T, name string, pdf []byte, size Size) {
	t.Helper()
	right := newPDFWidth(size) - margin
	for n, words := range wordBoxes(t, pdf) {
		if len(words) < 10 {
			t.Fatalf("%s page %d: only %d words", name, n+1, len(words))
		}
		for i, a := range words {
			if a.x0 < margin-0.5 || a.x1 > right+0.5 {
				t.Errorf("%s page %d: a word leaves the margins: %v", name, n+1, a)
			}
			for _, b := range words[:i] {
				if a.x0 < b.x1-0.1 && b.x0 < a.x1-0.1 && a.y0 < b.y1 && b.y0 < a.y1 {
					t.Errorf("%s page %d: two words overlap: %v %v", name, n+1, a, b)
				}
			}
		}
	}
}

// wordBoxes are the words of each page.
func wordBoxes(t *testing.T, pdf []byte) (pages [][]box) {
	t.Helper()
	html := tool(t, "poppler-utils", "pdftotext", "-bbox", saved(t, pdf), "-")
	for _, page := range strings.Split(html, "<page ")[1:] {
		var words []box
		for _, m := range bboxWord.FindAllStringSubmatch(page, -1) {
			var v [4]float64
			for i := range v {
				v[i], _ = strconv.ParseFloat(m[i+1], 64)
			}
			// line boxes are higher than letters; a third off keeps what is inked
			third := (v[3] - v[1]) / 3
			words = append(words, box{v[0], v[1] + third/2, v[2], v[3] - third/2})
		}
		pages = append(pages, words)
	}
	return pages
}

func newPDFWidth(s Size) float64 {
	w, _ := newPDF(s, "").GetPageSize()
	return w
}

func TestNoTextIsSmallerThanTenPoints(t *testing.T) {
	s := newSigner(t)
	for _, h := range histories() {
		doc, err := s.maker().Render(s.of(h), desk.Page{Lang: h.lang, Receipt: receipt})
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range typeSizes(t, doc.PDF) {
			if size < normal {
				t.Errorf("%s: text of %v points", h.name, size)
			}
		}
	}
}

func TestEveryVaccineHasAFamilyInEveryLanguage(t *testing.T) {
	for _, l := range assets.Languages {
		words := assets.Words(l.Tag)
		for n := range 1000 {
			cvx := fmt.Sprintf("%02d", n)
			key := assets.FamilyKey(cvx)
			if words[key].Shown == "" {
				t.Errorf("%s: vaccine %s: no word %q", l.Tag, cvx, key)
			}
			for _, part := range assets.FamilyKeys(cvx) {
				if words[part].Shown == "" {
					t.Errorf("%s: vaccine %s: no word %q", l.Tag, cvx, part)
				}
			}
			if v, known := assets.VaccineOf(cvx); known && len(v.Groups) > 0 && key == "family.other" {
				t.Errorf("vaccine %s of groups %v has no family of its own", cvx, v.Groups)
			}
		}
	}
}

func TestAnyVerifiedRecordIsDrawn(t *testing.T) {
	s := newSigner(t)
	text := rapid.OneOf(rapid.Just(""), rapid.StringN(1, 24, -1), rapid.StringMatching(`[A-Z(\\) ]{1,40}`))
	rapid.Check(t, func(t *rapid.T) {
		var doses []record.Dose
		for i := range rapid.IntRange(0, 12).Draw(t, "doses") {
			d := dose(
				rapid.SampledFrom([]string{"2020-02-29", "1999-12", "1970", "2026-11-23"}).Draw(t, "date"),
				rapid.SampledFrom([]string{"03", "110", "309", "96", "999", "777", "", "20", "21"}).Draw(t, "cvx"),
				text.Draw(t, "product"), text.Draw(t, "maker"), text.Draw(t, "lot"), text.Draw(t, "where"))
			if i%4 == 3 {
				d.Status = rapid.SampledFrom([]string{record.StatusNotDone, record.StatusError, "odd"}).Draw(t, "status")
			}
			d.NotValid, d.Historical = rapid.Bool().Draw(t, "not valid"), rapid.Bool().Draw(t, "historical")
			d.About, d.Unknown = rapid.Bool().Draw(t, "about"), d.CVX == "" || rapid.Bool().Draw(t, "unknown")
			d.Product, d.Name = cmp.Or(d.Product, map[string]string{"": "words"}[d.CVX]), map[string]string{"777": "known elsewhere"}[d.CVX]
			doses = append(doses, d)
		}
		who := person{rapid.StringMatching(`\pL{1,20}( \pL{1,20})?`).Draw(t, "given"), rapid.StringMatching(`\pL{1,60}`).Draw(t, "family"), "2001-02-03"}
		r := s.record(who, doses, 3)
		r.Unread, r.UnreadRecommendations = rapid.IntRange(0, 3).Draw(t, "unread"), rapid.IntRange(0, 2).Draw(t, "advice unread")
		if _, err := s.maker().Render(r, desk.Page{Lang: "es", Receipt: receipt}); err != nil {
			t.Fatalf("a verified record is refused: %v", err)
		}
	})
}

func TestOptionsThatCannotWorkAreRefused(t *testing.T) {
	s := newSigner(t)
	if _, err := New(Options{Size: "legal", Keys: s.keys}); err == nil {
		t.Error("an unknown paper size was taken")
	}
	if _, err := New(Options{}); err == nil {
		t.Error("a maker without keys was made")
	}
}

func BenchmarkRender40Doses(b *testing.B) {
	s := newSigner(b)
	m, r := s.maker(), s.record(maria, many(40), 13)
	var worst time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := m.Render(r, desk.Page{Lang: "es", Receipt: receipt}); err != nil {
			b.Fatal(err)
		}
		worst = max(worst, time.Since(start))
	}
	b.ReportMetric(float64(worst.Milliseconds()), "worst-ms")
}
