package words_test

import (
	"slices"
	"testing"

	"vaxkiosk/ui/words"
)

var pets = []words.Entry{
	{"dog", []string{"My dog barks", "hound puppy", "The vet takes the leash off. It needs a walk."}},
	{"cat", []string{"My cat is at the vet", "kitten Mieze", "The vet says it is fine."}},
	{"bird", []string{"El pájaro canta", "pajarito N2", "Está en la jaula."}},
}

func TestSearchFindsByTheBeginningOfWords(t *testing.T) {
	for query, want := range map[string][]string{
		"":                   {"dog", "cat", "bird"},
		" . ":                {"dog", "cat", "bird"},
		"kit":                {"cat"},
		"KITTEN":             {"cat"},
		"kittens":            {"cat"},
		"itten":              nil,
		"n2":                 {"bird"},
		"pajaro":             {"bird"},
		"PÁJARO":             {"bird"},
		"pa\u0301jaro":       {"bird"},
		"esta jaula":         {"bird"},
		"vet":                {"cat", "dog"}, // the question says it
		"my":                 {"dog", "cat"},
		"bark dog":           {"dog"},
		"why does my dog xy": {"dog"}, // words that nothing has are left out
		"the leash":          {"dog"}, // a rare word weighs more
		"leash kitten":       {"cat", "dog"},
		"zebra":              nil,
	} {
		if got := words.Search(query, pets); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
	if got := words.Search("dog", nil); got != nil {
		t.Errorf("nothing to search in, yet found %v", got)
	}
}

func FuzzSearchNamesOnlyWhatThereIs(f *testing.F) {
	for _, s := range []string{"", "my dog", "pájaro", "\xff", "N2 ́"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		seen := map[string]bool{}
		for _, id := range words.Search(query, pets) {
			if seen[id] || !slices.ContainsFunc(pets, func(e words.Entry) bool { return e.ID == id }) {
				t.Errorf("%q finds %q, which is there twice or not at all", query, id)
			}
			seen[id] = true
		}
	})
}
