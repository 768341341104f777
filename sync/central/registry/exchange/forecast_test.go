package exchange

import (
	"reflect"
	"strings"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/registry"
)

const recommended = `{"resourceType":"ImmunizationRecommendation","patient":{"reference":"Patient/a"},"date":"2026-11-01T08:00:00Z","recommendation":[
	{"vaccineCode":[{"coding":[{"system":"urn:oid:2.16.840.1.113883.12.292","code":"140"}]}],"targetDisease":{"text":"flu"},
	"forecastStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/immunization-recommendation-status","code":"overdue"}]},
	"dateCriterion":[{"code":{"coding":[{"system":"http://loinc.org","code":"30981-5"}]},"value":"2026-08-01"},
	{"code":{"coding":[{"system":"http://loinc.org","code":"30980-7"}]},"value":"2026-09-01T00:00:00Z"}]},
	{"vaccineCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"03"}]}],
	"forecastStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/immunization-recommendation-status","code":"complete"}]}}]}`

func TestOfAForecastIsKeptWhatCanBeRead(t *testing.T) {
	flu := record.Recommendation{CVX: "140", Status: record.StatusOverdue, Date: "2026-09-01", AsOf: "2026-11-01"}
	mmr := record.Recommendation{CVX: "03", Status: record.StatusComplete, AsOf: "2026-11-01"}
	dated := func(day string) record.Recommendation { r := flu; r.Date = day; return r }
	for _, c := range []struct {
		old, new string
		want     []record.Recommendation
		unread   int
		bad      registry.Reason
	}{
		{"", "", []record.Recommendation{flu, mmr}, 0, ""},
		{`"recommendation":[`, `"recommendation":[],"x":[`, nil, 0, ""}, // nothing is recommended
		{`"140"`, `"9999"`, []record.Recommendation{mmr}, 1, ""},
		{`"140"`, `"998"`, []record.Recommendation{mmr}, 1, ""},
		{`"140"`, `140`, []record.Recommendation{flu, mmr}, 0, ""},
		{`"140"`, `"03"`, []record.Recommendation{{CVX: "03", Status: record.StatusOverdue, Date: "2026-09-01", AsOf: "2026-11-01"}}, 0, ""},
		{`"urn:oid:2.16.840.1.113883.12.292"`, `"http://snomed.info/sct"`, []record.Recommendation{mmr}, 1, ""},
		{`"overdue"`, `"late"`, []record.Recommendation{mmr}, 1, ""},
		{`"overdue"`, `"LA13423-1"`, []record.Recommendation{flu, mmr}, 0, ""},
		{`"overdue"`, `"PAST_DUE"`, []record.Recommendation{flu, mmr}, 0, ""},
		{`"overdue"`, `"LA13424-9"`, []record.Recommendation{mmr}, 0, ""}, // too old: nothing is recommended
		{`"overdue"`, `"on-schedule"`, []record.Recommendation{{CVX: "140", Status: record.StatusDue, Date: "2026-09-01", AsOf: "2026-11-01"}, mmr}, 0, ""},
		{`"30980-7"`, `"30981-5"`, []record.Recommendation{dated("2026-09-01"), mmr}, 0, ""}, // the earliest day, said twice
		{`"30980-7"`, `"59778-1"`, []record.Recommendation{dated("2026-08-01"), mmr}, 0, ""}, // the earliest day
		{`"2026-09-01T00:00:00Z"`, `"2026-09"`, []record.Recommendation{dated("2026-08-01"), mmr}, 0, ""},
		{`"date":"2026-11-01T08:00:00Z",`, ``, nil, 0, DateWrong},
		{`2026-11-01T`, `2026-11-24T`, nil, 0, DateWrong},
		{`"Patient/a"`, `"Patient/"`, nil, 0, PersonWrong},
	} {
		r, err := NewReader(strings.NewReader(strings.ReplaceAll(strings.Replace(recommended, c.old, c.new, 1), "\n", " ")), Options{Today: today})
		if err != nil {
			t.Fatal(err)
		}
		entries, bad := read(t, r)
		if c.bad != "" {
			if len(entries) != 0 || len(bad) != 1 || bad[0].Reason != c.bad {
				t.Errorf("%s: %d entries, bad are %v", c.new, len(entries), bad)
			}
			continue
		}
		if len(bad) != 0 || len(entries) != 1 || entries[0].ID != "a" {
			t.Errorf("%q: bad are %v, %d entries", c.new, bad, len(entries))
			continue
		}
		if f := entries[0].Forecast; !reflect.DeepEqual(f.All, c.want) || f.Unread != c.unread || f.AsOf != "2026-11-01" {
			t.Errorf("%q: %v and %d unread as of %s", c.new, f.All, f.Unread, f.AsOf)
		}
	}
}
