package request

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

// missing is a correction asked for from the menu, without problems.
func missing() Draft {
	return Draft{
		Given: "María José", Family: "O'Neill-García", Birth: Date{1958, 3, 14}, Contact: ByEmail, Email: "maria@example.org",
		Consent: Consent{Policy: "1"},
		Fix:     Fix{Kind: MissingDose, Vaccine: "Measles", Place: "Main Street Pharmacy", Day: Date{2024, 5, 6}},
	}
}

// wrong is one asked for from the open record.
func wrong() Draft {
	return Draft{
		Given: "María José", Family: "O'Neill-García", Birth: Date{1958, 3, 14},
		Fix: Fix{Kind: WrongDose, Known: true, Dose: 1, Vaccine: "CVX 208 Comirnaty", Day: Date{2025, 10, 2}, Wrong: NotMine},
	}
}

func TestACorrectionComesBackAsItWasEncoded(t *testing.T) {
	name := missing()
	name.Fix = Fix{Kind: WrongName, New: Name{"Mary", "O’Neill"}}
	contact := wrong()
	contact.Fix = Fix{Kind: AddContact, Known: true}
	contact.Contact, contact.Phone = ByPhone, "(617) 555-0123"
	day := wrong()
	day.Fix.Wrong, day.Fix.RightDay = WrongDay, Date{2025, 10, 3}
	other := wrong()
	other.Fix.Wrong, other.Fix.Right = WrongOther, "The lot is not the one on my card"
	single := missing()
	single.Single = true
	for token, d := range map[string]Draft{"": missing(), "a": wrong(), " ": name, "b": contact, "c": day, "d": other, "  ": single} {
		c, problems := d.Correction("es", strings.TrimSpace(token), today)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", d.Fix.Kind, problems)
		}
		again, err := DecodeCorrection(c.Encode(), today)
		if err != nil || again != c || !bytes.Equal(again.Encode(), c.Encode()) {
			t.Errorf("%s: decoded as another one, %v", d.Fix.Kind, err)
		}
	}
}

// badCorrections are encodings that central must refuse, each for one reason.
var badCorrections = []struct{ name, old, new string }{
	{"unknown kind", `missing-dose`, `erase`},
	{"no vaccine", `"vaccine":"Measles",`, ``},
	{"a day to come", `2024-05-06`, `2034-05-06`},
	{"a day before the birth", `2024-05-06`, `1950-05-06`},
	{"nowhere to reach the person", `"email":"maria@example.org",`, ``},
	{"nothing agreed to", `,"policy":"1"`, ``},
	{"an answer to what was not asked", `"lang"`, `"wrong":"twice","lang"`},
	{"unknown field", `{"v":1`, `{"x":1,"v":1`},
	{"no JSON", `{`, `[`},
}

func TestCentralTrustsNoCorrection(t *testing.T) {
	c, problems := missing().Correction("en", "", today)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	whole := string(c.Encode())
	for _, b := range badCorrections {
		changed := strings.Replace(whole, b.old, b.new, 1)
		if changed == whole {
			t.Fatalf("%s: nothing was changed", b.name)
		}
		if _, err := DecodeCorrection([]byte(changed), today); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", b.name, err)
		}
	}
}

func FuzzDecodeTakesOnlyCanonicalCorrections(f *testing.F) {
	for _, d := range []Draft{missing(), wrong()} {
		c, _ := d.Correction("en", "token", today)
		f.Add(c.Encode())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := DecodeCorrection(b, today); err == nil && !bytes.Equal(c.Encode(), b) {
			t.Errorf("taken, but not canonical: %q", b)
		}
	})
}

func TestTheQuestionsFollowWhatIsAskedFor(t *testing.T) {
	known := func(k FixKind) Draft { return Draft{Fix: Fix{Kind: k, Known: true}} }
	for _, c := range []struct {
		name string
		d    Draft
		want string
	}{
		{"mine", Draft{Relation: Self}, "relation name birth gender contact pin pin-again"},
		{"my child's", Draft{Relation: Child}, "relation asker name birth gender contact pin pin-again"},
		{"somebody's", Draft{Relation: Represented}, "relation asker name birth gender contact pin pin-again"},
		{"a missing dose", Draft{Fix: Fix{Kind: MissingDose}}, "fix name birth vaccine day contact"},
		{"a missing dose, known", known(MissingDose), "fix vaccine day"},
		{"a wrong dose", Draft{Fix: Fix{Kind: WrongDose}}, "fix name birth vaccine day wrong contact"},
		{"a wrong dose, known", known(WrongDose), "fix dose wrong"},
		{"a wrong day, known", Draft{Fix: Fix{Kind: WrongDose, Known: true, Wrong: WrongDay}}, "fix dose wrong right-day"},
		{"a wrong vaccine, known", Draft{Fix: Fix{Kind: WrongDose, Known: true, Wrong: WrongVaccine}}, "fix dose wrong right"},
		{"a wrong name", Draft{Fix: Fix{Kind: WrongName}}, "fix name birth new-name contact"},
		{"a wrong name, known", known(WrongName), "fix new-name"},
		{"a contact", Draft{Fix: Fix{Kind: AddContact}}, "fix name birth contact"},
		{"a contact, known", known(AddContact), "fix contact"},
	} {
		var got []string
		for _, q := range c.d.Questions() {
			got = append(got, string(q))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestReceiptsAndTrackingNumbersAreNotTakenForEachOther(t *testing.T) {
	for _, key := range []string{"0123456789abcdef", "key", ""} {
		if _, ok := ParseTracking(ReceiptFor(key)); ok {
			t.Errorf("receipt %s passes as a tracking number", ReceiptFor(key))
		}
		if _, ok := ParseReceipt(TrackingFor(key)); ok {
			t.Errorf("tracking number %s passes as a receipt", TrackingFor(key))
		}
		number := TrackingFor(key)
		if got, ok := ParseTracking(strings.ToLower(strings.ReplaceAll(number, "-", " "))); !ok || got != number {
			t.Errorf("%s is not read as people type it", number)
		}
	}
}

func TestNumbersThatGetNoTextMessagesAreRefusedWithTheirReason(t *testing.T) {
	for number, want := range map[string]Code{
		"617-555-0123": "", "800-555-0199": NotACell, "900-234-5678": NotACell, "500-234-5678": "", "617-555": BadPhone, "111-111-1111": BadPhone,
	} {
		if _, got := parsePhone(number); got != want {
			t.Errorf("%s: %q, want %q", number, got, want)
		}
	}
}

func TestASecondContactCountsOnlyWhenItIsGiven(t *testing.T) {
	d := good()
	d.Email = "typed before the phone was chosen"
	if r, problems := d.Request("en", today); len(problems) > 0 || r.Email != "" {
		t.Errorf("an address that was given up is sent, or in the way: %v", problems)
	}
	d.Both = true
	_, problems := d.Request("en", today)
	if !slices.Contains(problems, Problem{FieldEmail, BadEmail}) {
		t.Errorf("problems are %v", problems)
	}
	d.Email = "maria@example.org"
	r, problems := d.Request("en", today)
	if len(problems) > 0 || r.Email != d.Email || r.Phone == "" || r.Contact != ByPhone {
		t.Errorf("the second contact is lost: %v", problems)
	}
}
