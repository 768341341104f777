package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// progress shows the questions of the form, PIN and its repetition as one.
func (k *kit) progress(q request.Question) fyne.CanvasObject {
	if q == request.AskPINAgain {
		q = request.AskPIN
	}
	if of, optional := request.Beside(q); optional {
		q = of
	}
	all := k.v.Draft.Questions()
	steps := len(all) // the review is the last
	if !slices.Contains(all, request.AskPINAgain) {
		steps++
	}
	at := slices.Index(all, q)
	if q == "" {
		at = steps - 1
	}
	return parts.NewProgress(k.st, steps, at)
}

// ask is the key of a question in the wording for the relation.
func (k *kit) ask(key string) string {
	if special := key + "-" + string(k.v.Draft.Relation); k.v.Draft.Relation != request.Self && k.w.Has(special) {
		return special
	}
	return key
}

// problem is the sentence for a field, "" when nothing is wrong with it.
func (k *kit) problem(v visit.Visit, fields ...request.Field) string {
	for _, p := range v.Problems {
		if slices.Contains(fields, p.Field) {
			return k.w.Show(k.w.ProblemKey(p))
		}
	}
	return ""
}

func (k *kit) filling() *page {
	var p *page
	switch k.v.Question {
	case request.AskBirth:
		p = k.askBirth()
	case request.AskGender:
		p = k.askGender()
	case request.AskContact:
		p = k.askContact()
	case request.AskPIN:
		p = k.askPIN(request.FieldPIN, "pin")
	case request.AskPINAgain:
		p = k.askPIN(request.FieldPINAgain, "pin-again")
	case request.AskName, request.AskRelation:
		p = k.askName()
	default:
		p = k.askName()
	}
	p.progress = k.progress(k.v.Question)
	if p.footer == nil {
		p.footer = k.nav("form.next", "button.next", visit.Next{})
	}
	return p
}

func (k *kit) askName() *page {
	p := &page{k: k, head: k.heading(k.ask("name.title"), "name.lead")}
	given := k.field("form.given", "name.given", request.FieldGiven, parts.Names)
	family := k.field("form.family", "name.family", request.FieldFamily, parts.Names)
	given.Fill(k.v.Draft.Given)
	family.Fill(k.v.Draft.Family)
	p.body = []fyne.CanvasObject{given, family}
	current := given
	keyboard := k.keyboard(parts.Names, func() {
		if current == given {
			p.aim(family)
		} else {
			k.do(visit.Next{})
		}
	})
	show := func(f *parts.Field) {
		current = f
		keyboard.SetTarget(f)
		p.show(f)
	}
	given.OnFocus(show)
	family.OnFocus(show)
	keyboard.SetTarget(given)
	p.board, p.focus = keyboard, given.Target()
	told := ""
	p.update = func(v visit.Visit, _ time.Time) {
		g, f := k.problem(v, request.FieldGiven), k.problem(v, request.FieldFamily)
		given.Tell(g)
		family.Tell(f)
		if now := g + "\n" + f; now != told { // the focus goes where something is wrong
			told = now
			switch {
			case g != "":
				p.aim(given)
			case f != "":
				p.aim(family)
			}
		}
	}
	return p
}

// field is a field of the form whose text goes to the visit letter by letter.
func (k *kit) field(tag, label string, f request.Field, mode parts.Mode) *parts.Field {
	return parts.NewField(k.st, parts.FieldSpec{
		Tag: tag, Label: k.w.Show(label), Mode: mode, Width: k.hw,
		Changed: func(s string) { k.do(visit.Type{Field: f, Text: s}) },
		Submit:  k.tap(visit.Next{}),
	})
}

// aim brings the cursor to a field, now or when the screen appears.
func (p *page) aim(f *parts.Field) {
	p.focus = f.Target()
	if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil {
		c.Focus(p.focus)
	}
}

// show scrolls to what is typed into and keeps it in sight.
func (p *page) show(f fyne.CanvasObject) {
	p.reveal = f
	p.left.Reveal(f.Position().Y, f.Size().Height)
}

func (k *kit) keyboard(mode parts.Mode, next func()) *parts.Keyboard {
	return parts.NewKeyboard(k.st, mode, parts.KeyWords{
		Space: k.w.Show("key.space"), Next: k.w.Show("button.next"), Letters: k.w.Show("key.letters"),
		Accents: k.w.Show("key.accents"), More: k.w.Show("key.more"),
	}, next, k.touch)
}

func (k *kit) askBirth() *page {
	today := k.v.Today(k.now)
	start := today.Year - 50
	if k.v.Draft.Relation == request.Child {
		start = today.Year - 8
	}
	spec := parts.DateSpec{
		Order: k.w.Show("birth.order"),
		Month: k.w.Show("birth.month"), Day: k.w.Show("birth.day"), Year: k.w.Show("birth.year"),
		Earlier: k.w.Show("birth.earlier"), Later: k.w.Show("birth.later"),
		Start: start, Last: today.Year, Width: k.bw,
		Changed: func(d request.Date) { k.do(visit.PickBirth{Date: d}) },
	}
	for i := range spec.Months {
		spec.Months[i] = k.w.Month(i + 1)
	}
	picker := parts.NewDatePicker(k.st, spec)
	picker.Fill(k.v.Draft.Birth)
	told := parts.NewNote(k.st, k.hw, "", "")
	fault := parts.NewFault(k.st, k.hw)
	p := &page{
		k: k, head: k.heading(k.ask("birth.title"), "birth.lead"),
		body: []fyne.CanvasObject{picker}, tail: []fyne.CanvasObject{told, fault},
	}
	p.update = func(v visit.Visit, now time.Time) {
		told.Set("", k.bornOn(v.Draft.Birth, v.Today(now)))
		fault.Set(k.problem(v, request.FieldBirth))
	}
	return p
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
			b.Pick(g == v.Draft.Gender)
		}
		fault.Set(k.problem(v, request.FieldGender))
	}
	return p
}

// askContact first asks which kind, then for the number or the address; the
// other kind stays one touch away.
func (k *kit) askContact() *page {
	switch k.v.Draft.Contact {
	case request.ByPhone:
		return k.askPhone()
	case request.ByEmail:
		return k.askEmail()
	}
	fault := parts.NewFault(k.st, k.hw)
	p := &page{
		k: k, head: k.heading(k.ask("contact.title"), k.ask("contact.lead")),
		body: []fyne.CanvasObject{
			k.card("contact.phone", "phone", "contact.phone", "contact.phone-sub", visit.PickContact{Kind: request.ByPhone}),
			k.card("contact.email", "email", "contact.email", "contact.email-sub", visit.PickContact{Kind: request.ByEmail}),
		},
		tail: []fyne.CanvasObject{fault},
	}
	p.update = func(v visit.Visit, _ time.Time) { fault.Set(k.problem(v, request.FieldContact)) }
	return p
}

// other is the button that changes to the other kind of contact.
func (k *kit) other(kind request.ContactKind, width float32) *parts.Button {
	return parts.NewButton(k.st, parts.Spec{
		Tag: "contact." + string(kind), Kind: parts.Small, Icon: string(kind), Title: k.w.Show("contact.use-" + string(kind)),
		Width: width, Tap: k.tap(visit.PickContact{Kind: kind}),
	})
}

func (k *kit) askPhone() *page {
	digits := parts.NewDigits(k.st, parts.DigitsSpec{
		Tag: "form.phone", Label: k.w.Show("contact.phone-label"), N: 10, Phone: true, Width: k.hw,
		Changed: func(s string) { k.do(visit.Type{Field: request.FieldPhone, Text: s}) },
		Submit:  k.tap(visit.Next{}),
	})
	digits.Fill(k.v.Draft.Phone)
	p := k.padPage(digits, k.ask("contact.phone-title"), k.ask("contact.phone-lead"))
	p.tail = []fyne.CanvasObject{k.other(request.ByEmail, k.hw)}
	p.update = func(v visit.Visit, _ time.Time) {
		p.tell(digits, k.problem(v, request.FieldPhone, request.FieldContact))
	}
	return p
}

func (k *kit) askEmail() *page {
	p := &page{k: k, head: k.heading(k.ask("contact.email-title"), k.ask("contact.email-lead"))}
	field := k.field("form.email", "contact.email-label", request.FieldEmail, parts.Email)
	field.Fill(k.v.Draft.Email)
	keyboard := k.keyboard(parts.Email, k.tap(visit.Next{}))
	field.OnFocus(keyboard.SetTarget)
	keyboard.SetTarget(field)
	p.body = []fyne.CanvasObject{field}
	p.tail = []fyne.CanvasObject{k.other(request.ByPhone, k.hw)}
	p.pinned = true
	p.board, p.focus = keyboard, field.Target()
	p.update = func(v visit.Visit, _ time.Time) {
		field.Tell(k.problem(v, request.FieldEmail, request.FieldContact))
	}
	return p
}

// askPIN asks for the PIN, or for it again.
func (k *kit) askPIN(f request.Field, key string) *page {
	digits := parts.NewDigits(k.st, parts.DigitsSpec{
		Tag: "form." + string(f), N: request.PINDigits, Hidden: true, Width: k.hw,
		Changed: func(s string) { k.do(visit.Type{Field: f, Text: s}) },
		Submit:  k.tap(visit.Next{}),
	})
	digits.Fill(k.pinOf(k.v, f))
	p := k.padPage(digits, key+".title", key+".lead")
	note := parts.NewNote(k.st, k.hw, "", k.w.Show(key+".note"))
	p.tail = []fyne.CanvasObject{note}
	p.update = func(v visit.Visit, _ time.Time) {
		told := k.problem(v, f)
		p.tell(digits, told)
		note.Hidden = told != ""
	}
	return p
}

// padPage is a question answered with digits. Standing, they are right above
// the pad; lying, they are below the question.
func (k *kit) padPage(digits *parts.Digits, title, lead string) *page {
	p := &page{k: k, pinned: true, focus: digits, head: k.heading(title, lead)}
	pad := parts.NewPad(k.st, digits, k.w.Show("pin.clear"))
	if k.st.Wide {
		p.head, p.reveal = append(p.head, digits), digits
		p.body = []fyne.CanvasObject{pad}
	} else {
		p.body = []fyne.CanvasObject{digits, pad}
	}
	return p
}

// tell shows what is wrong with digits; the sentence takes the place of the lead.
func (p *page) tell(digits *parts.Digits, told string) {
	digits.Tell(told)
	if lead, ok := p.head[1].(*parts.Text); ok {
		lead.Hidden = told != ""
	}
}

func (k *kit) pinOf(v visit.Visit, f request.Field) string {
	if f == request.FieldPINAgain {
		return v.Draft.PINAgain
	}
	return v.Draft.PIN
}

// review shows all answers, each with a button to change it.
func (k *kit) review() *page {
	d := k.v.Draft
	p := &page{k: k, progress: k.progress(""), head: k.heading("review.title", "review.lead")}
	var rows []fyne.CanvasObject
	add := func(q request.Question, key, value string) {
		rows = append(rows, parts.NewAnswer(k.st, parts.AnswerSpec{
			Tag: "review.change." + string(q), Name: k.w.Show(key), Value: value, Change: k.w.Show("review.change"),
			Width: k.bw, Tap: k.tap(visit.Change{Question: q}),
		}))
	}
	add(request.AskRelation, "review.relation", k.w.Show("declare."+string(d.Relation)))
	add(request.AskName, "review.name", strings.TrimSpace(d.Given+" "+d.Family))
	add(request.AskBirth, "review.birth", k.w.Date(d.Birth))
	add(request.AskGender, "review.gender", k.w.Show("gender."+string(d.Gender)))
	if d.Contact == request.ByEmail {
		add(request.AskContact, "review.email", d.Email)
	} else {
		add(request.AskContact, "review.phone", request.FormatPhone(d.Phone))
	}
	add(request.AskPIN, "review.pin", strings.TrimSpace(strings.Repeat("• ", len(d.PIN))))
	p.body = []fyne.CanvasObject{parts.NewStack(k.st, look.Near, rows...)}
	fault := k.faultNote(k.hw)
	p.head = append(p.head, fault)
	p.update = func(v visit.Visit, _ time.Time) { fault.Set("", k.faultWords(v.Fault)) }
	p.footer = k.nav("review.send", "review.send", visit.Send{})
	return p
}

// faultNote is a hidden box for a trouble.
func (k *kit) faultNote(width float32) *parts.Note {
	return parts.NewNote(k.st, width, "", "").Trouble()
}

// faultWords is the visitor's sentence for a fault, "" for none.
func (k *kit) faultWords(f *visit.Fault) string {
	if f == nil || f.Code == "" {
		return ""
	}
	return k.w.Show("fault." + f.Code)
}
