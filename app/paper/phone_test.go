package paper

import (
	"strings"
	"testing"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
)

// checked is a record with a code for any phone.
func (s signer) checked(doses []record.Dose) record.Record {
	r := s.record(maria, doses, 13)
	r.Check = record.CheckURL(testIssuer, "7KQ2-M4VG-0XYZ-9ABC")
	return r
}

func TestAnyPhoneReadsWhereToCheckThePage(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	s := newSigner(t)
	for _, doses := range [][]record.Dose{nil, fourteen()[:3], fourteen(), many(60)} {
		for _, big := range []bool{false, true} {
			for _, dpi := range []string{"150", "300"} {
				r := s.checked(doses)
				doc, err := s.maker().Render(r, desk.Page{Lang: "es", Receipt: receipt, Large: big})
				if err != nil {
					t.Fatal(err)
				}
				wordsApart(t, "with a code for any phone", doc.PDF, Letter)
				if address, err := Address(doc.PDF); err != nil || address != r.Check {
					t.Errorf("the squares lead to %q, %v", address, err)
				}
				read := scanned(t, doc.PDF, dpi)
				found := 0
				for _, code := range read {
					if code == r.Check {
						found++
					}
				}
				if found != 1 || dpi == "300" && len(read) != len(r.Cards)+1 {
					t.Errorf("%d doses, large %v, %s dpi: %d codes are read, the phone's %d times", len(doses), big, dpi, len(read), found)
				}
			}
		}
	}
}

func TestTheCodeForAnyPhoneStandsInLettersToo(t *testing.T) {
	s := newSigner(t)
	doc, err := s.maker().Render(s.checked(fourteen()), desk.Page{Lang: "es", Receipt: receipt})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "phone-es.txt", textOf(t, doc.PDF))
}

func TestATamperedCodeForAnyPhoneIsCaught(t *testing.T) {
	s := newSigner(t)
	m, r := s.maker(), s.checked(fourteen())
	how := desk.Page{Lang: "es"}
	doc, made, err := m.draw(r, how, testNow)
	if err != nil {
		t.Fatal(err)
	}
	other := r
	other.Check = record.CheckURL(testIssuer, "7KQ2-M4VG-0XYZ-9ABD")
	none := r
	none.Check = ""
	for name, err := range map[string]error{
		"other letters":            m.check(editPages(t, doc.PDF, replacing("7KQ2-M4VG", "7KQ2-M4VH")), r, how, made, testNow),
		"a square moved":           m.check(editPages(t, doc.PDF, func(c string) string { return strings.Replace(c, " 2.40 re\n", " 4.80 re\n", 1) }), r, how, made, testNow),
		"another record's":         m.check(doc.PDF, other, how, made, testNow),
		"for a record without one": m.check(doc.PDF, none, how, made, testNow),
		"none":                     m.check(editPages(t, doc.PDF, func(c string) string { return strings.Replace(c, "/Check BMC", "/Span BMC", 1) }), r, how, made, testNow),
	} {
		if err == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
	if err := m.check(doc.PDF, r, how, made, testNow); err != nil {
		t.Error(err)
	}
}
