package exchange

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"
)

const (
	aPerson = `{"resourceType":"Patient","id":"a","name":[{"family":"Lopez","given":["Ana"]}],"birthDate":"1980-05-06"}`
	aDose   = `{"resourceType":"Immunization","id":"i","patient":{"reference":"Patient/a"},"occurrenceDateTime":"2001-02-03","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"03"}]}}`
	isAna   = `a is Ana / Lopez, 1980-05-06 undisclosed, "" ""`
	hasMMR  = `a has i 2001-02-03 03 completed`
)

// wide is a text in UTF-16.
func wide(order binary.ByteOrder, s string) string {
	var b bytes.Buffer
	for _, u := range utf16.Encode([]rune(s)) {
		var two [2]byte
		order.PutUint16(two[:], u)
		b.Write(two[:])
	}
	return b.String()
}

func packed(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// wrapped are texts with what comes of them, apart by "|".
func wrapped(t testing.TB) map[string]string {
	const row = "id,given,family,birth\na,Ana,Lopez,1980-05-06\n"
	entries := func(kind string, all ...string) string {
		return `{"resourceType":"Bundle","type":"` + kind + `","identifier":{"value":"x"},"link":[{"relation":"self","url":"x"}],"entry":[` + strings.Join(all, ",\n") + "]}"
	}
	in := func(url, resource, more string) string {
		return `{"fullUrl":"` + url + `","resource":` + resource + more + `}`
	}
	noID := func(s string) string {
		return strings.NewReplacer(`"id":"a",`, "", `"id":"i",`, "", "Patient/a", "urn:uuid:0-a").Replace(s)
	}
	const gone, isGone = `{"fullUrl":"https://x.example/Immunization/i","request":{"method":"DELETE","url":"Immunization/i"},"response":{"lastModified":"2026-08-01T10:00:00Z"}}`,
		"i changed 2026-08-01 10:00, is removed, a dose: true"
	person, both := "line 2: "+isAna, "line 1: "+isAna+"|line 1: "+hasMMR
	return map[string]string{
		packed(t, row): person, packed(t, aPerson+"\n"+aDose): "line 1: " + isAna + "|line 2: " + hasMMR,
		"\xff\xfe" + wide(binary.LittleEndian, row): person, wide(binary.LittleEndian, row): person,
		"\xfe\xff" + wide(binary.BigEndian, row): person, wide(binary.BigEndian, row): person,
		packed(t, "\xff\xfe"+wide(binary.LittleEndian, row)): person,
		strings.ReplaceAll(row, ",", ";"):                    person, strings.ReplaceAll(row, ",", "\t"): person, strings.ReplaceAll(row, ",", "|"): person,
		"sep=;\n" + strings.ReplaceAll(row, ",", ";"): "line 3: " + isAna, "\ufeffsep=,\r\n\r\n" + row: "line 4: " + isAna,
		"sep=\t\n" + strings.ReplaceAll(row, ",", "\t"): "line 3: " + isAna, "sep=,,,,\n" + row: "line 3: " + isAna, "SEP=; \n" + strings.ReplaceAll(row, ",", ";"): "line 3: " + isAna,
		strings.ReplaceAll(row, "\n", "\r"): person, strings.ReplaceAll(row, "\n", "\r\n"): person, "\n" + row: "line 3: " + isAna,
		"id\tgiven\tfamily\tbirth\tphone\temail\na\tAna\tLopez\t1980-05-06\t\t\n": person,

		"[" + aPerson + "," + aDose + "]":                              both,
		"[\n" + aDose + ",\n" + aPerson + "\n]":                        "line 3: " + isAna + "|line 2: " + hasMMR,
		indented(aPerson) + "\n" + indented(aDose):                     "line 11: " + isAna + "|line 26: " + hasMMR,
		"[" + entries("collection", in("x", aPerson, "")) + "]":        "line 1: " + isAna,
		entries("searchset", in("x", aDose, ""), in("y", aPerson, "")): "line 2: " + isAna + "|line 1: " + hasMMR,
		strings.ReplaceAll(entries("searchset", in("x", aDose, `,"search":{"mode":"match"}`), in("y", aPerson, `,"search":{"mode":"include"}`),
			in("z", `{"resourceType":"OperationOutcome"}`, `,"search":{"mode":"outcome"}`)), "\n", " "): both,
		entries("batch-response", in("x", entries("searchset", in("x", aDose, "")), `,"response":{"status":"200"}`), in("y", entries("searchset", in("y", aPerson, "")), "")):                        "line 2: " + isAna + "|line 1: " + hasMMR,
		strings.ReplaceAll(entries("batch-response", in("x", entries("searchset", in("x", aDose, ""), in("z", aDose, "")), ""), in("y", entries("searchset", in("y", aPerson, "")), "")), "\n", " "): both + "|line 1: " + hasMMR,
		strings.ReplaceAll(entries("transaction", in("urn:uuid:0-i", noID(aDose), `,"request":{"method":"POST","url":"Immunization"}`),
			in("urn:uuid:0-a", noID(aPerson), `,"request":{"method":"POST","url":"Patient"}`)), "\n", " "): "line 1: 0-" + isAna + "|line 1: 0-" + strings.Replace(hasMMR, "has i", "has 0-i", 1),
		strings.ReplaceAll(entries("document", in("urn:uuid:7", aPerson, ""), in("urn:uuid:8", strings.Replace(aDose, "Patient/a", "urn:uuid:7", 1), "")), "\n", " "): both,
		strings.ReplaceAll(entries("transaction"), "\n", " ") + "\n" + strings.ReplaceAll(entries("transaction", `{"request":{"method":"DELETE","url":"Patient/a"}}`,
			`{"request":{"method":"DELETE","url":"Immunization?status=x"}}`, `{"request":{"method":"DELETE","url":"Observation/a"}}`,
			`{"request":{"method":"DELETE","url":"https://a.example/Patient/a"}}`, `{"request":{"method":"DELETE","url":"Immunization/i/_history/2"}}`), "\n", " "): "line 2: a is removed, a dose: false|line 2: person-wrong|line 2: resource-unknown, passed over|" +
			"line 2: reference-elsewhere|line 2: i is removed, a dose: true",

		entries("history", gone, in("x", aDose, ""), in("y", aPerson, "")):                                       "line 3: " + isAna + "|line 2: " + hasMMR + "|line 1: " + isGone,
		strings.ReplaceAll(entries("history", gone, in("x", aDose, ""), in("y", aPerson, "")), "\n", " ") + "\n": both + "|line 1: " + isGone,

		"{\n" + `"resourceType":"Bundle","entry":[` + in("x", aPerson, "") + ",{":                               "line 2: " + isAna + "|line 2: not-json",
		aPerson + ",\n" + aDose + "\n":                                                                          "line 1: " + isAna + "|line 2: " + hasMMR,
		strings.ReplaceAll(entries("collection", in("x", aPerson, ""), in("x", aDose, "")), "\n", " ") + ", \n": both,
		`{"patients":[` + aPerson + `]}`:                                                                        "line 1: wrong-member:resourceType", "{\n" + `"patients":[` + aPerson + "]\n}": "line 3: wrong-member:resourceType",
		strings.Replace(aPerson, "Patient", "patient", 1): "line 1: wrong-member:resourceType",
		"[" + aPerson + ",7,\n" + aDose + "]":             "line 1: " + isAna + "|line 1: not-json|line 2: " + hasMMR,
		"[\n" + aPerson + "]\n]":                          "line 2: " + isAna + "|line 3: not-json",
	}
}

// indented is JSON with a member a line.
func indented(s string) string {
	return strings.NewReplacer("{", "{\n", "}", "\n}", ",", ",\n", "[", "[\n").Replace(s)
}

func TestWhateverAFileIsWrappedInTheSameComesOut(t *testing.T) {
	for text, want := range wrapped(t) {
		got := strings.ReplaceAll(strings.TrimSpace(comesTo(t, text, Options{Today: today})), "\n", "|")
		if got != want {
			t.Errorf("%.80q:\ngot  %s\nwant %s", text, got, want)
		}
		resumeEverywhere(t, text)
	}
}

// Who sorts the members of JSON has the type of a Bundle at its end.
func TestABundleOnOneLongLineIsReadWhereverItsTypeStands(t *testing.T) {
	entry := strings.Replace(aPerson, "{", `{"resource":{"photo":[{"data":"`+strings.Repeat("x", 1_000)+`"}],`, 1) + "},"
	all := `{"id":"b","meta":{"lastUpdated":"2026-01-01"},"type":"collection","entry":[` + strings.Repeat(entry, MaxLine/1_000) + `{"resource":` + aDose + `}],"total":1,"resourceType":"Bundle"}`
	got := comesTo(t, all, Options{Today: today})
	if n := strings.Count(got, isAna); n != MaxLine/1_000 || !strings.HasSuffix(got, hasMMR+"\n") {
		t.Errorf("it has %d people, and ends %.200q", n, got[max(0, len(got)-200):])
	}
}

func TestAFileThatCannotBeReadNamesTheCause(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "it is empty",
		" \n\n":                           "it is empty",
		"PK\x03\x04...":                   "a workbook or an archive",
		"\xd0\xcf\x11\xe0":                "a workbook of an older program",
		"%PDF-1.7":                        "it is a PDF",
		"<?xml version=\"1.0\"?>":         "it is XML",
		"MSH|^~\\&|x":                     "it is HL7 version 2",
		"\x1f\x8b":                        "packed with gzip, and damaged or cut off",
		"\x1f\x8bx":                       "packed with gzip, and damaged or cut off",
		"id,given,family,birth,colour\n":  `its column "colour" is none that is known`,
		"id,given,family,birth,Phone 2\n": `its column "Phone 2" is none that is known`,
		"id,given,family,Birth Date (YYYY-MM-DD)\n":                  `its column "Birth Date (YYYY-MM-DD)" is none that is known`,
		"id,given,family,birth,617-555-0142\n":                       "its column number 5 is none that is known",
		"id,given,family,birth,a@example.org\n":                      "its column number 5 is none that is known",
		"id,given,family,birth,Second Home Address of the Patient\n": "its column number 5 is none that is known",
		"id,given,family,birth,sex,colour,Room,617-555-0142\n":       `its columns "colour", "Room", number 8 are none that are known`,
		"id,given,Ana,Lopez,Bo\n":                                    `its column "Ana" is none that is known`,
		"id,given,family,,birth\n":                                   "column 4 of its header has no name",
		"id,given,family,sex\n":                                      "its column birth is missing",
		"id,given,family,birth,DOB\n":                                "its column birth is there twice",
		"Patient ID,CVX\n":                                           "its column date is missing",
		"Patient ID,date\n":                                          "its column cvx is missing",
		"date,cvx,lot\n":                                             "its column person is missing",
		"Patient ID,date,cvx,Patient Status\n":                       `its column "Patient Status" is none that is known`,
		"1,Ana,Lopez,1980-05-06\n":                                   "neither a header of people or doses nor FHIR",
		"id,\"given\n":                                               "quotes in its header",
		"id,given,fam\xedly\n":                                       "its header is not UTF-8",
	} {
		_, err := NewReader(strings.NewReader(text), Options{Today: today})
		if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "Lopez") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A sum that does not fit comes at the very end, when the lines before it may be anything.
func TestNothingIsReadOfAPackedFileThatIsDamagedOrCutOff(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("id,given,family,birth,phone\n")
	for n := range 5_000 {
		fmt.Fprintf(&rows, "%d,Talia,Woodrow,1984-07-09,617-555-%04d\n", n, n*7919%10_000)
	}
	for _, text := range []string{rows.String(), aPerson + "\n" + aDose, "[" + aPerson + "]"} {
		z := packed(t, text)
		flipped := []byte(z)
		flipped[len(z)/2] ^= 0x55
		for name, bad := range map[string]string{
			"cut in half": z[:len(z)/2], "without its sum": z[:len(z)-8], "with another sum": z[:len(z)-8] + "12345678", "a byte is another": string(flipped), "more behind it": z + "x",
		} {
			if _, err := NewReader(strings.NewReader(bad), Options{Today: today}); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "damaged or cut off") {
				t.Errorf("%.20s, %s: %v", text, name, err)
			}
		}
		if got := comesTo(t, z+packed(t, "\n"), Options{Today: today}); got != comesTo(t, text+"\n", Options{Today: today}) {
			t.Errorf("%.20s in two parts: %.200s", text, got)
		}
	}
}

// halfway fails behind its text, as a disk does.
type halfway struct{ *strings.Reader }

var errDisk = errors.New("the disk is gone")

func (h halfway) Read(b []byte) (int, error) {
	n, err := h.Reader.Read(b)
	if errors.Is(err, io.EOF) {
		err = errDisk
	}
	return n, err
}

func TestARowThatCouldNotBeReadToItsEndIsNone(t *testing.T) {
	r, err := NewReader(halfway{strings.NewReader("id,given,family,birth,phone\n" + strings.Repeat("1,Talia,Woodrow,1984-07-09,617-555-0142\n", 5_000) + "2,Talia,Woodrow,1984-07-09,617-5")}, Options{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	for range 5_000 {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	}
	if e, err := r.Next(); !errors.Is(err, errDisk) {
		t.Errorf("got %v, %v", e, err)
	}
}

func TestAFieldGoesOnOverLinesAndABadOneSpoilsNoOther(t *testing.T) {
	const head = "id,given,family,birth\n"
	for text, want := range map[string]string{
		"a,\"Ana\nMaria\r\nJosé\",Lopez,1980-05-06\nb,Bo,Lopez,1980-05-06":                  "2|5",
		"a,\"Ana,Lopez,1980-05-06\nb,Bo,Lopez,1980-05-06\nc,\"Bo\",Lopez,1980-05-06":        "2: not-csv|3|4",
		"a,\"Ana,Lopez,1980-05-06\nb,Bo,\"Lopez\",1980-05-06\n":                             "2: not-csv|3",
		"a,\"Ana" + strings.Repeat("\n", 25) + "\",Lopez,1980-05-06\nb,Bo,Lopez,1980-05-06": "2: not-csv|27: not-csv|28",
		"a,\"Ana\n\xff\",Lopez,1980-05-06\nb,Bo,Lopez,1980-05-06":                           "2: not-csv|3: not-utf-8|4",
		",,,\n\"\",,,\na,Ana,Lopez,1980-05-06,,,\n , ,\t,\n":                                "4",
		"a,Ana,Lopez,1980-05-06,x\na,Ana,Lopez\n":                                           "2: wrong-field-count|3: wrong-field-count",
		"\"" + strings.Repeat("x", MaxLine) + "\na,Ana,Lopez,1980-05-06":                    "2: line-too-long|3",
		"a,\"Ana\n" + strings.Repeat("x", MaxLine) + "\nb,Bo,Lopez,1980-05-06":              "2: not-csv|3: line-too-long|4",
	} {
		got := ""
		for line := range strings.Lines(comesTo(t, head+text, Options{Today: today})) {
			line, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "line "), ": a is")
			line, _, _ = strings.Cut(line, ": b is")
			line, _, _ = strings.Cut(line, ": c is")
			got += "|" + line
		}
		if got != "|"+want {
			t.Errorf("%.60q: got %s, want %s", text, got, want)
		}
		resumeEverywhere(t, head+text)
	}
}

// A spreadsheet leaves them out from the 16th row on in which the last columns are empty.
func TestOfARowTheEmptyColumnsAtItsEndMayLack(t *testing.T) {
	const people, doses = "id,given,family,birth,phone,email\n", "lot,person,date,cvx,product,site\n"
	for text, want := range map[string]string{
		people + "a,Ana,Lopez,1980-05-06\n":              isAna,
		people + "a,Ana,\"Lopez\",\"1980-05-06\"\r\n":    isAna,
		people + "a,\"A\nna\",Lopez,1980-05-06\n":        strings.Replace(isAna, "Ana", "A na", 1),
		people + "a,Ana,Lopez,1980-05-06,617-555-0142\n": strings.Replace(isAna, `""`, `"+16175550142"`, 1),
		people + "a,Ana,Lopez,1980-05-06,617-555-0142":   "wrong-field-count", // it may be cut off
		people + "a,Ana,Lopez\n":                         "wrong-field-count",
		doses + ",a,2001-02-03,03\n":                     "a has  2001-02-03 03 completed",
		doses + ",a,2001-02-03\n":                        "wrong-field-count",
		"cvx,lot,person,date,ndc\n03,,a,2001-02-03\n":    "a has  2001-02-03 03 completed",
	} {
		if _, got, _ := strings.Cut(strings.TrimSpace(comesTo(t, text, Options{Today: today})), ": "); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
		resumeEverywhere(t, text)
	}
}

func TestAnAbsoluteReferenceIsTakenOnlyBelowTheBaseOfTheFile(t *testing.T) {
	dose := func(base string) string {
		return strings.Replace(aDose, "Patient/a", base+"/Patient/a", 1)
	}
	const here, there = "https://a.example/fhir", "https://b.example/fhir"
	for _, c := range []struct {
		text, base string
		taken      bool
	}{
		{aPerson + "\n" + dose(here), "", true},
		{aPerson + "\n" + strings.ReplaceAll(dose(here), "/", `\/`), "", true},
		{dose(here), "", false},
		{dose(here), here, true},
		{dose(here), here + "/", true},
		{dose(here), there, false},
		{dose("http://a.example/fhir"), here, false},
		{aPerson + "\n" + dose(here), there, false},
		{aPerson + "\n" + dose(here) + "\n" + dose(there), "", false},
		{aPerson + "\n" + dose(here) + "\n" + dose(there), here, true},
		{aPerson + "\n" + dose(here) + "\n" + strings.Repeat(" ", 600_000) + `{"resourceType":"Location","partOf":{"reference":"` + there + `/Location/1"}}`, "", false},
		{`{"resourceType":"Bundle","entry":[{"fullUrl":"` + here + `/Patient/a","resource":` + aPerson + `},{"resource":` + dose(here) + `}]}`, "", true},
		{`{"resourceType":"Bundle","entry":[{"fullUrl":"` + there + `/Patient/a","resource":` + aPerson + `},{"resource":` + dose(here) + `}]}`, "", false},
	} {
		got := comesTo(t, c.text, Options{Today: today, Base: c.base})
		if strings.Contains(got, hasMMR) != c.taken || strings.Contains(got, string(ReferenceElsewhere)) == (c.taken && !strings.Contains(c.text, there)) {
			t.Errorf("%.300s with base %q: got %s", c.text, c.base, got)
		}
		if c.base == "" {
			resumeEverywhere(t, c.text)
		}
	}
}
