package paper

import (
	"fmt"
	"strings"
	"testing"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
)

func TestNoTextIsOnAPageThatDoesNotBelongThere(t *testing.T) {
	s := newSigner(t)
	r := s.checked(append(fourteen(), odd()[0], odd()[2]))
	r.Recommendations = recommendations()
	caught(t, s.maker(), r, map[string]func(string) string{
		"another birth date in Spanish": replacing("14 de marzo de 1958", "15 de marzo de 1959"),
		"another title":                 replacing("Vaccine record", "Dog license"),
		"another label":                 replacing("Born", "Died"),
		"another kind of code":          replacing("SMART Health Card", "Smart phone card"),
		"another issuer":                replacing("records.example.org", "evil.example.com"),
		"another question":              replacing("asks for the birth date", "asks for your password"),
		"another note on them":          replacing("Ask a doctor", "Ask no doctor"),
		"another meaning of no code":    replacing("is in no code", "is in any code"),
		"more than there should be": func(c string) string {
			return c + "\nBT 100.00 400.00 Td (" + wide("14 doses of polio given") + ") Tj ET"
		},
		"text off the sheet": func(c string) string { return place.ReplaceAllString(c, "BT $1 -90.00 Td") },
		"text at the foot":   func(c string) string { return strings.Replace(c, "BT 36.00 7", "BT 36.00 0", 1) },
		"white text":         func(c string) string { return strings.ReplaceAll(c, "BT ", "1 g BT ") },
		"two heads swapped": func(c string) string {
			swapped := strings.NewReplacer(wide("Date")+")", wide("Code")+")", wide("Code")+")", wide("Date")+")")
			return swapped.Replace(c)
		},
	})
}

// The check refuses a page with text or codes where they are not read, so what is
// rendered has all of it in its place.
func TestWhateverStandsAtTheEndOfAPageStaysOnIt(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	s := newSigner(t)
	render := func(name string, r record.Record, big bool, size Size) {
		t.Helper()
		if _, err := s.maker(func(o *Options) { o.Size = size }).Render(r, desk.Page{Lang: "es", Receipt: receipt, Large: big}); err != nil {
			t.Errorf("%s, large %v, %s: %v", name, big, size, err)
		}
	}
	for n := 1; n <= 60; n += 7 {
		for _, size := range []Size{Letter, A4} {
			r := s.checked(many(n))
			for _, big := range []bool{false, true} {
				render(fmt.Sprintf("%d doses", n), r, big, size)
			}
			for i := range n % 18 {
				r.Recommendations = append(r.Recommendations, recommendations()[i%5])
			}
			render(fmt.Sprintf("%d doses and recommendations", n), r, false, size)
			render(fmt.Sprintf("%d doses and recommendations", n), r, true, size)
		}
	}
}

// Central takes texts of 200 letters.
func TestADoseThatIsHigherThanAPageGoesOnOnTheNext(t *testing.T) {
	s := newSigner(t)
	for _, letter := range []string{"W", "国", "ស្រី"} {
		d := many(3)
		text := string([]rune(strings.Repeat(letter, 200))[:200])
		d[1].Product, d[1].Manufacturer, d[1].Lot, d[1].Performer = text, text, text, text
		d[1].NotValid, d[1].Historical = true, true
		for _, big := range []bool{false, true} {
			doc, err := s.maker().Render(s.record(maria, d, 13), desk.Page{Lang: "es", Receipt: receipt, Large: big})
			if err != nil {
				t.Errorf("%s, large %v: %v", letter, big, err)
				continue
			}
			wordsApart(t, letter, doc.PDF, Letter)
		}
	}
}

func TestAPageWithoutCodesSaysWhy(t *testing.T) {
	s := newSigner(t)
	told := many(3)
	for i := range told {
		told[i].Historical = true
	}
	for want, doses := range map[string][]record.Dose{"because no dose is on file": nil, "none of these doses can be in a code": told} {
		doc, err := s.maker().Render(s.record(maria, doses, 13), desk.Page{Lang: "en", Receipt: receipt})
		if err != nil || !strings.Contains(strings.Join(strings.Fields(textOf(t, doc.PDF)), " "), want) {
			t.Errorf("%d doses: not said that %s (%v)", len(doses), want, err)
		}
	}
}
