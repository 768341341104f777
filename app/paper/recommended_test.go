package paper

import (
	"strings"
	"testing"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
)

// recommendations has one of each status.
func recommendations() []record.Recommendation {
	return []record.Recommendation{
		{CVX: "115", Status: record.StatusOverdue, Date: "2026-09-14", AsOf: "2026-11-01"},
		{CVX: "140", Status: record.StatusDue, Date: "2026-12-01", AsOf: "2026-11-01"},
		{CVX: "03", Status: record.StatusImmune, AsOf: "2026-11-01"},
		{CVX: "121", Status: record.StatusContraindicated, AsOf: "2026-11-01"},
		{CVX: "187", Status: record.StatusComplete, AsOf: "2026-11-01"},
	}
}

func TestRecommendationsStandBelowTheDoses(t *testing.T) {
	s := newSigner(t)
	for _, h := range []struct {
		name, lang string
		doses      []record.Dose
	}{{"advice-es", "es", fourteen()[:6]}, {"advice-none-en", "en", nil}} {
		r := s.record(maria, h.doses, 13)
		r.Recommendations = recommendations()
		doc, err := s.maker().Render(r, desk.Page{Lang: h.lang, Receipt: receipt})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, h.name+".txt", textOf(t, doc.PDF))
		wordsApart(t, h.name, doc.PDF, Letter)
	}
}

func TestManyRecommendationsGoOnOnTheNextPage(t *testing.T) {
	s := newSigner(t)
	r := s.record(maria, fourteen(), 13)
	for range 20 {
		r.Recommendations = append(r.Recommendations, recommendations()...)
	}
	doc, err := s.maker().Render(r, desk.Page{Lang: "es", Receipt: receipt})
	if err != nil {
		t.Fatal(err)
	}
	wordsApart(t, "many recommendations", doc.PDF, Letter)
	if text := textOf(t, doc.PDF); strings.Count(text, "(187)") < 20 {
		t.Error("some recommendations are missing")
	}
}

func TestATamperedRecommendationIsCaught(t *testing.T) {
	s := newSigner(t)
	m := s.maker()
	r := s.record(maria, fourteen(), 9)
	r.Recommendations = recommendations()
	how := desk.Page{Lang: "es", Receipt: receipt}
	doc, made, err := m.draw(r, how, testNow)
	if err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(string) string{
		"another day":                        replacing("12/01/2026", "12/01/2027"),
		"another status":                     replacing("Overdue", "Immune"),
		"another vaccine":                    replacing("(121)", "(122)"),
		"another day of the recommendations": replacing("November 1, 2026", "November 2, 2026"),
		"one less":                           func(c string) string { return strings.Replace(c, "/Advice BMC", "/Span BMC", 1) },
	} {
		pdf := editPages(t, doc.PDF, edit)
		if err := m.check(pdf, r, how, made, testNow); err == nil || !strings.Contains(err.Error(), "recommendation") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := m.check(doc.PDF, r, how, made, testNow); err != nil {
		t.Error(err)
	}
	r.Recommendations[0].Date = "2026-09-15"
	if err := m.check(doc.PDF, r, how, made, testNow); err == nil {
		t.Error("a page that disagrees with the record passes")
	}
}
