package paper

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

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

// clean makes registry text drawable: letters composed, white space folded,
// control characters gone, what no PDF font of ours can hold as U+FFFD.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, norm.NFC.String(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7F || r == 0xA0 }), " ")
}
