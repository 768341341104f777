package ui

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
	"vaxkiosk/ui/words"
)

// What a page says: its stops in reading order, texts among them, and of each the words, what it is
// for, and who may hear it. Nothing of it is drawn or sounds.
//
// A text is personal when a value of the visit is in it, whichever screen shows it, so that no screen
// can forget to say so; and so is all that is shown of an open record.

// voiced is one stop of a page.
type voiced struct {
	parts.Saying
	personal  bool
	suggested bool // it is marked as what most people want, nobody has picked it
}

// says are the stops of a page, in the order of the keys: what is to be read and done, the strong
// button, Back and the rest below, what erases, and last the top bar.
func (p *page) says() (all []voiced) {
	var others, erase []parts.Saying
	take := func(some []parts.Saying) {
		for _, s := range some {
			if b, is := s.Focus.(*parts.Button); is && b.Erases() {
				erase = append(erase, s)
			} else {
				others = append(others, s)
			}
		}
	}
	for _, o := range p.reading() {
		take(parts.Sayings(o))
	}
	for _, f := range p.footer.stops() {
		take(parts.Sayings(f.(fyne.CanvasObject)))
	}
	values := personal(p.k.v, p.k.w)
	for _, s := range append(others, erase...) {
		all = append(all, voiced{
			Saying: s, suggested: s.Picked && p.k.v.State == visit.Choosing,
			personal: p.k.v.State == visit.Ready && s.Focus == nil || answers(s) || holds(values, s),
		})
	}
	for _, s := range parts.Sayings(p.bar) {
		if tag, is := s.Focus.(parts.Tagged); is && p.k.w.Has(tag.Tag()) {
			s.Words = []string{p.k.w.Say(tag.Tag())} // what is drawn there are signs
		}
		all = append(all, voiced{Saying: s})
	}
	return all
}

// reading is all that stands between top bar and footer, in reading order.
func (p *page) reading() (all []fyne.CanvasObject) {
	if p.progress != nil {
		all = append(all, p.progress)
	}
	if p.strip != nil {
		all = append(all, p.strip)
	}
	return append(slices.Concat(all, p.head, p.outer, p.body, p.tail), p.board)
}

// answers reports whether a stop has an answer of the visitor's in it, and a way to change it, or
// a dose of theirs to pick.
func answers(s parts.Saying) bool {
	tag, is := s.Focus.(parts.Tagged)
	return is && (strings.HasPrefix(tag.Tag(), "review.change.") || strings.HasPrefix(tag.Tag(), "dose."))
}

// holds reports whether a value of the visitor is in what is said.
func holds(values []string, s parts.Saying) bool {
	if s.Value != "" {
		return true
	}
	whole := strings.Join(s.Words, " ")
	if strings.Contains(whole, "@") { // an address that the visitor perhaps meant
		return true
	}
	text := " " + plain(whole) + " "
	for _, v := range values {
		if strings.Contains(text, " "+v+" ") {
			return true
		}
	}
	return false
}

// personal are the values of a visit that a screen may show, in the way they are compared.
func personal(v visit.Visit, w *words.Catalogue) (all []string) {
	d := v.Form.Draft
	add := func(texts ...string) {
		for _, t := range texts {
			if t = plain(t); t != "" {
				all = append(all, t)
			}
		}
	}
	add(d.Given, d.Middle, d.Family, d.Asker.Given, d.Asker.Family, d.Other.Given, d.Other.Family, d.Phone, d.Email,
		v.Unlock.Receipt, v.Unlock.Claim.Given, v.Unlock.Claim.Middle, v.Unlock.Claim.Family, v.Unlock.Claim.Other.Given, v.Unlock.Claim.Other.Family,
		v.Unlock.Code, v.Track.Typed, v.Track.Number, v.Recall.Name.Given, v.Recall.Name.Family, v.Recall.Phone, v.Recall.Email,
		v.Staff.ID, d.Fix.Vaccine, d.Fix.Place, d.Fix.Right, d.Fix.New.Given, d.Fix.New.Family, v.Print.Release, v.Help.Query)
	for _, day := range []request.Date{d.Birth, d.Fix.Day, d.Fix.RightDay, v.Unlock.Claim.Birth} {
		add(w.Date(day))
	}
	if r := v.Unlock.Record; r != nil {
		add(r.Given, r.Family)
	}
	return all
}

// plain is a text as it is compared: its letters in one case, a space between words, and what stands
// between the digits of a phone number left out.
func plain(s string) string {
	var b strings.Builder
	digit, between := false, ""
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			if !digit || strings.Trim(between, "-() ") != "" {
				b.WriteString(between)
			}
			b.WriteRune(r)
			digit, between = true, ""
		case unicode.IsLetter(r):
			b.WriteString(between)
			b.WriteRune(unicode.ToLower(r))
			digit, between = false, ""
		default:
			between += string(r)
		}
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}
