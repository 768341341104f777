package central_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry/exchange"
)

// Every area code there could be, with exchanges of every kind: what the form takes is
// what central decodes, and what is imported in any notation is found by it.
func TestOneRuleSaysEverywhereWhichNumbersAreTaken(t *testing.T) {
	day := request.Date{Year: 2026, Month: 11, Day: 30}
	whole := string(elm.Encode())
	for area := 100; area < 1000; area++ {
		for _, exchange := range []string{"234", "555", "700", "976", "411", "911", "950", "111"} {
			digits := fmt.Sprintf("%d%s0123", area, exchange)
			taken := request.CheckCell(digits) == ""
			d := request.Draft{Contact: request.ByPhone, Phone: digits}
			if got := len(d.Check(request.AskContact, day)) == 0; got != taken {
				t.Errorf("%s: the form takes it: %v, the rule %v", digits, got, taken)
			}
			sealed := strings.Replace(whole, elm.Phone, "+1"+digits, 1)
			r, err := request.Decode([]byte(sealed), day)
			if (err == nil) != taken {
				t.Errorf("%s: central takes it: %v, the rule %v", digits, err, taken)
			}
			on := onFile(t, "("+digits[:3]+") "+digits[3:6]+"-"+digits[6:], day)
			if taken && match.Decide(match.Asked(r, day), []match.Candidate{on}).Verdict != match.Release {
				t.Errorf("%s: on file, and not found", digits)
			}
		}
	}
}

// onFile is elm with another phone, as imported from a file.
func onFile(t *testing.T, phone string, day request.Date) match.Candidate {
	t.Helper()
	r, err := exchange.NewReader(strings.NewReader("id,given,family,birth,gender,phone\n7,"+elm.Given+","+elm.Family+","+elm.Birth.String()+",,"+phone+"\n"), exchange.Options{Today: day})
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.Next()
	if err != nil {
		t.Fatalf("%s: %v", phone, err)
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	p := e.Person
	return match.Candidate{Number: 7, Identity: match.Of(p.Given, p.Family, p.Birth.String(), p.Gender, p.Phone, p.Email)}
}
