package storetest

import (
	"reflect"
	"strings"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry"
)

func (on suite) TestPeopleComeBackAsImported(t *testing.T) {
	s := on.open(t)
	all := madeup.Generate(100, 1, today)
	other := madeup.Generate(100, 2, today)
	all[3].Recommendations = []record.Recommendation{{CVX: "140", Status: record.StatusDue, Date: "2027-09-01", AsOf: "2026-11-01"}}
	other[4].Recommendations = all[3].Recommendations
	for _, list := range [][]registry.Person{other, all} { // the second replaces the first
		if err := s.ImportPeople(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range all {
		want = composed(want)
		got, ok, err := s.Person(t.Context(), want.Number)
		if err != nil || !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("resident %d is not the one imported, %v", want.Number, err)
		}
		want.Doses, want.Unread, want.Recommendations = nil, 0, nil
		if got, ok, err := s.Contact(t.Context(), want.Number); err != nil || !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("the contact of resident %d is not the one imported, %v", want.Number, err)
		}
	}
	if _, ok, err := s.Person(t.Context(), 101); ok || err != nil {
		t.Errorf("somebody who is not there: %v, %v", ok, err)
	}
}

// composed is a person with the doses that are made of those given.
func composed(p registry.Person) registry.Person {
	var all []registry.Report
	for _, d := range p.Doses {
		all = append(all, registry.Report{Dose: d})
	}
	p.Doses, p.Unread = registry.Compose(p.Birth.String(), all)
	return p
}

func (on suite) TestCandidatesShareBirthDateAndContact(t *testing.T) {
	s := on.open(t)
	all := madeup.Generate(500, 1, today)
	if err := s.ImportPeople(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		asked := match.Of(p.Given, p.Family, p.Birth.String(), p.Gender, p.Phone, strings.ToUpper(p.Email))
		got, err := s.Candidates(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		if d := match.Decide([]match.Identity{asked}, got); d.Person != p.Number {
			t.Errorf("resident %d: %s %v among %d", p.Number, d.Verdict, d.Reasons, len(got))
		}
		for _, c := range got {
			if c.Birth != asked.Birth || c.Phone != asked.Phone && c.Email != asked.Email {
				t.Errorf("resident %d: candidate %d shares too little", p.Number, c.Number)
			}
		}
	}
	none := match.Identity{Birth: all[0].Birth.String()}
	if got, err := s.Candidates(t.Context(), none); len(got) != 0 || err != nil {
		t.Errorf("%d candidates without a contact, %v", len(got), err)
	}
}

func (on suite) TestNobodyOfManyOnOnePhoneIsOverlooked(t *testing.T) {
	s := on.open(t)
	crowd := make([]registry.Person, 120)
	for i := range crowd {
		crowd[i] = registry.Person{
			Number: i + 1, Given: "Rosa", Family: "Lopez", Birth: request.Date{Year: 1980, Month: 1, Day: 1}, Gender: request.Female, Phone: "+16175550100",
		}
	}
	crowd[0].Given, crowd[119].Given = "Maria", "Maria"
	if err := s.ImportPeople(t.Context(), crowd); err != nil {
		t.Fatal(err)
	}
	asked := match.Of("Maria", "Lopez", "1980-01-01", request.Female, "+16175550100", "")
	got, err := s.Candidates(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if d := match.Decide([]match.Identity{asked}, got); d.Verdict != match.Review {
		t.Errorf("%s among %d of %d, and two of them agree", d.Verdict, len(got), len(crowd))
	}
}
