package parts

import (
	"strings"

	"fyne.io/fyne/v2"
)

// What a part says, for whoever does not see it. A page asks for it in reading order.

// Role is what a part is for; a text has none.
type Role string

// The roles. They end keys of the catalogue.
const (
	Reads   Role = ""
	Touches Role = "button"
	Types   Role = "field"
	Counts  Role = "digits" // a code, a phone number or a PIN
	Dates   Role = "date"
	Boards  Role = "keyboard"
)

// Saying is what there is to say of one stop.
type Saying struct {
	Of     fyne.CanvasObject // is shown and scrolled to
	Focus  fyne.Focusable    // nil for what is only read
	Role   Role
	Words  []string
	Value  string // what is typed, "" for nothing or for a secret
	N, All int    // digits that are typed, and how many there are; All is 0 where any number is
	Secret bool   // nothing of the value is ever said
	Picked bool
	Off    bool
}

// Sayings are the stops of an object, in reading order. What stands beside the only thing in it that
// can be touched or typed into belongs to that: a label, an answer, what is wrong.
func Sayings(o fyne.CanvasObject) []Saying {
	if o == nil || !o.Visible() {
		return nil
	}
	if d, is := o.(*Doses); is {
		return d.sayings()
	}
	var stops []fyne.Focusable
	Each(o, func(o fyne.CanvasObject) {
		if f, is := o.(fyne.Focusable); is {
			stops = append(stops, f)
		}
	})
	switch len(stops) {
	case 0:
		return read(o)
	case 1:
		s := sayingOf(stops[0])
		s.Of, s.Words = o, append(texts(o, stops[0]), s.Words...)
		return []Saying{s}
	}
	if f, is := o.(fyne.Focusable); is { // something lies over it
		return []Saying{sayingOf(f)}
	}
	var all []Saying
	for _, inner := range inside(o) {
		all = append(all, Sayings(inner)...)
	}
	return all
}

// read is what is only read: each paragraph by itself, what is said in a box together.
func read(o fyne.CanvasObject) (all []Saying) {
	switch o.(type) {
	case *Text, *Note, *Strip, *Fault, *Progress:
		if words := texts(o, nil); words != nil {
			all = append(all, Saying{Of: o, Words: words})
		}
		return all
	}
	for _, inner := range inside(o) {
		if inner != nil && inner.Visible() {
			all = append(all, read(inner)...)
		}
	}
	return all
}

// sayings are the doses, one a stop. The headings of the table are said with none.
func (d *Doses) sayings() (all []Saying) {
	for _, r := range d.rows {
		if r.date.typ.Bold {
			continue
		}
		s := Saying{Of: r.line, Words: []string{r.date.text}}
		for _, t := range r.lines {
			s.Words = append(s.Words, t.text)
		}
		all = append(all, s)
	}
	return all
}

// texts are the words in an object, but for those in a part.
func texts(o fyne.CanvasObject, but fyne.Focusable) (all []string) {
	if o == nil || !o.Visible() {
		return nil
	}
	if f, is := o.(fyne.Focusable); is && f == but {
		return nil
	}
	if t, is := o.(*Text); is {
		if t.text != "" {
			all = append(all, t.text)
		}
		return all
	}
	for _, inner := range inside(o) {
		all = append(all, texts(inner, but)...)
	}
	return all
}

// sayingOf is what a part says that can have the focus.
func sayingOf(f fyne.Focusable) Saying {
	s := Saying{Focus: f}
	s.Of, _ = f.(fyne.CanvasObject)
	if d, is := f.(fyne.Disableable); is {
		s.Off = d.Disabled()
	}
	if p, is := f.(interface{ Picked() bool }); is {
		s.Picked = p.Picked()
	}
	switch f := f.(type) {
	case *Button:
		s.Role, s.Words = Touches, texts(f, nil)
	case *input:
		s.Role, s.Value, s.Off = Types, f.Text, false
	case *Digits:
		s.Role, s.N, s.All, s.Secret = Counts, len(f.text), f.n, f.hidden
		s.Words = texts(f, nil)
		if !f.hidden {
			s.Value = f.text
		}
	case *dateBox:
		s.Role, s.Words = Dates, []string{f.label.text}
		s.Value = strings.Trim(f.value.Text, blankDigit)
	case *cells:
		s.Role = Boards
	}
	return s
}
