package words_test

import (
	"strings"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/ui/words"
)

func TestDatesReadAsTheLanguageWritesThem(t *testing.T) {
	day := request.Date{Year: 1958, Month: 3, Day: 14}
	for lang, want := range map[string]string{
		"en": "March 14, 1958", "es": "14 de marzo de 1958", "es-US": "14 de marzo de 1958", "ES": "14 de marzo de 1958",
	} {
		if got := words.Of(lang).Date(day); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
	for _, half := range []request.Date{{}, {Year: 1958}, {Year: 1958, Month: 3}, {Month: 3, Day: 14}} {
		if got := words.Of("en").Date(half); got != "" {
			t.Errorf("half a date reads as %q", got)
		}
	}
}

func TestEveryMonthHasItsOwnName(t *testing.T) {
	for _, l := range assets.Languages {
		seen := map[string]int{}
		for n := 1; n <= 12; n++ {
			name := words.Of(l.Tag).Month(n)
			if other := seen[name]; name == "" || other != 0 || strings.Contains(name, "⟦") {
				t.Errorf("%s: month %d is %q, like month %d", l.Tag, n, name, other)
			}
			seen[name] = n
		}
		for _, n := range []int{-1, 0, 13} {
			if got := words.Of(l.Tag).Month(n); got != "" {
				t.Errorf("%s: month %d is %q", l.Tag, n, got)
			}
		}
	}
}

func TestAnUnknownLanguageReadsAsEnglish(t *testing.T) {
	for _, lang := range []string{"", "ht", "zh-Hant"} {
		if got := words.Of(lang).Lang(); got != "en" {
			t.Errorf("%q reads as %q", lang, got)
		}
	}
}

func TestAMissingKeyIsSeen(t *testing.T) {
	c := words.Of("es")
	for _, got := range []string{c.Show("no.such-key"), c.Say("no.such-key")} {
		if got != "⟦no.such-key⟧" {
			t.Errorf("a hole shows as %q", got)
		}
	}
	if c.Has("no.such-key") || !c.Has("date.month-3") {
		t.Error("Has does not tell what the language has")
	}
}

func TestAProblemReadsBestForItsField(t *testing.T) {
	for p, want := range map[request.Problem]string{
		{Field: request.FieldGiven, Code: request.Required}: "problem.required-given",
		{Field: request.FieldGiven, Code: request.NotAName}: "problem.not-a-name",
	} {
		if got := words.Of("es").ProblemKey(p); got != want {
			t.Errorf("%v: got %q, want %q", p, got, want)
		}
	}
}

func TestKeysShowWhatIsFilledInAndChooseLikeTheWords(t *testing.T) {
	c := words.Keys("es")
	want := "[date.long day=14 month=[date.month-3] year=1958]"
	if got := c.Date(request.Date{Year: 1958, Month: 3, Day: 14}); got != want || c.Lang() != "es" {
		t.Errorf("got %q in %s, want %q", got, c.Lang(), want)
	}
	if c.Say("key.delete") != "[key.delete]" || !c.Has("key.delete") || c.Order() != "dmy" || len(c.List("help.topics")) < 2 {
		t.Error("a key is spoken in words, or what is no word of a language shows as a key")
	}
	if words.Of("es").Show("key.delete") == "[key.delete]" {
		t.Error("the words of a language became keys")
	}
}
