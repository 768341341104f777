package request

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// Area codes in service. The first row was refused in November 2026, because the library
// did not know the area code (its issue 227 names 436, 565 and 679) or only some
// exchanges in it (340, 684, 767 …); the second one was taken.
var inService = []string{
	"436", "565", "679", "357", "457", "471", "624", "729", "837", "861", "340", "345", "664", "684", "721", "758", "767", "784", "869",
	"617", "413", "857", "235", "324", "738", "821", "942", "416", "876", "787", "671", "500", "600",
}

func TestEveryAreaCodeInServiceIsTaken(t *testing.T) {
	for _, area := range inService {
		for _, typed := range []string{area + "2340123", area + "-234-0123", "+1 " + area + " 234 0123", "1" + area + "2340123", "(" + area + ") 234-0123 x9"} {
			if got, code := parsePhone(typed); code != "" || got != "+1"+area+"2340123" {
				t.Errorf("%s: %q, %q", typed, got, code)
			}
		}
	}
}

func TestOnlyTheShapeOfANumberDecides(t *testing.T) {
	for number, want := range map[string]Code{
		"617-555-0123": "", "617-555-5678": "", "370-234-5678": "", "962-234-5678": "", "617-950-0123": "", "617-958-0123": "", "617-959-0123": "",
		"617-999-9999": "", "500-234-5678": "", "533-411-0123": "",
		"117-555-0123": BadPhone, "017-555-0123": BadPhone, "617-155-0123": BadPhone, "617-055-0123": BadPhone,
		"211-234-5678": BadPhone, "911-234-5678": BadPhone, "617-911-0123": BadPhone, "617-411-0123": BadPhone,
		"290-234-5678": BadPhone, "790-234-5678": BadPhone, "999-234-5678": BadPhone,
		"800-234-5678": NotACell, "833-234-5678": NotACell, "844-234-5678": NotACell, "855-234-5678": NotACell, "866-234-5678": NotACell, "877-234-5678": NotACell,
		"888-234-5678": NotACell, "822-234-5678": NotACell, "880-234-5678": NotACell, "887-234-5678": NotACell, "889-234-5678": NotACell, "900-234-5678": NotACell,
		"700-234-5678": NotACell, "710-234-5678": NotACell, "617-976-0123": NotACell,
		"617-555-1212": BadPhone, "617-555-5555": BadPhone, "222-222-2222": BadPhone,
	} {
		if _, got := parsePhone(number); got != want {
			t.Errorf("%s: %q, want %q", number, got, want)
		}
	}
}

// The library is asked to read a notation, and must not know better.
func TestEveryNumberIsReadInEveryNotation(t *testing.T) {
	for area := 200; area < 1000; area++ {
		for _, exchange := range []string{"234", "555", "700", "911", "976"} {
			digits := fmt.Sprintf("%d%s0123", area, exchange)
			for _, typed := range []string{digits, "1" + digits, "+1" + digits, FormatPhone(digits)} {
				if got := national(typed); got != digits {
					t.Errorf("%s is read as %q", typed, got)
				}
			}
		}
	}
}

func FuzzPhoneRule(f *testing.F) {
	for _, s := range []string{"617-555-0123", "+1 617 555 0123 ext. 4", "1-617-555-CAKE", "٦١٧٥٥٥٠١٢٣", "+44 20 7946 0958", "011 1 617 555 0123", "tel:+1-617-555-0123;ext=4", "8005550199", "617\u200b5550123", "100001A00AA000A0001AAX000", "11A000A000A0001AX0000", "011 1200!A000A0001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e164, code := parsePhone(s)
		key := PhoneKey(s)
		switch {
		case (e164 == "") == (code == ""):
			t.Errorf("%q is %q and %q", s, e164, code)
		case e164 != "" && key != "" && key != e164:
			t.Errorf("%q is sent as %s and compared as %s", s, e164, key)
		case e164 != "" && (NormalPhone(e164) != e164 || NormalPhone(FormatPhone(s)) != e164):
			t.Errorf("%q is another number when it is read again", s)
		case PhoneKey(key) != key:
			t.Errorf("%q: the key %q becomes %q", s, key, PhoneKey(key))
		}
	})
}

func TestPlainNotationsAreReadAsTheLibraryReadsThem(t *testing.T) {
	for area := 200; area < 1000; area++ {
		a := strconv.Itoa(area)
		for _, s := range []string{
			a + "5550142", a + "-555-0142", "(" + a + ") 555-0142", a + ".555.0142", "1" + a + "5550142", "1-" + a + "-555-0142", "+1" + a + "5550142",
			"+1 (" + a + ") 555-0142", "1 " + a + " 911 0142", a + "0550142",
		} {
			digits, is := plain(s)
			n, err := phonenumbers.Parse(s, Region)
			if !is || err != nil || n.GetCountryCode() != 1 || phonenumbers.GetNationalSignificantNumber(n) != digits {
				t.Fatalf("%s is read as %q, %v, and not as the library does (%v)", s, digits, is, err)
			}
		}
	}
	for _, s := range []string{"", "+", "+1", "617-555-014", "+6175550142", "+44 20 7946 0958", "617-555-0142 x5", "26175550142", "0175550142"} {
		if digits, is := plain(s); is {
			t.Errorf("%q is plain: %s", s, digits)
		}
	}
}
