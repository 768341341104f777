package record

import (
	"fmt"
	"testing"

	"vaxkiosk/app/request"
)

var born = request.Date{Year: 1958, Month: 3, Day: 14}

func TestARecordIsHeldAgainstWhatWasAskedFor(t *testing.T) {
	for _, c := range []struct {
		what          string
		asked         Asked
		given, family string
		is            bool
	}{
		{"as it was typed", Asked{Given: "María José", Family: "O'Neill"}, "María José", "O'Neill", true},
		{"accents, case and an apostrophe", Asked{Given: "maria jose", Family: "oneill"}, "MARÍA JOSÉ", "O’Neill", true},
		{"a typing error in the last name, and a short form", Asked{Given: "Bob", Family: "Martines"}, "Robert", "Martinez", true},
		{"a first name in two words", Asked{Given: "Mary Ann", Family: "Elm"}, "Maryann", "Oak", true},
		{"a middle name as part of the first", Asked{Given: "Mary", Middle: "Ann", Family: "Elm"}, "Maryann", "Oak", true},
		{"one of two last names", Asked{Given: "Bea", Family: "García"}, "Beatriz", "Lopez-Garcia", true},
		{"a name from before the wedding", Asked{Given: "Ann", Family: "Elm", Other: request.Name{Family: "Oak"}}, "Deborah", "Oak", true},
		{"another first name", Asked{Given: "Ann", Family: "Elm", Other: request.Name{Given: "Deborah"}}, "Deborah", "Oak", true},
		{"one name only, on file as the first", Asked{Family: "Suharto"}, "Suharto", "FNU", true},
		{"one name only, another way to write it", Asked{Family: "Mohamed"}, "FNU", "Muhammad", true},
		{"one name only, of somebody who has two", Asked{Family: "Suharto"}, "Quentin", "Woodford", false},
		{"names in another order", Asked{Given: "Nguyễn", Family: "Linh"}, "Linh", "Nguyen", true},
		{"a title on file", Asked{Given: "Van", Family: "Elm"}, "Dr. Van", "Oak", true},
		{"Mac Donald", Asked{Given: "Bob", Family: "Mac Donald"}, "Robert", "McDonald", true},
		{"a sister", Asked{Given: "Ana", Family: "Ruiz"}, "Eva", "Ruiz", true}, // staff may have decided so; the birth date tells sisters apart
		{"letters without accents in another script", Asked{Given: "सीता", Family: "राय"}, "सीता", "शर्मा", true},
		{"somebody else", Asked{Given: "María José", Family: "O'Neill"}, "Quentin", "Woodford", false},
		{"somebody else whose names are as long", Asked{Given: "Lee", Family: "Kim"}, "Lea", "Kam", false},
		{"somebody else with the same particles", Asked{Given: "Juana", Family: "de la Fuente"}, "Pedro", "de la Cruz", false},
		{"somebody else with the same title", Asked{Given: "Dr. Juana", Family: "Fuente Jr."}, "Dr. Pedro", "Cruz Jr.", false},
		{"somebody with no name on file", Asked{Given: "Juana", Family: "Fuente"}, "", "", false},
		{"no name was said", Asked{}, "Juana", "Fuente", false},
		{"one letter of the middle name", Asked{Given: "Juana", Middle: "P", Family: "Fuente"}, "P", "Cruz", true},
		{"two words of Chinese", Asked{Given: "小龍", Family: "李"}, "小明", "王", false},
	} {
		c.asked.Birth = born
		if got := (Record{Given: c.given, Family: c.family, Birth: born.String()}).IsOf(c.asked); got != c.is {
			t.Errorf("%s: %t, want %t", c.what, got, c.is)
		}
	}
}

func TestAnotherBirthDateIsAnotherPerson(t *testing.T) {
	asked := Asked{Given: "Camillo", Family: "Hays", Birth: born}
	for birth, is := range map[string]bool{"1958-03-14": true, "1958-03-15": false, "1958-14-03": false, "": false, "1958": false} {
		if got := (Record{Given: "Camillo", Family: "Hays", Birth: birth}).IsOf(asked); got != is {
			t.Errorf("%q: %t", birth, got)
		}
	}
	asked.Birth = request.Date{}
	if (Record{Given: "Camillo", Family: "Hays", Birth: asked.Birth.String()}).IsOf(asked) {
		t.Error("no birth date is no reason to trust a record")
	}
}

func TestWhatWasAskedForIsNotPrinted(t *testing.T) {
	asked := Asked{Given: "Camillo", Family: "Hays", Birth: born}
	if s := fmt.Sprintf("%v %+v %#v", asked, asked, asked); s != "asked asked asked" {
		t.Error("it is")
	}
}
