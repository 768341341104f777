package paper

import (
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
)

// littleOf is the history of which little is known.
func littleOf(lang string) history {
	all := histories()
	return all[slices.IndexFunc(all, func(h history) bool { return h.name == "little-"+lang })]
}

func TestWhatIsNoVaccinationIsCountedNowhereAndInNoCode(t *testing.T) {
	s := newSigner(t)
	r := s.of(littleOf("en"))
	doc, err := s.maker().Render(r, desk.Page{Lang: "en", Receipt: receipt})
	if err != nil {
		t.Fatal(err)
	}
	say := s.maker().bilingual("en")
	days := 0
	for _, p := range overview(vaccinations(r), say) {
		days += p.count
		if strings.Contains(p.name[0], "skin test") {
			t.Error("a skin test protects against something")
		}
	}
	text := textOf(t, doc.PDF)
	list, others, _ := strings.Cut(text, "Other entries, not vaccinations")
	if days != 7 || strings.Contains(list, "(96)") || strings.Contains(list, "(999)") || !strings.Contains(others, "(96)") || !strings.Contains(others, "(999)") {
		t.Errorf("%d doses are counted:\n%s", days, text)
	}
	for _, c := range r.Cards {
		for _, d := range c.Doses {
			if d.CVX != "309" && d.CVX != "934" {
				t.Errorf("%s is in a code", d.CVX)
			}
		}
	}
}

func TestAPageThatIsNotCompleteNeverSaysThatThereAreNoDoses(t *testing.T) {
	s := newSigner(t)
	r := s.record(maria, []record.Dose{dose("2021-03-08", "96", "", "", "", "")}, 13)
	for unread, want := range map[int][2]string{
		0: {"no doses on file", "could not be read"}, 1: {"1 entry on file could not be read", "no dose is on file"}, 3: {"3 entries on file could not be read", "no doses on file"},
	} {
		r.Unread = unread
		for _, big := range []bool{false, true} {
			doc, err := s.maker().Render(r, desk.Page{Lang: "en", Large: big})
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Join(strings.Fields(textOf(t, doc.PDF)), " ")
			if !strings.Contains(text, want[0]) || strings.Contains(text, want[1]) || strings.Contains(text, "Doses on file") != (unread == 0) {
				t.Errorf("%d unread, large %v: %s", unread, big, text)
			}
		}
	}
}

func TestWhatStandsBesidesTheListIsComparedToo(t *testing.T) {
	s := newSigner(t)
	m := s.maker()
	r, how := s.of(littleOf("es")), desk.Page{Lang: "es", Receipt: receipt}
	doc, made, err := m.draw(r, how, testNow)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.check(doc.PDF, r, how, made, testNow); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(string) string{
		"fewer unread":            replacing("2 entries", "1 entries"),
		"fewer advice unread":     replacing("1 recommendation could", "0 recommendation could"),
		"another other entry":     replacing("(96)", "(97)"),
		"another day of it":       replacing("03/08/2021", "03/08/2022"),
		"another title":           replacing("Other entries, not", "Other entries, but"),
		"a month changed":         replacing("June 2013", "July 2013"),
		"a date made certain":     replacing("about 1990", "abort 1990"),
		"an unknown code of ours": replacing("Code not known here", "Code now known here"),
		"another disease":         replacing("Hepatitis A", "Hepatitis B"),
		"an other entry left out": func(c string) string { return strings.Replace(c, "/Other BMC", "/Span BMC", 1) },
	} {
		if err := m.check(editPages(t, doc.PDF, edit), r, how, made, testNow); err == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
	for name, change := range map[string]func(*record.Record){
		"unread":        func(r *record.Record) { r.Unread++ },
		"advice unread": func(r *record.Record) { r.UnreadRecommendations++ },
		"a date": func(r *record.Record) {
			r.Doses[slices.IndexFunc(r.Doses, func(d record.Dose) bool { return d.About })].About = false
		},
		"what a code means": func(r *record.Record) {
			r.Doses[slices.IndexFunc(r.Doses, func(d record.Dose) bool { return d.Unknown })].Unknown = false
		},
	} {
		other := r
		other.Doses = slices.Clone(r.Doses)
		change(&other)
		if err := m.check(doc.PDF, other, how, made, testNow); err == nil {
			t.Errorf("the record has another %s: not noticed", name)
		}
	}
}

func TestSixtyDosesAndAllThatCanStandBesideThemFit(t *testing.T) {
	s := newSigner(t)
	h := littleOf("es")
	h.doses = slices.Concat(many(60), little(), little(), little())
	for range 20 {
		h.advice = append(h.advice, h.advice[0])
	}
	for _, big := range []bool{false, true} {
		doc, err := s.maker().Render(s.of(h), desk.Page{Lang: "es", Receipt: receipt, Large: big})
		if err != nil {
			t.Fatal(err)
		}
		wordsApart(t, "sixty and little", doc.PDF, Letter)
	}
}
