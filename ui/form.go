package ui

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// The form, one question a screen. Names are in names.go, contacts in
// contact.go, the PIN in pin.go, and all answers together in review.go.

// progress says which question of how many this is, PIN and its repetition as one;
// at the review, which is none, that all are answered.
func (k *kit) progress(q request.Question) fyne.CanvasObject {
	if q == request.AskPINAgain {
		q = request.AskPIN
	}
	if of, optional := request.Beside(q); optional {
		q = of
	}
	all := slices.DeleteFunc(k.v.Form.Draft.Questions(), func(q request.Question) bool { return q == request.AskPINAgain })
	at, of := slices.Index(all, q), fmt.Sprint(len(all))
	words := k.w.Show("question.of", "n", fmt.Sprint(at+1), "m", of)
	if q == "" {
		at, words = len(all), k.w.Show("question.all", "m", of)
	}
	return parts.NewProgress(k.st, parts.ProgressSpec{Words: words, N: len(all), At: at, Width: k.hw})
}

// ask is the key of a question in the wording for the amendment or the relation.
func (k *kit) ask(key string) string {
	if k.v.Form.Task == visit.ToAmend {
		if special := k.fixKey(key); special != key {
			return special
		}
		if k.w.Has(key + "-correction") {
			return key + "-correction"
		}
	}
	if special := key + "-" + string(k.v.Form.Draft.Relation); k.v.Form.Draft.Relation != request.Self && k.w.Has(special) {
		return special
	}
	return key
}

// problem is the sentence for a field, "" when nothing is wrong with it.
func (k *kit) problem(v visit.Visit, fields ...request.Field) string {
	for _, p := range v.Form.Problems {
		if slices.Contains(fields, p.Field) {
			return k.problemWords(p)
		}
	}
	return ""
}

func (k *kit) problemWords(p request.Problem) string {
	return k.w.Show(k.w.ProblemKey(p), "most", strconv.Itoa(request.Longest(p.Field)))
}

// tooMuch is the sentence for a text beside the form that does not fit, else "".
func (k *kit) tooMuch(f request.Field, text string) string {
	if !request.TooMuch(f, text) {
		return ""
	}
	return k.problemWords(request.Problem{Field: f, Code: request.TooLong})
}

func (k *kit) filling() *page {
	p := k.question()
	p.progress = k.progress(k.v.Form.Question)
	if p.footer == nil {
		p.footer = k.nav("form.next", "button.next", visit.Next{})
	}
	return p
}

// questions build the screen of each question, without what all have, but for AskName,
// which is what is left.
var questions = map[request.Question]func(*kit) *page{
	request.AskAsker:    (*kit).askAsker,
	request.AskMore:     (*kit).askMore,
	request.AskMiddle:   (*kit).askMiddle,
	request.AskOther:    (*kit).askOther,
	request.AskBirth:    (*kit).askBirth,
	request.AskGender:   (*kit).askGender,
	request.AskContact:  (*kit).askAnyContact,
	request.AskSecond:   (*kit).askAnyContact,
	request.AskPIN:      func(k *kit) *page { return k.askPIN(request.FieldPIN, "pin") },
	request.AskPINAgain: func(k *kit) *page { return k.askPIN(request.FieldPINAgain, "pin-again") },
	request.AskDose:     (*kit).askDose,
	request.AskVaccine:  (*kit).askVaccine,
	request.AskDay:      (*kit).askDay,
	request.AskWrong:    (*kit).askWrong,
	request.AskRight:    (*kit).askRight,
	request.AskRightDay: (*kit).askRightDay,
	request.AskNewName:  (*kit).askNewName,
}

func (k *kit) question() *page {
	if build, is := questions[k.v.Form.Question]; is {
		return build(k)
	}
	return k.askName()
}

// blank is a field of the form whose text goes to the visit letter by letter.
type blank struct {
	*parts.Field
	of []request.Field // whose problems are told below it
}

func (k *kit) blank(tag, label, value string, mode parts.Mode, of ...request.Field) blank {
	f := parts.NewField(k.st, parts.FieldSpec{
		Tag: tag, Label: k.w.Show(label), Mode: mode, Of: of[0], Width: k.hw,
		Changed: func(s string) { k.do(visit.Type{Field: of[0], Text: s}) },
		Submit:  k.tap(visit.Next{}),
	})
	f.Fill(value)
	return blank{f, of}
}

// typing gives a page blanks and the keyboard for them, whose Next goes from one
// to the other and then on. The cursor goes where something is wrong.
func (k *kit) typing(p *page, mode parts.Mode, blanks ...blank) {
	at := 0
	keyboard := k.keyboard(mode, func() {
		if at+1 < len(blanks) {
			p.aim(blanks[at+1].Field)
			k.pause() // a second tap is no wish to go on
		} else {
			k.do(visit.Next{})
		}
	})
	for i, b := range blanks {
		b.OnFocus(func(f *parts.Field) {
			at = i
			keyboard.SetTarget(f)
			p.show(f)
		})
		p.body = append(p.body, b.Field)
		p.tells(b.Field)
	}
	keyboard.SetTarget(blanks[0].Field)
	p.board, p.focus = keyboard, blanks[0].Target()
	before := make([]string, len(blanks))
	p.update = func(v visit.Visit, _ time.Time) {
		var first *parts.Field
		for i, b := range blanks {
			told := k.problem(v, b.of...)
			b.Tell(told)
			if first == nil && told != "" && told != before[i] { // not one that was there, while another is put right
				first = b.Field
			}
			before[i] = told
		}
		if first != nil {
			p.aim(first)
		}
	}
}

// aim brings the cursor to a field, now or when the screen appears.
func (p *page) aim(f *parts.Field) {
	p.focus = f.Target()
	if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil && p.live {
		c.Focus(p.focus)
	}
}

// show scrolls to what is typed into and keeps it in sight.
func (p *page) show(f fyne.CanvasObject) {
	p.reveal = f
	if slices.Contains(p.flowed, f) { // else it has a fixed place
		p.left.Reveal(f.Position().Y, f.Size().Height)
	}
}

func (k *kit) keyboard(mode parts.Mode, next func()) *parts.Keyboard {
	return k.keyboardTo("button.next", mode, next)
}

// keyboardTo is a keyboard whose strong key says something else than Next.
func (k *kit) keyboardTo(word string, mode parts.Mode, next func()) *parts.Keyboard {
	return parts.NewKeyboard(k.st, mode, parts.KeyWords{
		Lang: k.v.Lang, Space: k.w.Show("key.space"), Next: k.w.Show(word), Letters: k.w.Show("key.letters"),
		Accents: k.w.Show("key.accents"), More: k.w.Show("key.more"),
		Shift: k.w.Say("key.shift"), Caps: k.w.Say("key.caps"), Delete: k.w.Say("key.delete"),
	}, next, k.touch)
}

func (k *kit) askBirth() *page {
	start := k.v.Today(k.now).Year - 50
	if k.v.Form.Draft.Relation == request.Child {
		start += 42
	}
	d := k.dated(request.AskBirth, request.FieldBirth, start)
	d.pick = func(date request.Date, h request.Half) visit.Action { return visit.PickBirth{Date: date, Half: h} }
	d.date = func(v *request.Draft) *request.Date { return &v.Birth }
	d.told = k.bornOn
	p := d.page(k.ask("birth.title"), "")
	ways := map[request.Code]fyne.CanvasObject{
		request.Minor:     k.instead("birth.guardian", "child", request.Child),
		request.NotAChild: k.instead("birth.grown-up", "self", request.Self),
	}
	p.tail = append(p.tail, ways[request.Minor], ways[request.NotAChild])
	said := p.update
	p.update = func(v visit.Visit, now time.Time) {
		said(v, now)
		p.crowded = false
		for code, way := range ways {
			on := slices.Contains(v.Form.Problems, request.Problem{Field: request.FieldBirth, Code: code})
			show(way, on)
			if on {
				p.crowded, p.reveal = true, way
			}
		}
	}
	return p
}

// instead is the way on when the age shows that it is somebody else's record.
func (k *kit) instead(tag, icon string, whose request.Relation) fyne.CanvasObject {
	return parts.NewButton(k.st, parts.Spec{
		Tag: tag, Icon: icon, Title: k.w.Show(tag), Width: k.hw, Tap: k.tap(visit.Choose{Relation: whose}),
	})
}

func show(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// bornOn says a date in words with the age, as soon as it is complete.
func (k *kit) bornOn(d, today request.Date) string {
	if !d.Exists() || d.After(today) {
		return ""
	}
	age := d.Age(today)
	key := "birth.told"
	switch age {
	case 0:
		return k.w.Date(d)
	case 1:
		key = "birth.told-one"
	}
	return k.w.Show(key, "date", k.w.Date(d), "age", fmt.Sprint(age))
}

func (k *kit) askGender() *page {
	p := &page{k: k, head: k.heading(k.ask("gender.title"), "gender.lead")}
	buttons := map[request.Gender]*parts.Button{}
	for _, g := range []request.Gender{request.Female, request.Male, request.Other, request.Undisclosed} {
		b := k.card("gender."+string(g), "check", "gender."+string(g), "", visit.PickGender{Gender: g})
		buttons[g] = b
		p.body = append(p.body, b)
	}
	fault := parts.NewFault(k.st, k.hw)
	p.tail = []fyne.CanvasObject{fault}
	p.update = func(v visit.Visit, _ time.Time) {
		for g, b := range buttons {
			b.Pick(g == v.Form.Draft.Gender)
		}
		fault.Set(k.problem(v, request.FieldGender))
	}
	return p
}
