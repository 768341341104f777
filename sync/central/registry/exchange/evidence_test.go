package exchange

import (
	"strings"
	"testing"
)

func TestADoseIsNotValidOrHistoricalAsTheLineSays(t *testing.T) {
	const head = "person,date,cvx,not_valid,historical\n1,2001-02-03,03,"
	const fhir = `{"resourceType":"Immunization","patient":{"reference":"Patient/1"},"occurrenceDateTime":"2001-02-03",` +
		`"vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"03"}]}`
	for _, c := range []struct {
		text                 string
		notValid, historical bool
	}{
		{head + ",", false, false},
		{head + "false,false", false, false},
		{head + "true,", true, false},
		{head + ",true", false, true},
		{head + "True,TRUE", true, true},
		{"person,date,cvx\n1,2001-02-03,03", false, false},
		{fhir + `}`, false, false},
		{fhir + `,"isSubpotent":false,"primarySource":true}`, false, false},
		{fhir + `,"isSubpotent":true,"primarySource":true}`, true, false},
		{fhir + `,"primarySource":false}`, false, true},
		{fhir + `,"isSubpotent":true,"primarySource":false}`, true, true},
	} {
		r, err := NewReader(strings.NewReader(c.text), Options{Today: today})
		if err != nil {
			t.Fatal(err)
		}
		entries, bad := read(t, r)
		if len(bad) != 0 || len(entries) != 1 || entries[0].Dose.NotValid != c.notValid || entries[0].Dose.Historical != c.historical {
			t.Errorf("%s: %d entries, bad are %v", c.text, len(entries), bad)
		}
	}
	r, err := NewReader(strings.NewReader(fhir+`,"isSubpotent":"true"}`), Options{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	if _, bad := read(t, r); len(bad) != 1 || bad[0].Reason != "wrong-member:isSubpotent" {
		t.Errorf("isSubpotent in quotes: bad are %v", bad)
	}
}
