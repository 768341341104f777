package words

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Entry is something that can be searched for: its texts, the one that says most
// about it first.
type Entry struct {
	ID    string
	Texts []string
}

// Search returns the IDs of the entries that a few words are about, the best
// first, and all of them for no words. Case, accents and the order of words do
// not matter, and the beginning of a word is enough. A word that most entries
// have ("my", "the") counts little beside a rare one, and one that none has
// counts nothing, so that a whole sentence can be typed.
func Search(query string, entries []Entry) []string {
	finds := make([]find, len(entries))
	for i, e := range entries {
		finds[i].id = e.ID
	}
	words := fold(query)
	if len(words) == 0 {
		return ids(finds)
	}
	for _, word := range words {
		note(word, entries, finds)
	}
	slices.SortStableFunc(finds, func(a, b find) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.at, b.at))
	})
	return ids(slices.DeleteFunc(finds, func(f find) bool { return f.weight <= finds[0].weight/2 }))
}

// find is how well an entry fits: what the words it has weigh together, and in
// which of its texts they are.
type find struct {
	id     string
	weight float64
	at     int
}

func ids(finds []find) []string {
	var all []string
	for _, f := range finds {
		all = append(all, f.id)
	}
	return all
}

// note adds a word to the finds; its weight is shared by all entries that have it.
func note(word string, entries []Entry, finds []find) {
	has := map[int]int{}
	for i, e := range entries {
		at := slices.IndexFunc(e.Texts, func(text string) bool { return begins(word, text) })
		if at >= 0 {
			has[i] = at
		}
	}
	for i, at := range has {
		finds[i].weight += 1 / float64(len(has))
		finds[i].at += at
	}
}

// begins reports whether a word of the text begins with what was typed. A longer
// form of a word of the text counts, too: "phones" for "phone".
func begins(typed, text string) bool {
	return slices.ContainsFunc(fold(text), func(w string) bool {
		return strings.HasPrefix(w, typed) || len(w) >= shortest && len(typed) <= len(w)+2 && strings.HasPrefix(typed, w)
	})
}

// shortest is how many letters a word needs to have longer forms.
const shortest = 4

// fold splits a text into words in small letters without accents.
func fold(text string) []string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text))
	return strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
