package madeup

import (
	"reflect"
	"strings"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

var today = request.Date{Year: 2026, Month: 11, Day: 23}

func TestSameSeedMakesTheSamePeople(t *testing.T) {
	a, b := Generate(300, 7, today), Generate(300, 7, today)
	if !reflect.DeepEqual(a, b) {
		t.Fatal("two runs with one seed differ")
	}
	if reflect.DeepEqual(a, Generate(300, 8, today)) {
		t.Fatal("another seed makes the same people")
	}
}

func TestEveryResidentCanFillInTheForm(t *testing.T) {
	for _, p := range Generate(2000, 1, today) {
		d := request.Draft{
			Relation: request.Self, Given: p.Given, Family: p.Family, Birth: p.Birth, Gender: p.Gender,
			Phone: p.Phone, Email: p.Email, Contact: request.ByPhone, PIN: "7294", PINAgain: "7294",
			Consent: request.Consent{Policy: "1", Declaration: "1"},
		}
		if p.Birth.Age(today) < request.AdultAge {
			d.Relation, d.Asker = request.Child, request.Name{Given: "Ana", Family: "Asker"}
		}
		if p.Phone == "" {
			d.Contact = request.ByEmail
		}
		r, problems := d.Request("en", today)
		for _, x := range problems {
			if x.Field != request.FieldPIN { // the one PIN of this test may be part of a birthday
				t.Errorf("resident %d: %s is %s", p.Number, x.Field, x.Code)
			}
		}
		if len(problems) == 0 && r.Phone != p.Phone && p.Phone != "" {
			t.Errorf("resident %d: phone is not E.164", p.Number)
		}
	}
}

func TestTheTownIsVaried(t *testing.T) {
	count := map[string]int{}
	contact := map[string]int{}
	for _, p := range Generate(2000, 1, today) {
		contact[p.Phone]++
		note := func(kind string, holds bool) {
			if holds {
				count[kind]++
			}
		}
		note("child", p.Birth.Age(today) < 18)
		note("e-mail only", p.Phone == "")
		note("both contacts", p.Phone != "" && p.Email != "")
		note("hyphen", strings.Contains(p.Family, "-"))
		note("apostrophe", strings.Contains(p.Family, "'"))
		note("1 to 3 doses", len(p.Doses) <= 3)
		note("14 doses", len(p.Doses) == 14)
		note("40 doses", len(p.Doses) == 40)
		note("over 50 doses", len(p.Doses) > 50)
		for _, d := range p.Doses {
			note("not done", d.Status == record.StatusNotDone)
			note("in error", d.Status == record.StatusError)
			note("not valid", d.NotValid)
			note("historical", d.Historical)
			note("no lot", d.Lot == "")
			note("no clinic", d.Performer == "")
			note("long clinic", d.OnCard().Performer != d.Performer)
		}
	}
	for _, kind := range []string{
		"child", "e-mail only", "both contacts", "hyphen", "apostrophe", "1 to 3 doses", "14 doses", "40 doses",
		"over 50 doses", "not done", "in error", "not valid", "historical", "no lot", "no clinic", "long clinic",
	} {
		if count[kind] == 0 {
			t.Errorf("nobody with %s", kind)
		}
	}
	shared := 0
	for phone, n := range contact {
		if phone != "" && n > 1 {
			shared++
		}
	}
	if shared == 0 {
		t.Error("no two people share a phone")
	}
}

func TestNobodyIsTwoPeopleAndTwinsHaveDistinctNames(t *testing.T) {
	type day struct{ contact, birth string }
	group := map[day][]registry.Person{}
	twins := 0
	for _, p := range Generate(5000, 2, today) {
		k := day{p.Phone + p.Email, p.Birth.String()}
		for _, q := range group[k] {
			twins++
			if near(p.Given, q.Given) && p.Family == q.Family {
				t.Errorf("residents %d and %d cannot be told apart", p.Number, q.Number)
			}
		}
		group[k] = append(group[k], p)
	}
	if twins == 0 {
		t.Error("no twins")
	}
}

func BenchmarkGenerate2000(b *testing.B) {
	for b.Loop() {
		Generate(2000, 1, today)
	}
}
