package paper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/app/paper/typeset"
	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

const english = "en"

type catalogue map[string]assets.Word

// say fills the {places} of a word with pairs of name and value.
func (c catalogue) say(key string, pairs ...string) string {
	text := c[key].Shown
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

// day writes a date with the month in words.
func (c catalogue) day(t time.Time) string {
	return c.say("date.long", "day", strconv.Itoa(t.Day()),
		"month", c.say(fmt.Sprintf("date.month-%d", int(t.Month()))), "year", strconv.Itoa(t.Year()))
}

// bilingual says things in English and beside it in the visitor's language;
// other is nil when that is English too.
type bilingual struct{ english, other catalogue }

// all are the languages there are, English first.
func (b bilingual) all() []catalogue {
	if b.other == nil {
		return []catalogue{b.english}
	}
	return []catalogue{b.english, b.other}
}

// both joins what the two languages say; what they say alike stands once.
func (b bilingual) both(say func(catalogue) string) string {
	first := say(b.english)
	if b.other == nil {
		return first
	}
	if second := say(b.other); second != first {
		return first + " · " + second
	}
	return first
}

func (b bilingual) word(key string, pairs ...string) string {
	return b.both(func(c catalogue) string { return c.say(key, pairs...) })
}

// dayOf writes YYYY-MM-DD with the month in words; a partial date as it is.
func dayOf(iso string) func(catalogue) string {
	t, err := time.Parse(time.DateOnly, iso)
	return func(c catalogue) string {
		if err != nil {
			return iso
		}
		return c.day(t)
	}
}

// source says where a record is from, and when it was printed.
func (c catalogue) source(registry string, now time.Time) string {
	return c.say("paper.registry", "registry", typeset.Clean(registry)) + " · " +
		c.say("paper.printed", "date", c.day(now), "time", now.Format("3:04 PM"))
}

// whose says at the head of later pages whose record they belong to.
func (b bilingual) whose(r record.Record) string {
	born := b.english.say("paper.born-on", "date", dayOf(r.Birth)(b.english))
	return b.word("paper.title") + " — " + typeset.Clean(r.Given+" "+r.Family) + ", " + born
}

// foot says at the foot of a page which receipt it belongs to, if any, and which page
// it is.
func (b bilingual) foot(receipt string, n, of int) (left, right string) {
	if receipt != "" {
		left = b.word("paper.receipt") + ": " + typeset.Clean(receipt)
	}
	return left, b.word("paper.page", "n", strconv.Itoa(n), "m", strconv.Itoa(of))
}

// empty says that there are no doses, if that is known.
func (b bilingual) empty(r record.Record) (says []line) {
	for _, c := range b.all() {
		if len(vaccinations(r)) == 0 && r.Unread == 0 {
			says = append(says, line{c.say("paper.empty"), true})
		}
	}
	return says
}

// more stands after the name of a family that goes on from the page before.
func (b bilingual) more() string { return " (" + b.english.say("paper.continued") + ")" }

// numericDay writes YYYY-MM-DD as MM/DD/YYYY and YYYY-MM as MM/YYYY.
func numericDay(iso string) string {
	switch p := strings.Split(iso, "-"); len(p) {
	case 3:
		return p[1] + "/" + p[2] + "/" + p[0]
	case 2:
		return p[1] + "/" + p[0]
	}
	return iso
}

// days are the date of a dose in figures, or in each language as far as it is known.
func (b bilingual) days(d record.Dose) (says []string) {
	if d.Exact() {
		return []string{numericDay(d.Date)}
	}
	for _, c := range b.all() {
		says = append(says, d.When(c.say))
	}
	return slices.Compact(says)
}

// unknowns says that a letter of the record is not on the page, if so.
func (l *layout) unknowns(r record.Record) {
	says := l.say.unknowns(r)
	if len(says) == 0 {
		return
	}
	l.tagged(tagUnknown, func() {
		for _, s := range says {
			l.paragraph(s, true)
		}
	})
	l.y += 12
}

func (b bilingual) unknowns(r record.Record) (says []string) {
	for _, c := range b.all() {
		if hasUnknown(r) {
			says = append(says, c.say("paper.unknown", "sign", string(typeset.Unknown)))
		}
	}
	return says
}

func hasUnknown(r record.Record) bool {
	all := []string{r.Given, r.Family, r.Registry}
	for _, d := range r.Doses {
		all = append(all, d.Name, d.Product, d.Manufacturer, d.Lot, d.Performer)
	}
	return strings.ContainsRune(typeset.Clean(strings.Join(all, " ")), typeset.Unknown)
}
