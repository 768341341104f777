package request

import (
	"strings"
	"testing"
)

var today = Date{2026, 11, 23}

// good is a draft without problems; cases change one thing.
func good() Draft {
	return Draft{
		Relation: Self, Given: "María José", Family: "O'Neill-García", Birth: Date{1958, 3, 14}, Gender: Female,
		Contact: ByPhone, Phone: "(617) 555-0123", PIN: "8317", PINAgain: "8317", Consent: Consent{Policy: "1", Declaration: "1"},
	}
}

var nameCases = []struct {
	name string
	code Code
}{
	{"María José", ""},
	{"O'Neill-García", ""},
	{"O’Neill", ""},
	{"Nguyễn", ""},
	{"Null", ""},
	{"X", ""},
	{"李", ""},
	{"محمد", ""},
	{"Владимир", ""},
	{"សុខ", ""},
	{"d'Arc du Pré", ""},
	{"Jr.", ""},
	{"علی\u200cرضا", ""}, // Persian, with a zero width non-joiner
	{"ශ්\u200dරී", ""},   // Sinhala, with a zero width joiner
	{"マリア・ホセ", ""},       // Japanese, with a middle dot
	{"ז׳בוטינסקי", ""},   // Hebrew, with a geresh
	{"רמב״ם", ""},        // and with gershayim
	{"Gal·la", ""},       // Catalan, with a middle dot
	{"Keali‘i", ""},      // Hawaiian, with a quotation mark for the ʻokina
	{"\u200cعلی", ""},    // nothing to shape: folded away
	{"علی \u200cرضا", ""},
	{"a\u200c\u200cb", ""},
	{"・", NotAName},
	{"״׳", NotAName},
	{"マリア・2", NotAName},
	{"👩\u200d👧", NotAName},
	{"Nguye\u0302\u0303n", ""},
	{" no\u00a0break ", ""},
	{strings.Repeat("é", 50), ""},
	{"", Required},
	{" \u00a0\t", Required},
	{strings.Repeat("é", 51), TooLong},
	{"4ever", NotAName},
	{"a@b", NotAName},
	{"<script>", NotAName},
	{"'-'", NotAName},
	{"a\x00b", ""},          // nobody sees it
	{"\u0600علی", NotAName}, // a sign of numbers, which is seen,
	{"\xff", NotAName},
	{"😀", NotAName},
}

func TestNamesOfEveryScriptPassAndNonNamesSayWhy(t *testing.T) {
	for _, c := range nameCases {
		if got := checkName(c.name); got != c.code {
			t.Errorf("checkName(%q) = %q, want %q", c.name, got, c.code)
		}
	}
}

func FuzzNameNeverPassesUncleaned(f *testing.F) {
	for _, c := range nameCases {
		f.Add(c.name)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if checkName(s) != "" {
			return
		}
		clean := Fold(s)
		if checkName(clean) != "" || Fold(clean) != clean {
			t.Errorf("%q passes, but its clean form %q does not stand", s, clean)
		}
		if strings.ContainsAny(clean, "\n\t\x00<>\"&;") {
			t.Errorf("%q passes with control or markup characters", s)
		}
	})
}

func TestBirthDatesAreCheckedAgainstCalendarAndRelation(t *testing.T) {
	cases := []struct {
		relation Relation
		birth    Date
		code     Code
	}{
		{Self, Date{1958, 3, 14}, ""},
		{Self, Date{}, Required},
		{Self, Date{1958, 0, 14}, Required},
		{Self, Date{2023, 2, 29}, NoSuchDay},
		{Self, Date{2000, 2, 29}, ""},
		{Self, Date{1900, 2, 29}, NoSuchDay},
		{Self, Date{2026, 11, 24}, InFuture},
		{Child, Date{2026, 11, 23}, ""},
		{Self, Date{1899, 12, 31}, TooLongAgo},
		{Self, Date{1900, 1, 1}, ""},
		{Self, Date{2008, 11, 24}, Minor},
		{Self, Date{2008, 11, 23}, ""},
		{Child, Date{2008, 11, 23}, NotAChild},
		{Child, Date{2008, 11, 24}, ""},
		{Represented, Date{2015, 1, 1}, ""},
	}
	for _, c := range cases {
		d := Draft{Relation: c.relation, Birth: c.birth}
		if got := d.checkBirth(today); got != c.code {
			t.Errorf("%s born %s: %q, want %q", c.relation, c.birth, got, c.code)
		}
	}
}

func TestContactsAreOnePhoneOrOneEmail(t *testing.T) {
	cases := []struct {
		kind  ContactKind
		value string
		code  Code
	}{
		{ByPhone, "617-555-0123", ""},
		{ByPhone, "+1 413 555 0199", ""},
		{ByPhone, "16175550123", ""},
		{ByPhone, "", Required},
		{ByPhone, "555-0123", BadPhone},
		{ByPhone, "000-000-0000", BadPhone},
		{ByPhone, "1111111111", BadPhone},
		{ByPhone, "1234567890", BadPhone},
		{ByPhone, "+44 20 7946 0000", BadPhone},
		{ByPhone, "617555012x", BadPhone},
		{ByEmail, "maria@example.org", ""},
		{ByEmail, " maria+vax@mail.example.org ", ""},
		{ByEmail, "", Required},
		{ByEmail, "maria@", BadEmail},
		{ByEmail, "maria@localhost", BadEmail},
		{ByEmail, "a b@example.org", BadEmail},
		{ByEmail, "Maria <maria@example.org>", BadEmail},
		{ByEmail, "a@b..org", BadEmail},
		{ByEmail, "a@-b.org", BadEmail},
		{ByEmail, strings.Repeat("a", 250) + "@b.org", TooLong},
		{"", "", Required},
		{"fax", "1", UnknownChoice},
	}
	for _, c := range cases {
		d := Draft{Contact: c.kind, Phone: c.value, Email: c.value}
		got := Code("")
		if p := d.Check(AskContact, today); len(p) > 0 {
			got = p[0].Code
		}
		if got != c.code {
			t.Errorf("%s %q: %q, want %q", c.kind, c.value, got, c.code)
		}
	}
}

var pinCases = []struct {
	pin  string
	code Code
}{
	{"8317", ""},
	{"9052", ""},
	{"831", PINLength},
	{"83171", PINLength},
	{"83a7", PINLength},
	{"٨٣١٧", PINLength},
	{"5555", PINRepeats},
	{"0000", PINRepeats},
	{"8383", PINRepeats},
	{"8833", PINRepeats},
	{"1234", PINRun},
	{"4321", PINRun},
	{"7890", PINRun},
	{"0987", PINRun},
	{"1958", PINBirth},
	{"0314", PINBirth},
	{"1403", PINBirth},
	{"0123", PINRun},
	{"0177", PINPhone},
	{"2580", PINCommon},
	{"1004", PINCommon},
}

func TestWeakPINsAreRefusedWithTheirReason(t *testing.T) {
	for _, c := range pinCases {
		if got := CheckPIN(c.pin, Date{1958, 3, 14}, "(617) 555-0177"); got != c.code {
			t.Errorf("PIN %q: %q, want %q", c.pin, got, c.code)
		}
	}
}

func TestEveryPINIsDecidedAndMostAreLeft(t *testing.T) {
	left := 0
	for i := range 10_000 {
		pin := string([]byte{byte('0' + i/1000), byte('0' + i/100%10), byte('0' + i/10%10), byte('0' + i%10)})
		if CheckPIN(pin, Date{1958, 3, 14}, "+16175550177") == "" {
			left++
		}
	}
	if left < 9700 {
		t.Errorf("only %d PINs are left to choose from", left)
	}
	if len(commonPINs) != 20 {
		t.Errorf("%d common PINs, the policy says 20", len(commonPINs))
	}
}

func FuzzPINPolicyNeverPanics(f *testing.F) {
	for _, c := range pinCases {
		f.Add(c.pin, "(617) 555-0177")
	}
	f.Fuzz(func(t *testing.T, pin, phone string) {
		if CheckPIN(pin, Date{1958, 3, 14}, phone) == "" && len(pin) != PINDigits {
			t.Errorf("%q passes", pin)
		}
	})
}

func TestAFormWithProblemsNamesEachOfThemInOrder(t *testing.T) {
	_, problems := Draft{}.Request("en", today)
	var got []Field
	for _, p := range problems {
		got = append(got, p.Field)
	}
	want := []Field{FieldRelation, FieldGiven, FieldFamily, FieldBirth, FieldGender, FieldContact, FieldPIN, FieldPINAgain}
	if len(got) != len(want) {
		t.Fatalf("problems %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("problem %d is %s, want %s", i, got[i], want[i])
		}
	}
}

func TestAPINThatWasTypedDifferentlyTheSecondTimeIsRefused(t *testing.T) {
	d := good()
	d.PINAgain = "8318"
	if p := d.Check(AskPINAgain, today); len(p) != 1 || p[0].Code != PINsDiffer {
		t.Errorf("problems %v", p)
	}
}

func TestADeclarationIsPartOfTheRequest(t *testing.T) {
	d := good()
	d.Consent.Declaration = ""
	if _, p := d.Request("en", today); len(p) != 1 || p[0].Field != FieldConsent {
		t.Errorf("problems %v", p)
	}
}
