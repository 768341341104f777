package checkpage

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// words are the words of each language: those of this page, and under their own
// keys those it shares with screens and paper.
var words = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, l := range assets.Languages {
		own := map[string]string{}
		if _, err := toml.DecodeFS(files, "words/"+l.Tag+".toml", &own); err != nil {
			panic("checkpage: words of " + l.Tag + ": " + err.Error()) // they are embedded
		}
		for key, w := range assets.Words(l.Tag) {
			own[key] = w.Shown
		}
		all[l.Tag] = own
	}
	return all
})

// W is the word with a key.
func (p Page) W(key string) string {
	text, ok := p.words[key]
	if !ok {
		panic("checkpage: no word " + key)
	}
	return text
}

// Heading is the title of the page: what it says comes first.
func (p Page) Heading() string {
	switch {
	case p.Answer != nil:
		return p.W(p.Answer.State) + " – " + p.W("title")
	case len(p.Problems) > 0 || p.Notice != "":
		return strings.ReplaceAll(p.W("error-title"), "{title}", p.W("title"))
	}
	return p.W("title")
}

// Root leads from the address of the page to where /check is.
func (p Page) Root() string {
	if p.Deep {
		return "../"
	}
	return ""
}

// Action is where the form goes: the address it stands at, or the one without a code.
func (p Page) Action() string {
	if p.Code != "" {
		return p.Code
	}
	return p.Root() + "check"
}

// ShownCode is the code as it stands on the print.
func (p Page) ShownCode() string {
	if p.Code != "" {
		return p.Code
	}
	return p.Form.Code
}

// Problem is the key of what is wrong with a field, "" for nothing.
func (p Page) Problem(field string) string {
	for _, x := range p.Problems {
		if x.Field == field {
			return x.Key
		}
	}
	return ""
}

// Why is the key of what the state of a print means.
func (p Page) Why() string { return p.Answer.State + "-why" }

// Next are the keys of what to do now.
func (p Page) Next() []string {
	if !p.Answer.Stands() {
		return []string{"ask-new", "no-person"}
	}
	next := []string{"compare-person"}
	if len(p.Answer.Doses) > 0 {
		next = append(next, "compare-doses")
	}
	return next
}

// Sign is the outline of a sign for the state, which the words say too: a tick, an
// exclamation mark or a cross.
func (p Page) Sign() string {
	switch p.Answer.State {
	case "unchanged":
		return "M4 13l5 5L20 6"
	case "superseded":
		return "M12 3v11M12 19v1"
	}
	return "M5 5l14 14M19 5L5 19"
}

// Fields are the parts of a date in the order of the language.
func (p Page) Fields() []string { return strings.Fields(p.W("fields")) }

// ID is the id of a part of the date. The first one is where an error leads.
func (p Page) ID(n int, field string) string {
	if n == 0 {
		return "birth"
	}
	return field
}

// Month is one choice.
type Month struct {
	Value, Name string
	Chosen      bool
}

// Months are the choices of the month.
func (p Page) Months() (all []Month) {
	for n := range 12 {
		value := strconv.Itoa(n + 1)
		all = append(all, Month{value, p.W("date.month-" + value), number(p.Form.Month) == n+1})
	}
	return all
}

// Date is a day as the language writes it; what is none stays as it is.
func (p Page) Date(day string) string { return p.When(record.Dose{Date: day}) }

// Family is what a dose protects against.
func (p Page) Family(d record.Dose) string { return p.W(assets.FamilyKey(d.CVX)) }

// When is the date of a dose, as far as it is known.
func (p Page) When(d record.Dose) string {
	return d.When(func(key string, pairs ...string) string {
		text := p.W(key)
		for pair := range slices.Chunk(pairs, 2) {
			text = strings.ReplaceAll(text, "{"+pair[0]+"}", pair[1])
		}
		return text
	})
}

// Vaccine is the name of a dose's vaccine, else what the registry was told it is, with its
// code.
func (p Page) Vaccine(d record.Dose) string {
	name := cmp.Or(d.VaccineName(), d.Product, p.W("paper.no-vaccine-name"))
	if d.CVX == "" {
		return name
	}
	return name + " (CVX\u00a0" + d.CVX + ")"
}

// List is a list of doses on a page.
type List struct {
	Page
	Doses []record.Dose
}

// List is a list of doses on the page.
func (p Page) List(doses []record.Dose) List { return List{p, doses} }

// OnFile is a detail of a dose, or that it is not on file.
func (p Page) OnFile(s string) string {
	if s == "" {
		return p.W("paper.not-on-file")
	}
	return s
}

// Remark is what paper says too of a dose that is on no card (record.Dose.Remarks).
func (p Page) Remark(remark string) string { return p.W("paper.status-" + remark) }
