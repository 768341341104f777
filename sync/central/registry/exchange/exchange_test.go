package exchange

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

var today = request.Date{Year: 2026, Month: 11, Day: 23}

// read is everything that a file gives: entries, and bad lines as errors.
func read(t testing.TB, r *Reader) (entries []registry.Entry, bad []registry.Bad) {
	t.Helper()
	for {
		e, err := r.Next()
		b := &registry.Bad{}
		switch {
		case errors.Is(err, io.EOF):
			return entries, bad
		case errors.As(err, &b):
			bad = append(bad, *b)
		case err != nil:
			t.Fatal(err)
		default:
			entries = append(entries, e)
		}
	}
}

const (
	head     = "id,given,family,birth,gender,phone,email\n"
	doseHead = "person,date,cvx,lot,status\n"
)

// files with what they give: how many entries, and the bad lines.
var files = []struct {
	name, text string
	entries    int
	bad        []registry.Bad
}{
	{"people", head + "1,Ana,Lopez,1980-05-06,female,+16175550101,a@example.org\n2,Bo,Lopez,1981-05-06,M,,\n", 2, nil},
	{"no end of the last line", head + "1,Ana,Lopez,1980-05-06,,,", 1, nil},
	{"cut off", head + "1,Ana,Lopez,1980-05-06,,,\n2,Bo,Lop", 1, []registry.Bad{{Line: 3, Reason: FieldCount}}},
	{"header only", head, 0, nil},
	{"empty lines", head + "\n\r\n1,Ana,Lopez,1980-05-06,,,\n\n", 1, nil},
	{"byte order mark and CRLF", "\ufeffid,given,family,birth\r\n1,Ana,Lopez,1980-05-06\r\n", 1, nil},
	{"capital header", "ID, Given ,FAMILY,Birth\n1,Ana,Lopez,1980-05-06\n", 1, nil},
	{"quotes", head + `1,"Ana, Maria","O""Brien",1980-05-06,,,` + "\n", 1, nil},
	{"quote that does not end", head + "1,\"Ana,Lopez,1980-05-06,,,\n2,Bo,Lopez,1981-05-06,,,\n", 1, []registry.Bad{{Line: 2, Reason: NotCSV}}},
	{"no UTF-8", head + "1,Jos\xe9,Lopez,1980-05-06,,,\n", 0, []registry.Bad{{Line: 2, Reason: NotUTF8}}},
	{"one name", head + "1,,Sukarno,1980-05-06,,,\n", 1, nil},
	{"no name", head + "1,Ana,,1980-05-06,,,\n", 0, []registry.Bad{{Line: 2, Reason: NameMissing}}},
	{"long name", head + "1," + strings.Repeat("a", 51) + ",Lopez,1980-05-06,,,\n", 0, []registry.Bad{{Line: 2, Reason: NameWrong}}},
	{"control character", head + "1,A\x00na,Lopez,1980-05-06,,,\n", 0, []registry.Bad{{Line: 2, Reason: NameWrong}}},
	{
		"births", head + "1,A,L,1980-02-30,,,\n2,A,L,,,,\n3,A,L,2026-11-24,,,\n4,A,L,1899-12-31,,,\n5,A,L,05/06/1980,,,\n", 0,
		[]registry.Bad{{Line: 2, Reason: BirthWrong}, {Line: 3, Reason: BirthWrong}, {Line: 4, Reason: BirthFuture}, {Line: 5, Reason: BirthOld}, {Line: 6, Reason: BirthWrong}},
	},
	{
		"ids", head + ",A,L,1980-05-06,,,\na b,A,L,1980-05-06,,,\n" + strings.Repeat("1", 65) + ",A,L,1980-05-06,,,\n", 0,
		[]registry.Bad{{Line: 2, Reason: IDWrong}, {Line: 3, Reason: IDWrong}, {Line: 4, Reason: IDWrong}},
	},
	{"gender", head + "1,A,L,1980-05-06,woman,,\n", 0, []registry.Bad{{Line: 2, Reason: GenderWrong}}},
	{"contact", head + "1,A,L,1980-05-06,," + strings.Repeat("1", 300) + ",\n2,A,L,1980-05-06,,none,none\n", 1, []registry.Bad{{Line: 2, Reason: ContactWrong}}},
	{"long line", head + "1," + strings.Repeat("a", MaxLine) + ",L,1980-05-06,,,\n2,A,L,1980-05-06,,,\n", 1, []registry.Bad{{Line: 2, Reason: TooLong}}},
	{"long last line", head + strings.Repeat("a", 2*MaxLine), 0, []registry.Bad{{Line: 2, Reason: TooLong}}},
	{"doses", doseHead + "1,2001-02-03,03,A1,completed\n1,2001-02-03,03,,\n1,2001,03,,\n1,2001-02-03,9999,,\n,2001-02-03,03,,\n1,2001-02-03,03,,given\n" +
		"1,2001-02-03,03," + strings.Repeat("a", 201) + ",\n", 2, []registry.Bad{{Line: 4, Reason: DateWrong}, {Line: 5, Reason: CVXWrong}, {Line: 6, Reason: PersonWrong}, {Line: 7, Reason: StatusWrong}, {Line: 8, Reason: TextWrong}}},
	{"marks of doses", "person,date,cvx,historical,not_valid\n1,2001-02-03,03,true,\n1,2001-02-03,03,FALSE,True\n1,2001-02-03,03,yes,\n" +
		"1,2001-02-03,03,,1\n1,2001-02-03,03,,\n", 3, []registry.Bad{{Line: 4, Reason: MarkWrong}, {Line: 5, Reason: MarkWrong}}},
	{
		"FHIR", `{"resourceType":"Patient","id":"a","name":[{"family":"Lopez","given":["Ana"]}],"birthDate":"1980-05-06"}` + "\n" +
			`{"resourceType":"Immunization","patient":{"reference":"Patient/a"},"occurrenceDateTime":"2001-02-03T10:00:00Z","vaccineCode":{"coding":[{"system":"urn:oid:2.16.840.1.113883.12.292","code":"03"}]}}` + "\n" +
			`{"resourceType":"Immunization","occurrenceString":"2001"}` + "\n" + `{"resourceType":"Group"}` + "\n" + `{"resourceType":` + "\n[]\n\"x\"", 2,
		[]registry.Bad{{Line: 3, Reason: PersonWrong}, {Line: 4, Reason: NotWanted}, {Line: 5, Reason: NotJSON}, {Line: 6, Reason: NotJSON}, {Line: 7, Reason: NotJSON}},
	},
}

const recommended = `{"resourceType":"ImmunizationRecommendation","patient":{"reference":"Patient/a"},"date":"2026-11-01T08:00:00Z","recommendation":[
	{"vaccineCode":[{"coding":[{"system":"urn:oid:2.16.840.1.113883.12.292","code":"140"}]}],"targetDisease":{"text":"flu"},
	"forecastStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/immunization-recommendation-status","code":"overdue"}]},
	"dateCriterion":[{"code":{"coding":[{"system":"http://loinc.org","code":"30981-5"}]},"value":"2026-08-01"},
	{"code":{"coding":[{"system":"http://loinc.org","code":"30980-7"}]},"value":"2026-09-01T00:00:00Z"}]},
	{"vaccineCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"03"}]}],
	"forecastStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/immunization-recommendation-status","code":"complete"}]}}]}`

func TestRecommendationsAreReadWholeOrNotAtAll(t *testing.T) {
	for _, c := range []struct {
		old, new string
		bad      registry.Reason
	}{
		{"", "", ""},
		{`"recommendation":[`, `"recommendation":[],"x":[`, ""}, // nothing is recommended
		{`"140"`, `"9999"`, CVXWrong},
		{`"urn:oid:2.16.840.1.113883.12.292"`, `"http://snomed.info/sct"`, CVXWrong},
		{`"overdue"`, `"late"`, RecommendationWrong},
		{`"30980-7"`, `"30981-5"`, RecommendationWrong}, // overdue, and no due date
		{`"2026-09-01T00:00:00Z"`, `"2026-09"`, RecommendationWrong},
		{`"date":"2026-11-01T08:00:00Z",`, ``, DateWrong},
		{`2026-11-01T`, `2026-11-24T`, DateWrong},
		{`"Patient/a"`, `"Patient/"`, PersonWrong},
	} {
		r, err := NewReader(strings.NewReader(strings.ReplaceAll(strings.Replace(recommended, c.old, c.new, 1), "\n", " ")), today)
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
		want := []record.Recommendation{
			{CVX: "140", Status: record.StatusOverdue, Date: "2026-09-01", AsOf: "2026-11-01"},
			{CVX: "03", Status: record.StatusComplete, AsOf: "2026-11-01"},
		}
		if c.new != "" {
			want = nil
		}
		if len(bad) != 0 || len(entries) != 1 || entries[0].ID != "a" || !reflect.DeepEqual(entries[0].Forecast.All, want) {
			t.Errorf("%q: bad are %v, %d entries", c.new, bad, len(entries))
		}
	}
}

func TestGoodLinesAreReadAndBadOnesNamed(t *testing.T) {
	for _, f := range files {
		r, err := NewReader(strings.NewReader(f.text), today)
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
			continue
		}
		if entries, bad := read(t, r); len(entries) != f.entries || !reflect.DeepEqual(bad, f.bad) {
			t.Errorf("%s: %d entries, want %d; bad are %v, want %v", f.name, len(entries), f.entries, bad, f.bad)
		}
	}
}

func TestAFileOfAnotherKindIsRefusedAsAWhole(t *testing.T) {
	for _, text := range []string{
		"", "\ufeff", "1,Ana,Lopez,1980-05-06\n", "id,given,family\n", "id,given,family,birth,birth\n", "id,given,family,birth,colour\n",
		"person,date\n", "\xff\xfei\x00d\x00", `"id,given` + "\n", "[{}]\n", strings.Repeat("x", 2*MaxLine),
	} {
		if _, err := NewReader(strings.NewReader(text), today); !errors.Is(err, ErrFormat) {
			t.Errorf("%.20q: got %v", text, err)
		}
	}
}

// patientOf is the person whom a line of FHIR gives.
func patientOf(t *testing.T, line string) registry.Entry {
	t.Helper()
	r, err := NewReader(strings.NewReader(strings.ReplaceAll(line, "\n", " ")), today)
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
	for end, want := range map[string]string{
		"": "1", "2026-11-23": "1", "2026-11-23T08:00:00Z": "1", "2026-11": "1", "2026": "1", "2027-01-01": "1", "2099-01-01T00:00:00-05:00": "1",
		"2026-11-22": "2", "2026-11-22T23:59:59Z": "2", "2026-10": "2", "2025": "2", "31.12.2099": "2", "2099-01-0": "2", "T": "2",
	} {
		e := patientOf(t, `{"resourceType":"Patient","id":"a","birthDate":"1980-05-06","name":[{"family":"Lopez","given":["Ana"]}],"telecom":[
			{"system":"phone","use":"home","value":"2"},{"system":"phone","use":"mobile","value":"1","period":{"start":"2001","end":"`+end+`"}},
			{"system":"email","value":"1","period":{"end":"`+end+`"}},{"system":"email","value":"2"}]}`)
		if e.Person.Phone != want || e.Person.Email != want {
			t.Errorf("ended %s: phone %s and e-mail %s, want the ones of today", end, e.Person.Phone, e.Person.Email)
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
		"name":[{"use":"maiden","family":"Diaz","given":["Ana"]},{"use":"usual","family":"Soto"},{"use":"official","family":"Lopez","given":["Ana","Maria"],"suffix":["Jr."]}],
		"telecom":[{"system":"phone","use":"old","value":"1"},{"system":"phone","use":"home","value":"2"},{"system":"phone","use":"mobile","value":"3"},
		{"system":"fax","value":"4"},{"system":"email","value":"a@example.org"},{"system":"email","value":"b@example.org"}]}`)
	want := registry.Person{
		Given: "Ana Maria", Family: "Lopez Jr.", Birth: request.Date{Year: 1980, Month: 5, Day: 6},
		Gender: request.Undisclosed, Phone: "3", Email: "a@example.org",
	}
	if e.ID != "a" || !reflect.DeepEqual(*e.Person, want) {
		t.Errorf("another person came out: given %q, family %q, phone %q", e.Person.Given, e.Person.Family, e.Person.Phone)
	}
}

func TestADoseIsOfThePatientItRefersToAndOfNobodyElse(t *testing.T) {
	for ref, want := range map[string]string{
		"Patient/123": "123", "https://example.org/fhir/Patient/123": "123", "urn:uuid:12-3": "12-3", "urn:oid:1.2.3": "1.2.3", "123": "123",
		"Patient/123/_history/4": "123", "https://example.org/fhir/Patient/123/_history/4": "123",
		"Group/5": "", "https://example.org/fhir/Group/5": "", "https://example.org/OutPatient/5": "", "RelatedPerson/5/_history/1": "", "Patient/5/x": "",
		"Group:5": "", "Patient/a:5": "", "Patient?identifier=5": "", "#5": "", "Patient/": "", "/5": "", "/_history/5": "",
	} {
		r, err := NewReader(strings.NewReader(`{"resourceType":"Immunization","patient":{"reference":"`+ref+
			`"},"occurrenceDateTime":"2001-02-03","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"03"}]}}`), today)
		if err != nil {
			t.Fatal(err)
		}
		entries, bad := read(t, r)
		switch {
		case want == "" && (len(entries) != 0 || len(bad) != 1 || bad[0].Reason != PersonWrong):
			t.Errorf("%s: %d entries, bad are %v", ref, len(entries), bad)
		case want != "" && (len(entries) != 1 || entries[0].ID != want):
			t.Errorf("%s: %d entries, bad are %v, want person %s", ref, len(entries), bad, want)
		}
	}
}

// written is a small state in all formats, and as what a Reader should make of them.
func written(t *testing.T) (texts map[string]*bytes.Buffer, want map[string][]registry.Entry) {
	t.Helper()
	texts = map[string]*bytes.Buffer{"people": {}, "doses": {}, "NDJSON": {}}
	want = map[string][]registry.Entry{}
	c, err := NewCSV(texts["people"], texts["doses"])
	if err != nil {
		t.Fatal(err)
	}
	j := NewNDJSON(texts["NDJSON"])
	for r := range madeup.State(madeup.Plan{Count: 500, Seed: 3, Today: today, History: 20}) {
		r.Recommendations = []record.Recommendation{{CVX: "140", Status: record.StatusDue, Date: "2027-09-01", AsOf: "2026-11-01"}}
		if err := errors.Join(c.Write(r.Person), j.Write(r.Person)); err != nil {
			t.Fatal(err)
		}
		p := r.Person
		p.Doses, p.Number, p.Recommendations = nil, 0, nil
		of := []registry.Entry{{Person: &p}}
		for i := range r.Doses {
			of = append(of, registry.Entry{Dose: &registry.Report{Dose: r.Doses[i]}})
		}
		want["people"], want["doses"] = append(want["people"], of[0]), append(want["doses"], of[1:]...)
		next := registry.Forecast{AsOf: "2026-11-01", All: r.Recommendations}
		want["NDJSON"] = append(append(want["NDJSON"], of...), registry.Entry{Forecast: &next})
	}
	if err := errors.Join(c.Flush(), j.Flush()); err != nil {
		t.Fatal(err)
	}
	return texts, want
}

func TestWhatIsWrittenIsReadAsTheSamePeople(t *testing.T) {
	texts, want := written(t)
	for name, text := range texts {
		r, err := NewReader(text, today)
		if err != nil {
			t.Fatal(err)
		}
		got, bad := read(t, r)
		if len(bad) > 0 || len(got) != len(want[name]) {
			t.Fatalf("%s: %d bad, %d entries of %d", name, len(bad), len(got), len(want[name]))
		}
		for i, e := range got {
			if !reflect.DeepEqual(e.Person, want[name][i].Person) || !reflect.DeepEqual(e.Dose, want[name][i].Dose) || !reflect.DeepEqual(e.Forecast, want[name][i].Forecast) {
				t.Errorf("%s: %v is another one", name, e)
			}
		}
	}
}

func TestReadingGoesOnFromEveryLineAndOnlyInTheSameFile(t *testing.T) {
	for _, f := range files {
		resumeEverywhere(t, f.text)
	}
	r, err := NewReader(strings.NewReader(files[0].text), today)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	at := r.Position()
	for _, text := range []string{strings.Replace(files[0].text, "Ana", "Eva", 1), files[0].text[:at.Bytes-1]} {
		if _, err := Resume(strings.NewReader(text), at, today); !errors.Is(err, ErrChanged) {
			t.Errorf("another file: %v", err)
		}
	}
}

// resumeEverywhere wants the rest of a file from each position to be the same as without a stop.
func resumeEverywhere(t testing.TB, text string) {
	t.Helper()
	r, err := NewReader(strings.NewReader(text), today)
	if err != nil {
		return
	}
	for line := 0; ; line = r.line {
		_, err := r.Next()
		if b := (*registry.Bad)(nil); err != nil && !errors.As(err, &b) {
			return
		}
		at := r.Position()
		if at.Line <= line || at.Bytes > int64(len(text)) {
			t.Fatalf("line %d came after line %d, byte %d of %d", at.Line, line, at.Bytes, len(text))
		}
		again, err := Resume(strings.NewReader(text), at, today)
		if err != nil {
			t.Fatalf("behind line %d: %v", at.Line, err)
		}
		whole, err := NewReader(strings.NewReader(text), today)
		if err != nil {
			t.Fatal(err)
		}
		for whole.line < at.Line {
			_, _ = whole.Next() // good or bad, it was seen before
		}
		e1, b1 := read(t, again)
		e2, b2 := read(t, whole)
		if !reflect.DeepEqual(e1, e2) || !reflect.DeepEqual(b1, b2) {
			t.Fatalf("behind line %d: %d and %d entries, bad are %v and %v", at.Line, len(e1), len(e2), b1, b2)
		}
	}
}

// kinds counts what an entry is: a person, a dose or a set of recommendations.
func kinds(e registry.Entry) (n int) {
	for _, is := range []bool{e.Person != nil, e.Dose != nil, e.Forecast != nil} {
		if is {
			n++
		}
	}
	return n
}

func FuzzReader(f *testing.F) {
	for _, file := range files {
		if len(file.text) < 4096 {
			f.Add(file.text)
		}
	}
	f.Add(strings.ReplaceAll(recommended, "\n", " "))
	f.Fuzz(func(t *testing.T, text string) {
		r, err := NewReader(strings.NewReader(text), today)
		if err != nil {
			return
		}
		entries, bad := read(t, r)
		if lines := strings.Count(text, "\n") + 1; len(entries)+len(bad) > lines {
			t.Fatalf("%d entries of %d lines", len(entries)+len(bad), lines)
		}
		for _, e := range entries {
			if kinds(e) != 1 || e.ID == "" || e.Person != nil && (e.Person.Family == "" || !e.Person.Birth.Exists()) {
				t.Fatalf("%v is incomplete", e)
			}
		}
		if len(text) < 300 {
			resumeEverywhere(t, text)
		}
	})
}
