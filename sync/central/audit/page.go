package audit

import (
	"cmp"
	"embed"
	"html/template"
	"io"
	"strings"
	"time"
)

//go:embed page.html
var pages embed.FS

var page = template.Must(template.ParseFS(pages, "page.html"))

// Person is the page of what was done with the data of somebody, for them: HTML for letter paper,
// without anything from elsewhere.
type Person struct {
	Name, Birth string // "" when the page is not to say who it is
	Made        time.Time
	Rows        []Row // oldest first
}

// String says nothing.
func (Person) String() string { return "the audit of a person" }

// GoString says nothing.
func (Person) GoString() string { return "the audit of a person" }

// Write writes the page.
func (p Person) Write(w io.Writer) error { return page.Execute(w, p) }

// Date is when it was made.
func (p Person) Date() string { return longDay(p.Made) }

// Span is from when to when.
func (p Person) Span() string {
	if len(p.Rows) == 0 {
		return ""
	}
	first, last := longDay(p.Rows[0].At), longDay(p.Rows[len(p.Rows)-1].At)
	if first == last {
		return first
	}
	return first + " to " + last
}

func longDay(t time.Time) string { return t.UTC().Format("January 2, 2006") }

// Line is a row as people read it.
type Line struct{ Day, Time, What, Came, Who, Where string }

// Lines are the rows.
func (p Person) Lines() []Line {
	all := make([]Line, len(p.Rows))
	for i, r := range p.Rows {
		what := kinds[r.Kind]
		if what != "" {
			what = strings.ToUpper(what[:1]) + what[1:]
		}
		at := r.At.UTC()
		all[i] = Line{at.Format("Jan 2, 2006"), at.Format("15:04:05"), cmp.Or(what, string(r.Kind)), came(r), who(r.Actor), cmp.Or(r.Kiosk, "central service")}
		if r.Actor == Public {
			all[i].Where = "check page"
		}
	}
	return all
}

// outcomes are what came of an act, where the code does not say it to everybody.
var outcomes = map[string]string{
	"release": "one person fits: a pickup code was sent to the contact on file", "review": "it was not clear: staff decide", "none": "nobody fits",
	"printed": "printed", "failed": "it was not printed", "unknown": "it is not known whether it was printed", "cancelled": "it was called off",
	"record-check": "the kiosk did not take it for genuine, and showed nothing", "other-person": "it was another person's than was asked for, and nothing was shown",
	"revoked": "it was out of date, and nothing was shown", "page-check": "the page was not right, and nothing was printed",
}

func came(r Row) string {
	if r.Kind == Vouched {
		return "ID seen: " + strings.ReplaceAll(r.Outcome, "-", " ")
	}
	var all []string
	for _, word := range strings.Fields(r.Outcome) {
		if n, is := strings.CutPrefix(word, "left="); is {
			word = "tries left: " + n
		}
		all = append(all, cmp.Or(outcomes[word], word))
	}
	return strings.Join(all, "; ")
}

// who is an actor as people read it.
func who(actor string) string {
	switch actor {
	case Service:
		return "the service"
	case Visitor:
		return "the person at the kiosk"
	case Public:
		return "whoever held the print"
	case "kiosk":
		return "the kiosk"
	}
	return strings.NewReplacer("operator:", "operator ", " staff:", " as staff ", "staff:", "staff ").Replace(actor)
}
