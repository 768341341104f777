// Package words finds the words of the screens: one key, one text that is shown
// and one that is spoken, in the visitor's language.
//
//	w := words.Of("es")
//	w.Show("sent.receipt", "receipt", "7KQ2-M4V9-3X1")
//	w.Date(request.Date{Year: 1958, Month: 3, Day: 14}) // 14 de marzo de 1958
//
// The texts stand in assets/words/LANG/*.toml; a key is "section.key" there. A
// text may hold {placeholders}; callers give their values as pairs of name and
// value. A key that a language lacks is looked up in English, and a key that
// English lacks as well shows as ⟦key⟧, so that a hole is seen instead of
// guessed at; the tests refuse both.
//
// The package refuses to choose a language by itself and to hold a sentence of
// its own: every word a visitor meets can be read, and changed, in assets.
package words

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
)

// Fallback is the language that has every key.
const Fallback = "en"

// Catalogue is the words of one language. It is read-only and safe for
// concurrent use.
type Catalogue struct {
	lang  string
	words map[string]assets.Word
	back  map[string]assets.Word
	bare  bool // shows keys instead of words
}

var catalogues = sync.OnceValue(func() map[string]*Catalogue {
	all := map[string]*Catalogue{}
	back := assets.Words(Fallback)
	for _, l := range assets.Languages {
		all[l.Tag] = &Catalogue{lang: l.Tag, words: assets.Words(l.Tag), back: back}
	}
	return all
})

// Of returns the catalogue of a language (BCP 47). A region is ignored ("es-US"
// reads as "es"), and a language without words reads as English.
func Of(lang string) *Catalogue {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if c, ok := catalogues()[base]; ok {
		return c
	}
	return catalogues()[Fallback]
}

// Keys is the catalogue of a language that shows keys, with the values that are
// filled in, instead of words: [date.long day=14 month=[date.month-3] year=1958].
// A screen that is built with it says what it shows, whatever the words are.
func Keys(lang string) *Catalogue {
	c := *Of(lang)
	c.bare = true
	return &c
}

// Lang is the language the words are in (BCP 47).
func (c *Catalogue) Lang() string { return c.lang }

// Has reports whether this language itself has the key.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.words[key]
	return ok
}

// Show returns the text to show. Pairs are names and values: the value replaces
// {name}.
func (c *Catalogue) Show(key string, pairs ...string) string {
	if c.bare {
		return bare(key, pairs)
	}
	return fill(c.find(key).Shown, pairs)
}

// Say returns the text to speak, with the same pairs as Show.
func (c *Catalogue) Say(key string, pairs ...string) string {
	if c.bare {
		return bare(key, pairs)
	}
	return fill(c.find(key).Spoken, pairs)
}

// List returns the names that stand, with commas between, behind a key. They
// name other keys and are no words of a language.
func (c *Catalogue) List(key string) []string {
	var all []string
	for _, name := range strings.Split(c.find(key).Shown, ",") {
		all = append(all, strings.TrimSpace(name))
	}
	return all
}

// bare is a key with what would be filled in.
func bare(key string, pairs []string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		key += " " + pairs[i] + "=" + pairs[i+1]
	}
	return "[" + key + "]"
}

func (c *Catalogue) find(key string) assets.Word {
	if w, ok := c.words[key]; ok {
		return w
	}
	if w, ok := c.back[key]; ok {
		return w
	}
	hole := "⟦" + key + "⟧"
	return assets.Word{Shown: hole, Spoken: hole}
}

// ProblemKey returns the key of the sentence for a problem: the one written for
// its field when there is one ("problem.required-given"), else the general one
// ("problem.required").
func (c *Catalogue) ProblemKey(p request.Problem) string {
	general := "problem." + string(p.Code)
	if special := general + "-" + string(p.Field); c.Has(special) {
		return special
	}
	return general
}

// fill replaces in one pass, so that a value that looks like a placeholder stays
// as it was typed.
func fill(text string, pairs []string) string {
	if len(pairs) == 0 {
		return text
	}
	swap := make([]string, len(pairs))
	for i, s := range pairs {
		if i%2 == 0 {
			s = "{" + s + "}"
		}
		swap[i] = s
	}
	return strings.NewReplacer(swap...).Replace(text)
}

// Month returns the name of a month, 1 to 12, as it stands inside a date; ""
// for any other number.
func (c *Catalogue) Month(n int) string {
	if n < 1 || n > 12 {
		return ""
	}
	return c.Show(fmt.Sprintf("date.month-%d", n))
}

// Order is the order in which the language writes day, month and year: "mdy".
func (c *Catalogue) Order() string { return c.find("birth.order").Shown }

// Date writes a date with the month in words: "March 14, 1958", "14 de marzo de
// 1958". A date that is not complete is "".
func (c *Catalogue) Date(d request.Date) string {
	if !d.Complete() {
		return ""
	}
	return c.Show("date.long",
		"day", strconv.Itoa(d.Day), "month", c.Month(d.Month), "year", strconv.Itoa(d.Year))
}
