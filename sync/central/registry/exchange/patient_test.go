package exchange

import (
	"reflect"
	"strings"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// patientOf is the person whom a line of FHIR gives.
func patientOf(t *testing.T, line string) registry.Entry {
	t.Helper()
	r, err := NewReader(strings.NewReader(strings.ReplaceAll(line, "\n", " ")), Options{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAContactWhosePeriodIsOverIsNotOnFile(t *testing.T) {
	const one, two = "+16175550101", "+16175550102"
	for end, want := range map[string]string{
		"": one, "2026-11-23": one, "2026-11-23T08:00:00Z": one, "2026-11": one, "2026": one, "2027-01-01": one, "2099-01-01T00:00:00-05:00": one,
		"2026-11-22": two, "2026-11-22T23:59:59Z": two, "2026-10": two, "2025": two, "31.12.2099": two, "2099-01-0": two, "T": two,
	} {
		e := patientOf(t, `{"resourceType":"Patient","id":"a","birthDate":"1980-05-06","name":[{"family":"Lopez","given":["Ana"]}],"telecom":[
			{"system":"phone","use":"home","value":"617-555-0102"},{"system":"phone","use":"mobile","value":"617-555-0101","period":{"start":"2001","end":"`+end+`"}},
			{"system":"phone","use":"mobile","value":"617-555-0103","period":{"start":"2026-11-24"}}]}`)
		if e.Person.Phone != want {
			t.Errorf("ended %s: phone %s, want %s", end, e.Person.Phone, want)
		}
	}
}

func TestOneNameOnlyIsTheFamilyName(t *testing.T) {
	for name, want := range map[string][2]string{
		`{"given":["Sukarno"]}`:                                    {"", "Sukarno"},
		`{"family":" ","given":["Siti","Aminah"]}`:                 {"", "Siti Aminah"},
		`{"given":["Sukarno"],"suffix":["Jr."]}`:                   {"", "Sukarno Jr."},
		`{"family":"Sukarno"}`:                                     {"", "Sukarno"},
		`{"given":["Sukarno"]},{"use":"usual","given":["Karno"]}`:  {"", "Sukarno"},
		`{"given":["Sukarno"]},{"family":"Lopez","given":["Ana"]}`: {"Ana", "Lopez"},
		`{"family":"Lopez","given":["Ana"]},{"given":["Sukarno"]}`: {"Ana", "Lopez"},
		`{"use":"maiden","family":"Diaz"},{"given":["Sukarno"]}`:   {"", "Sukarno"},
		`{"use":"official","given":["Ana"]},{"family":"Diaz"}`:     {"", "Ana"},
		`{"family":"Lopez","given":[" Ana ","","Maria "]}`:         {"Ana Maria", "Lopez"},
	} {
		e := patientOf(t, `{"resourceType":"Patient","id":"a","birthDate":"1980-05-06","name":[`+name+`]}`)
		if got := [2]string{e.Person.Given, e.Person.Family}; got != want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestOfAPatientTheNameAndContactsOfTodayAreTaken(t *testing.T) {
	e := patientOf(t, `{"resourceType":"Patient","id":"a","gender":"unknown","birthDate":"1980-05-06",
		"name":[{"use":"maiden","family":"Diaz","given":["Ana"]},{"use":"usual","family":"Soto"},{"use":"official","family":"Lopez","given":["Ana","Maria"],"suffix":["MD","Jr."]}],
		"telecom":[{"system":"phone","use":"old","value":"617-555-0101"},{"system":"phone","use":"home","value":"617-555-0102"},{"system":"phone","use":"mobile","value":"617-555-0103"},
		{"system":"fax","value":"617-555-0104"},{"system":"email","value":"a@example.org"},{"system":"email","value":"b@example.org"}]}`)
	want := registry.Person{
		Given: "Ana Maria", Family: "Lopez Jr.", Birth: request.Date{Year: 1980, Month: 5, Day: 6},
		Gender: request.Undisclosed, Phone: "+16175550103", Email: "a@example.org",
		Also: []request.Name{{Given: "Ana", Family: "Diaz"}, {Given: "Ana Maria", Family: "Soto"}},
		More: []registry.Contact{{Phone: "+16175550102"}, {Email: "b@example.org"}},
	}
	if e.ID != "a" || !reflect.DeepEqual(*e.Person, want) {
		t.Errorf("another person came out: %s", told(e))
	}
}
