package exchange

import (
	"strings"
	"testing"
)

// of is what a line comes to, without its number.
func of(t *testing.T, line string) string {
	t.Helper()
	_, got, _ := strings.Cut(strings.TrimSpace(comesTo(t, strings.ReplaceAll(line, "\n", " "), Options{Today: caseDay, Index: "urn:index"})), ": ")
	return got
}

func TestTheNameIsTheOneThatHoldsNow(t *testing.T) {
	long := `"` + strings.Repeat("a", 45) + `"`
	for name, want := range map[string]string{
		`{"use":"official","text":"Talia Woodrow"},{"use":"usual","family":"Woodrow","given":["Talia"]}`: "Talia / Woodrow",
		`{"use":"official","text":"Talia Woodrow"}`:                                                      "Talia / Woodrow",
		`{"text":"Woodrow, Talia"}`:                                                                      "Talia / Woodrow",
		`{"text":"Woodrow"}`:                                                                             "name-missing",
		`{"text":"Talia Woodrow","given":["Talia"]}`:                                                     "Talia / Woodrow", `{"text":"Woodrow, Talia","family":"WOODROW"}`: "Talia / Woodrow",
		`{"text":"Talia Woodrow","given":["Grace"]}`: " / Grace", `{"text":"Ms. Woodrow","family":"Woodrow"}`: " / Woodrow", `{"text":"Ms. Woodrow"}`: "name-missing", `{"text":"Woodrow Jr."}`: "name-missing", `{"text":"Talia Woodrow","family":"Woodrow","given":["T"]}`: "T / Woodrow",
		`{"text":"Talia Grace Woodrow"}`:                                                                                                        "name-missing",
		`{"use":"official","family":"Old","period":{"end":"2020"}},{"family":"New"}`:                                                            " / New, or Old",
		`{"use":"official","family":"Next","period":{"start":"2027"}},{"family":"Now"}`:                                                         " / Now",
		`{"use":"usual","family":"Usual"},{"use":"official","family":"Official"}`:                                                               " / Official, or Usual",
		`{"family":"Some"},{"use":"usual","family":"Usual"}`:                                                                                    " / Usual, or Some",
		`{"use":"official","family":"First","period":{"start":"1990"}},{"use":"official","family":"Later","period":{"start":"2015"}}`:           " / Later, or First",
		`{"use":"official","family":"Ended","period":{"end":"2001"}},{"use":"official","family":"Last","period":{"start":"2001","end":"2020"}}`: " / Last, or Ended",
		`{"use":"old","family":"Old"}`:                                                                                                          "name-missing",
		`{"use":"temp","family":"Babygirl"},{"use":"anonymous","family":"X"},{"family":"Now","given":["Ana"]}`:                                  "Ana / Now",
		`{"family":"Now","given":["Ana"]},{"use":"nickname","given":["Annie"]},{"use":"maiden","family":"Before"}`:                              "Ana / Now, or Annie / Now, or Ana / Before",
		`{"family":"Now","given":["Ana"]},{"use":"old","family":"NOW","given":["Ana"]},{"use":"old","family":"Now","given":["Ana"]}`:            "Ana / Now, or Ana / NOW",
		`{"family":"Woodrow","given":["Talia"],"suffix":["MD","PhD"]}`:                                                                          "Talia / Woodrow",
		`{"family":"Woodrow","given":["Talia"],"suffix":["Jr., Esq"]}`:                                                                          "Talia / Woodrow Jr.",
		`{"family":"Woodrow Jr","given":["Talia"],"suffix":["Jr."]}`:                                                                            "Talia / Woodrow Jr",
		`{"family":"Woodrow","given":["Talia",null,""," "]}`:                                                                                    "Talia / Woodrow",
		`{"family":" Wood\n row","given":["Ta\u200blia\t"]}`:                                                                                    "Talia / Wood row",
		`{"family":"Woodrow","given":[` + long + `,"Bea"]}`:                                                                                     strings.Trim(long, `"`) + " Bea / Woodrow",
		`{"family":"Woodrow","given":[` + long + `,"Grace","Bea"]}`:                                                                             strings.Trim(long, `"`) + " / Woodrow",
		`{"family":"Woodrow","given":["` + strings.Repeat("Ana ", 20) + `"]}`:                                                                   strings.TrimSpace(strings.Repeat("Ana ", 12)) + " / Woodrow",
		`{"family":` + strings.Replace(long, "a", "aaaaaaa", 1) + `}`:                                                                           "name-wrong",
		`{"family":"Woodrow","given":["Ren�e"]}`:                                                                                                "name-wrong", `{"family":"Woodrow","given":["Ana"]},{"use":"old","family":"Mu�oz"}`: "Ana / Woodrow",
		`{"family":"Mu?oz","given":["Ana"]}`: "name-wrong", `{"family":"???","given":["Ana"]}`: "name-wrong", `{"family":".","given":["Ana"]}`: " / Ana", `{"family":"Lopez","given":["-","Ana","."]}`: "Ana / Lopez",
		`{"family":"-","given":["--"]}`: "name-missing", `{"family":"山田","given":["花子"]}`: "花子 / 山田",
		`{"family":"ZZTEST","given":["Ana"]}`: "test-patient", `{"family":"Patient","given":["Test"]}`: "test-patient", `{"family":"Test2","given":["Patient","1"]}`: "test-patient", `{"family":"Test","given":["Ana1"]}`: "Ana1 / Test", `{"family":"Test","given":["Test","Two"]}`: "test-patient",
		`{"family":"Test","given":["Ana"]}`: "Ana / Test", `{"family":"Testa","given":["Patient"]}`: "Patient / Testa", `{"family":"Test"}`: " / Test",
	} {
		got := of(t, `{"resourceType":"Patient","id":"a","birthDate":"1984-07-09","name":[`+name+`]}`)
		got = strings.Replace(strings.TrimPrefix(got, "a is "), `, 1984-07-09 undisclosed, "" ""`, "", 1)
		if got = strings.ReplaceAll(got, "or  / ", "or "); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestWhatElseASourceSaysOfAPersonIsKept(t *testing.T) {
	for member, want := range map[string]string{
		`"active":true`: "", `"active":false`: ", inactive", `"deceasedBoolean":false`: "", `"deceasedBoolean":true`: ", deceased", `"deceasedDateTime":"2020"`: ", deceased",
		`"_deceasedDateTime":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}`: ", deceased", `"_deceasedDateTime":null`: "",
		`"identifier":[{"use":"old","system":"urn:index","value":"1"},{"system":"urn:index","value":"2","period":{"end":"2020"}},{"system":"urn:index","value":"3"}]`: `, index "3"`,
		`"meta":{"security":[{"code":"N"}]}`: "", `"meta":{"security":[{"code":"R"}]}`: ", restricted", `"meta":{"security":[{"code":"N"},{"code":"v"}]}`: ", restricted",
		`"link":[{"type":"replaced-by","other":{"reference":"Patient/b"}}]`: `, now "b"`, `"link":[{"type":"replaces","other":{"reference":"Patient/b"}}]`: "",
		`"link":[{"type":"replaced-by","other":{"reference":"Patient/a"}}]`: "", `"link":[{"type":"replaced-by","other":{"reference":"https://x.example/Patient/b"}}],"managingOrganization":{"reference":"https://y.example/Organization/1"}`: "",
		`"identifier":[{"system":"urn:other","value":"1"},{"system":"urn:index","value":7}]`: `, index "7"`,
		`"telecom":null`: "", `"meta":{"tag":[{"code":"HTEST"}]}`: "test-patient", `"telecom":{}`: "wrong-member:telecom", `"name":"Ana"`: "wrong-member:name",
	} {
		got := of(t, `{"resourceType":"Patient","id":"a","birthDate":"1984-07-09","name":[{"family":"Woodrow"}],`+member+`}`)
		if got = strings.TrimPrefix(got, `a is  / Woodrow, 1984-07-09 undisclosed, "" ""`); got != want {
			t.Errorf("%s: got %s, want %s", member, got, want)
		}
	}
}

func TestAContactIsReadHoweverItIsWritten(t *testing.T) {
	const one, two = "+16175550142", "+16175550199"
	for cell, want := range map[string]string{
		"617-555-0142": one, "(617) 555-0142": one, "617.555.0142": one, "617/555-0142": one, "6175550142.0": one, "6175550142.00": one, "1 617 555 0142": one,
		"tel:+1-617-555-0142": one, "tel:+1-617-555-0142;ext=5": one, "sms:6175550142": one, "001 617 555 0142": one, "0016175550142": one, "011 1 617 555 0142": one,
		"Home: 617-555-0142 ext 5": one, "617-555-0142 x5": one, "617-555-0142 (cell)": one, "617-555-0142 #5": one, "Phone 1: 617-555-0142": one, "cell 617-555-0142": one,
		"617-555-0142\t": one, "617\t555\n0142": one, "\u202a617-555-0142\u202c": one, "+1 617 555 0142": one,
		"617-555-0142 or 617-555-0199": one + " " + two, "617-555-0142; 617-555-0199": one + " " + two, "617-555-0142, 617-555-0199": one + " " + two,
		"617-555-0142/617-555-0199": one + " " + two, "H: 617-555-0142 and W: 617-555-0199": one + " " + two, "617-555-0142\n617-555-0199": one + " " + two,
		"6175550142 6175550199": one + " " + two, "(617) 555-0142 (617) 555-0199": one + " " + two, "617 555 0142 617 555 0199": one + " " + two,
		"Mom 617-555-0142, Dad 617-555-0199": one + " " + two, "617-555-0142 / 0199": one, "617-555-0142,,5": one, "61755501426175550199": "",
		"617-555-0142 & 617-555-0142": one + " " + one, "011 44 20 7946 0958": "+442079460958", "+44 20 7946 0958": "+442079460958",
		"H 617-555-0142 C 617-555-0199": one + " " + two, "Home: 617-555-0142 Cell: 617-555-0199": one + " " + two, "617-555-0142 (h) 1-617-555-0199 (c)": one + " " + two,
		"617-555-0142(home)617-555-0199(cell)": one + " " + two, "617-555-0142 sister 617-555-0199": one, "617-555-0142 fax 617-555-0199": one, "617-555-0142 x 617-555-0199": one,
		"6.18E+09": "", "6.17555E9": "", "none": "", "N/A": "", "": "", "555-0142": "", "0000000000": "", "999-999-9999": "", "617-555-5555": "", "1-800-FLOWERS": "",
		"12345678901234567890": "", "ext 5": "", "+": "", "tel:": "",
		"a@example.org": "a@example.org", "mailto:a@example.org": "a@example.org", "Email: a@example.org": "a@example.org", "Ana <a@example.org>": "a@example.org",
		"mailto:a@example.org?subject=x": "a@example.org", "a@example.org; b+c@example.org": "a@example.org b+c@example.org",
		"a@example.org / 617-555-0142": one + " a@example.org", "a@b": "", "a@ex�mple.org": "", "a@example.org�": "", "@example.org": "", "none@none.com": "", "NoEmail@clinic.org; a@example.org": "a@example.org", "a@example.org.": "a@example.org", strings.Repeat("a", 250) + "@example.org": "",
	} {
		phones, emails := contactsIn(cell)
		if got := strings.Join(append(phones, emails...), " "); got != want {
			t.Errorf("%q: got %q, want %q", cell, got, want)
		}
	}
}

func TestContactsAreInOrderAndThoseOfParentsAreTold(t *testing.T) {
	phone := func(number, more string) string {
		return `{"system":"phone","value":"617-555-` + number + `"` + more + `}`
	}
	kin := func(relationship, number string) string {
		return `"contact":[{"relationship":[` + relationship + `],"telecom":[` + phone(number, "") + `]}]`
	}
	for members, want := range map[string]string{
		`"telecom":[` + phone("0101", `,"use":"work"`) + "," + phone("0102", `,"use":"home"`) + "," + phone("0103", `,"use":"mobile"`) + `]`:                           "0103 0102 0101",
		`"telecom":[` + phone("0101", `,"use":"mobile"`) + "," + phone("0102", `,"use":"home","rank":2`) + "," + phone("0103", `,"use":"work","rank":1`) + `]`:         "0103 0102 0101",
		`"telecom":[` + phone("0101", "") + "," + phone("0101", `,"rank":1`) + `]`:                                                                                     "0101",
		`"telecom":[` + phone("0101", `,"use":"old"`) + "," + phone("0102", `,"period":{"end":"2020"}`) + "," + phone("0103", `,"period":{"start":"2030"}`) + `]`:      "",
		`"telecom":[{"system":"email","value":"617-555-0101"},{"value":"617-555-0102"},{"system":"fax","value":"617-555-0103"},{"system":"phone","value":6175550104}]`: "0101 0102 0104",
		`"telecom":[` + phone("0101", "") + `],` + kin(`{"coding":[{"code":"MTH"}]}`, "0102"):                                                                          "0101 g0102",
		`"telecom":[` + phone("0101", "") + `],` + kin(`{"coding":[{"code":"MTH"}]}`, "0101"):                                                                          "0101",
		`"telecom":[{"system":"phone","value":"617-555-0101, Mom's cell: 617-555-0102"}]`:                                                                              "0101 g0102", `"telecom":[{"value":"617-555-0103 (father)"}]`: "g0103", `"telecom":[{"value":"617-555-0103 / mother"}]`: "g0103",
		`"telecom":[{"value":"mother-in-law 617-555-0103"}]`: "0103", `"telecom":[{"value":"mom@5.example.org; 617-555-0103"}]`: "0103 mom@5.example.org",
		kin(`{"coding":[{"code":"N"}]}`, "0102"):                           "g0102",
		kin(`{"coding":[{"code":"N"}],"text":"mother"}`, "0102"):           "g0102",
		kin(`{"coding":[{"code":"N"}],"text":"aunt"}`, "0102"):             "",
		kin(`{"coding":[{"code":"C"}],"text":"Emergency"}`, "0102"):        "",
		kin(`{"coding":[{"code":"C"}]},{"text":"Legal guardian"}`, "0102"): "g0102",
		kin(`{"text":"Dad"}`, "0102"):                                      "g0102", kin(`{"text":"mother-in-law"}`, "0102"): "", kin(`{"text":"grandmother"}`, "0102"): "", kin(`{}`, "0102"): "",
	} {
		got := of(t, `{"resourceType":"Patient","id":"a","birthDate":"1984-07-09","name":[{"family":"Woodrow"}],`+members+`}`)
		got = strings.NewReplacer(`"+1617555`, "", `"`, "", ",", "", "also ", "").Replace(strings.TrimPrefix(got, "a is  / Woodrow, 1984-07-09 undisclosed, "))
		var numbers []string
		for _, w := range strings.Fields(strings.ReplaceAll(got, " a guardian's", "*")) {
			if n, g := strings.CutSuffix(w, "*"); g {
				w = "g" + n
			}
			numbers = append(numbers, w)
		}
		if got := strings.Join(numbers, " "); got != want {
			t.Errorf("%s: got %s, want %s", members, got, want)
		}
	}
}
