package record

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/fhir"
	"vaxkiosk/assets"
)

// little is a statement with doses of which little is known, and how much could not be read.
func little() Statement {
	doses := []Dose{
		{Date: "2013", CVX: "207", Status: StatusCompleted},
		{Date: "2013-06", CVX: "140", Status: StatusCompleted},
		{Date: "2013-06-01", CVX: "96", Status: StatusCompleted},
		{Date: "1990", About: true, CVX: "03", Status: StatusCompleted, Historical: true},
		{Date: "2026-09-20", CVX: "935", Product: "COVID-19 2026-2027", Status: StatusCompleted, Unknown: true},
		{Date: "2013-07-01", Product: "Fluvax (Influenza)", Status: StatusCompleted, Unknown: true},
		{Date: "2027-01-01", CVX: "934", Name: "COVID-19, new", Status: StatusCompleted},
	}
	s := Statement{Issuer: "https://vax.example.org", NotEarly: now.Unix(), Registry: "State registry", Bundle: bundle(patient("Woodrow"))}
	for i, d := range doses {
		s.Bundle.Entry = append(s.Bundle.Entry, fhir.Entry{Resource: d.Immunization("resource:0")})
		if d.Unknown {
			s.Unknown = append(s.Unknown, i+1)
		}
	}
	s.Unread, s.UnreadRecommendations = 2, 1
	return s
}

func TestADoseOfWhichLittleIsKnownIsReadAsItWasSigned(t *testing.T) {
	p := newPen(t)
	r, err := Parse(p.answer(parts{statement: little()}), p.keys, now)
	if err != nil {
		t.Fatal(err)
	}
	want := []Dose{
		{Date: "2027-01-01", CVX: "934", Name: "COVID-19, new", Status: StatusCompleted},
		{Date: "2026-09-20", CVX: "935", Product: "COVID-19 2026-2027", Status: StatusCompleted, Unknown: true},
		{Date: "2013-07-01", Product: "Fluvax (Influenza)", Status: StatusCompleted, Unknown: true},
		{Date: "2013-06-01", CVX: "96", Status: StatusCompleted},
		{Date: "2013-06", CVX: "140", Status: StatusCompleted},
		{Date: "2013", CVX: "207", Status: StatusCompleted},
		{Date: "1990", About: true, CVX: "03", Status: StatusCompleted, Historical: true},
	}
	if !slices.Equal(r.Doses, want) || r.Unread != 2 || r.UnreadRecommendations != 1 {
		t.Errorf("got %+v, %d and %d unread", r.Doses, r.Unread, r.UnreadRecommendations)
	}
	doses, others := Split(r.Doses)
	if len(doses) != 6 || len(others) != 1 || !others[0].Other() || others[0].FitsCard() || r.Count() != 6 {
		t.Errorf("%d doses, %d of them given, %d other entries", len(doses), r.Count(), len(others))
	}
	for _, d := range doses[1:] {
		if d.FitsCard() {
			t.Errorf("%+v fits a card", d)
		}
	}
}

func TestAStatementThatSaysTooLittleIsRefused(t *testing.T) {
	p := newPen(t)
	for name, change := range map[string]func(*Statement){
		"a dose without a code":             func(s *Statement) { s.Unknown = []int{5} },
		"an unknown code of no dose":        func(s *Statement) { s.Unknown = append(s.Unknown, 0) },
		"an unknown code twice":             func(s *Statement) { s.Unknown = append(s.Unknown, 5) },
		"an unknown code outside":           func(s *Statement) { s.Unknown = append(s.Unknown, 9) },
		"an unknown code that is none":      func(s *Statement) { s.Bundle.Entry[5].Resource.VaccineCode.Coding[0].Code = "FLU" },
		"nothing said of an unknown dose":   func(s *Statement) { s.Bundle.Entry[6].Resource.VaccineCode.Text = "" },
		"a date in words":                   func(s *Statement) { s.Bundle.Entry[1].Resource.Occurrence = "spring 2013" },
		"a month that there is not":         func(s *Statement) { s.Bundle.Entry[1].Resource.Occurrence = "2013-13" },
		"a date that is not certain, none":  func(s *Statement) { s.Bundle.Entry[4].Resource.InWords = "about school" },
		"less than nothing unread":          func(s *Statement) { s.Unread = -1 },
		"less than no advice unread":        func(s *Statement) { s.UnreadRecommendations = -1 },
		"a dose with an unknown code, card": func(s *Statement) { s.Marks = [][]int{{5}} },
	} {
		s := little()
		change(&s)
		x := parts{statement: s}
		if len(s.Marks) > 0 {
			x.cards = []CardClaims{claims(bundle(patient("Woodrow"), dose(1, "2026-09-20", "935", "", StatusCompleted)))}
		}
		if _, err := Parse(p.answer(x), p.keys, now); !errors.Is(err, ErrContent) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADiseaseWithoutANameHereIsOneRecommendationUnread(t *testing.T) {
	p := newPen(t)
	x := wellMade()
	all := []Recommendation{
		{CVX: "935", Name: "COVID-19, new", Status: StatusImmune, AsOf: "2026-11-01"},
		{Disease: "999999999", Status: StatusImmune, AsOf: "2026-11-01"},
		{Disease: "397428000", Status: StatusOverdue, Date: "2020-04-03", AsOf: "2026-11-01"},
	}
	x.statement.Bundle.Entry = append(x.statement.Bundle.Entry, fhir.Entry{Resource: Recommend("resource:0", all)})
	x.statement.UnreadRecommendations = 1
	r, err := Parse(p.answer(x), p.keys, now)
	if err != nil || r.UnreadRecommendations != 2 || !slices.Equal(r.Recommendations, []Recommendation{all[0], all[2]}) {
		t.Errorf("%+v, %d unread, %v", r.Recommendations, r.UnreadRecommendations, err)
	}
}

func TestADateIsWrittenAsFarAsItIsKnown(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {"June 1, 2013", "June 2013", "2013", "about 1990", "about May 1990", "2013-13"},
		"es": {"1 de junio de 2013", "junio de 2013", "2013", "hacia 1990", "hacia mayo de 1990", "2013-13"},
	} {
		words := assets.Words(lang)
		say := func(key string, pairs ...string) string {
			text := words[key].Shown
			for i := 0; i < len(pairs); i += 2 {
				text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
			}
			return text
		}
		for i, d := range []Dose{{Date: "2013-06-01"}, {Date: "2013-06"}, {Date: "2013"}, {Date: "1990", About: true}, {Date: "1990-05", About: true}, {Date: "2013-13"}} {
			if got := d.When(say); got != want[i] {
				t.Errorf("%s: %q, want %q", lang, got, want[i])
			}
		}
	}
}

func TestACodeHasTheNameOfTheseTablesElseTheIssuers(t *testing.T) {
	if got := (Dose{CVX: "03", Name: "old", Unknown: true}).Coded(); got.Name != "MMR" || got.Unknown {
		t.Errorf("%+v", got)
	}
	if got := (Dose{CVX: "935", Name: "old"}).Coded(); got.Name != "" || !got.Unknown {
		t.Errorf("%+v", got)
	}
	for cvx, want := range map[string]string{"03": "MMR", "935": "issuer's", "": "issuer's"} {
		if got := (Dose{CVX: cvx, Name: "issuer's"}).VaccineName(); got != want {
			t.Errorf("%s: %q", cvx, got)
		}
	}
}
