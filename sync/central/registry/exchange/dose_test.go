package exchange

import (
	"strings"
	"testing"
	"time"
)

// saying is what an Immunization with these members comes to.
func saying(t *testing.T, members string) string {
	t.Helper()
	return strings.TrimPrefix(of(t, `{"resourceType":"Immunization","id":"i","patient":{"reference":"Patient/a"},`+members+`}`), "a has i ")
}

const (
	onDay = `"occurrenceDateTime":"2001-02-03",`
	isMMR = `"vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"03"}]}`
	asMMR = "2001-02-03 03 completed"
	inCVX = `"system":"http://hl7.org/fhir/sid/cvx",`
	inNDC = `"system":"http://hl7.org/fhir/sid/ndc",`
	coded = onDay + `"vaccineCode":{"coding":[`
)

func TestADateIsReadAsFarAsItIsSure(t *testing.T) {
	for member, want := range map[string]string{
		`"occurrenceDateTime":"2013"`: "2013", `"occurrenceDateTime":"2013-06"`: "2013-06", `"occurrenceDateTime":"2013-06-01"`: "2013-06-01",
		`"occurrenceDateTime":"2013-06-02T23:30:00-05:00"`: "2013-06-02", `"occurrenceDateTime":"2026-11-30T23:30:00-10:00"`: "2026-11-30",
		`"occurrenceDateTime":"20130601"`: "2013-06-01", `"occurrenceDateTime":"2013-06-01 0:00"`: "2013-06-01", `"occurrenceDateTime":"2026"`: "2026",
		`"occurrenceDateTime":"2026-11"`:    "2026-11",
		`"occurrenceString":"January 2012"`: "2012-01", `"occurrenceString":"in Sept. 2012"`: "2012-09", `"occurrenceString":"enero de 2012"`: "2012-01",
		`"occurrenceString":"2012-01"`: "2012-01", `"occurrenceString":"about 1990, before school"`: "1990 about", `"occurrenceString":"spring of 2012"`: "2012 about",
		`"occurrenceString":"1/2/2020"`: "2020 about", `"occurrenceString":"Aged 5 in 2012, 2012 at the latest"`: "2012 about",
	} {
		date, about := strings.CutSuffix(want, " about")
		if about {
			want = date + " 03 completed, about"
		} else {
			want += " 03 completed"
		}
		if got := saying(t, member+","+isMMR); got != want {
			t.Errorf("%s: got %s, want %s", member, got, want)
		}
	}
	for _, member := range []string{
		`"occurrenceDateTime":"2013-02-29"`, `"occurrenceDateTime":"2013-13"`, `"occurrenceDateTime":"2013-6-1"`, `"occurrenceDateTime":"6/1/2013"`, `"occurrenceDateTime":"41426"`,
		`"occurrenceDateTime":"2026-12"`, `"occurrenceDateTime":"2027"`, `"occurrenceDateTime":"2026-12-01"`, `"occurrenceDateTime":"1899"`, `"occurrenceDateTime":"20131301"`,
		`"occurrenceDateTime":"2013-06T10:00"`, `"occurrenceString":"in the 1990s"`, `"occurrenceString":"1990 or 1991"`, `"occurrenceString":"as a child"`,
		`"occurrenceString":"2099"`, `"occurrenceString":""`, `"x":1`,
	} {
		if got := saying(t, member+","+isMMR); got != "unread: date-wrong" {
			t.Errorf("%s: got %s", member, got)
		}
	}
}

func TestTheCodeThatSaysMostIsTaken(t *testing.T) {
	for codes, want := range map[string]string{
		`{` + inCVX + `"code":"8"}]}`: "08", `{` + inCVX + `"code":"008"}]}`: "08", `{` + inCVX + `"code":" 207 "}]}`: "207", `{` + inCVX + `"code":207}]}`: "207",
		`{"system":"HTTP://HL7.org/fhir/sid/cvx/","code":"207"}]}`: "207", `{"system":"2.16.840.1.113883.12.292","code":"207"}]}`: "207",
		`{"system":"urn:oid:2.16.840.1.113883.6.59","code":"207"}]}`: "207", `{"system":"https://hl7.org/fhir/sid/cvx","code":"207"}]}`: "207",
		`{` + inCVX + `"code":"213"},{` + inCVX + `"code":"208"}]}`: "208", `{` + inCVX + `"code":"208"},{` + inCVX + `"code":"213"}]}`: "208",
		`{` + inCVX + `"code":"88"},{` + inCVX + `"code":"140"}]}`: "140", `{` + inCVX + `"code":"31"},{` + inCVX + `"code":"83"}]}`: "83",
		`{` + inCVX + `"code":"999"},{` + inCVX + `"code":"140"}]}`: "140", `{` + inCVX + `"code":"335"},{` + inCVX + `"code":"213"}]}`: "213",
		`{` + inCVX + `"code":"03"},{` + inCVX + `"code":"94","userSelected":true}]}`: "94", `{` + inCVX + `"code":"03"},{` + inCVX + `"code":"94"}]}`: "03",
		`{` + inNDC + `"code":"59267-1000-01"}]}`: "208", `{` + inNDC + `"code":"59267100001"}]}`: "208", `{"system":"urn:oid:2.16.840.1.113883.6.69","code":"80777-273-10"}]}`: "207",
		`{` + inCVX + `"code":"213"},{` + inNDC + `"code":"59267-1000-01"}]}`: "208", `{` + inCVX + `"code":"207"},{` + inNDC + `"code":"59267-1000-01"}]}`: "207",
		`{"system":"x","code":"y"}],"text":"DAPTACEL®"}`:   `106 completed, product "DAPTACEL\u00ae"`,
		`{"system":"x","code":"y"}],"text":"Comirnaty"}`:   ` completed, code not known, product "Comirnaty"`, // several vaccines have that name
		`{"system":"x","code":"y","display":"Flu shot"}]}`: ` completed, code not known, product "Flu shot"`, `],"text":"Flu shot"}`: ` completed, code not known, product "Flu shot"`,
		`{` + inCVX + `"code":"335","display":"COVID-19 2026"}]}`: `335 completed, code not known, product "COVID-19 2026"`, `{` + inCVX + `"code":"335"}]}`: "335 completed, code not known",
		`{` + inCVX + `"code":"9999"}],"text":"Flu shot"}`: ` completed, code not known, product "Flu shot"`,
		`{` + inCVX + `"code":"999"}]}`:                    "999", `{` + inCVX + `"code":"96"}]}`: "96",
		`{` + inCVX + `"code":"998"}]}`: "not-a-dose, passed over", `{` + inCVX + `"code":"99"}],"text":"x"}`: "unread: cvx-unknown", `{` + inCVX + `"code":"000"}]}`: "unread: cvx-unknown",
		`{"system":"x","code":"03"}]}`: "unread: cvx-unknown", `]}`: "unread: cvx-unknown", `{` + inCVX + `"code":"MMR"}]}`: "unread: cvx-unknown",
	} {
		if !strings.Contains(want, ":") && !strings.HasPrefix(want, "not-") {
			want = "2001-02-03 " + want
			if !strings.Contains(want, "completed") {
				want += " completed"
			}
		}
		if got := saying(t, coded+codes); got != want && got != strings.Replace(want, "not-a-dose", "not-a-dose", 1) {
			t.Errorf("%s: got %s, want %s", codes, got, want)
		}
	}
}

func TestAStatusIsReadInAnyCase(t *testing.T) {
	for status, want := range map[string]string{
		`"completed"`: asMMR, `"Completed"`: asMMR, `"CP"`: asMMR, `""`: asMMR, `null`: asMMR, `"Partial"`: asMMR + ", not valid", `"PA"`: asMMR + ", not valid",
		`"not-done"`: "2001-02-03 03 not-done", `"Not Done"`: "2001-02-03 03 not-done", `"RE"`: "2001-02-03 03 not-done", `"Entered-In-Error"`: "2001-02-03 03 entered-in-error",
		`"given"`: "unread: status-wrong", `7`: "unread: wrong-member:status",
	} {
		if got := saying(t, `"status":`+status+","+onDay+isMMR); got != want {
			t.Errorf("%s: got %s, want %s", status, got, want)
		}
	}
}

func TestWhatWasNotGivenLacksNowhere(t *testing.T) {
	for members, want := range map[string]string{
		`"status":"entered-in-error"`:                  "  entered-in-error",
		`"status":"entered-in-error",` + isMMR:         " 03 entered-in-error",
		`"status":"not-done",` + isMMR:                 "date-wrong",
		`"status":"not-done",` + onDay + `"x":1`:       "cvx-unknown",
		`"status":"completed",` + onDay + `"x":1`:      "unread: cvx-unknown",
		`"status":"completed","lotNumber":{},` + isMMR: "unread: wrong-member:lotNumber",
	} {
		if got := saying(t, members); got != want {
			t.Errorf("%s: got %q, want %q", members, got, want)
		}
	}
	const noID = `{"resourceType":"Immunization","patient":{"reference":"Patient/a"},"status":"entered-in-error"}`
	if got := of(t, noID); got != "cvx-unknown" {
		t.Errorf("in error, and nobody knows which: %s", got)
	}
}

func TestWhereGivenIsAPlaceAndNoPerson(t *testing.T) {
	by := func(function, ref, display string) string {
		return `{"function":{"coding":[{"code":"` + function + `"}]},"actor":{"reference":"` + ref + `","display":"` + display + `"}}`
	}
	for members, want := range map[string]string{
		`"location":{"display":"Here"},"performer":[` + by("AP", "Organization/1", "There") + `]`:                                                                                         "Here",
		`"location":{"reference":"Location/1"},"performer":[` + by("AP", "Organization/1", "There") + `]`:                                                                                 "There",
		`"performer":[` + by("OP", "Organization/1", "Orders") + "," + by("AP", "Organization/2", "There") + `]`:                                                                          "There",
		`"performer":[` + by("AP", "Practitioner/1", "Ada Nurse") + "," + by("", "https://x.example/Organization/2", "There") + `]`:                                                       "There",
		`"performer":[` + by("AP", "", "There") + "," + by("", "Organization/2", "Elsewhere") + `]`:                                                                                       "There",
		`"performer":[{"function":{"text":"Ordering provider"},"actor":{"display":"Orders"}},{"function":{"coding":[{"display":"Administering Provider"}]},"actor":{"display":"There"}}]`: "There",
		`"performer":[{"actor":{"display":"There"}}]`:                                                                                                                                     "There",
		`"performer":[{"actor":{"display":"Dr. Ada Orderwell"}}]`:                                                                                                                         "",
		`"performer":[{"actor":{"display":"Ada Orderwell, RN"}}]`:                                                                                                                         "",
		`"performer":[{"actor":{"type":"Practitioner","display":"Ada Orderwell"}}]`:                                                                                                       "",
		`"performer":[` + by("AP", "Practitioner/1", "Ada Nurse") + `]`:                                                                                                                   "",
		`"performer":[` + by("OP", "", "Orders") + `]`:                                                                                                                                    "",
	} {
		if want != "" {
			want = `, at "` + want + `"`
		}
		if got := saying(t, members+","+onDay+isMMR); got != asMMR+want {
			t.Errorf("%s: got %s, want %s", members, got, want)
		}
	}
}

func TestTextsAreMadeLegibleAndCutWithAMark(t *testing.T) {
	const e = "e\u0301"
	for said, want := range map[string]string{
		"": "", "plain text": "plain text", " a \t b\r\nc ": "a b c", "Zero\u200bWidth\u202eRTL": "ZeroWidthRTL", "a\x00b\x7f": "ab", "a\u00a0b": "a b",
		strings.Repeat("a", 200): strings.Repeat("a", 200), strings.Repeat("a", 201): strings.Repeat("a", 199) + "…",
		strings.Repeat(e, 200): strings.Repeat("é", 200), strings.Repeat("ب\u064e", 250): strings.Repeat("ب\u064e", 199) + "…",
		strings.Repeat("a", 1<<20): strings.Repeat("a", 199) + "…",
		strings.Repeat("💉", 300):   strings.Repeat("💉", 199) + "…",
	} {
		if got := short(said); got != want {
			t.Errorf("%q: got %q, want %q", said, got, want)
		}
		if again := short(short(said)); again != short(said) {
			t.Errorf("%q changes again", said)
		}
	}
}

func TestWhenAnEntryWasChangedIsReadAsProgramsWriteIt(t *testing.T) {
	for said, want := range map[string]string{
		"2026-10-01T08:00:00.123Z": "08:00", "2026-10-01T08:00:00.000+0000": "08:00", "2026-10-01T10:00:00-0200": "12:00", "2026-10-01T08:00Z": "08:00",
		"2026-10-01 08:00:00+00:00": "08:00", "2026-10-01 8:00": "08:00", "2026-10-01": "00:00", "10/1/2026": "23:00", "": "23:00",
	} {
		c := reading{Options: Options{AsOf: time.Date(2026, 11, 1, 23, 0, 0, 0, time.UTC)}}
		if got := c.changed(said).UTC().Format("15:04"); got != want {
			t.Errorf("%q: got %s, want %s", said, got, want)
		}
	}
}

func TestARowOfDosesHasTheSameRules(t *testing.T) {
	const head = "Patient ID;Vaccine;CVX Code;NDC;Date Given;Status;Lot Number;Body Site;Facility;Dose ID;Last Updated;not_valid\n"
	for row, want := range map[string]string{
		"a;MMR II;3;;2001-02-03;Completed;5730;LA;There;i;2020-01-02;": `a changed 2020-01-02 00:00, has i 2001-02-03 03 completed, product "MMR II", lot "5730", at "There", site "LA"`,
		"a;;;59267-1000-01;2021-02;;;;;;;":                             "a has  2021-02 208 completed",
		"a;Flu shot;;;20010203;;;;;;2020-01-02T10:00:00Z;true":         `a changed 2020-01-02 10:00, has  2001-02-03  completed, code not known, not valid, product "Flu shot"`,
		"a;;3;;1/2/2001;;;;;i;;":                                       "a has i unread: date-wrong",
		"a;;3;;2001-02-03;;;;;i;;yes":                                  "a has i 2001-02-03 03 completed, not valid",
		"a;;3;;2001-02-03;;;;;i;;N":                                    "a has i 2001-02-03 03 completed",
		"a;;3;;2001-02-03;;;;;i;;expired":                              "a has i unread: mark-wrong",
		"a;;998;;2001-02-03;;;;;i;;":                                   "not-a-dose, passed over",
		"a b;;3;;2001-02-03;;;;;i;;":                                   "person-wrong",
		"a;;;;;entered-in-error;;;;i;;":                                "a has i   entered-in-error",
	} {
		_, got, _ := strings.Cut(strings.TrimSpace(comesTo(t, head+row, Options{Today: today})), ": ")
		if got != want {
			t.Errorf("%s: got %s, want %s", row, got, want)
		}
	}
}

func TestColumnsAreKnownByTheNamesThatSystemsGiveThem(t *testing.T) {
	for text, want := range map[string]string{
		"MRN,FName,MI,LName,Patient DOB,Patient Sex,Patient Phone,Date of Death\n7,Talia,G,Woodrow,1984-07-09,F,617-555-0142,2020-03-04\n": `7 is Talia G / Woodrow, 1984-07-09 female, "+16175550142" "", deceased`,
		"Patient_MRN,patient_first_name,patient_last_name,patient_birth_date\n7,Talia,Woodrow,1984-07-09\n":                                `7 is Talia / Woodrow, 1984-07-09 undisclosed, "" ""`,
		"Patient ID,Immunization Date,NDC Number,Completion Status\n7,2021-03-05,80777-273-99,CP\n":                                        `7 has  2021-03-05 207 completed`,
	} {
		_, got, _ := strings.Cut(strings.TrimSpace(comesTo(t, text, Options{Today: today})), ": ")
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestARowOfPeopleHasTheSameRules(t *testing.T) {
	const head = "MRN\tFirst Name\tMiddle Name\tLast Name\tSuffix\tMaiden Name\tDate of Birth\tSex\tHome Phone\tCell\tE-Mail\tParent Phone\tDeceased\tActive\tUpdated\n"
	for row, want := range map[string]string{
		"7\tTalia\tGrace\tWoodrow\tMD\tHarper\t1984-07-09 0:00\tF\t617-555-0101\t617-555-0102\ta@example.org\t617-555-0103\t\t\t2020-01-02": `7 changed 2020-01-02 00:00, is Talia Grace / Woodrow, 1984-07-09 female, ` +
			`"+16175550102" "a@example.org", also "+16175550101", also "+16175550103", a guardian's, or Talia Grace / Harper`,
		"7\tTalia\t\tWoodrow\tIII\t\t19840709\t\t\t\t\t\ttrue\tfalse\t":     `7 is Talia / Woodrow III, 1984-07-09 undisclosed, "" "", inactive, deceased`,
		"7\tTalia\t\tWoodrow\t\t\t1984-07-09\t\t\t\t\t\t2020-03-04\tTRUE\t": `7 is Talia / Woodrow, 1984-07-09 undisclosed, "" "", deceased`,
		"7\tTalia\t\tWoodrow\t\t\t1984-07-09\t\t\t\t\t\tY\tN\t":             `7 is Talia / Woodrow, 1984-07-09 undisclosed, "" "", inactive, deceased`,
		"7\tTalia\t\tWoodrow\t\t\t1984-07-09\t\t\t\t\t\tno\t1\t":            `7 is Talia / Woodrow, 1984-07-09 undisclosed, "" ""`,
		"7\tTalia\t\tWoodrow\t\t\t1984-07-09\t\t\t\t\t\tmaybe\t\t":          "mark-wrong",
		"7\tTalia\t\tWoodrow\t\t\t1984-07-09\t\t\t\t\t\t\tsince May\t":      "mark-wrong",
		"7\tTalia\t\tWoodrow\t\t\t1984-07-09T00:00:00\t\t\t\t\t\t\t\t":      `7 is Talia / Woodrow, 1984-07-09 undisclosed, "" ""`,
		"7\tTalia\t\tWoodrow\t\t\t1984-07-08 20:00\t\t\t\t\t\t\t\t":         "birth-wrong",
		"7\tTalia\t\tWoodrow\t\t\t7/9/1984\t\t\t\t\t\t\t\t":                 "birth-wrong",
		"7\tTalia\t\t\t\t\t1984-07-09\t\t\t\t\t\t\t\t":                      "name-missing",
	} {
		_, got, _ := strings.Cut(strings.TrimSpace(comesTo(t, head+row, Options{Today: today})), ": ")
		if got != want {
			t.Errorf("%s: got %s, want %s", row, got, want)
		}
	}
}
