package record

import (
	"slices"
	"strings"
	"unicode/utf8"

	"vaxkiosk/app/names"
	"vaxkiosk/app/request"
)

// Asked is what a visitor said of the person whose record they want.
type Asked struct {
	Given, Middle, Family string
	Other                 request.Name // another name the person has used
	Birth                 request.Date
}

// String keeps personal values out of logs and error texts (promise P9).
func (a Asked) String() string { return "asked" }

// GoString is String, so that %#v tells no more.
func (a Asked) GoString() string { return "asked" }

// IsOf reports whether this can be the record that was asked for: the birth date is the
// same, and first or last name bears a resemblance to one of the names that were said.
//
// It catches a record that got mixed up on its way, and asks less than central does, so
// that nothing that was rightly released is refused here (sync/central/match has the
// test). Central finds nobody with another birth date. It releases when first and last
// name agree, a short form ("Bob") only beside the same last name; or when one of them
// does and its staff has decided a case for review. The one name of somebody who has no
// other may be the one that differs, so for them the birth date decides alone. Members of
// one household whose records are mixed up are told apart by the birth date; twins are
// not.
func (r Record) IsOf(a Asked) bool {
	if !a.Birth.Complete() || a.Birth.String() != r.Birth {
		return false
	}
	if oneName(r.Given) && (oneName(a.Given) || a.Other.Given != "" && oneName(a.Other.Given)) {
		return true
	}
	said := wordsOf(names.Family, a.Family, a.Other.Family)
	said = append(said, wordsOf(names.Given, a.Given, a.Given+" "+a.Middle, a.Given+" "+initial(a.Middle), a.Other.Given)...)
	on := slices.Concat(wordsOf(names.Given, r.Given), wordsOf(names.Family, r.Family))
	return slices.ContainsFunc(said, func(s string) bool {
		return slices.ContainsFunc(on, func(o string) bool { return resemble(s, o) })
	})
}

func resemble(a, b string) bool { return a == b || names.Near(a, b) }

// particles tell nobody apart ("de la Cruz", "de la Fuente") unless a name has nothing else.
var particles = strings.Fields("de la del das dos da di du do el al le les los las van von der den ter ten san the")

// wordsOf are the words of names, one by one and those next to each other as one
// ("Mary Ann", "Maryann").
func wordsOf(of func([]string) ([]string, string), said ...string) (all []string) {
	for _, name := range said {
		words, _ := of(names.Words(name))
		bare := !slices.ContainsFunc(words, isName)
		for from := range words {
			for to := from + 1; to <= len(words); to++ {
				if run := words[from:to]; bare || slices.ContainsFunc(run, isName) {
					all = append(all, strings.Join(run, ""))
				}
			}
		}
	}
	return all
}

func isName(word string) bool { return !slices.Contains(particles, word) }

func initial(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}

// oneName reports whether somebody with this first name has one name only.
func oneName(given string) bool {
	words := names.Words(given)
	return len(words) == 0 || names.NoGiven(words)
}
