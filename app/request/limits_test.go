package request

import (
	"strings"
	"testing"
	"unicode/utf8"

	"vaxkiosk/app/names"
)

func TestALetterIsWhatAPersonCounts(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "María": 5, "Mari\u0301a": 5, "Nguyễn": 6, "Nguye\u0302\u0303n": 6, "李小龍": 3, "Ana Ruiz": 8, "สมชาย": 5, "ที่": 1,
		"علی\u200cرضا": 6, "한": 1, "\u1112\u1161\u11ab": 1, "A\u200b\ufeff\x00B": 2,
		"a" + strings.Repeat("\u0316", 20): 1,
	} {
		if got := Letters(s); got != want {
			t.Errorf("%q: %d letters, want %d", s, got, want)
		}
	}
}

// long are texts over every length, in their ways.
var long = map[string]string{
	"letters": strings.Repeat("a", 10_000), "accents": strings.Repeat("é", 10_000), "marks": strings.Repeat("e\u0301\u0323", 5_000), "piles": strings.Repeat("a"+strings.Repeat("\u0316", 50), 300),
	"nothing to see": strings.Repeat("\u200b\u202e\x00", 4_000) + strings.Repeat("b", 10_000), "Hangul": strings.Repeat("\u1112\u1161\u11ab", 4_000),
	"spaces": strings.Repeat(" ", 10_000), "joiners": strings.Repeat("a\u200c\u200c", 4_000), "broken": strings.Repeat("\xff", 10_000),
}

func TestAFieldKeepsOneLetterMoreThanItTakesAndSaysSo(t *testing.T) {
	for f := range longest {
		if f == FieldPIN || f == FieldPINAgain || f == FieldPhone {
			continue // digits
		}
		for name, s := range long {
			kept := Kept(f, s)
			if n := Letters(kept); n != Longest(f)+1 || !TooMuch(f, kept) {
				t.Errorf("%s, %s: %d letters are kept, too much %v", f, name, n, TooMuch(f, kept))
			}
			if n := utf8.RuneCountInString(kept); n > (names.MaxMarks+1)*(Longest(f)+1) {
				t.Errorf("%s, %s: %d runes are kept", f, name, n)
			}
			if again := Kept(f, kept); again != kept {
				t.Errorf("%s, %s: not kept as it is", f, name)
			}
		}
		fits := strings.Repeat("é", Longest(f))
		if f == FieldEmail {
			fits = strings.Repeat("e", Longest(f))
		}
		if Kept(f, fits) != fits || TooMuch(f, fits) {
			t.Errorf("%s does not take %d letters", f, Longest(f))
		}
	}
}

// What is typed into a field and kept is refused by its rule until it fits, so
// nothing is sent that was cut off.
func TestEveryTextThatIsTooLongIsRefusedAtItsField(t *testing.T) {
	all := good()
	all.Relation, all.Capacity, all.Both, all.Contact = Represented, Attorney, true, ByEmail
	fixes := map[Field]Question{
		FieldVaccine: AskVaccine, FieldPlace: AskVaccine, FieldRight: AskRight, FieldNewGiven: AskNewName, FieldNewFamily: AskNewName,
		FieldGiven: AskName, FieldFamily: AskName, FieldMiddle: AskMiddle, FieldOtherGiven: AskOther, FieldOtherFamily: AskOther,
		FieldAskerGiven: AskAsker, FieldAskerFamily: AskAsker, FieldEmail: AskContact, FieldPhone: AskSecond,
	}
	for f := range longest {
		d := all
		text := d.Text(f)
		if text == nil {
			continue
		}
		*text = Kept(f, strings.Repeat("1", 30)+strings.Repeat("a", 10_000))
		if f == FieldPhone {
			*text = Kept(f, "61755501234")
		}
		found := false
		for _, p := range d.Check(fixes[f], today) {
			found = found || p == Problem{f, TooLong}
		}
		if !found {
			t.Errorf("%s: %v", f, d.Check(fixes[f], today))
		}
	}
}

func TestElevenDigitsAreTooManyUnlessTheFirstIsTheCountrysOne(t *testing.T) {
	for number, want := range map[string]Code{
		"6175550123": "", "16175550123": "", "61755501234": TooLong, "161755501234": TooLong, "617555012": BadPhone, "617-555-0123 x45": "",
		"+44 20 7946 0000": BadPhone,
	} {
		if got := checkPhone(number); got != want {
			t.Errorf("%s: %q, want %q", number, got, want)
		}
	}
}
