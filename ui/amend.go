package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// Something is missing or wrong in a record: what, which dose, how to reach the
// person. Name, birth date and contact are asked for by the form's own screens.

var fixIcons = map[request.FixKind]string{
	request.MissingDose: "ask", request.WrongDose: "edit", request.WrongName: "self", request.AddContact: "phone",
}

// amending asks what to correct. A number of an earlier amendment can be
// looked up here, too.
func (k *kit) amending() *page {
	p := &page{k: k, head: k.heading("correcting.title", "correcting.lead"), footer: k.onlyBack()}
	for _, kind := range k.v.FixKinds() {
		key := "correcting." + string(kind)
		card := k.card("fix."+string(kind), fixIcons[kind], key, key+"-sub", visit.PickFix{Kind: kind})
		card.Pick(kind == k.v.Form.Draft.Fix.Kind)
		p.body = append(p.body, card)
	}
	if !k.v.Form.Changing {
		p.body = append(p.body, parts.NewButton(k.st, parts.Spec{
			Tag: "correcting.look-up", Kind: parts.Item, Icon: "search", Title: k.w.Show("correcting.look-up"),
			Width: k.bw, Tap: k.tap(visit.LookUp{}),
		}))
	}
	return p
}

// fixKey is the key in the wording for the kind of amendment.
func (k *kit) fixKey(key string) string {
	if special := key + "-" + string(k.v.Form.Draft.Fix.Kind); k.w.Has(special) {
		return special
	}
	return key
}

// askDose picks a dose of the open record.
func (k *kit) askDose() *page {
	fault := parts.NewFault(k.st, k.hw)
	p := &page{k: k, high: true, head: append(k.heading("dose.title", "dose.lead"), fault)}
	if k.v.Unlock.Record == nil {
		return p
	}
	rows := make([]*parts.Button, len(k.v.Unlock.Record.Doses))
	var all []fyne.CanvasObject
	for i := range rows {
		words := k.doseWords(i)
		rows[i] = parts.NewButton(k.st, parts.Spec{
			Tag: "dose." + fmt.Sprint(i+1), Kind: parts.Item, Icon: "check", Title: words.Vaccine, Sub: listed(words.Date, words.Remark, words.Detail),
			Width: k.bw, Tap: k.tap(visit.PickDose{N: i + 1}),
		})
		all = append(all, rows[i])
	}
	p.body = k.stack(all)
	p.update = func(v visit.Visit, _ time.Time) {
		for i, b := range rows {
			b.Pick(i+1 == v.Form.Draft.Fix.Dose)
		}
		fault.Set("")
		if len(v.Form.Problems) > 0 {
			fault.Set(k.w.Show("dose.required"))
		}
	}
	return p
}

// askVaccine asks which dose it is, in the visitor's words.
func (k *kit) askVaccine() *page {
	p := &page{k: k, head: k.heading(k.fixKey("vaccine.title"), "vaccine.lead")}
	k.typing(p, parts.Words,
		k.blank("form.vaccine", "vaccine.vaccine", k.v.Form.Draft.Fix.Vaccine, parts.Words, request.FieldVaccine),
		k.blank("form.place", "vaccine.place", k.v.Form.Draft.Fix.Place, parts.Words, request.FieldPlace))
	return p
}

// askDay asks when the dose was given.
func (k *kit) askDay() *page {
	d := k.dayOf(request.AskDay, request.FieldDay)
	d.date = func(v *request.Draft) *request.Date { return &v.Fix.Day }
	return d.page(k.fixKey("day.title"), "")
}

// askRightDay asks for the right day, when the visitor knows it.
func (k *kit) askRightDay() *page {
	d := k.dayOf(request.AskRightDay, request.FieldRightDay)
	d.date = func(v *request.Draft) *request.Date { return &v.Fix.RightDay }
	return d.page("right-day.title", "right-day.lead")
}

// askRight asks for the right vaccine, or what else is wrong.
func (k *kit) askRight() *page {
	key := "right." + string(k.v.Form.Draft.Fix.Wrong)
	p := &page{k: k, head: k.heading(key, key+"-lead")}
	k.typing(p, parts.Words, k.blank("form.right", key+"-label", k.v.Form.Draft.Fix.Right, parts.Words, request.FieldRight))
	return p
}

// dayOf is a day of the amendment.
func (k *kit) dayOf(q request.Question, f request.Field) *dated {
	d := k.dated(q, f, k.v.Today(k.now).Year)
	d.pick = func(date request.Date, h request.Half) visit.Action { return visit.PickDay{Date: date, Half: h} }
	d.told = func(day, _ request.Date) string { return k.w.Date(day) }
	return d
}

// askWrong asks what is wrong with the dose.
func (k *kit) askWrong() *page {
	p := &page{k: k, head: k.heading("wrong.title", "")}
	buttons := map[request.Wrong]*parts.Button{}
	for _, w := range request.Wrongs {
		buttons[w] = k.card("wrong."+string(w), "check", "wrong."+string(w), "", visit.PickWrong{Wrong: w})
		p.body = append(p.body, buttons[w])
	}
	fault := parts.NewFault(k.st, k.hw)
	p.head = append(p.head, fault)
	p.update = func(v visit.Visit, _ time.Time) {
		for w, b := range buttons {
			b.Pick(w == v.Form.Draft.Fix.Wrong)
		}
		fault.Set(k.problem(v, request.FieldWrong))
	}
	return p
}

// askNewName asks for the right name.
func (k *kit) askNewName() *page {
	d := k.v.Form.Draft.Fix.New
	p := &page{k: k, head: k.heading("new-name.title", "new-name.lead")}
	k.typing(p, parts.Names,
		k.blank("form.new-given", "name.given", d.Given, parts.Names, request.FieldNewGiven),
		k.blank("form.new-family", "name.family", d.Family, parts.Names, request.FieldNewFamily))
	return p
}

// reviewing shows all answers, of a request or of an amendment.
func (k *kit) reviewing() *page {
	if k.v.Form.Task == visit.ToAmend {
		return k.reviewAmendment()
	}
	return k.review()
}

// reviewAmendment shows what was said, each answer with a button to change it.
func (k *kit) reviewAmendment() *page {
	p := &page{k: k, progress: k.progress(""), head: k.heading("review.title-correction", "review.lead")}
	var rows []fyne.CanvasObject
	for _, q := range k.v.Form.Draft.Questions() {
		name, value := k.fixAnswer(q)
		rows = append(rows, parts.NewAnswer(k.st, parts.AnswerSpec{
			Tag: "review.change." + string(q), Name: k.w.Show(name), Value: value, Change: k.w.Show("review.change"),
			Width: k.bw, Tap: k.tap(visit.Change{Question: q}),
		}))
	}
	p.body = k.stack(rows)
	trouble := k.faultNote(k.hw)
	p.head = append(p.head, trouble)
	p.update = func(v visit.Visit, _ time.Time) {
		told := k.faultWords(v.Fault)
		if v.Fault != nil && v.Fault.Code == fault.Database {
			told = k.w.Show("review.correction-not-saved")
		}
		trouble.Set("", told)
	}
	p.footer = k.nav("review.send", "review.send-correction", visit.Send{})
	return p
}

// fixAnswer is what a question of an amendment is called in the review, as a
// key, and what was answered.
func (k *kit) fixAnswer(q request.Question) (name, value string) {
	d := k.v.Form.Draft
	switch q {
	case request.AskFix:
		return "review.fix", k.w.Show("correcting." + string(d.Fix.Kind))
	case request.AskName:
		if d.Single {
			return "review.name", d.Family
		}
		return "review.name", joined(d.Given, d.Family)
	case request.AskBirth:
		return "review.birth", k.w.Date(d.Birth)
	case request.AskDose:
		return "review.dose", k.pickedDose(d.Fix.Dose)
	case request.AskVaccine:
		return "review.dose", listed(d.Fix.Vaccine, d.Fix.Place)
	case request.AskDay:
		return "review.day", k.w.Date(d.Fix.Day)
	case request.AskWrong:
		return "review.wrong", k.w.Show("wrong." + string(d.Fix.Wrong))
	case request.AskRight:
		return "review.right-" + string(d.Fix.Wrong), cmp.Or(d.Fix.Right, k.w.Show("review.not-known"))
	case request.AskRightDay:
		return "review.right-day", cmp.Or(k.w.Date(d.Fix.RightDay), k.w.Show("review.not-known"))
	case request.AskNewName:
		return "review.new-name", joined(d.Fix.New.Given, d.Fix.New.Family)
	default:
		return "review.contact", k.contacts(d)
	}
}

// pickedDose says which dose of the open record was picked.
func (k *kit) pickedDose(n int) string {
	if k.v.Unlock.Record == nil || n < 1 || n > len(k.v.Unlock.Record.Doses) {
		return ""
	}
	words := k.doseWords(n - 1)
	return words.Vaccine + " · " + words.Date
}

// contacts is how the person can be reached.
func (k *kit) contacts(d request.Draft) string {
	switch {
	case d.Both:
		return listed(request.FormatPhone(d.Phone), d.Email)
	case d.Contact == request.ByEmail:
		return d.Email
	}
	return request.FormatPhone(d.Phone)
}

// listed joins the texts that are not empty.
func listed(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" }), " · ")
}
