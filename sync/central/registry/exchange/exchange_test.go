package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

var (
	today   = request.Date{Year: 2026, Month: 11, Day: 23}
	caseDay = request.Date{Year: 2026, Month: 11, Day: 30}
)

// read is everything that a file gives: entries, and bad lines as errors. Reports that are
// only to be counted are bad ones here.
func read(t testing.TB, r *Reader) (entries []registry.Entry, bad []registry.Bad) {
	t.Helper()
	for {
		e, err := r.Next()
		b := &registry.Bad{}
		switch {
		case errors.Is(err, io.EOF):
			return entries, bad
		case errors.As(err, &b):
			bad = append(bad, registry.Bad{Line: b.Line, Reason: b.Reason, Passed: b.Passed})
		case err != nil:
			t.Fatal(err)
		case e.Dose != nil && e.Dose.Unread != "":
			bad = append(bad, registry.Bad{Line: e.Line, Reason: e.Dose.Unread})
		default:
			entries = append(entries, e)
		}
	}
}

// What is not used is counted with what it would have been.
func TestWhatIsNotUsedIsOfAKind(t *testing.T) {
	for text, want := range map[string]registry.Kind{
		head + "1,Ana,,1980-05-06,,,\n": registry.OfPerson,
		head + "1,Ana\n":                registry.OfPerson,
		doseHead + "1,2001-02-03\n":     registry.OfDose,
		`{"resourceType":"Patient","id":"1","name":[{"family":"Lopez"}],"birthDate":"1990"}`:                                                                   registry.OfPerson,
		`{"resourceType":"Immunization","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"998"}]},"patient":{"reference":"Patient/1"}}`: registry.OfDose,
		`{"resourceType":"ImmunizationRecommendation","date":"2024-01-01"}`:                                                                                    registry.OfForecast,
		`{"resourceType":"Observation"}`: registry.OfNone,
		`{"resourceType":"Pat`:           registry.OfNone,
	} {
		r, err := NewReader(strings.NewReader(text), Options{Today: caseDay})
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Next()
		if b := (*registry.Bad)(nil); !errors.As(err, &b) || b.Kind != want {
			t.Errorf("%.40s: %v of kind %+v, want %v", text, err, b, want)
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
	{"a gender that is neither", head + "1,A,L,1980-05-06,Non-binary,,\n2,A,L,1980-05-06,N/A,,\n3,A,L,1980-05-06,Prefer not to say,,\n", 3, nil},
	{"gender", head + "1,A,L,1980-05-06,woman,,\n", 0, []registry.Bad{{Line: 2, Reason: GenderWrong}}},
	{"contact that is none", head + "1,A,L,1980-05-06,," + strings.Repeat("1", 300) + ",\n2,A,L,1980-05-06,,none,none\n", 2, nil},
	{"long line", head + "1," + strings.Repeat("a", MaxLine) + ",L,1980-05-06,,,\n2,A,L,1980-05-06,,,\n", 1, []registry.Bad{{Line: 2, Reason: TooLong}}},
	{"long last line", head + strings.Repeat("a", MaxLine+1), 0, []registry.Bad{{Line: 2, Reason: TooLong}}},
	{"doses", doseHead + "1,2001-02-03,03,A1,completed\n1,2001-02-03,03,,\n1,2001-02-30,03,,\n1,2001-02-03,9999,,\n,2001-02-03,03,,\n1,2001-02-03,03,,given\n" +
		"1,2001-02-03,03," + strings.Repeat("a", 201) + ",\n", 3, []registry.Bad{{Line: 4, Reason: DateWrong}, {Line: 5, Reason: CVXWrong}, {Line: 6, Reason: PersonWrong}, {Line: 7, Reason: StatusWrong}}},
	{"marks of doses", "person,date,cvx,historical,not_valid\n1,2001-02-03,03,true,\n1,2001-02-03,03,FALSE,True\n1,2001-02-03,03,yes,\n" +
		"1,2001-02-03,03,,0\n1,2001-02-03,03,sometimes,\n1,2001-02-03,03,,2\n1,2001-02-03,03,,\n", 5, []registry.Bad{{Line: 6, Reason: MarkWrong}, {Line: 7, Reason: MarkWrong}}},
	{
		"FHIR", `{"resourceType":"Patient","id":"a","name":[{"family":"Lopez","given":["Ana"]}],"birthDate":"1980-05-06"}` + "\n" +
			`{"resourceType":"Immunization","patient":{"reference":"Patient/a"},"occurrenceDateTime":"2001-02-03T10:00:00Z","vaccineCode":{"coding":[{"system":"urn:oid:2.16.840.1.113883.12.292","code":"03"}]}}` + "\n" +
			`{"resourceType":"Immunization","occurrenceString":"2001"}` + "\n" + `{"resourceType":"Group"}` + "\n" + `{"resourceType":` + "\n[]\n\"x\"", 2,
		[]registry.Bad{{Line: 3, Reason: PersonWrong}, {Line: 4, Reason: NotWanted, Passed: true}, {Line: 5, Reason: NotJSON}, {Line: 6, Reason: NotJSON}, {Line: 7, Reason: NotJSON}},
	},
}

func TestGoodLinesAreReadAndBadOnesNamed(t *testing.T) {
	for _, f := range files {
		r, err := NewReader(strings.NewReader(f.text), Options{Today: today})
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
		"person,date\n", "\xff\xfei\x00d\x00", `"id,given` + "\n", strings.Repeat("x", 2*MaxLine),
	} {
		if _, err := NewReader(strings.NewReader(text), Options{Today: today}); !errors.Is(err, ErrFormat) {
			t.Errorf("%.20q: got %v", text, err)
		}
	}
}

func TestADoseIsOfThePatientItRefersToAndOfNobodyElse(t *testing.T) {
	const elsewhere = "elsewhere"
	for ref, want := range map[string]string{
		"Patient/123": "123", "https://example.org/fhir/Patient/123": elsewhere, "urn:uuid:12-3": "12-3", "urn:oid:1.2.3": "1.2.3", "123": "123",
		"Patient/123/_history/4": "123", "https://example.org/fhir/Patient/123/_history/4": elsewhere,
		"Group/5": "", "https://example.org/fhir/Group/5": "", "https://example.org/OutPatient/5": "", "RelatedPerson/5/_history/1": "", "Patient/5/x": "",
		"Group:5": "", "Patient/a:5": "", "Patient?identifier=5": "", "#5": "", "Patient/": "", "/5": "", "/_history/5": "",
	} {
		r, err := NewReader(strings.NewReader(`{"resourceType":"Immunization","patient":{"reference":"`+ref+
			`"},"occurrenceDateTime":"2001-02-03","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"03"}]}}`), Options{Today: today})
		if err != nil {
			t.Fatal(err)
		}
		entries, bad := read(t, r)
		switch {
		case want == elsewhere:
			if len(entries) != 0 || len(bad) != 1 || bad[0].Reason != ReferenceElsewhere {
				t.Errorf("%s: %d entries, bad are %v", ref, len(entries), bad)
			}
		case want == "" && (len(entries) != 0 || len(bad) != 1 || bad[0].Reason != PersonWrong):
			t.Errorf("%s: %d entries, bad are %v", ref, len(entries), bad)
		case want != "" && (len(entries) != 1 || entries[0].ID != want):
			t.Errorf("%s: %d entries, bad are %v, want person %s", ref, len(entries), bad, want)
		}
	}
}

func TestEverythingOfAPersonIsWritten(t *testing.T) {
	p := registry.Person{
		Number: 7, Family: "Lopez", Birth: request.Date{Year: 1980, Month: 5, Day: 6}, Gender: request.Undisclosed,
		Inactive: true, Deceased: true, Restricted: true, ReplacedBy: "8",
		Doses: []record.Dose{
			{Date: "2013-06", CVX: "03", Status: record.StatusCompleted, NotValid: true, Historical: true},
			{Date: "1990", About: true, Unknown: true, Product: "Flu shot", Performer: "Dock Street", Status: record.StatusCompleted},
		},
	}
	var b strings.Builder
	w := NewNDJSON(&b)
	if err := errors.Join(w.Write(p), w.Flush()); err != nil {
		t.Fatal(err)
	}
	const want = `line 1: 7 is  / Lopez, 1980-05-06 undisclosed, "" "", inactive, deceased, restricted, now "8"
line 2: 7 has 7-1 2013-06 03 completed, not valid, historical
line 3: 7 has 7-2 1990  completed, about, code not known, product "Flu shot", at "Dock Street"
`
	if got := comesTo(t, b.String(), Options{Today: today}); got != want {
		t.Errorf("got\n%s", got)
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
		if r.Number%7 == 0 && r.Phone != "" && r.Email != "" {
			r.Also = []request.Name{{Given: "Ana", Family: "Diaz"}}
			r.More = []registry.Contact{{Phone: "+442079460958"}, {Email: "x@example.org"}, {Phone: "+16175550199", Guardian: true}, {Email: "y@example.org", Guardian: true}}
			r.Recommendations = append(r.Recommendations, record.Recommendation{Disease: "40468003", Status: record.StatusImmune, AsOf: "2026-11-01"})
		}
		if err := errors.Join(c.Write(r.Person), j.Write(r.Person)); err != nil {
			t.Fatal(err)
		}
		p := r.Person
		p.Doses, p.Number, p.Recommendations = nil, 0, nil
		of := []registry.Entry{{Person: &p}}
		want["people"] = append(want["people"], of[0])
		for i, d := range r.Doses {
			want["doses"] = append(want["doses"], registry.Entry{Dose: &registry.Report{Dose: d}})
			of = append(of, registry.Entry{Dose: &registry.Report{Dose: d, ID: fmt.Sprintf("%d-%d", r.Number, i+1)}})
		}
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
		r, err := NewReader(bytes.NewReader(text.Bytes()), Options{Today: today})
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
	r, err := NewReader(strings.NewReader(files[0].text), Options{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	at := r.Position()
	for _, text := range []string{strings.Replace(files[0].text, "Ana", "Eva", 1), files[0].text[:at.Bytes-1]} {
		if _, err := Resume(strings.NewReader(text), at, Options{Today: today}); !errors.Is(err, ErrChanged) {
			t.Errorf("another file: %v", err)
		}
	}
}

// step is what Next returned, and where the reader was then.
type step struct {
	at    registry.Position
	entry registry.Entry
	err   error
}

// steps are all that are left.
func steps(r *Reader) (all []step) {
	for {
		e, err := r.Next()
		all = append(all, step{r.Position(), e, err})
		if b := (*registry.Bad)(nil); err != nil && !errors.As(err, &b) {
			return all
		}
	}
}

// resumeEverywhere wants the rest of a file from each position to be the same as without a stop.
func resumeEverywhere(t testing.TB, text string) {
	t.Helper()
	whole, err := NewReader(strings.NewReader(text), Options{Today: today})
	if err != nil {
		return
	}
	all := steps(whole)
	for n, from := range all {
		if n > 0 && from.at.Bytes < all[n-1].at.Bytes {
			t.Fatalf("step %d is at byte %d, behind %d", n, from.at.Bytes, all[n-1].at.Bytes)
		}
		if n > 20 && n < len(all)-5 || len(text) > MaxLine && n > 1 {
			continue
		}
		r, err := Resume(strings.NewReader(text), from.at, Options{Today: today})
		if err != nil {
			t.Fatalf("behind step %d: %v", n, err)
		}
		if rest := steps(r); n < len(all)-1 && !reflect.DeepEqual(rest, all[n+1:]) {
			t.Fatalf("behind step %d come %v, not %v", n, rest, all[n+1:])
		}
	}
}

// kinds counts what an entry is: a person, a dose or a set of recommendations.
func kinds(e registry.Entry) (n int) {
	for _, is := range []bool{e.Person != nil, e.Dose != nil, e.Forecast != nil, e.Remove != nil} {
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
	for text := range wrapped(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := NewReader(strings.NewReader(text), Options{Today: today})
		if err != nil {
			return
		}
		entries, bad := read(t, r)
		if len(entries)+len(bad) > len(text)+1 {
			t.Fatalf("%d entries of %d bytes", len(entries)+len(bad), len(text))
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
