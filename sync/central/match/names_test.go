package match

import (
	"slices"
	"testing"

	"vaxkiosk/app/request"
)

func TestFirstNamesAreOneHoweverTheyAreWritten(t *testing.T) {
	for _, c := range []struct {
		a, b string
		like alike
	}{
		{"JOSÉ", "jose", same},
		{"Dr. Maria", "Maria", same},
		{"Mrs. Dr. Maria", "maria", same},
		{"Mr", "Mr.", same}, // a title alone is what is there
		{"Juan Jr.", "Juan", same},
		{"Juan 3rd", "Juan III", same},
		{`William (Bill)`, "William", same},
		{`William "Bill"`, "William", same},
		{"De Andre", "DeAndre", same},
		{"Ha/Neul", "Ha-Neul", same},
		{"Ｍａｒｉａ", "Maria", same},
		{"Fla Nna", "FlaNna", same},
		{"علی\u200cرضا", "علیرضا", same},
		{"علی\u200cرضا", "علی رضا", same},
		{"ශ්\u200dරී", "ශ්රී", same},
		{"マリア・ホセ", "マリア ホセ", same},
		{"マリア・ホセ", "ﾏﾘｱ･ﾎｾ", same},
		{"Gal·la", "Galla", same},
		{"Kealiʻi", "Keali‘i", same},
		{"Kamron", "Kmaron", near},
		{"Phillip", "Philipp", different}, // two slips
		{"Trinnity", "Trinity", near},
		{"Edilson", "Edison", different}, // one is known, the other not
		{"Kamron", "amron", different},   // names of twins rhyme
		{"Xaiden", "Raiden", different},
		{"Maria", "Marie", different},
		{"Kimleng", "Kimheng", different}, // neither is known
		{"Tanvika", "Tanvita", different},
		{"Thavary", "Thavory", different},
		{"Edilson", "Edelson", different},
		{"Anna Thavary", "Anna Thavory", different},
		{"Anna Maria", "Maria Anna", different}, // those may be two sisters
		{"Baby Boy", "Baby Boy", different},
		{"BabyBoy A", "BabyBoy A", different},
		{"Baby Girl Maria", "Baby Girl Maria", different},
		{"Newborn", "Newborn", different},
		{"Twin B", "Twin B", different},
		{"Infant Male", "Infant Male", different},
		{"Unknown Unknown", "Unknown Unknown", different},
		{"No Name Given", "No Name Given", different},
		{"N/A", "n/a", different},
		{"Test", "TEST", different},
		{"Test Patient", "Test Patient", different},
		{"Unknown First Name", "Unknown First Name", different},
		{"Boy", "boy", same}, // somebody's name
		{"Patient", "patient", same},
		{"Na", "NA", same},
	} {
		x, _ := givenOf(c.a)
		y, _ := givenOf(c.b)
		if got := likeGiven(x, y); got != c.like {
			t.Errorf("%s, %s: got %d, want %d", c.a, c.b, got, c.like)
		}
	}
}

func TestSignsThatNobodySeesOrThatLookAlikeMakeNoOtherName(t *testing.T) {
	for a, b := range map[string]string{
		"\ufeffMa\u00adri\u200ba": "Maria", "D´Andre": "D'Andre", "N’Diaye": "NDiaye", "Ana−Maria": "Ana-Maria", "Ana–Maria": "Ana\u00a0Maria",
	} {
		x, _ := givenOf(a)
		y, _ := givenOf(b)
		if likeGiven(x, y) != same || len(x) != len(y) {
			t.Errorf("%q is not %q", a, b)
		}
	}
}

func TestFamilyNamesAreOneHoweverTheyAreWritten(t *testing.T) {
	for _, c := range []struct {
		a, b string
		like alike
	}{
		{"Mc Donald", "McDonald", same},
		{"MacDonald", "Mc Donald", same},
		{"Mac Donald", "mcdonald", same},
		{"Mc Donald-Ruiz", "McDonald", same},
		{"O Brien", "O’Brien", same},
		{"ז׳בוטינסקי", "ז'בוטינסקי", same},
		{"רמב״ם", "רמב''ם", same},
		{"St. Joseph", "Saint Joseph", same},
		{"Garcia-Ruiz", "Ruiz Garcia", same},
		{"Garcia-Ruiz", "Ruiz", same},
		{"Garcia−Ruiz", "Ruiz", same},
		{"Garcia–Ruiz", "Ruiz Garcia", same},
		{"O´Brien", "O’Brien", same},
		{"Garcia y Ruiz", "Garcia Ruiz", same},
		{"De La Cruz-Ruiz", "De la Cruz", same},
		{"de la Cruz", "Cruz", same},
		{"de la Cruz", "De Lacruz", same},
		{"Smith, MD", "Smith", same},
		{"Smith Jr. PhD", "Smith", same},
		{"Dr. Smith", "Smith", same},
		{"Müller", "Muller", same},
		{"Łukasz", "Lukasz", same},
		{"M0nroe", "Monroe", near},
		{"Garcia-Ruiz", "Ruiz-Garsia", near},
		{"Hernandes", "Hernandez-Ruiz", near},
		{"Garsia-Ruis", "Garcia-Ruiz", different}, // two typing errors, one in four letters
		{"Garcia-Diaz", "Garcia-Ruiz", different},
		{"San Diego", "San Francisco", different},
		{"San", "San Diego", different},
		{"De la", "De la Cruz", different},
		{"Ng", "Ng-Wu", different}, // two letters are too little
		{"Unknown", "Unknown", different},
		{"Li", "Lu", different},
	} {
		x, _ := familyOf(c.a)
		y, _ := familyOf(c.b)
		if got := likeFamily(x, y); got != c.like {
			t.Errorf("%s, %s: got %d, want %d", c.a, c.b, got, c.like)
		}
		if got := likeFamily(y, x); got != c.like {
			t.Errorf("%s, %s: got %d, want %d", c.b, c.a, got, c.like)
		}
	}
}

func TestContactsAreOneHoweverTheyAreWritten(t *testing.T) {
	for typed, want := range map[string]string{
		"(617) 555-0123": "+16175550123", "1-617-555-0123": "+16175550123", "617.555.0123 x45": "+16175550123", "+1 617 555 0123": "+16175550123",
		"(517)192-3427": "+15171923427", "1 517 192 3427": "+15171923427", "517.192.3427 ext 4": "+15171923427", // no such exchange, but the same in both forms
		"+44 20 7946 0958": "+442079460958", "+61 7 5550 123": "+6175550123", // is no 617-555-0123
		"000-000-0000": "", "999-999-9999": "", "617-999-9999": "", "617-000-0000": "", "123-456-7890": "", "1-123-456-7890": "", "617-555-1212": "",
		"0123456789": "", "987-654-3210": "", "555-0123": "", "none": "", "N/A": "", "": "",
	} {
		if got := request.PhoneKey(typed); got != want {
			t.Errorf("phone %q: got %q, want %q", typed, got, want)
		}
	}
}

// What is in the compared form already stays as it is.
func FuzzNormaliserIsIdempotent(f *testing.F) {
	f.Add("Dr. José (Pepe) Jr.", "Mc Donald-O’Brien, 2nd", "1980-05-06", "(617) 555-0123 x4", "A+b@Example.org")
	f.Add("Baby Boy A", "Garcia y/Ruiz Jr III MD", "1900-01-01", "+44 20 7946 0958", "none@none.com")
	f.Add("N/A", "St. mac mac donald", "", "1 517 192 3427", "İ@ß.org")
	f.Add("Dr. D.R. A", "d R A d ds", "", "", "")
	f.Add("\xf4ǆ", "\xf4ǆ", "", "", "\xf4ǆ@x")
	f.Add("\xff", "\u1100\u1161 \u0345", "2001-2-3", "00 1 617", "@")
	f.Fuzz(func(t *testing.T, given, family, birth, phone, email string) {
		once := Of(given, family, birth, request.Female, phone, email)
		again := Of(spaced(once.Given), spaced(once.Family), once.Birth, request.Gender(once.Gender), once.Phone, once.Email)
		if !slices.Equal(once.Given, again.Given) || !slices.Equal(once.Family, again.Family) {
			t.Errorf("names: %q %q became %q %q", once.Given, once.Family, again.Given, again.Family)
		}
		if again.Suffix != "" {
			t.Errorf("a suffix %q was left in %q %q", again.Suffix, once.Given, once.Family)
		}
		if once.Birth != again.Birth || once.Phone != again.Phone || once.Email != again.Email {
			t.Errorf("%q %q %q became %q %q %q", once.Birth, once.Phone, once.Email, again.Birth, again.Phone, again.Email)
		}
		if d := Decide([]Identity{once}, []Candidate{{Number: 7, Identity: once}}); d.Verdict == Release && (once.Given == nil && !once.Single || once.Family == nil || once.Birth == "" || once.Phone+once.Email == "") {
			t.Error("a placeholder agrees")
		}
	})
}

func spaced(n Name) (s string) {
	for _, part := range n {
		s += part + " "
	}
	return s
}
