package names

import (
	"slices"
	"strings"
	"testing"
)

func TestANameIsReadInOneWay(t *testing.T) {
	for typed, want := range map[string]string{
		"Dr. José Pérez": "jose perez", "José  (Pepe)": "jose", "Mary-Ann": "mary ann", "O’Brien": "obrien", "Müßig": "mussig",
		"FNU": "fnu", "Prof": "prof", "": "", "김민수": "김민수",
	} {
		if got, _ := Given(Words(typed)); strings.Join(got, " ") != want {
			t.Errorf("first name %q reads as %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string][2]string{
		"Lopez, Jr.": {"lopez", "jr"}, "Mac Donald": {"mcdonald", ""}, "McDonald 3rd": {"mcdonald", "iii"}, "O Brien": {"obrien", ""},
		"St. Clair": {"saintclair", ""}, "Nguyen MD": {"nguyen", ""}, "Junior": {"junior", ""},
	} {
		got, suffix := Family(Words(typed))
		if strings.Join(got, "") != want[0] || suffix != want[1] {
			t.Errorf("family name %q reads as %q and %q, want %q", typed, got, suffix, want)
		}
	}
	if Suffix("Jr.") != "jr" || Suffix("Lopez") != "" || !NoGiven(Words("No First Name")) || NoGiven(Words("Noel")) {
		t.Error("a suffix or a missing first name is not told from a name")
	}
}

func TestOneTypingErrorIsOneEditOfALongWord(t *testing.T) {
	for _, c := range []struct {
		a, b       string
		edit, near bool
	}{
		{"johnson", "jonson", true, true},
		{"johnson", "jhonson", true, true},
		{"johnson", "johnsen", true, true},
		{"johnson", "johnson", false, false},
		{"johnson", "jonsen", false, false},
		{"ana", "ann", true, false},
		{"", "a", true, false},
		{"maria", "mar", false, false},
		{"josé", "jose", true, false},
	} {
		for _, w := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			if OneEdit(w[0], w[1]) != c.edit || Near(w[0], w[1]) != c.near {
				t.Errorf("%q: one edit %v, near %v", w, OneEdit(w[0], w[1]), Near(w[0], w[1]))
			}
		}
	}
}

func FuzzWordsReadTheSameAgain(f *testing.F) {
	for _, s := range []string{"Dr. José Pérez", "McDonald 3rd", "علی\u200cرضا", "김민수", "a\xffb", "Baby “Bo” Girl"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Words(s)
		if again := Words(strings.Join(once, " ")); !slices.Equal(once, again) {
			t.Errorf("%q reads as %q, then as %q", s, once, again)
		}
	})
}
